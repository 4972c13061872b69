package cn.fuzhi.sdk.mock;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The filters of list operations. A filter is the property of its name, except for the few listed here. */
final class Filters {
    private static final Set<String> NOT_FILTERS = Set.of("cursor", "limit", "dryRun");
    /** The day by which {@code from} and {@code to} choose, whichever of these a kind has. */
    private static final List<String> DAYS =
            List.of("startAt", "actualStartAt", "statOn", "periodStart", "heldFromOn", "statedAt");

    private Filters() {}

    static boolean match(Map<String, String> parameters, JsonNode record) {
        return parameters.entrySet().stream()
                .filter(parameter -> !NOT_FILTERS.contains(parameter.getKey()))
                .allMatch(parameter -> match(parameter.getKey(), parameter.getValue(), record));
    }

    private static boolean match(String name, String value, JsonNode record) {
        return switch (name) {
            case "from" -> !day(record).isBefore(LocalDate.parse(value));
            case "to" -> !day(record).isAfter(LocalDate.parse(value));
            case "rural" -> Boolean.parseBoolean(value) == Schools.rural(record, true);
            case "name" -> named(record, value);
            case "schoolCode" ->
                has(record, value, "supportingSchoolCode", "supportedSchoolCode", "hostSchoolCode")
                        || any(record.path("participants"), "schoolCode", value);
            case "hostSchoolCode" -> record.at("/hostUnit/schoolCode").asText().equals(value);
            case "receiverSchoolCode" -> any(record.path("receivers"), "schoolCode", value);
            case "role" -> any(record.path("grants"), "role", value);
            case "divisionCode" -> has(record, value, name) || any(record.path("grants"), name, value);
            default -> has(record, value, name);
        };
    }

    private static boolean named(JsonNode record, String value) {
        boolean former = false;
        for (JsonNode name : record.path("formerNames")) {
            former |= name.asText().equals(value);
        }
        return former || has(record, value, "name", "shortName");
    }

    private static boolean has(JsonNode record, String value, String... fields) {
        for (String field : fields) {
            if (value.equals(Json.text(record, field))) {
                return true;
            }
        }
        return false;
    }

    private static boolean any(JsonNode list, String field, String value) {
        for (JsonNode entry : list) {
            if (value.equals(Json.text(entry, field))) {
                return true;
            }
        }
        return false;
    }

    private static LocalDate day(JsonNode record) {
        for (String field : DAYS) {
            String value = Json.text(record, field);
            if (value != null) {
                return value.length() == 10
                        ? LocalDate.parse(value)
                        : OffsetDateTime.parse(value).toLocalDate();
            }
        }
        return LocalDate.EPOCH;
    }
}
