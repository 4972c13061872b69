package cn.fuzhi.sdk.mock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The reporting calendar: explicit dates per kind, body and period. Guarded by the lock of the platform. */
final class Calendar {
    private final Map<String, JsonNode> deadlines = new LinkedHashMap<>();
    private final Map<String, List<String>> submissions = new LinkedHashMap<>();
    private final Map<String, String> reached = new LinkedHashMap<>();

    /** Adds a deadline, or replaces the one of the same kind, body and period. */
    void add(JsonNode deadline) {
        deadlines.put(id(text(deadline, "kind"), text(deadline, "bodyCode"), text(deadline, "periodKey")), deadline);
    }

    @Nullable
    JsonNode find(String kind, String body, String period) {
        return deadlines.get(id(kind, body, period));
    }

    /** The deadline that was moved away from a day, unless there is one for that very day; null when there is none. */
    @Nullable
    JsonNode movedFrom(String kind, String body, String day) {
        return find(kind, body, day) != null
                ? null
                : deadlines.values().stream()
                        .filter(deadline -> text(deadline, "kind").equals(kind)
                                && text(deadline, "bodyCode").equals(body)
                                && text(deadline, "shiftedFrom").equals(day))
                        .findFirst()
                        .orElse(null);
    }

    /** Notes a submission for a deadline, and where the report stands with it: SUBMITTED or ACCEPTED. */
    void submitted(String kind, String body, String period, String submissionKey, String state) {
        String id = id(kind, body, period);
        List<String> keys = submissions.computeIfAbsent(id, absent -> new ArrayList<>());
        keys.remove(submissionKey);
        keys.add(submissionKey);
        if (!"ACCEPTED".equals(reached.get(id))) {
            reached.put(id, state);
        }
    }

    /** All deadlines as they stand at a time, in the order of their due times. */
    List<ObjectNode> at(OffsetDateTime now) {
        return deadlines.values().stream()
                .map(deadline -> standing(deadline, now))
                .sorted(Comparator.comparing((ObjectNode deadline) -> time(deadline, "dueAt"))
                        .thenComparing(deadline -> text(deadline, "kind"))
                        .thenComparing(deadline -> text(deadline, "bodyCode")))
                .toList();
    }

    private ObjectNode standing(JsonNode deadline, OffsetDateTime now) {
        ObjectNode copy = deadline.deepCopy();
        String id = id(text(deadline, "kind"), text(deadline, "bodyCode"), text(deadline, "periodKey"));
        copy.put("state", reached.getOrDefault(id, isAfter(now, deadline, "dueAt") ? "OVERDUE" : "OPEN"));
        if (isAfter(now, deadline, "closesAt") && !reached.containsKey(id)) {
            copy.put("state", "CLOSED");
        }
        if (submissions.containsKey(id)) {
            copy.set("submissionKeys", Json.MAPPER.valueToTree(submissions.get(id)));
        }
        return copy;
    }

    static boolean closed(JsonNode deadline, OffsetDateTime now) {
        return isAfter(now, deadline, "closesAt");
    }

    /** EARLY, ON_TIME, IN_GRACE or LATE. */
    static String timeliness(JsonNode deadline, OffsetDateTime now) {
        if (now.isBefore(time(deadline, "opensAt"))) {
            return "EARLY";
        }
        if (!isAfter(now, deadline, "dueAt")) {
            return "ON_TIME";
        }
        return deadline.has("graceUntil") && !isAfter(now, deadline, "graceUntil") ? "IN_GRACE" : "LATE";
    }

    private static boolean isAfter(OffsetDateTime now, JsonNode deadline, String field) {
        return deadline.has(field) && now.isAfter(time(deadline, field));
    }

    private static OffsetDateTime time(JsonNode deadline, String field) {
        return OffsetDateTime.parse(text(deadline, field));
    }

    private static String text(JsonNode deadline, String field) {
        return deadline.path(field).asText();
    }

    private static String id(String kind, String body, String period) {
        return kind + "~" + body + "~" + period;
    }
}
