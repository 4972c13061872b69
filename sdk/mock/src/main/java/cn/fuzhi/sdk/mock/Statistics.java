package cn.fuzhi.sdk.mock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/** Figures of a period, and what a lecturer taught in a term, counted from the lessons and sessions that the platform holds. */
final class Statistics {
    private final Contract contract;
    private final Ledger ledger;
    private final Divisions divisions;
    private final Reports reports;
    private final MockClock clock;

    Statistics(Contract contract, Ledger ledger, Divisions divisions, Reports reports, MockClock clock) {
        this.contract = contract;
        this.ledger = ledger;
        this.divisions = divisions;
        this.reports = reports;
        this.clock = clock;
    }

    /** Adds the operations to a table by operation id. */
    void addTo(Map<String, Function<Request, JsonNode>> operations) {
        operations.put("getStatistics", this::statistics);
        operations.put("getStatisticsSnapshot", this::snapshot);
        operations.put("listLecturerWorkloads", this::workloads);
    }

    private JsonNode statistics(Request request) {
        String scope = request.required("scopeCode");
        if (divisions.find(scope) == null) {
            throw Problem.of("BAD_REQUEST", "统计范围不存在。", "There is no such division.");
        }
        request.requireJurisdiction(scope);
        LocalDate asOf = LocalDate.parse(request.parameter("asOf", clock.today().toString()));
        String granularity = request.parameter("granularity", "DAY");
        LocalDate from = from(granularity, asOf);
        Set<String> schools = reports.schoolCodes(scope);
        ObjectNode report = Json.object()
                .put("scopeCode", scope)
                .put("asOf", asOf.toString())
                .put("granularity", granularity)
                .put("periodFrom", from.toString());
        report.set("figures", reports.figures(scope, asOf));
        count(report, schools, from, asOf);
        return report.put("computedAt", MockClock.text(clock.now()));
    }

    private static LocalDate from(String granularity, LocalDate asOf) {
        return switch (granularity) {
            case "BIWEEK" -> asOf.minusDays(13);
            case "MONTH" -> asOf.withDayOfMonth(1);
            case "TERM" ->
                asOf.getMonthValue() >= 9
                        ? LocalDate.of(asOf.getYear(), 9, 1)
                        : LocalDate.of(asOf.getYear(), asOf.getMonthValue() < 2 ? 1 : 2, 1);
            case "YEAR" -> LocalDate.of(asOf.getYear(), 1, 1);
            default -> asOf;
        };
    }

    private void count(ObjectNode report, Set<String> schools, LocalDate from, LocalDate to) {
        List<JsonNode> lessons = ledger.list(contract.needed("LESSON"))
                .map(Stored::record)
                .filter(lesson ->
                        schools.contains(lesson.at("/hostUnit/schoolCode").asText()))
                .filter(lesson -> within(lesson, "startAt", from, to))
                .toList();
        List<JsonNode> sessions = reports.sessions(schools)
                .filter(session -> within(session, "actualStartAt", from, to))
                .toList();
        Set<String> participants = new HashSet<>();
        long students = 0;
        for (JsonNode session : sessions) {
            for (JsonNode part : session.path("participants")) {
                participants.add(part.path("schoolCode").asText());
                boolean receives = part.path("role").asText().equals("RECEIVER");
                students += receives ? part.path("studentCount").asLong() : 0;
            }
        }
        report.put("lessonCount", lessons.size())
                .put("sessionCount", sessions.size())
                .put("durationMinutes", minutes(sessions))
                .put("participantSchoolCount", participants.size())
                .put("receivingStudentCount", students);
        split(report, "byClassroomType", "type", "classroomType", lessons, sessions);
        split(report, "byLessonPurpose", "purpose", "lessonPurpose", lessons, sessions);
    }

    private static boolean within(JsonNode record, String field, LocalDate from, LocalDate to) {
        LocalDate day = Times.instant(record, field).toLocalDate();
        return !day.isBefore(from) && !day.isAfter(to);
    }

    private static long minutes(List<JsonNode> sessions) {
        return sessions.stream()
                .mapToLong(session -> session.path("durationMinutes").asLong())
                .sum();
    }

    private static void split(
            ObjectNode report,
            String list,
            String name,
            String field,
            List<JsonNode> lessons,
            List<JsonNode> sessions) {
        Set<String> values = new java.util.TreeSet<>();
        lessons.forEach(lesson -> values.add(lesson.path(field).asText("")));
        sessions.forEach(session -> values.add(session.path(field).asText("")));
        values.remove("");
        var nodes = report.putArray(list);
        for (String value : values) {
            List<JsonNode> held = sessions.stream()
                    .filter(session -> session.path(field).asText().equals(value))
                    .toList();
            nodes.addObject()
                    .put(name, value)
                    .put(
                            "lessonCount",
                            lessons.stream()
                                    .filter(lesson ->
                                            lesson.path(field).asText().equals(value))
                                    .count())
                    .put("sessionCount", held.size())
                    .put("durationMinutes", minutes(held));
        }
    }

    /** The one snapshot is the example of the contract, which its example of a commendation rests on. */
    private JsonNode snapshot(Request request) {
        JsonNode example = contract.schema("StatisticsReport").get("example");
        if (!example.get("snapshotId").asText().equals(request.required("snapshotId"))) {
            throw Problem.of("NOT_FOUND");
        }
        request.requireJurisdiction(example.get("scopeCode").asText());
        return example;
    }

    private JsonNode workloads(Request request) {
        String term = request.required("termCode");
        int year = Integer.parseInt(term.substring(0, 4));
        boolean autumn = term.endsWith("-1");
        LocalDate from = autumn ? LocalDate.of(year, 9, 1) : LocalDate.of(year + 1, 2, 1);
        LocalDate to = autumn ? LocalDate.of(year + 1, 1, 31) : LocalDate.of(year + 1, 8, 31);
        Map<String, ObjectNode> byLecturer = new TreeMap<>();
        reports.sessions(schools(request)).forEach(session -> {
            if (session.has("lecturer") && within(session, "actualStartAt", from, to) && wanted(request, session)) {
                add(byLecturer, term, session);
            }
        });
        return Paging.byKey(request, byLecturer.values().stream(), Statistics::id);
    }

    /** The schools of the area that is asked for, as far as they lie in the jurisdiction of the caller. */
    private Set<String> schools(Request request) {
        Set<String> wanted = new HashSet<>(request.caller().divisionCodes());
        String body = request.parameter("bodyCode");
        if (body != null) {
            request.requireJurisdiction(body);
            wanted.retainAll(divisions.resolve(body));
        }
        return reports.schoolsOf(wanted);
    }

    /** Names a lecturer of a school without showing the name: the id goes into cursors. */
    private static String id(ObjectNode load) {
        return load.get("schoolCode").asText() + " "
                + load.path("lecturerLocalId").asText() + " "
                + Digests.hex(load.get("lecturerName").asText());
    }

    private static boolean wanted(Request request, JsonNode session) {
        String school = request.parameter("schoolCode");
        String lecturer = request.parameter("lecturerLocalId");
        return (school == null || school.equals(session.path("hostSchoolCode").asText()))
                && (lecturer == null
                        || lecturer.equals(session.at("/lecturer/localId").asText()));
    }

    private static void add(Map<String, ObjectNode> byLecturer, String term, JsonNode session) {
        String school = session.path("hostSchoolCode").asText();
        JsonNode lecturer = session.get("lecturer");
        String id = school + " " + lecturer.path("localId").asText() + " "
                + lecturer.path("name").asText();
        ObjectNode load = byLecturer.computeIfAbsent(
                id,
                absent -> Json.object()
                        .put("termCode", term)
                        .put("schoolCode", school)
                        .put("lecturerName", lecturer.path("name").asText())
                        .put("lessonCount", 0)
                        .put("sessionCount", 0)
                        .put("durationMinutes", 0));
        if (lecturer.has("localId")) {
            load.set("lecturerLocalId", lecturer.get("localId"));
        }
        load.put("lessonCount", load.get("lessonCount").asLong() + (session.has("lessonKey") ? 1 : 0))
                .put("sessionCount", load.get("sessionCount").asLong() + 1)
                .put(
                        "durationMinutes",
                        load.get("durationMinutes").asLong()
                                + session.path("durationMinutes").asLong());
    }
}
