package cn.fuzhi.sdk.mock;

import cn.fuzhi.sdk.model.Rule;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;

/** What is reported against what is known: timetables, sessions, plans and usage. */
final class ReportingRules implements CrossRule {
    /** What the schools of a division add up to: not how many schools took part, which several sessions count again. */
    private static final List<String> SUMMED = List.of(
            "activeTeacherCount",
            "activeStudentCount",
            "loginCount",
            "liveLessonCount",
            "liveLessonMinutes",
            "recordedLessonCount",
            "receivingClassCount",
            "receivingStudentCount",
            "resourceUploadCount",
            "resourceViewCount",
            "resourceDownloadCount",
            "registeredTeacherCount",
            "registeredStudentCount");

    private static final List<String> PLAN = List.of(
            "totalSchoolCount",
            "pairedSchoolCount",
            "unpairedSchoolCount",
            "coveredSchoolCount",
            "masterStudioAccountCount",
            "liveLessonCount");
    private static final List<String> STOCKS = List.of(
            "registeredTeacherCount",
            "registeredStudentCount",
            "masterStudioAccountCount",
            "cumulativeLiveLessonCount");

    private final Contract contract;
    private final Ledger ledger;
    private final Divisions divisions;
    private final Reports reports;
    private final Calendar calendar;
    private final Index timetablesByIssuer;
    private final Index sessionsByHost;
    private final Index usageBySeries;

    ReportingRules(Contract contract, Ledger ledger, Divisions divisions, Reports reports, Calendar calendar) {
        this.contract = contract;
        this.ledger = ledger;
        this.divisions = divisions;
        this.reports = reports;
        this.calendar = calendar;
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
        if (candidate.text("state").equals("WITHDRAWN")) {
            return;
        }
        moved(candidate);
        timetablesByIssuer.find(candidate.text("issuerCode"), candidate.key()).stream()
                .filter(stored -> !stored.record().path("state").asText().equals("WITHDRAWN"))
                .filter(stored -> Times.daysOverlap(candidate.record(), stored.record(), "periodStart", "periodEnd"))
                .findFirst()
                .ifPresent(stored ->
                        candidate.findings().rule(Rule.X_17, "/periodStart", "课表起始日期", "other", stored.key()));
    }

    /** the day with which a period begins can be moved by a holiday, and its old one is used all the same. */
    private void moved(Candidate candidate) {
        String start = candidate.text("periodStart");
        JsonNode deadline = calendar.movedFrom("TIMETABLE", candidate.text("bodyCode"), start);
        if (deadline != null) {
            String now = deadline.path("periodKey").asText();
            candidate.findings().rule(Rule.X_26, "/periodStart", "课表起始日期", "value", now, "other", start);
        }
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
        String name = one.at("/lecturer/name").asText("");
        return !name.isEmpty() && name.equals(other.at("/lecturer/name").asText());
    }

    private void plan(Candidate candidate) {
        ObjectNode computed = reports.figures(candidate.text("reportingBodyCode"));
        JsonNode stated = candidate.record().path("basics");
        for (String field : PLAN) {
            if (stated.path(field).asLong() != computed.get(field).asLong()) {
                differs(
                        candidate,
                        Rule.X_18,
                        "PlanFigures",
                        "/basics/",
                        field,
                        stated,
                        computed.get(field).asLong());
            }
        }
    }

    private void differs(
            Candidate candidate, Rule rule, String schema, String at, String field, JsonNode stated, long expected) {
        String zh = contract.schema(schema)
                .at("/properties/" + field + "/x-zh-name")
                .asText(field);
        String value = stated.path(field).asText();
        candidate.findings().rule(rule, at + field, zh, "value", value, "other", String.valueOf(expected));
    }

    private static String series(JsonNode usage) {
        return "series " + usage.path("platformCode").asText() + " "
                + usage.path("scopeType").asText() + " "
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
        // In the key the day follows what all of a series share, so the record before is that of the day before.
        usageBySeries.before(series(mine), candidate.key()).ifPresent(before -> stocks(candidate, before.record()));
        if (mine.path("scopeType").asText().equals("DIVISION")) {
            sums(candidate);
        }
    }

    private void stocks(Candidate candidate, JsonNode before) {
        JsonNode mine = candidate.record();
        for (String field : STOCKS) {
            boolean both = mine.has(field) && before.has(field);
            long had = before.path(field).asLong();
            boolean adds = field.equals("cumulativeLiveLessonCount") && mine.has("liveLessonCount");
            long due = adds ? had + mine.get("liveLessonCount").asLong() : had;
            long now = mine.path(field).asLong();
            if (both && (adds ? now != due : now < due)) {
                differs(candidate, Rule.X_19, "UsageReport", "/", field, mine, due);
            }
        }
    }

    private void sums(Candidate candidate) {
        JsonNode mine = candidate.record();
        String schools = schoolsOn(mine).replaceFirst("^DIVISION", "SCHOOL");
        Set<String> area = divisions.area(mine.path("scopeCode").asText());
        List<JsonNode> parts = usageBySeries.find(schools, candidate.key()).stream()
                .map(Stored::record)
                .filter(part -> liesIn(part.path("scopeCode").asText(), area))
                .toList();
        for (String field : SUMMED) {
            long sum =
                    parts.stream().mapToLong(part -> part.path(field).asLong()).sum();
            boolean told = mine.has(field) && parts.stream().anyMatch(part -> part.has(field));
            if (told && mine.get(field).asLong() != sum) {
                differs(candidate, Rule.X_21, "UsageReport", "/", field, mine, sum);
            }
        }
    }

    private boolean liesIn(String school, Set<String> area) {
        Stored stored = ledger.find(contract.kind("SCHOOL"), school);
        return stored != null
                && area.contains(stored.record().path("divisionCode").asText());
    }
}
