package cn.fuzhi.sdk.forms;

import cn.fuzhi.sdk.model.AnnualPlan;
import cn.fuzhi.sdk.model.ClassroomType;
import cn.fuzhi.sdk.model.ConfirmationState;
import cn.fuzhi.sdk.model.Contact;
import cn.fuzhi.sdk.model.DeliveryMode;
import cn.fuzhi.sdk.model.DeliveryPlatform;
import cn.fuzhi.sdk.model.DeliveryPlatformKind;
import cn.fuzhi.sdk.model.FilingStatus;
import cn.fuzhi.sdk.model.Grade;
import cn.fuzhi.sdk.model.Lecturer;
import cn.fuzhi.sdk.model.Lesson;
import cn.fuzhi.sdk.model.LessonHostUnit;
import cn.fuzhi.sdk.model.LessonHostUnitType;
import cn.fuzhi.sdk.model.LessonPurpose;
import cn.fuzhi.sdk.model.LessonReceiver;
import cn.fuzhi.sdk.model.LessonState;
import cn.fuzhi.sdk.model.Pairing;
import cn.fuzhi.sdk.model.PairingConfirmations;
import cn.fuzhi.sdk.model.PairingScopeKind;
import cn.fuzhi.sdk.model.PairingStatus;
import cn.fuzhi.sdk.model.PlanFigures;
import cn.fuzhi.sdk.model.PlanKeyTask;
import cn.fuzhi.sdk.model.PlanMeasure;
import cn.fuzhi.sdk.model.PlanSafeguards;
import cn.fuzhi.sdk.model.RuralBasis;
import cn.fuzhi.sdk.model.School;
import cn.fuzhi.sdk.model.SchoolCapacity;
import cn.fuzhi.sdk.model.SchoolRunBy;
import cn.fuzhi.sdk.model.SchoolStatus;
import cn.fuzhi.sdk.model.SchoolType;
import cn.fuzhi.sdk.model.Stage;
import cn.fuzhi.sdk.model.SubjectCode;
import cn.fuzhi.sdk.model.Timetable;
import cn.fuzhi.sdk.model.TimetableIssuerType;
import cn.fuzhi.sdk.model.TimetableState;
import cn.fuzhi.sdk.model.UnitKind;
import cn.fuzhi.sdk.model.UrbanRuralClass;
import cn.fuzhi.sdk.model.UsageByClassroomType;
import cn.fuzhi.sdk.model.UsageGranularity;
import cn.fuzhi.sdk.model.UsageReport;
import cn.fuzhi.sdk.model.UsageScopeType;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes valid records at random, from a seed that the failing test names; texts hold what breaks careless programs. */
final class Invented {
    private static final List<String> PIECES = List.of(
            "《看图说话》",
            "春天",
            "Hello, world",
            "=1+1",
            "+86",
            "-",
            "@x",
            "'",
            "\"引号\"",
            "a,b;c",
            "；、",
            "/\\",
            "😀",
            "𠀀𠮷",
            "é",
            "<&>",
            "_x000D_",
            "换\n行",
            "回\r行",
            "1e5",
            "007",
            "2022-09-16",
            "是",
            "注：",
            "例1",
            "0.10",
            "　中 间　x",
            "合计",
            "TRUE",
            "#N/A",
            "x".repeat(20));
    private final Random random;

    private final boolean returns;

    Invented(long seed) {
        this(seed, true);
    }

    /**
     * @param returns whether texts may hold carriage returns, which other spreadsheet programs turn into line feeds
     */
    Invented(long seed, boolean returns) {
        random = new Random(seed);
        this.returns = returns;
    }

    <T> T any(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    <T> @Nullable T maybe(Supplier<T> value) {
        return random.nextInt(3) == 0 ? null : value.get();
    }

    <T> List<T> some(List<T> values, int least) {
        List<T> rest = new ArrayList<>(values);
        java.util.Collections.shuffle(rest, random);
        return List.copyOf(rest.subList(0, least + random.nextInt(Math.min(4, rest.size()) - least + 1)));
    }

    int upTo(int bound) {
        return random.nextInt(bound);
    }

    String text(int most) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i <= random.nextInt(4); i++) {
            text.append(returns ? any(PIECES) : any(PIECES).replace('\r', '\n'));
        }
        String whole = Text.trim(
                text.codePointCount(0, text.length()) > most
                        ? text.substring(0, text.offsetByCodePoints(0, most))
                        : text.toString());
        return whole.isEmpty() ? "空" : whole;
    }

    /** A name that is not just the word for an example row or a total, which stand in the same place. */
    String name(int most) {
        return "校" + text(most - 1);
    }

    /** Numbers in a workbook have no trailing zeros. */
    BigDecimal decimal(int bound) {
        BigDecimal plain = BigDecimal.valueOf(1 + upTo(bound), 1).stripTrailingZeros();
        return plain.scale() < 0 ? plain.setScale(0, java.math.RoundingMode.UNNECESSARY) : plain;
    }

    String digits(int count) {
        StringBuilder digits = new StringBuilder();
        for (int i = 0; i < count; i++) {
            digits.append(random.nextInt(10));
        }
        return digits.toString();
    }

    Contact person() {
        return new Contact(
                any(List.of("李示例", "张样本", "John Sample", "阿依·样本")),
                any(List.of("13800000000", "029-80000000", "02980000000", "029-80000000-12")));
    }

    LocalDate day() {
        return LocalDate.of(2022, 1, 1).plusDays(random.nextInt(900));
    }

    School school(int no) {
        boolean site = random.nextInt(4) == 0;
        School.Builder school = School.builder()
                .name(name(60))
                .shortName(maybe(() -> text(30)))
                .formerNames(some(List.of("旧名一", "旧名二 (原)", "旧名/三"), 0))
                .formerSchoolCodes(some(List.of("2161000091", "3161000092"), 0))
                .uscc(maybe(() -> "12610727MB2A00019A"))
                .divisionCode(any(List.of("610727", "610700", "610171")))
                .locationCode12(maybe(() -> "610727" + digits(6)))
                .urbanRuralClass(any(UrbanRuralClass.known()))
                .ruralBasis(maybe(() -> any(RuralBasis.known())))
                .designationReason(maybe(() -> text(200)))
                .schoolType(maybe(() -> any(SchoolType.known())))
                .stages(some(Stage.known(), 0))
                .runBy(maybe(() -> any(SchoolRunBy.known())))
                .studentCount(maybe(() -> upTo(3_000)))
                .teacherCount(maybe(() -> upTo(300)))
                .classCount(maybe(() -> upTo(60)))
                .countsAsOf(maybe(this::day))
                .smallScale(maybe(random::nextBoolean))
                .capacity(maybe(() -> SchoolCapacity.builder()
                        .liveClassroomCount(upTo(9))
                        .bandwidthMbps(maybe(() -> upTo(1_000)))
                        .build()))
                .status(any(SchoolStatus.known()))
                .successorCode(maybe(() -> "2161000001"))
                .changedOn(maybe(this::day))
                .sourceId(maybe(() -> text(64)));
        return site
                ? school.unitKind(UnitKind.TEACHING_SITE)
                        .siteCode(String.format("2161%06d-01", no))
                        .parentSchoolCode(String.format("2161%06d", no))
                        .build()
                : school.unitKind(UnitKind.SCHOOL)
                        .schoolCode(String.format("2161%06d", no))
                        .build();
    }

    Pairing pairing(int no) {
        return Pairing.builder()
                .schoolYear("2022-2023")
                .supportingSchoolCode(String.format("2161%06d", no))
                .supportedSchoolCode(String.format("2161%06d-0%d", 500_000 + no, 1 + no % 9))
                .bodyCode(any(List.of("610700", "610100")))
                .fixed(random.nextBoolean())
                .validFrom(day())
                .validTo(day())
                .stages(some(Stage.known(), 0))
                .subjectCodes(some(SubjectCode.known(), 0))
                .classroomTypes(some(ClassroomType.known(), 1))
                .scopeKind(maybe(() -> any(PairingScopeKind.known())))
                .networkCode(maybe(() -> "LY-NET-0" + upTo(9)))
                .contactSupporting(maybe(this::person))
                .contactSupported(maybe(this::person))
                .plannedLessonsPerWeek(maybe(() -> decimal(400)))
                .confirmations(maybe(
                        () -> new PairingConfirmations(any(ConfirmationState.known()), any(ConfirmationState.known()))))
                .status(any(PairingStatus.known()))
                .changedOn(maybe(this::day))
                .endReason(maybe(() -> text(200)))
                .sourceId(maybe(() -> text(64)))
                .build();
    }

    UsageReport usage(int no) {
        boolean submitted = random.nextBoolean();
        return UsageReport.builder()
                .platformCode("LUEYANG01")
                .scopeType(UsageScopeType.SCHOOL)
                .scopeCode(String.format("2161%06d", no))
                .scopeName(name(60))
                .statOn(day())
                .granularity(any(UsageGranularity.known()))
                .bodyCode(submitted ? "610727" : null)
                .periodKey(submitted ? "2022-09-15" : null)
                .activeTeacherCount(maybe(() -> (long) upTo(1_000_000_000)))
                .loginCount(maybe(() -> (long) upTo(5)))
                .resourceDownloadCount(maybe(() -> (long) upTo(5)))
                .cumulativeLiveLessonCount(maybe(() -> (long) upTo(5)))
                .byClassroomType(ClassroomType.known().stream()
                        .filter(type -> random.nextBoolean())
                        .map(type -> UsageByClassroomType.builder()
                                .classroomType(type)
                                .liveLessonCount((long) upTo(5))
                                .receivingStudentCount(maybe(() -> (long) upTo(500)))
                                .build())
                        .toList())
                .provisional(maybe(random::nextBoolean))
                .sourceId(maybe(() -> text(64)))
                .build();
    }

    Timetable timetable(LocalDate start) {
        return Timetable.builder()
                .issuerType(any(TimetableIssuerType.known()))
                .issuerCode(any(List.of("610727", "610700")))
                .issuerName(text(30))
                .bodyCode("610727")
                .periodStart(start)
                .periodEnd(start.plusDays(13))
                .termCode(maybe(() -> "2022-2023-1"))
                .activityPlanText(maybe(() -> text(4_000)))
                .lessonCount(maybe(() -> upTo(100)))
                .state(any(TimetableState.known()))
                .sourceId(maybe(() -> text(64)))
                .build();
    }

    Lesson lesson(Timetable head, int no) {
        LocalDateTime start =
                head.periodStart().plusDays(upTo(14)).atTime(7 + upTo(14), upTo(60), upTo(5) == 0 ? 30 : 0);
        DeliveryPlatformKind kind = any(DeliveryPlatformKind.known());
        boolean school = random.nextInt(4) > 0;
        return Lesson.builder()
                .platformCode("LUEYANG01")
                .lessonNo("L-" + no)
                .timetableKey(head.key())
                .bodyCode(head.bodyCode())
                .lineNo(no)
                .deliveryMode(any(DeliveryMode.known()))
                .subjectCode(any(SubjectCode.known()))
                .subjectName(text(30))
                .lecturer(new Lecturer(person().name(), maybe(() -> text(64))))
                .hostDivisionCode(any(List.of("610727", "610113")))
                .hostUnit(new LessonHostUnit(
                        text(60),
                        school ? "2161000001" : null,
                        school ? maybe(() -> LessonHostUnitType.SCHOOL) : LessonHostUnitType.OTHER))
                .courseName(text(100))
                .startAt(start.atOffset(LessonTimes.BEIJING))
                .endAt(start.plusMinutes(10 + upTo(230)).atOffset(LessonTimes.BEIJING))
                .stages(some(Stage.known(), 1))
                .grades(some(Grade.known(), 0))
                .scheduler(person())
                .deliveryPlatform(
                        new DeliveryPlatform(kind, DeliveryPlatformKind.LOCAL.equals(kind) ? "XIAN02" : null, text(60)))
                .remark(maybe(() -> text(500)))
                .receivers(receivers())
                .pairingKey(maybe(() -> "2022-2023~2161000001~2161000002"))
                .classroomType(any(ClassroomType.known()))
                .lessonPurpose(maybe(() -> any(LessonPurpose.known())))
                .joinUrl(maybe(() -> "https://live.example.cn/rooms/" + no))
                .seriesNo(maybe(() -> "S-" + upTo(9)))
                .state(any(LessonState.known()))
                .originalStartAt(maybe(() -> start.minusDays(3).atOffset(LessonTimes.BEIJING)))
                .stateReason(maybe(() -> text(200)))
                .sourceId(maybe(() -> text(64)))
                .build();
    }

    private List<LessonReceiver> receivers() {
        List<LessonReceiver> receivers = new ArrayList<>();
        for (int i = 0; i < upTo(4); i++) {
            receivers.add(LessonReceiver.builder()
                    .schoolCode("21610000" + digits(2) + (random.nextBoolean() ? "-01" : ""))
                    .gradeCode(maybe(() -> any(Grade.known())))
                    .className(maybe(() -> text(30).replace("\n", "")))
                    .expectedStudentCount(maybe(() -> upTo(100)))
                    .build());
        }
        return receivers;
    }

    AnnualPlan plan() {
        List<PlanKeyTask> tasks = new ArrayList<>();
        List<PlanMeasure> measures = new ArrayList<>();
        for (int i = 1; i <= 1 + upTo(5); i++) {
            tasks.add(new PlanKeyTask(i, text(2_000)));
            measures.add(new PlanMeasure(i, 1 + upTo(i), text(2_000), maybe(this::day)));
        }
        return AnnualPlan.builder()
                .planYear(2022 + upTo(5))
                .reportingBodyCode("610700")
                .reportingBodyName("汉中市教育局")
                .filledOn(day())
                .principal(person())
                .contact(person())
                .basics(PlanFigures.builder()
                        .totalSchoolCount(120L)
                        .pairedSchoolCount((long) upTo(100))
                        .unpairedSchoolCount((long) upTo(100))
                        .coveredSchoolCount((long) upTo(100))
                        .masterStudioAccountCount((long) upTo(100))
                        .liveLessonCount((long) upTo(100))
                        .liveLessonCountSince(maybe(this::day))
                        .build())
                .overallGoal(text(4_000))
                .keyTasks(tasks)
                .measures(measures)
                .safeguards(new PlanSafeguards(
                        text(4_000), maybe(() -> decimal(100_000)), maybe(() -> text(4_000)), maybe(() -> text(4_000))))
                .sealedScan(maybe(() -> "A-0001"))
                .revision(maybe(() -> 1 + upTo(9)))
                .status(any(FilingStatus.known()))
                .sourceId(maybe(() -> text(64)))
                .build();
    }
}
