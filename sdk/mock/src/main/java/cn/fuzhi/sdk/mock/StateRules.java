package cn.fuzhi.sdk.mock;

import cn.fuzhi.sdk.model.Review;
import cn.fuzhi.sdk.model.ReviewState;
import cn.fuzhi.sdk.model.Rule;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The state tables of the kinds, and the annual plan that was accepted: only a new revision replaces it. */
final class StateRules implements CrossRule {
    private static final Map<String, Map<String, List<String>>> TABLES = Map.of(
            "PAIRING",
                    Map.of(
                            "PROPOSED", List.of("CONFIRMED", "ENDED"),
                            "CONFIRMED", List.of("ACTIVE", "ENDED"),
                            "ACTIVE", List.of("SUSPENDED", "ENDED"),
                            "SUSPENDED", List.of("ACTIVE", "ENDED"),
                            "ENDED", List.of()),
            "PLATFORM",
                    Map.of(
                            "REGISTERED", List.of("TESTING", "RETIRED"),
                            "TESTING", List.of("INTEGRATED", "RETIRED"),
                            "INTEGRATED", List.of("SUSPENDED", "RETIRED"),
                            "SUSPENDED", List.of("INTEGRATED", "RETIRED"),
                            "RETIRED", List.of()),
            "LESSON",
                    Map.of(
                            "SCHEDULED", List.of("RESCHEDULED", "CANCELLED", "DELIVERED", "NOT_HELD"),
                            "RESCHEDULED", List.of("CANCELLED", "DELIVERED", "NOT_HELD"),
                            "CANCELLED", List.of(),
                            "DELIVERED", List.of(),
                            "NOT_HELD", List.of()),
            "SCHOOL",
                    Map.of(
                            "ACTIVE", List.of("CLOSED", "MERGED", "RECODED"),
                            "CLOSED", List.of(),
                            "MERGED", List.of(),
                            "RECODED", List.of()),
            "TIMETABLE",
                    Map.of(
                            "DRAFT", List.of("SUBMITTED", "WITHDRAWN"),
                            "SUBMITTED", List.of("WITHDRAWN"),
                            "WITHDRAWN", List.of("DRAFT", "SUBMITTED")),
            "CONTENT",
                    Map.of(
                            "DRAFT", List.of("IN_REVIEW", "WITHDRAWN"),
                            "IN_REVIEW", List.of("APPROVED", "REJECTED", "WITHDRAWN"),
                            "APPROVED", List.of("PUBLISHED", "WITHDRAWN"),
                            "REJECTED", List.of("DRAFT", "IN_REVIEW", "WITHDRAWN"),
                            "PUBLISHED", List.of("WITHDRAWN"),
                            "WITHDRAWN", List.of()));

    private static final Map<String, String> FIELDS = Map.of(
            "PAIRING",
            "status",
            "PLATFORM",
            "integrationState",
            "LESSON",
            "state",
            "SCHOOL",
            "status",
            "TIMETABLE",
            "state",
            "CONTENT",
            "state");

    @Override
    public void check(Candidate candidate) {
        Stored before = candidate.before();
        if (before == null) {
            return;
        }
        String field = FIELDS.get(candidate.kind().name());
        if (field != null) {
            transition(candidate, before, field);
        }
        if (candidate.is("ANNUAL_PLAN")) {
            revision(candidate, before);
        }
    }

    private static void transition(Candidate candidate, Stored before, String field) {
        String from = before.record().path(field).asText();
        String to = candidate.text(field);
        List<String> next =
                Objects.requireNonNull(TABLES.get(candidate.kind().name())).get(from);
        if (next != null && !from.equals(to) && !next.contains(to)) {
            candidate.findings().rule(Rule.X_25, "/" + field, "状态", "other", from, "value", to);
        }
    }

    private static void revision(Candidate candidate, Stored before) {
        Review review = before.review();
        JsonNode old = before.record();
        boolean accepted = review != null && ReviewState.ACCEPTED.equals(review.state());
        if (accepted
                && candidate.record().path("revision").asInt(1)
                        <= old.path("revision").asInt(1)) {
            candidate.findings().rule(Rule.X_25, "/revision", "修订号", "other", "ACCEPTED", "value", "SUBMITTED");
        }
    }
}
