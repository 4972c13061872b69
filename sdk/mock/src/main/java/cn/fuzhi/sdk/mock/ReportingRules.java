package cn.fuzhi.sdk.mock;

import cn.fuzhi.sdk.model.Rule;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** What is reported against what is known: timetables, sessions, plans and usage. */
final class ReportingRules implements CrossRule {
    private static final List<String> FLOWS = List.of(
            "activeTeacherCount",
            "loginCount",
            "liveLessonCount",
            "liveLessonMinutes",
            "recordedLessonCount",
            "receivingStudentCount");
    private static final List<String> STOCKS = List.of(
            "registeredTeacherCount",
            "registeredStudentCount",
            "masterStudioAccountCount",
            "cumulativeLiveLessonCount");

    private final Contract contract;
    private final Ledger ledger;
    private final Reports reports;
    private final Index timetablesByIssuer;
    private final Index sessionsByHost;
    private final Index usageBySeries;

    ReportingRules(Contract contract, Ledger ledger, Reports reports) {
        this.contract = contract;
        this.ledger = ledger;
        this.reports = reports;
        timetablesByIssuer = new Index(
                ledger,
                contract.needed("TIMETABLE"),
                record -> List.of(record.path("issuerCode").asText()));
        sessionsByHost = new Index(
                ledger,
                contract.needed("LESSON_SESSION"),
                record -> List.of(record.path("hostSchoolCode").asText()));
        usageBySeries = new Index(
                ledger, contract.needed("USAGE_REPORT"), record -> List.of(series(record), schoolsOn(record)));
    }

    @Override
    public void check(Candidate candidate) {
        switch (candidate.kind().name()) {
            case "TIMETABLE" -> timetable(candidate);
            case "LESSON_SESSION" -> session(candidate);
            case "ANNUAL_PLAN" -> plan(candidate);
            case "USAGE_REPORT" -> usage(candidate);
            default -> {
                // The other kinds are not compared with anything.
            }
        }
    }

    private void timetable(Candidate candidate) {
        timetablesByIssuer.find(candidate.text("issuerCode"), candidate.key()).stream()
                .filter(stored -> Times.daysOverlap(candidate.record(), stored.record(), "periodStart", "periodEnd"))
                .findFirst()
                .ifPresent(stored ->
                        candidate.findings().rule(Rule.X_17, "/periodStart", "课表起始日期", "other", stored.key()));
    }

    private void session(Candidate candidate) {
        if (ledger.find(contract.kind("LESSON"), candidate.text("lessonKey")) == null) {
            candidate.findings().rule(Rule.X_23, "/lessonKey", "课程", "max", "3");
        }
        JsonNode mine = candidate.record();
        sessionsByHost.find(candidate.text("hostSchoolCode"), candidate.key()).stream()
                .filter(stored -> !stored.owner().equals(candidate.caller().platformCode()))
                .filter(stored -> sameLecturer(mine, stored.record())
                        && Times.overlap(mine, stored.record(), "actualStartAt", "actualEndAt"))
                .findFirst()
                .ifPresent(stored ->
                        candidate.findings().hold(Rule.X_22, "/actualStartAt", "实际开始时间", "other", stored.owner()));
    }

    private static boolean sameLecturer(JsonNode one, JsonNode other) {
        return one.at("/lecturer/name").equals(other.at("/lecturer/name"));
    }

    private void plan(Candidate candidate) {
        ObjectNode computed = reports.figures(candidate.text("reportingBodyCode"));
        JsonNode stated = candidate.record().path("basics");
        for (String field :
                List.of("totalSchoolCount", "pairedSchoolCount", "unpairedSchoolCount", "liveLessonCount")) {
            if (stated.path(field).asLong() != computed.get(field).asLong()) {
                String zh = contract.schema("PlanFigures")
                        .at("/properties/" + field + "/x-zh-name")
                        .asText();
                candidate
                        .findings()
                        .rule(
                                Rule.X_18,
                                "/basics/" + field,
                                zh,
                                "value",
                                stated.path(field).asText(),
                                "other",
                                computed.get(field).asText());
            }
        }
    }

    private static String series(JsonNode usage) {
        return "series " + usage.path("platformCode").asText() + " "
                + usage.path("scopeCode").asText() + " "
                + usage.path("granularity").asText();
    }

    private static String schoolsOn(JsonNode usage) {
        return usage.path("scopeType").asText() + " "
                + usage.path("platformCode").asText() + " "
                + usage.path("statOn").asText() + " "
                + usage.path("granularity").asText();
    }

    private void usage(Candidate candidate) {
        JsonNode mine = candidate.record();
        usageBySeries.find(series(mine), candidate.key()).stream()
                .map(Stored::record)
                .filter(other -> other.path("statOn")
                                .asText()
                                .compareTo(mine.path("statOn").asText())
                        < 0)
                .max(java.util.Comparator.comparing(
                        other -> other.path("statOn").asText()))
                .ifPresent(before -> stocks(candidate, before));
        if (mine.path("scopeType").asText().equals("DIVISION")) {
            sums(candidate);
        }
    }

    private static void stocks(Candidate candidate, JsonNode before) {
        JsonNode mine = candidate.record();
        for (String field : STOCKS) {
            if (mine.has(field)
                    && before.has(field)
                    && mine.get(field).asLong() < before.get(field).asLong()) {
                candidate
                        .findings()
                        .rule(
                                Rule.X_19,
                                "/" + field,
                                field,
                                "value",
                                mine.get(field).asText(),
                                "other",
                                before.get(field).asText());
            }
        }
    }

    private void sums(Candidate candidate) {
        JsonNode mine = candidate.record();
        String schools = schoolsOn(mine).replaceFirst("^DIVISION", "SCHOOL");
        List<JsonNode> parts = usageBySeries.find(schools, candidate.key()).stream()
                .map(Stored::record)
                .filter(part -> inDivision(
                        part.path("scopeCode").asText(), mine.path("scopeCode").asText()))
                .toList();
        for (String field : FLOWS) {
            long sum =
                    parts.stream().mapToLong(part -> part.path(field).asLong()).sum();
            if (!parts.isEmpty() && mine.has(field) && mine.get(field).asLong() != sum) {
                candidate
                        .findings()
                        .rule(
                                Rule.X_21,
                                "/" + field,
                                field,
                                "value",
                                mine.get(field).asText(),
                                "other",
                                String.valueOf(sum));
            }
        }
    }

    private boolean inDivision(String school, String division) {
        Stored stored = ledger.find(contract.kind("SCHOOL"), school);
        return stored != null && stored.record().path("divisionCode").asText().equals(division);
    }
}
