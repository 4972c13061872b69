package cn.fuzhi.sdk.rules;

import static cn.fuzhi.sdk.rules.Samples.attachment;
import static cn.fuzhi.sdk.rules.Samples.context;
import static cn.fuzhi.sdk.rules.Samples.day;
import static cn.fuzhi.sdk.rules.Samples.figures;
import static cn.fuzhi.sdk.rules.Samples.lecturer;
import static cn.fuzhi.sdk.rules.Samples.lesson;
import static cn.fuzhi.sdk.rules.Samples.lessonAt;
import static cn.fuzhi.sdk.rules.Samples.pairing;
import static cn.fuzhi.sdk.rules.Samples.participant;
import static cn.fuzhi.sdk.rules.Samples.plan;
import static cn.fuzhi.sdk.rules.Samples.school;
import static cn.fuzhi.sdk.rules.Samples.session;
import static cn.fuzhi.sdk.rules.Samples.time;
import static cn.fuzhi.sdk.rules.Samples.timetable;
import static org.assertj.core.api.Assertions.assertThat;

import cn.fuzhi.sdk.model.AnnualSummary;
import cn.fuzhi.sdk.model.ClassroomType;
import cn.fuzhi.sdk.model.FilingStatus;
import cn.fuzhi.sdk.model.Grade;
import cn.fuzhi.sdk.model.LessonHostUnit;
import cn.fuzhi.sdk.model.LessonHostUnitType;
import cn.fuzhi.sdk.model.LessonState;
import cn.fuzhi.sdk.model.PairingScopeKind;
import cn.fuzhi.sdk.model.PairingStatus;
import cn.fuzhi.sdk.model.PushRecord;
import cn.fuzhi.sdk.model.SchoolType;
import cn.fuzhi.sdk.model.SessionParticipantRole;
import cn.fuzhi.sdk.model.Severity;
import cn.fuzhi.sdk.model.Stage;
import cn.fuzhi.sdk.model.Timetable;
import cn.fuzhi.sdk.model.TimetableIssuerType;
import cn.fuzhi.sdk.model.TimetableState;
import cn.fuzhi.sdk.model.UnitKind;
import cn.fuzhi.sdk.model.Violation;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RulesTest {
    @Test
    void findsNothingInCleanRecords() {
        RuleReport report = Rules.check(Samples.all(), context());

        assertThat(report.errors()).isEmpty();
        assertThat(report.warnings()).isEmpty();
        assertThat(report.notChecked()).isEmpty();
    }

    static Stream<Planted> planted() {
        return Planted.all().stream();
    }

    @ParameterizedTest
    @MethodSource("planted")
    void findsWhatWasPlanted(Planted planted) {
        RuleReport report = Rules.check(planted.records(), context());

        String key = planted.records().get(planted.records().size() - 1).key();
        boolean error = Severity.ERROR.equals(planted.severity());
        assertThat(error ? report.errors() : report.warnings())
                .as(report.toEnglish())
                .anySatisfy(violation -> {
                    assertThat(violation.rule()).isEqualTo(planted.rule());
                    assertThat(violation.pointer()).isEqualTo(planted.pointer());
                    assertThat(violation.key()).isEqualTo(key);
                });
    }

    @ParameterizedTest
    @MethodSource("planted")
    void fillsEveryPlaceholderInBothLanguages(Planted planted) {
        RuleReport report = Rules.check(planted.records(), context());

        assertThat(report.toChinese() + report.toEnglish()).doesNotContain("{", "}", "null");
    }

    @ParameterizedTest
    @MethodSource("planted")
    void showsNoPersonalValue(Planted planted) {
        RuleReport report = Rules.check(planted.records(), context());

        assertThat(report.toChinese() + report.toEnglish()).doesNotContain("李示例", "张样本", "张xx");
        assertThat(report.toChinese() + report.toEnglish())
                .doesNotContain("13800000000", "12800000000", "029-80000000");
    }

    @Test
    void abolishedDivisionIsAWarningThatNamesTheSuccessor() {
        RuleReport report =
                Rules.check(List.of(school(Samples.HOST).divisionCode("610721").build()), context());

        assertThat(report.errors()).isEmpty();
        assertThat(report.warnings()).singleElement().satisfies(warning -> {
            assertThat(warning.message()).contains("610721", "610703");
            assertThat(warning.messageEn()).contains("610721", "610703");
        });
    }

    @Test
    void lessonOnASaturdayIsNeverAnError() {
        PushRecord saturday = lessonAt("L-1", "2022-12-10T09:00:00+08:00", "2022-12-10T10:00:00+08:00")
                .build();

        assertThat(rules(Rules.check(List.of(saturday), RuleContext.none()).warnings()))
                .containsExactly("R-15");
        assertThat(Rules.check(List.of(saturday), RuleContext.none()).hasErrors())
                .isFalse();
    }

    @Test
    void calendarKnowsHolidaysAndMakeUpDays() {
        Holidays calendar = context().calendar;

        assertThat(calendar.isFree(day("2022-10-03"))).isTrue();
        assertThat(calendar.isFree(day("2022-10-08"))).isFalse();
        assertThat(calendar.isFree(day("2022-10-09"))).isTrue();
        assertThat(calendar.isFree(day("2022-10-10"))).isFalse();
    }

    @Test
    void touchingLessonsAreNotDoubleBooked() {
        assertClean(
                lesson("L-1").build(),
                lessonAt("L-2", "2022-09-16T09:40:00+08:00", "2022-09-16T10:20:00+08:00")
                        .build());
    }

    @Test
    void sameNameWithTwoIdsIsTwoTeachers() {
        assertClean(
                lesson("L-1").build(),
                lesson("L-2").lecturer(lecturer("李示例", "T-2")).build());
    }

    @Test
    void sameIdAtAnotherSchoolIsAnotherTeacher() {
        assertClean(
                lesson("L-1").build(),
                lesson("L-2")
                        .hostUnit(LessonHostUnit.builder()
                                .name("示例二小")
                                .schoolCode(Samples.RECEIVER)
                                .build())
                        .build());
    }

    @Test
    void sameNameWithoutIdIsOnlyAWarning() {
        RuleReport report = Rules.check(
                List.of(
                        lesson("L-1").lecturer(lecturer("李示例", null)).build(),
                        lesson("L-2").lecturer(lecturer("李示例", null)).build()),
                context());

        assertThat(report.errors()).isEmpty();
        assertThat(rules(report.warnings())).containsExactly("X-12");
    }

    @Test
    void cancelledLessonOccupiesNobody() {
        assertClean(
                lesson("L-1").state(LessonState.CANCELLED).stateReason("停电").build(),
                lesson("L-2").build());
    }

    @Test
    void longLessonCollidesWithEveryLaterOneInside() {
        RuleReport report = Rules.check(
                List.of(
                        lessonAt("L-3", "2022-09-16T11:00:00+08:00", "2022-09-16T11:40:00+08:00")
                                .build(),
                        lessonAt("L-1", "2022-09-16T09:00:00+08:00", "2022-09-16T12:00:00+08:00")
                                .build(),
                        lessonAt("L-2", "2022-09-16T09:30:00+08:00", "2022-09-16T10:00:00+08:00")
                                .build()),
                context());

        assertThat(report.errors())
                .allSatisfy(error -> assertThat(error.message()).contains("LUEYANG01~L-1"))
                .extracting(Violation::key)
                .containsExactlyInAnyOrder("LUEYANG01~L-2", "LUEYANG01~L-3");
    }

    @Test
    void sixMinutesApartIsNoRepetition() {
        RuleReport report = Rules.check(
                List.of(
                        lesson("L-1").courseName("同一课").build(),
                        lessonAt("L-2", "2022-09-16T09:06:00+08:00", "2022-09-16T09:46:00+08:00")
                                .courseName("同一课")
                                .build()),
                context());

        assertThat(rules(report.errors())).containsExactly("X-12");
        assertThat(report.warnings()).isEmpty();
    }

    @Test
    void acceptsTheBoundsOfLengthAndHours() {
        assertClean(lessonAt("L-1", "2022-09-16T07:00:00+08:00", "2022-09-16T07:10:00+08:00")
                .build());
        assertClean(lessonAt("L-1", "2022-09-16T18:00:00+08:00", "2022-09-16T22:00:00+08:00")
                .build());
    }

    @Test
    void acceptsTheFirstAndTheLastDayOfThePeriod() {
        assertClean(lessonAt("L-1", "2022-09-15T09:00:00+08:00", "2022-09-15T09:40:00+08:00")
                .build());
        assertClean(lessonAt("L-1", "2022-09-28T09:00:00+08:00", "2022-09-28T09:40:00+08:00")
                .build());
    }

    @Test
    void timetableAmongTheRecordsCounts() {
        RuleContext bare = RuleContext.none();
        PushRecord late = lessonAt("L-1", "2022-09-29T09:00:00+08:00", "2022-09-29T09:40:00+08:00")
                .build();

        assertThat(rules(Rules.check(List.of(late, timetable().build()), bare).errors()))
                .containsExactly("X-11");
    }

    @Test
    void everyLackingContextIsReportedAsNotChecked() {
        RuleReport report = Rules.check(
                List.of(
                        lesson("L-1").build(),
                        lesson("L-1").build(),
                        plan().build(),
                        session().build()),
                RuleContext.none());

        assertThat(report.notChecked())
                .extracting(RuleReport.NotChecked::rule)
                .containsExactly("R-04", "R-05", "R-15", "R-26", "R-27", "R-30", "X-11", "X-16");
        assertThat(report.notChecked())
                .filteredOn(gap -> gap.rule().equals("R-30"))
                .singleElement()
                .satisfies(gap -> assertThat(gap.records()).isEqualTo(2));
        assertThat(report.toChinese()).contains("未校验 R-30（2 条记录）");
        assertThat(report.toEnglish()).contains("NOT CHECKED R-30 (2 records)");
    }

    @Test
    void supportingSchoolOfACrossProvincePairingMayBeOutside() {
        assertClean(pairing()
                .supportingSchoolCode("2144000501")
                .scopeKind(PairingScopeKind.CROSS_PROVINCE)
                .build());
    }

    @Test
    void schoolThatSupportsAcrossProvincesMayGiveLessons() {
        PushRecord lesson =
                lesson("L-1").hostUnit(Samples.host(Samples.ELSEWHERE)).build();
        PushRecord session = session()
                .hostSchoolCode(Samples.ELSEWHERE)
                .participants(List.of(
                        participant(Samples.ELSEWHERE, SessionParticipantRole.HOST),
                        participant(Samples.RECEIVER, SessionParticipantRole.RECEIVER)))
                .build();
        assertClean(lesson, session);

        PushRecord across = pairing()
                .supportingSchoolCode(Samples.ELSEWHERE)
                .scopeKind(PairingScopeKind.CROSS_PROVINCE)
                .build();
        RuleReport together = Rules.check(List.of(lesson, session, across), RuleContext.none());
        assertThat(together.errors()).isEmpty();
        assertThat(notChecked(together)).doesNotContain("R-07");

        RuleReport alone = Rules.check(List.of(lesson, session), RuleContext.none());
        assertThat(alone.errors()).isEmpty();
        assertThat(notChecked(alone)).contains("R-07");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/1?auth_key=1",
                "/1?AccessKey=1",
                "/1?api-key=1",
                "/1?OSSAccessKeyId=1",
                "/1?X-Amz-Signature=1",
                "/1?a=1&X-Amz-Credential=1",
                "/1?x#access_token=1",
                "/1;jsessionid=1",
                "/1;JSESSIONID=1/2",
                "/1;a=1;token=2?b=3",
                "/1?PHPSESSID=1",
            })
    void linkWithASecretIsRefused(String rest) {
        RuleReport report = Rules.check(
                List.of(lesson("L-1").joinUrl("https://live.example.cn" + rest).build()), context());

        assertThat(rules(report.errors())).containsExactly("R-32");
        assertThat(report.toChinese()).doesNotContain(rest);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/sign/1", "/token", "/1?design=2", "/1?from=timetable&room=2", "/1;v=2/3", "", "/auth/rooms/1"})
    void linkWithoutASecretPasses(String rest) {
        assertClean(lesson("L-1").joinUrl("https://live.example.cn" + rest).build());
    }

    @Test
    void timetableThatWasReadFromAFaultyMessageBreaksNothing() {
        RuleContext known = RuleContext.builder()
                .timetables(List.of(parsed(null, null), parsed("2022-09-15", null), parsed(null, "2022-09-28")))
                .build();
        List<PushRecord> records = List.of(
                lesson("L-1").build(), timetable().build(), parsed("2022-09-15", null), parsed(null, "2022-09-28"));

        assertThat(rules(Rules.check(records, known).errors())).containsOnly("R-01");
        assertThat(notChecked(Rules.check(List.of(lesson("L-1").build(), parsed("2022-09-15", null)), known)))
                .contains("X-11");
    }

    private static Timetable parsed(String start, String end) {
        return new Timetable(
                TimetableIssuerType.COUNTY,
                "610727",
                "略阳县",
                "610727",
                start == null ? null : day(start),
                end == null ? null : day(end),
                null,
                null,
                null,
                TimetableState.SUBMITTED,
                null);
    }

    @Test
    void messageNeverRoundsIntoTheBound() {
        RuleReport length = Rules.check(
                List.of(lesson("L-1").endAt(time("2022-09-16T13:00:30+08:00")).build()), context());
        assertThat(length.warnings().get(0).message()).contains("241分钟");

        RuleReport crowd = Rules.check(
                List.of(session()
                        .participants(List.of(participant(Samples.HOST, SessionParticipantRole.HOST).toBuilder()
                                .studentCount(201)
                                .build()))
                        .build()),
                context());
        assertThat(crowd.warnings().get(0).message()).contains("101人", "100人");
    }

    @Test
    void unknownCodeNamesItsListInTheLanguageOfTheMessage() {
        RuleReport report = Rules.check(
                List.of(lesson("L-1").classroomType(ClassroomType.of("NEW")).build()), context());

        assertThat(report.warnings()).singleElement().satisfies(warning -> {
            assertThat(warning.message()).contains("“三个课堂类型”").doesNotContain("ClassroomType");
            assertThat(warning.messageEn()).contains("“ClassroomType”");
        });
    }

    @Test
    void placeMayLieInAZoneOrCarryTheCodeOfTheOldDivision() {
        assertClean(school(Samples.HOST)
                .divisionCode("610171")
                .locationCode12("610113001001")
                .build());
        assertClean(school(Samples.HOST)
                .divisionCode("610703")
                .locationCode12("610721100001")
                .build());
    }

    @Test
    void schoolIssuesAndACountyFiles() {
        assertClean(timetable()
                .issuerType(TimetableIssuerType.SCHOOL)
                .issuerCode(Samples.HOST)
                .periodStart(day("2022-09-15"))
                .build());
    }

    @Test
    void cancelledLessonFreesItsLine() {
        assertClean(
                lesson("L-1").state(LessonState.CANCELLED).stateReason("停电").build(),
                lesson("L-2").lineNo(1).build());
        assertClean(
                lesson("L-1").build(),
                lessonAt("L-2", "2022-09-16T10:00:00+08:00", "2022-09-16T10:40:00+08:00")
                        .timetableKey(Samples.HOST + "~2022-09-15")
                        .lineNo(1)
                        .build());
    }

    @Test
    void endedPairingMakesRoomForTheNext() {
        PushRecord ended = pairing()
                .status(PairingStatus.ENDED)
                .endReason("学校合并")
                .changedOn(day("2023-01-31"))
                .build();
        PushRecord next =
                pairing().schoolYear("2023-2024").validFrom(day("2023-02-01")).build();

        assertClean(ended, next);
    }

    @Test
    void oppositeDirectionIsNoOverlap() {
        assertClean(
                pairing().build(),
                pairing()
                        .supportingSchoolCode(Samples.RECEIVER)
                        .supportedSchoolCode(Samples.HOST)
                        .build());
    }

    @Test
    void withdrawnTimetableOverlapsNothing() {
        assertClean(
                timetable().build(),
                timetable()
                        .periodStart(day("2022-09-16"))
                        .state(TimetableState.WITHDRAWN)
                        .build());
    }

    @Test
    void timetableReportedBeforeIsComparedToo() {
        PushRecord next = timetable()
                .periodStart(day("2022-09-10"))
                .periodEnd(day("2022-09-15"))
                .build();

        RuleReport report = Rules.check(List.of(next), context());

        assertThat(report.warnings()).singleElement().satisfies(warning -> {
            assertThat(warning.rule()).isEqualTo("X-17");
            assertThat(warning.key()).isEqualTo("610727~2022-09-10");
            assertThat(warning.message()).contains("610727~2022-09-15");
        });
    }

    @Test
    void hostThatIsNoSchoolNeedsNoCode() {
        assertClean(lesson("L-1")
                .hostUnit(LessonHostUnit.builder()
                        .name("示例教研室")
                        .type(LessonHostUnitType.TEACHING_RESEARCH_OFFICE)
                        .build())
                .build());
    }

    @Test
    void teachingSiteNeedsNoSchoolCode() {
        assertClean(school(Samples.HOST)
                .schoolCode(null)
                .unitKind(UnitKind.TEACHING_SITE)
                .siteCode("2161000001-01")
                .parentSchoolCode(Samples.HOST)
                .schoolType(SchoolType.PRIMARY_TEACHING_SITE)
                .build());
    }

    @Test
    void attachedClassHasTheCategoryOfItsSchool() {
        assertClean(school(Samples.HOST)
                .schoolType(SchoolType.ATTACHED_KINDERGARTEN_CLASS)
                .build());
    }

    @Test
    void specialSchoolsCountGradesThemselves() {
        RuleReport report = Rules.check(
                List.of(lesson("L-1")
                        .stages(List.of(Stage.SPECIAL))
                        .grades(List.of(Grade.of("G7")))
                        .build()),
                context());

        assertThat(rules(report.errors())).isEmpty();
    }

    @Test
    void sessionIsFutureFiveMinutesAfterThePresent() {
        RuleContext.Builder known = RuleContext.builder().divisions(Divisions.bundled());
        List<PushRecord> session = List.of(session().build());

        assertThat(Rules.check(
                                session,
                                known.now(time("2022-09-16T09:36:00+08:00")).build())
                        .hasErrors())
                .isFalse();
        assertThat(Rules.check(
                                session,
                                known.now(time("2022-09-16T09:35:59+08:00")).build())
                        .hasErrors())
                .isTrue();
    }

    @Test
    void summaryHasTheRulesOfTheSixCounts() {
        PushRecord summary = AnnualSummary.builder()
                .year(2022)
                .bodyCode("610700")
                .workDone("组织专递课堂")
                .results("全部结对")
                .figures(figures().unpairedSchoolCount(35L).build())
                .status(FilingStatus.SUBMITTED)
                .build();

        assertThat(Rules.check(List.of(summary), context()).errors())
                .extracting(Violation::pointer)
                .contains("/figures/totalSchoolCount");
    }

    @Test
    void recordWithoutRequiredValueIsNotJudgedFurther() {
        PushRecord empty = new cn.fuzhi.sdk.model.LessonSession(
                null, null, null, null, null, null, null, null, null, null, null, null, List.of(), List.of(), null,
                null, List.of(), null, null, null, null, null, null, null, null);

        assertThat(rules(Rules.check(List.of(empty), context()).errors())).containsOnly("R-01");
    }

    @Test
    void attachmentOfTheWrongTypeOrSizeIsRefused() {
        assertThat(Rules.check(attachment().build()).errors()).isEmpty();
        assertThat(rules(
                        Rules.check(attachment().mediaType("text/html").build()).errors()))
                .containsExactly("R-34");
        assertThat(rules(Rules.check(attachment().fileName("计划.exe").build()).errors()))
                .containsExactly("R-34");
        assertThat(rules(Rules.check(attachment().fileName("计划.png").build()).errors()))
                .containsExactly("R-34");
        assertThat(rules(
                        Rules.check(attachment().sizeBytes(52_428_801L).build()).errors()))
                .containsExactly("R-34");
    }

    private static List<String> notChecked(RuleReport report) {
        return report.notChecked().stream().map(RuleReport.NotChecked::rule).toList();
    }

    private static void assertClean(PushRecord... records) {
        RuleReport report = Rules.check(List.of(records), context());

        assertThat(report.errors()).as(report.toEnglish()).isEmpty();
        assertThat(report.warnings()).as(report.toEnglish()).isEmpty();
    }

    private static List<String> rules(List<Violation> violations) {
        return violations.stream().map(Violation::rule).toList();
    }
}
