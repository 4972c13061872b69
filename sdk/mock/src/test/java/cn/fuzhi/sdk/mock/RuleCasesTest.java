package cn.fuzhi.sdk.mock;

import static org.assertj.core.api.Assertions.assertThat;

import cn.fuzhi.sdk.model.Deadline;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every rule across records: one record that it finds, and one beside it that it must not find. */
class RuleCasesTest {
    private static final byte[] OTHER = "other-secret".getBytes(StandardCharsets.UTF_8);
    private static final String SUPPORTED = "2161000002";
    private static final String THIRD = "2161000003";

    private final MockPlatform mock = MockPlatform.start();
    private Vendor vendor = Vendor.of(mock);
    private long version = 10;

    @BeforeEach
    void fill() {
        mock.clock().stopAt(Instant.parse("2022-10-01T02:00:00Z"));
        vendor.clock = mock.clock().instant();
        Examples.pushOneOfEach(vendor, "ATT-NONE");
    }

    @AfterEach
    void stop() {
        mock.close();
    }

    /** What is pushed, and whether its rule is to be found in the answer to it. */
    private record Case(String rule, boolean hit, Push push) {
        @Override
        public String toString() {
            return rule + (hit ? " finds" : " lets pass");
        }
    }

    @FunctionalInterface
    private interface Push {
        Vendor.Answer apply(RuleCasesTest test);
    }

    private static Stream<Case> pair(String rule, Push hit, Push near) {
        return Stream.of(new Case(rule, true, hit), new Case(rule, false, near));
    }

    static Stream<Case> cases() {
        return Stream.of(divisionsAndSchools(), pairings(), lessons(), reporting(), platforms())
                .flatMap(cases -> cases);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void findsWhatItShouldAndNothingElse(Case given) {
        Vendor.Answer answer = given.push().apply(this);

        List<String> found = new ArrayList<>();
        for (JsonNode result : answer.body().path("results")) {
            result.path("violations")
                    .forEach(finding -> found.add(finding.get("rule").asText()));
            result.path("warnings")
                    .forEach(finding -> found.add(finding.get("rule").asText()));
        }
        for (JsonNode item : answer.body().path("items")) {
            found.add("X-20 " + item.path("schoolCode").asText());
        }
        String rule = given.rule();
        if (given.hit()) {
            assertThat(found).as("%s", answer.body()).anyMatch(name -> name.startsWith(rule));
        } else {
            assertThat(answer.status()).as("%s", answer.body()).isEqualTo(200);
            assertThat(found).as("%s", answer.body()).noneMatch(name -> name.startsWith(rule));
        }
    }

    @Test
    void thereIsAPairOfCasesForEveryRuleAcrossRecords() {
        TreeSet<String> rules = new TreeSet<>();
        Contract.data("rules.json").forEach(rule -> rules.add(rule.get("number").asText()));
        rules.removeIf(number -> !number.startsWith("X"));
        // Answered with a code of its own, which a client treats as such.
        rules.remove("X-24");
        rules.addAll(List.of("R-04", "R-30", "OWNED_BY_OTHER_PLATFORM"));

        assertThat(cases().filter(Case::hit).map(Case::rule).distinct()).containsExactlyInAnyOrderElementsOf(rules);
        assertThat(cases().filter(one -> !one.hit()).map(Case::rule).distinct())
                .containsExactlyInAnyOrderElementsOf(rules);
    }

    private Vendor.Answer push(String schema, ObjectNode... records) {
        JsonNode kind = Examples.CONTRACT.at("/components/schemas/" + schema);
        version++;
        ObjectNode[] items = Arrays.stream(records)
                .map(record -> Examples.item(kind, record).put("version", version))
                .toArray(ObjectNode[]::new);
        return vendor.post("/v1/" + kind.get("x-path").asText(), Vendor.batch(items));
    }

    private static ObjectNode school(String code) {
        return Examples.supportedSchool().put("schoolCode", code).put("name", "略阳县示例学校" + code);
    }

    private static ObjectNode pairing(String supported) {
        return Examples.of("Pairing").put("supportedSchoolCode", supported);
    }

    /** A lesson of another lecturer at another time, so that nothing stands against it. */
    private static ObjectNode lesson() {
        ObjectNode lesson = Examples.of("Lesson").put("lessonNo", "L-0009").put("lineNo", 9);
        lesson.put("courseName", "另一课程").put("state", "SCHEDULED").remove(List.of("originalStartAt", "stateReason"));
        lesson.withObject("/lecturer").put("localId", "T-0009").put("name", "王老师");
        return at(lesson, "2022-09-20T09:00:00+08:00", "2022-09-20T09:40:00+08:00");
    }

    private static ObjectNode at(ObjectNode lesson, String from, String to) {
        return lesson.put("startAt", from).put("endAt", to);
    }

    private static ObjectNode timetable(String from, String to) {
        return Examples.of("Timetable").put("periodStart", from).put("periodEnd", to);
    }

    private static ObjectNode usage(String day) {
        return Examples.of("UsageReport").put("statOn", day);
    }

    private static ObjectNode session(String no) {
        return Examples.without("LessonSession", "recordingContentKey").put("sessionNo", no);
    }

    private RuleCasesTest as(String platform) {
        mock.addKey("other", OTHER, platform, "610700");
        vendor = new Vendor(mock.baseUrl(), "other", OTHER);
        vendor.clock = mock.clock().instant();
        return this;
    }

    private static Stream<Case> divisionsAndSchools() {
        return Stream.of(
                        pair(
                                "R-04",
                                test -> test.push("School", school(THIRD).put("divisionCode", "610101")),
                                test -> test.push("School", school(THIRD).put("divisionCode", "610722"))),
                        pair(
                                "X-01",
                                test -> test.push("School", school(THIRD).put("divisionCode", "610102")),
                                test -> test.push("School", school(THIRD).put("divisionCode", "610722"))),
                        pair(
                                "X-02",
                                test -> {
                                    test.push(
                                            "School",
                                            school(SUPPORTED)
                                                    .put("status", "CLOSED")
                                                    .put("changedOn", "2022-09-01"));
                                    return test.push("LessonSession", session("S-0009"));
                                },
                                test -> {
                                    test.push(
                                            "School",
                                            school(SUPPORTED)
                                                    .put("status", "CLOSED")
                                                    .put("changedOn", "2022-09-30"));
                                    return test.push("LessonSession", session("S-0009"));
                                }),
                        pair(
                                "X-03",
                                test -> test.push(
                                        "School", school(THIRD), school(THIRD).put("studentCount", 7)),
                                test -> test.push("School", school(THIRD), school("2161000004"))),
                        pair(
                                "X-04",
                                test -> test.push("School", school("3161000009")),
                                test -> test.push("School", school("3161000008"))))
                .flatMap(cases -> cases);
    }

    private static Stream<Case> pairings() {
        return Stream.of(
                        pair(
                                "X-05",
                                test -> test.pairingOf(school(THIRD).put("urbanRuralClass", "111")),
                                test -> test.pairingOf(school(THIRD)
                                        .put("urbanRuralClass", "111")
                                        .put("ruralBasis", "DESIGNATED")
                                        .put("designationReason", "县定"))),
                        pair(
                                "X-06",
                                test -> test.push(
                                        "Pairing", pairing("2161000001").put("supportingSchoolCode", SUPPORTED)),
                                test -> test.pairingOf(school(THIRD))),
                        pair(
                                "X-07",
                                test -> test.push(
                                        "Pairing",
                                        pairing(SUPPORTED)
                                                .put("schoolYear", "2021-2022")
                                                .put("validFrom", "2022-01-01")
                                                .put("validTo", "2022-09-01")),
                                test -> test.push(
                                        "Pairing",
                                        pairing(SUPPORTED)
                                                .put("schoolYear", "2021-2022")
                                                .put("validFrom", "2022-01-01")
                                                .put("validTo", "2022-08-31"))),
                        pair("X-08", test -> test.supports(10), test -> test.supports(9)),
                        pair(
                                "X-09",
                                test -> test.push("Pairing", pairing(SUPPORTED).put("validTo", "2023-09-01")),
                                test -> test.push("Pairing", pairing(SUPPORTED).put("validTo", "2023-08-31"))),
                        pair("X-10", test -> test.crossCity("PENDING"), test -> test.crossCity("CONFIRMED")),
                        pair("X-20", test -> test.vendor.get(UNCOVERED), test -> {
                            test.push("Pairing", pairing("2161000002-01"));
                            return test.vendor.get(UNCOVERED);
                        }))
                .flatMap(cases -> cases);
    }

    private static final String UNCOVERED =
            "/v1/coverage-reports/uncovered-schools?scopeCode=610727&asOf=2022-10-01&keyCountiesOnly=true";

    private Vendor.Answer pairingOf(ObjectNode supported) {
        push("School", supported);
        return push("Pairing", pairing(supported.get("schoolCode").asText()));
    }

    /** One more pairing of a school that supports a number of others already. */
    private Vendor.Answer supports(int others) {
        List<ObjectNode> schools = new ArrayList<>();
        List<ObjectNode> pairings = new ArrayList<>();
        for (int i = 0; i < others; i++) {
            String code = String.valueOf(2161000100L + i);
            schools.add(school(code));
            if (i > 0) {
                pairings.add(pairing(code));
            }
            // An earlier year with the same school is no further school.
            pairings.add(pairing(code)
                    .put("schoolYear", "2021-2022")
                    .put("validFrom", "2021-09-01")
                    .put("validTo", "2022-08-31"));
        }
        push("School", schools.toArray(ObjectNode[]::new));
        push("Pairing", pairings.toArray(ObjectNode[]::new));
        return push("Pairing", pairing("2161000100"));
    }

    private Vendor.Answer crossCity(String confirmation) {
        ObjectNode pairing = pairing(SUPPORTED).put("scopeKind", "CROSS_CITY");
        pairing.withObject("/confirmations").put("supportingBody", confirmation);
        return push("Pairing", pairing);
    }

    private static Stream<Case> lessons() {
        return Stream.of(
                        pair(
                                "X-11",
                                test -> test.push(
                                        "Lesson",
                                        at(lesson(), "2022-09-29T09:00:00+08:00", "2022-09-29T09:40:00+08:00")),
                                test -> test.push(
                                        "Lesson",
                                        at(lesson(), "2022-09-28T09:00:00+08:00", "2022-09-28T09:40:00+08:00"))),
                        pair(
                                "X-12",
                                test -> test.sameLecturer("2022-09-16T09:39:00+08:00", "2022-09-16T10:20:00+08:00"),
                                test -> test.sameLecturer("2022-09-16T09:40:00+08:00", "2022-09-16T10:20:00+08:00")),
                        pair(
                                "X-13",
                                test -> test.push(
                                        "Lesson",
                                        at(lesson(), "2022-09-16T09:39:00+08:00", "2022-09-16T10:20:00+08:00")),
                                test -> test.push(
                                        "Lesson",
                                        at(lesson(), "2022-09-16T09:40:00+08:00", "2022-09-16T10:20:00+08:00"))),
                        pair(
                                "X-14",
                                test -> test.sameCourse("2022-09-16T09:05:00+08:00", "2022-09-16T09:45:00+08:00"),
                                test -> test.sameCourse("2022-09-16T09:06:00+08:00", "2022-09-16T09:45:00+08:00")),
                        pair(
                                "X-15",
                                test -> test.push("Lesson", lesson()),
                                test -> test.push("Lesson", lesson().put("classroomType", "MASTER_TEACHER"))),
                        pair(
                                "X-16",
                                test -> test.taughtAt(school(SUPPORTED).put("schoolType", "342")),
                                test -> test.taughtAt(school(SUPPORTED).put("schoolType", "345"))),
                        pair(
                                "X-23",
                                test -> test.push(
                                        "Lesson", delivered("2022-09-27T09:00:00+08:00", "2022-09-27T09:40:00+08:00")),
                                test -> test.push(
                                        "Lesson", delivered("2022-09-28T10:00:00+08:00", "2022-09-28T10:40:00+08:00"))),
                        pair(
                                "X-27",
                                test -> test.onLine(
                                        Examples.of("Lesson").get("lineNo").asInt()),
                                test -> test.onLine(
                                        Examples.of("Lesson").get("lineNo").asInt() + 1)),
                        pair(
                                "X-25",
                                test -> test.push("Pairing", pairing(SUPPORTED).put("status", "PROPOSED")),
                                test -> test.push("Pairing", pairing(SUPPORTED).put("status", "SUSPENDED"))))
                .flatMap(cases -> cases);
    }

    private static ObjectNode delivered(String from, String to) {
        return at(lesson(), from, to).put("state", "DELIVERED");
    }

    private Vendor.Answer sameLecturer(String from, String to) {
        ObjectNode lesson = at(lesson(), from, to);
        lesson.withObject("/lecturer").put("localId", "T-0001").put("name", "李示例");
        return push("Lesson", lesson);
    }

    private Vendor.Answer sameCourse(String from, String to) {
        ObjectNode lesson = at(lesson(), from, to).put("courseName", "《看图说话》");
        lesson.withObject("/lecturer").put("name", "李示例");
        return push("Lesson", lesson);
    }

    private Vendor.Answer onLine(int number) {
        return push("Lesson", lesson().put("lineNo", number));
    }

    private Vendor.Answer taughtAt(ObjectNode school) {
        school.remove("stages");
        push("School", school);
        return push("Lesson", lesson());
    }

    private static Stream<Case> reporting() {
        return Stream.of(
                        pair(
                                "X-17",
                                test -> test.push("Timetable", timetable("2022-09-28", "2022-10-05")),
                                test -> test.push("Timetable", timetable("2022-09-29", "2022-10-12"))),
                        pair("X-18", test -> test.plan(1), test -> test.plan(0)),
                        pair(
                                "X-19",
                                test -> test.push(
                                        "UsageReport", usage("2022-09-17").put("cumulativeLiveLessonCount", 31)),
                                test -> test.push(
                                        "UsageReport", usage("2022-09-17").put("cumulativeLiveLessonCount", 30))),
                        pair("X-21", test -> test.cityUsage(215), test -> test.cityUsage(214)),
                        pair(
                                "X-22",
                                test -> test.as("OTHER001")
                                        .push(
                                                "LessonSession",
                                                foreign("2022-09-16T09:30:00+08:00", "2022-09-16T10:10:00+08:00")),
                                test -> test.as("OTHER001")
                                        .push(
                                                "LessonSession",
                                                foreign("2022-09-16T09:41:00+08:00", "2022-09-16T10:21:00+08:00"))),
                        pair("X-26", test -> test.moved("2022-10-06"), test -> test.moved("2022-10-13")))
                .flatMap(cases -> cases);
    }

    private static ObjectNode foreign(String from, String to) {
        ObjectNode session = session("S-0009").put("platformCode", "OTHER001");
        session.remove("lessonKey");
        return session.put("actualStartAt", from).put("actualEndAt", to);
    }

    /** A plan with the counts that the platform has, but for one more studio account. */
    private Vendor.Answer plan(int more) {
        ObjectNode plan = Examples.without("AnnualPlan", "sealedScan");
        plan.putObject("basics")
                .put("totalSchoolCount", 3)
                .put("pairedSchoolCount", 2)
                .put("unpairedSchoolCount", 1)
                .put("coveredSchoolCount", 3)
                .put("masterStudioAccountCount", 1 + more)
                .put("liveLessonCount", 1);
        return push("AnnualPlan", plan);
    }

    /** Logins of a city, of which the one school that reported has 214. */
    private Vendor.Answer cityUsage(int logins) {
        ObjectNode usage = usage("2022-09-16").put("scopeType", "DIVISION").put("scopeCode", "610700");
        usage.remove(List.of("scopeName", "byClassroomType", "cumulativeLiveLessonCount", "registeredTeacherCount"));
        return push("UsageReport", usage.put("loginCount", logins));
    }

    private Vendor.Answer moved(String start) {
        ObjectNode deadline =
                Examples.of("Deadline").put("periodKey", "2022-10-13").put("shiftedFrom", "2022-10-06");
        mock.addDeadline(Vendor.JSON_MODEL.convertValue(deadline, Deadline.class));
        return push("Timetable", timetable(start, "2022-10-26"));
    }

    private static Stream<Case> platforms() {
        return Stream.of(
                        pair("R-30", test -> test.broadcast(false), test -> test.broadcast(true)),
                        pair(
                                "OWNED_BY_OTHER_PLATFORM",
                                test -> test.as("OTHER001").push("School", school(SUPPORTED)),
                                test -> test.as("OTHER001").push("School", school(THIRD))))
                .flatMap(cases -> cases);
    }

    private Vendor.Answer broadcast(boolean capable) {
        push("Platform", Examples.without("Platform", "mlpsReportAttachmentId").put("liveCapable", capable));
        return push("Lesson", lesson());
    }
}
