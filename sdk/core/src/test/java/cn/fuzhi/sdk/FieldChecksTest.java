package cn.fuzhi.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import cn.fuzhi.sdk.model.AdminAccount;
import cn.fuzhi.sdk.model.AnnualPlan;
import cn.fuzhi.sdk.model.Contact;
import cn.fuzhi.sdk.model.Lesson;
import cn.fuzhi.sdk.model.LessonReceiver;
import cn.fuzhi.sdk.model.LessonSession;
import cn.fuzhi.sdk.model.LessonState;
import cn.fuzhi.sdk.model.Pairing;
import cn.fuzhi.sdk.model.PlanKeyTask;
import cn.fuzhi.sdk.model.Platform;
import cn.fuzhi.sdk.model.PushRecord;
import cn.fuzhi.sdk.model.RecordKind;
import cn.fuzhi.sdk.model.Rule;
import cn.fuzhi.sdk.model.School;
import cn.fuzhi.sdk.model.Severity;
import cn.fuzhi.sdk.model.Stage;
import cn.fuzhi.sdk.model.SubjectCode;
import cn.fuzhi.sdk.model.Timetable;
import cn.fuzhi.sdk.model.UsageReport;
import cn.fuzhi.sdk.model.Violation;
import cn.fuzhi.sdk.model.Violations;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The generated checks, one table for each kind of constraint. */
final class FieldChecksTest {
    static Stream<Arguments> texts() {
        return Stream.of(
                arguments("R-01 /name", school(s -> s.name(""))),
                arguments("R-01 /name", school(s -> s.name("  \t "))),
                arguments("R-01 /name", school(s -> s.name("　　"))),
                arguments("", school(s -> s.name("　示例小学 "))),
                arguments("", school(s -> s.name("示".repeat(60)))),
                arguments("", school(s -> s.name("𠀀".repeat(60)))),
                arguments("", school(s -> s.name("　" + "示".repeat(60) + "　"))),
                arguments("R-02 /name", school(s -> s.name("示".repeat(61)))),
                arguments("R-02 /formerNames/1", school(s -> s.formerNames(List.of("示", "示".repeat(61))))),
                arguments("R-31 /name", school(s -> s.name("示例\u0007小学"))),
                arguments("R-31 /name", school(s -> s.name("示例\u0000小学"))),
                arguments("R-31 /name", school(s -> s.name("示例\u0085小学"))),
                arguments("R-31 /name", school(s -> s.name("示例\u202e小学"))),
                arguments("R-31 /name", school(s -> s.name("示例\u2066小学"))),
                arguments("R-31 /name", school(s -> s.name("示例\ud83d小学"))),
                arguments("R-31 /name", school(s -> s.name("示例小学\ude00"))),
                arguments("", school(s -> s.name("示例👩‍🏫小学"))),
                arguments("", timetable(t -> t.activityPlanText("第一周\n\t第二周\r\n"))),
                arguments("R-31 /remark", lesson(l -> l.remark("身份证" + identity("61010219000101001") + "，请核对"))),
                arguments("R-31 /remark", lesson(l -> l.remark("x" + identity("61010219000101002")))),
                arguments(
                        "R-31 /remark",
                        lesson(l -> l.remark(identity("61010219000101008").replace('X', 'x')))),
                arguments("R-31 /remark", lesson(l -> l.remark(wide(identity("61010219000101001"))))),
                arguments("R-31 /remark", lesson(l -> l.remark(wide(identity("61010219000101008"))))),
                arguments("", lesson(l -> l.remark("流水号" + identity("99010219000101001")))),
                arguments("", lesson(l -> l.remark("流水号" + identity("61010218000101001")))),
                arguments("", lesson(l -> l.remark(identity("61010219000101001").replaceFirst("2", "2号")))),
                arguments("R-02 /designationReason", school(s -> s.designationReason(""))),
                arguments("R-02 /designationReason", school(s -> s.designationReason(" 　"))),
                arguments("", school(s -> s.shortName(" 　"))),
                arguments("", lesson(l -> l.remark("61010219000101001" + wrong("61010219000101001")))),
                arguments("", lesson(l -> l.remark("流水号" + identity("61010219001301001")))),
                arguments("", school(s -> s.sourceId("1663203600000000123"))));
    }

    static Stream<Arguments> patterns() {
        return Stream.of(
                arguments("R-06 /schoolCode", school(s -> s.schoolCode("61000001"))),
                arguments("R-06 /schoolCode", school(s -> s.schoolCode("2161000001\n"))),
                arguments("R-06 /schoolCode", school(s -> s.schoolCode("２１６１０００００１"))),
                arguments("R-06 /formerSchoolCodes/0", school(s -> s.formerSchoolCodes(List.of("A161000001")))),
                arguments("R-04 /divisionCode", school(s -> s.divisionCode("略阳县"))),
                arguments("R-10 /scheduler/phone", lesson(l -> l.scheduler(contact("张样本", "1380000000")))),
                arguments("", lesson(l -> l.scheduler(contact("张样本", "029-80000000-801")))),
                arguments("R-32 /joinUrl", lesson(l -> l.joinUrl("http://live.example.cn/1"))),
                arguments("R-35 /lessonNo", lesson(l -> l.lessonNo("第1课"))),
                arguments("R-35 /lessonNo", lesson(l -> l.lessonNo("L".repeat(41)))),
                arguments("R-38 /lessonNo", lesson(l -> l.lessonNo("L~1"))),
                arguments("R-38 /lessonNo", lesson(l -> l.lessonNo("L/1"))),
                arguments("R-38 /lessonNo", lesson(l -> l.lessonNo(".."))),
                arguments("R-38 /lessonNo", lesson(l -> l.lessonNo("L..1"))),
                arguments("R-38 /platformCode", lesson(l -> l.platformCode("LY/01"))),
                arguments("R-38 /lessonKey", session(s -> s.lessonKey("LUEYANG01~L..1"))),
                arguments("R-35 /state", lesson(l -> l.state(LessonState.of("SCHEDULED~2")))),
                arguments("R-35 /state", lesson(l -> l.state(LessonState.of("S".repeat(41))))),
                arguments("R-35 /lessonKey", session(s -> s.lessonKey("LUEYANG01~L~1"))),
                arguments("R-35 /domain", platform(p -> p.domain("a..example.cn"))),
                arguments("R-02 /domain R-35 /domain", platform(p -> p.domain("a.".repeat(500_000) + "cn"))),
                arguments("R-35 /egressIps/1", platform(p -> p.egressIps(List.of("192.0.2.1", "192.0.2.0/x")))),
                arguments("R-31 /lessonNo", lesson(l -> l.lessonNo(identity("61010219000101001")))),
                arguments("R-31 /lessonNo", lesson(l -> l.lessonNo("L-" + identity("61010219000101001")))),
                arguments("R-31 /seriesNo", lesson(l -> l.seriesNo(identity("61010219000101001")))),
                arguments("R-31 /lessonKey", session(s -> s.lessonKey("LY01~" + identity("61010219000101001")))),
                arguments("R-35 /lessonNo", lesson(l -> l.lessonNo(wide(identity("61010219000101001"))))),
                arguments("R-35 /seriesNo", lesson(l -> l.seriesNo(""))),
                arguments("R-35 /seriesNo", lesson(l -> l.seriesNo(" 　"))),
                arguments("R-06 /parentSchoolCode", school(s -> s.parentSchoolCode(" "))),
                arguments("R-01 /lessonNo", lesson(l -> l.lessonNo(" 　"))),
                arguments("R-01 /schoolCode", school(s -> s.schoolCode(null))),
                arguments(
                        "R-01 /schoolCode R-06 /schoolCode R-06 /siteCode",
                        school(s -> s.schoolCode("").siteCode(""))),
                arguments("R-01 /lessonNo", lesson(l -> l.lessonNo(""))));
    }

    static Stream<Arguments> numbers() {
        return Stream.of(
                arguments("R-23 /studentCount", school(s -> s.studentCount(-1))),
                arguments("R-23 /studentCount", school(s -> s.studentCount(1_000_000_001))),
                arguments("R-23 /loginCount", usage(u -> u.loginCount(Long.MAX_VALUE))),
                arguments("R-23 /liveLessonMinutes", usage(u -> u.liveLessonMinutes(-5L))),
                arguments("", usage(u -> u.loginCount(0L))),
                arguments("R-27 /durationMinutes", session(s -> s.durationMinutes(481))),
                arguments("R-37 /planYear", plan(p -> p.planYear(2021))),
                arguments("R-37 /lineNo", lesson(l -> l.lineNo(0))),
                arguments("R-37 /mlpsLevel", platform(p -> p.mlpsLevel(5))),
                arguments("R-37 /plannedLessonsPerWeek", pairing(p -> p.plannedLessonsPerWeek(decimal("50.01")))),
                arguments("R-46 /plannedLessonsPerWeek", pairing(p -> p.plannedLessonsPerWeek(decimal("1.25")))),
                arguments(
                        "R-46 /plannedLessonsPerWeek", pairing(p -> p.plannedLessonsPerWeek(decimal("1E-999999999")))),
                arguments("", pairing(p -> p.plannedLessonsPerWeek(decimal("1.50")))),
                arguments("", pairing(p -> p.plannedLessonsPerWeek(decimal("5E1")))));
    }

    static Stream<Arguments> lists() {
        return Stream.of(
                arguments("R-36 /formerNames", school(s -> s.formerNames(Collections.nCopies(21, "示例")))),
                arguments("R-36 /keyTasks", plan(p -> p.keyTasks(tasks(21)))),
                arguments("R-01 /receivers/1", lesson(l -> l.receivers(withNull(receiver("2161000002"))))),
                arguments("R-01 /stages/1", lesson(l -> l.stages(withNull(Stage.PRIMARY)))),
                arguments("R-01 /formerNames/1", school(s -> s.formerNames(withNull("示例")))),
                arguments("R-06 /receivers/0/schoolCode", lesson(l -> l.receivers(List.of(receiver("12"))))),
                arguments(
                        "R-06 /receivers/0/schoolCode R-06 /receivers/2/schoolCode",
                        lesson(l -> l.receivers(List.of(receiver("1"), receiver("2161000002"), receiver("3"))))),
                arguments("R-06 /receivers/150/schoolCode", lesson(l -> l.receivers(receivers(150, "2161000002")))),
                arguments("R-01 /keyTasks/0/text", plan(p -> p.keyTasks(List.of(task(" "))))));
    }

    static Stream<Arguments> times() {
        return Stream.of(
                arguments("R-12 /startAt", lesson(l -> l.startAt(OffsetDateTime.parse("2022-09-16T01:00:00Z")))),
                arguments("", lesson(l -> l.startAt(OffsetDateTime.parse("2022-09-16T09:00:00.123+08:00")))));
    }

    static Stream<Arguments> warnings() {
        return Stream.of(
                arguments("R-03 /subjectCode", lesson(l -> l.subjectCode(SubjectCode.of("KUNQU")))),
                arguments("R-03 /stages/1", school(s -> s.stages(List.of(Stage.PRIMARY, Stage.of("NIGHT_SCHOOL"))))),
                arguments("R-33 /scheduler/name", lesson(l -> l.scheduler(contact("王xx", "13800000000")))),
                arguments("R-33 /scheduler/name", lesson(l -> l.scheduler(contact("张**", "13800000000")))),
                arguments("R-33 /scheduler/name", lesson(l -> l.scheduler(contact("测试人员", "13800000000")))),
                arguments("R-33 /scheduler/name", lesson(l -> l.scheduler(contact("李××", "13800000000")))),
                arguments("", lesson(l -> l.scheduler(contact("Alex Li", "13800000000")))));
    }

    @ParameterizedTest
    @MethodSource({"texts", "patterns", "numbers", "lists", "times"})
    void errorNamesRuleAndPlace(String expected, PushRecord record) {
        assertThat(findings(record, Severity.ERROR)).isEqualTo(expected);
    }

    @ParameterizedTest
    @MethodSource("warnings")
    void warningNamesRuleAndPlaceAndStopsNothing(String expected, PushRecord record) {
        assertThat(findings(record, Severity.WARNING)).isEqualTo(expected);
        assertThat(findings(record, Severity.ERROR)).isEmpty();
        assertThat(RecordCodec.freeze(record).payload()).isNotNull();
    }

    @Test
    void placeholderPhoneIsBothMalformedAndOdd() {
        Lesson lesson = lesson(l -> l.scheduler(contact("张样本", "1xxxxxxxxxx")));

        assertThat(findings(lesson, Severity.ERROR)).isEqualTo("R-10 /scheduler/phone");
        assertThat(findings(lesson, Severity.WARNING)).isEqualTo("R-33 /scheduler/phone");
    }

    @Test
    void missingValuesAreFoundInWhatWasParsed() {
        ObjectNode json = Contract.example("AdminAccount").putNull("name").put("status", "");
        json.remove("grants");
        AdminAccount read = RecordCodec.parse(AdminAccount.class, Contract.bytes(json));

        assertThat(findings(read, Severity.ERROR)).isEqualTo("R-01 /name R-01 /grants R-01 /status");
    }

    @Test
    void findingSpeaksChineseAndEnglishAndNamesTheRecord() {
        Violations violations = new Violations();
        violations.enter(lesson(l -> l.lessonNo("a/b")));

        assertThat(violations.found())
                .containsExactly(Violation.builder()
                        .key("LUEYANG01~a/b")
                        .pointer("/lessonNo")
                        .fieldZh("课程编号")
                        .rule("R-38")
                        .severity(Severity.ERROR)
                        .message("课程编号“a/b”含有编号中不允许的字符（~、/或..）。")
                        .messageEn("lessonNo “a/b” contains characters not allowed in a code or key part (~, / or ..).")
                        .hint(Rule.R_38.hint())
                        .build());
    }

    @Test
    void everyExampleOfAPushedKindIsFlawless() {
        RecordKind.known().forEach(kind -> {
            Violations violations = new Violations();
            violations.enter(Contract.example(kind.type()));

            assertThat(violations.found()).as(kind.value()).isEmpty();
        });
    }

    @Test
    void oneCollectorServesManyRecords() {
        Violations violations = new Violations();
        violations.enter(lesson(l -> l.receivers(List.of(receiver("1")))));
        violations.enter(school(s -> s.name(" ")));
        assertThat(violations.found())
                .extracting(Violation::key, Violation::pointer)
                .containsExactly(tuple("LUEYANG01~L-0001", "/receivers/0/schoolCode"), tuple("2161000001", "/name"));

        violations.clear();
        violations.enter(Contract.example(School.class));
        assertThat(violations.found()).isEmpty();
    }

    /** Bytes are counted and not timed, so the figure is the same on every machine. */
    @Test
    void checkOfAGoodRecordLeavesNoGarbage() {
        ThreadMXBean memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        List<PushRecord> records = List.of(Contract.example(Lesson.class), Contract.example(UsageReport.class));
        Violations violations = new Violations();
        checkAll(violations, records, 10);

        long before = memory.getCurrentThreadAllocatedBytes();
        checkAll(violations, records, 1_000);
        long allocated = memory.getCurrentThreadAllocatedBytes() - before;

        assertThat(violations.found()).isEmpty();
        assertThat(allocated / 2_000).as("bytes for each record").isLessThan(16);
    }

    private static void checkAll(Violations violations, List<PushRecord> records, int times) {
        for (int i = 0; i < times; i++) {
            violations.enter(records.get(0));
            violations.enter(records.get(1));
        }
    }

    private static String findings(PushRecord record, Severity severity) {
        Violations violations = new Violations();
        violations.enter(record);
        return String.join(
                " ",
                violations.found().stream()
                        .filter(violation -> severity.equals(violation.severity()))
                        .map(violation -> violation.rule() + " " + violation.pointer())
                        .toList());
    }

    /** An identity number that nobody has: day of birth 1900, check character by GB 11643. */
    private static String identity(String seventeen) {
        int[] weights = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
        int sum = 0;
        for (int i = 0; i < weights.length; i++) {
            sum += weights[i] * (seventeen.charAt(i) - '0');
        }
        return seventeen + "10X98765432".charAt(sum % 11);
    }

    /** As an input method for Chinese writes it. */
    private static String wide(String text) {
        StringBuilder wide = new StringBuilder();
        text.chars().forEach(c -> wide.append((char) (c - '!' + '\uff01')));
        return wide.toString();
    }

    @Test
    void messageShowsNoIdentityNumber() {
        String identity = identity("61010219000101001");
        for (String given : List.of(identity, wide(identity))) {
            Violations violations = new Violations();
            violations.enter(lesson(l -> l.seriesNo(given)));
            violations.enter(session(s -> s.lessonKey("~" + given)));

            assertThat(violations.found()).hasSize(2);
            assertThat(violations.found().toString()).doesNotContain(given.substring(3, 14));
        }
    }

    private static char wrong(String seventeen) {
        return identity(seventeen).endsWith("1") ? '2' : '1';
    }

    private static Lesson lesson(UnaryOperator<Lesson.Builder> change) {
        return change.apply(Contract.example(Lesson.class).toBuilder()).build();
    }

    private static School school(UnaryOperator<School.Builder> change) {
        return change.apply(Contract.example(School.class).toBuilder()).build();
    }

    private static LessonSession session(UnaryOperator<LessonSession.Builder> change) {
        return change.apply(Contract.example(LessonSession.class).toBuilder()).build();
    }

    private static Pairing pairing(UnaryOperator<Pairing.Builder> change) {
        return change.apply(Contract.example(Pairing.class).toBuilder()).build();
    }

    private static Platform platform(UnaryOperator<Platform.Builder> change) {
        return change.apply(Contract.example(Platform.class).toBuilder()).build();
    }

    private static AnnualPlan plan(UnaryOperator<AnnualPlan.Builder> change) {
        return change.apply(Contract.example(AnnualPlan.class).toBuilder()).build();
    }

    private static Timetable timetable(UnaryOperator<Timetable.Builder> change) {
        return change.apply(Contract.example(Timetable.class).toBuilder()).build();
    }

    private static UsageReport usage(UnaryOperator<UsageReport.Builder> change) {
        return change.apply(Contract.example(UsageReport.class).toBuilder()).build();
    }

    private static Contact contact(String name, String phone) {
        return Contact.builder().name(name).phone(phone).build();
    }

    private static LessonReceiver receiver(String schoolCode) {
        return LessonReceiver.builder().schoolCode(schoolCode).build();
    }

    /** As many good receivers, and a bad one behind them. */
    private static List<LessonReceiver> receivers(int good, String schoolCode) {
        List<LessonReceiver> receivers = new ArrayList<>(Collections.nCopies(good, receiver(schoolCode)));
        receivers.add(receiver("bad"));
        return receivers;
    }

    private static PlanKeyTask task(String text) {
        return PlanKeyTask.builder().no(1).text(text).build();
    }

    private static List<PlanKeyTask> tasks(int count) {
        return Collections.nCopies(count, task("示例"));
    }

    private static <T> List<T> withNull(T value) {
        List<T> values = new ArrayList<>();
        values.add(value);
        values.add(null);
        return values;
    }

    private static BigDecimal decimal(String value) {
        return new BigDecimal(value);
    }
}
