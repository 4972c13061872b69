package cn.fuzhi.sdk.mock;

import static cn.fuzhi.sdk.mock.Vendor.batch;
import static cn.fuzhi.sdk.mock.Vendor.upsert;
import static org.assertj.core.api.Assertions.assertThat;

import cn.fuzhi.sdk.model.LessonSession;
import cn.fuzhi.sdk.model.RecordKind;
import cn.fuzhi.sdk.model.ReviewState;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CrossRulesTest {
    private static final byte[] SECRET = "other-secret".getBytes(java.nio.charset.StandardCharsets.UTF_8);

    private final MockPlatform mock = MockPlatform.start();
    private final Vendor vendor = Vendor.of(mock);

    @BeforeEach
    void fill() {
        Examples.pushOneOfEach(vendor, "ATT-NONE");
    }

    @AfterEach
    void stop() {
        mock.close();
    }

    private static List<String> rules(Vendor.Answer answer, String list) {
        List<String> rules = new ArrayList<>();
        for (JsonNode finding : answer.body().at("/results/0/" + list)) {
            rules.add(finding.get("rule").asText());
        }
        return rules;
    }

    private Vendor.Answer push(String path, String schema, ObjectNode record, long version) {
        ObjectNode item = Examples.item(Examples.CONTRACT.at("/components/schemas/" + schema), record);
        return vendor.post("/v1/" + path, batch(item.put("version", version)));
    }

    @Test
    void waitsForWhatARecordRefersTo() {
        ObjectNode lesson = Examples.of("Lesson").put("lessonNo", "L-9").put("timetableKey", "610727~2022-10-13");
        lesson.put("startAt", "2022-10-14T09:00:00+08:00").put("endAt", "2022-10-14T09:40:00+08:00");

        assertThat(rules(push("lessons", "Lesson", lesson, 1), "violations")).containsExactly("UNKNOWN_REFERENCE");
    }

    @Test
    void keepsToTheJurisdictionOfTheKey() {
        ObjectNode school =
                Examples.supportedSchool().put("schoolCode", "2161000003").put("divisionCode", "610102");

        assertThat(rules(push("schools", "School", school, 1), "violations")).contains("X-01");
    }

    @Test
    void refusesATransitionThatTheStateTableDoesNotKnow() {
        ObjectNode pairing = Examples.of("Pairing");
        pairing.put("status", "PROPOSED");

        assertThat(rules(push("pairings", "Pairing", pairing, 2), "violations")).contains("X-25");
    }

    @Test
    void findsADoubleBookedLecturer() {
        ObjectNode lesson = Examples.of("Lesson")
                .put("lessonNo", "L-9")
                .put("courseName", "另一课程")
                .put("lineNo", 9);

        assertThat(rules(push("lessons", "Lesson", lesson, 1), "violations")).contains("X-12");
    }

    @Test
    void findsALineThatIsUsedTwice() {
        ObjectNode lesson = Examples.of("Lesson").put("lessonNo", "L-9");
        lesson.put("startAt", "2022-09-16T14:00:00+08:00").put("endAt", "2022-09-16T14:40:00+08:00");

        assertThat(rules(push("lessons", "Lesson", lesson, 1), "violations")).containsExactly("X-27");
    }

    @Test
    void takesLessonsOfASchoolThatSupportsAcrossProvinces() {
        ObjectNode lesson = Examples.of("Lesson").put("lessonNo", "L-9").put("lineNo", 9);
        lesson.put("startAt", "2022-09-16T14:00:00+08:00").put("endAt", "2022-09-16T14:40:00+08:00");
        lesson.withObject("/hostUnit").put("schoolCode", "2144000501");
        assertThat(rules(push("lessons", "Lesson", lesson, 1), "violations")).containsExactly("UNKNOWN_REFERENCE");

        ObjectNode pairing = Examples.of("Pairing").put("supportingSchoolCode", "2144000501");
        push("pairings", "Pairing", pairing.put("scopeKind", "CROSS_PROVINCE"), 1);
        assertThat(rules(push("lessons", "Lesson", lesson, 1), "violations")).isEmpty();
    }

    @Test
    void blankTextIsMissingWhereItIsRequiredAndTooShortElsewhere() {
        ObjectNode school = Examples.supportedSchool().put("name", " 　\t").put("designationReason", " 　");

        assertThat(rules(push("schools", "School", school, 2), "violations")).containsExactly("R-01", "R-02");
    }

    @Test
    void numberWithTooManyDecimalsIsRefused() {
        ObjectNode pairing = Examples.of("Pairing").put("plannedLessonsPerWeek", new java.math.BigDecimal("1.25"));

        assertThat(rules(push("pairings", "Pairing", pairing, 2), "violations")).containsExactly("R-46");
    }

    @Test
    void refusesALessonOutsideItsTimetable() {
        ObjectNode lesson = Examples.of("Lesson").put("lessonNo", "L-9").put("lineNo", 9);
        lesson.put("startAt", "2022-11-01T09:00:00+08:00").put("endAt", "2022-11-01T09:40:00+08:00");

        assertThat(rules(push("lessons", "Lesson", lesson, 1), "violations")).contains("X-11");
    }

    @Test
    void refusesACitySchoolAsSupported() {
        ObjectNode city =
                Examples.supportedSchool().put("schoolCode", "2161000003").put("urbanRuralClass", "111");
        push("schools", "School", city.put("name", "示例城区小学"), 1);
        ObjectNode pairing = Examples.of("Pairing").put("supportedSchoolCode", "2161000003");

        assertThat(rules(push("pairings", "Pairing", pairing, 1), "violations")).contains("X-05");
    }

    @Test
    void takesNoNewPairingsOfAClosedSchool() {
        push("schools", "School", Examples.supportedSchool().put("status", "CLOSED"), 2);
        ObjectNode pairing = Examples.of("Pairing").put("plannedLessonsPerWeek", 2);

        assertThat(rules(push("pairings", "Pairing", pairing, 2), "violations")).contains("X-02");
    }

    @Test
    void holdsASessionThatAnotherPlatformReportedToo() {
        mock.addKey("other", SECRET, "OTHER001", "610700");
        Vendor other = new Vendor(mock.baseUrl(), "other", SECRET);
        ObjectNode session = Examples.without("LessonSession", "recordingContentKey", "lessonKey")
                .put("platformCode", "OTHER001");
        String key = "OTHER001~" + session.get("sessionNo").asText();

        Vendor.Answer answer = other.post("/v1/lesson-sessions", batch(upsert(key, 1, session)));

        assertThat(answer.verdict(key)).as(answer.body().toString()).isEqualTo("HELD");
        assertThat(mock.held(LessonSession.class)).hasSize(1);
        mock.review(RecordKind.LESSON_SESSION, key, ReviewState.ACCEPTED, "");
        assertThat(mock.held(LessonSession.class)).hasSize(2);
    }

    @Test
    void leavesRecordsToThePlatformThatOwnsThem() {
        mock.addKey("other", SECRET, "OTHER001", "610700");
        Vendor other = new Vendor(mock.baseUrl(), "other", SECRET);

        Vendor.Answer answer = other.post("/v1/schools", batch(upsert("2161000002", 9, Examples.supportedSchool())));

        assertThat(rules(answer, "violations")).containsExactly("OWNED_BY_OTHER_PLATFORM");
    }

    @Test
    void countsCoverage() {
        JsonNode report = vendor.get("/v1/coverage-reports?scopeCode=610727&asOf=2022-10-01")
                .body();

        assertThat(report.get("totalSchoolCount").asInt()).isEqualTo(3);
        assertThat(report.get("ruralSchoolCount").asInt()).isEqualTo(2);
        assertThat(report.get("ruralPairedFixedCount").asInt()).isEqualTo(1);
        assertThat(report.get("coveragePercent").decimalValue()).isEqualByComparingTo("50");
        assertThat(vendor.get("/v1/coverage-reports/uncovered-schools?scopeCode=610727&asOf=2022-10-01")
                        .body()
                        .at("/items/0/schoolCode")
                        .asText())
                .isEqualTo("2161000002-01");
    }
}
