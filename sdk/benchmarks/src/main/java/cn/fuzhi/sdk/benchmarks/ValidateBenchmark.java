package cn.fuzhi.sdk.benchmarks;

import cn.fuzhi.sdk.model.ClassroomType;
import cn.fuzhi.sdk.model.Contact;
import cn.fuzhi.sdk.model.DeliveryMode;
import cn.fuzhi.sdk.model.DeliveryPlatform;
import cn.fuzhi.sdk.model.DeliveryPlatformKind;
import cn.fuzhi.sdk.model.Grade;
import cn.fuzhi.sdk.model.Lecturer;
import cn.fuzhi.sdk.model.Lesson;
import cn.fuzhi.sdk.model.LessonHostUnit;
import cn.fuzhi.sdk.model.LessonReceiver;
import cn.fuzhi.sdk.model.LessonState;
import cn.fuzhi.sdk.model.PushRecord;
import cn.fuzhi.sdk.model.School;
import cn.fuzhi.sdk.model.SchoolStatus;
import cn.fuzhi.sdk.model.SchoolType;
import cn.fuzhi.sdk.model.Stage;
import cn.fuzhi.sdk.model.SubjectCode;
import cn.fuzhi.sdk.model.Timetable;
import cn.fuzhi.sdk.model.TimetableIssuerType;
import cn.fuzhi.sdk.model.TimetableState;
import cn.fuzhi.sdk.model.UnitKind;
import cn.fuzhi.sdk.model.UrbanRuralClass;
import cn.fuzhi.sdk.rules.Divisions;
import cn.fuzhi.sdk.rules.Holidays;
import cn.fuzhi.sdk.rules.RuleContext;
import cn.fuzhi.sdk.rules.RuleReport;
import cn.fuzhi.sdk.rules.Rules;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * How long it takes to check the lessons of a timetable by all local rules, double booking included: 10,000 and 100,000 lines of
 * Annex 2, with every piece of context. One lesson in a hundred is double-booked, so that findings are part of the work.
 */
final class ValidateBenchmark {
    private static final int FEW = 10_000;
    private static final int MANY = 100_000;
    private static final int PAIRS = 7;
    private static final int LECTURERS_PER_SCHOOL = 10;
    private static final int LESSONS_PER_LECTURER = 40;
    private static final int CLASH_EVERY = 100;
    private static final LocalDate MONDAY = LocalDate.of(2022, 9, 19);
    private static final double MEGABYTE = 1e6;

    private final List<PushRecord> few = timetable(FEW);
    private final List<PushRecord> many = timetable(MANY);
    private final RuleContext context = RuleContext.builder()
            .divisions(Divisions.bundled())
            .calendar(new Holidays(Set.of(), Set.of()))
            .platforms(List.of())
            .today(LocalDate.of(2022, 12, 31))
            .build();

    private ValidateBenchmark() {}

    static void run(Figures figures) throws Exception {
        ValidateBenchmark benchmark = new ValidateBenchmark();
        Pairs.Result result = Pairs.measure(
                PAIRS,
                Pairs.millis(() -> benchmark.check(benchmark.many, MANY)),
                Pairs.millis(() -> benchmark.check(benchmark.few, FEW)));
        figures.put("validate.ms.10k", result.b());
        figures.put("validate.ms.100k", result.a());
        figures.put("validate.ratio", result.ratio());
        figures.put("validate.mb", benchmark.megabytes());
    }

    private void check(List<PushRecord> records, int lessons) {
        RuleReport report = Rules.check(records, context);
        boolean complete = report.notChecked().isEmpty() && report.warnings().isEmpty();
        if (!complete || report.errors().size() != lessons / CLASH_EVERY) {
            throw new IllegalStateException("not what was planted: " + report);
        }
    }

    /** Everything that 10,000 lessons and their check allocate: the heap cannot need more, however late it is collected. */
    private double megabytes() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        check(timetable(FEW), FEW);
        return (threads.getCurrentThreadAllocatedBytes() - before) / MEGABYTE;
    }

    private static List<PushRecord> timetable(int lessons) {
        List<PushRecord> records = new ArrayList<>();
        records.add(Timetable.builder()
                .issuerType(TimetableIssuerType.COUNTY)
                .issuerCode("610727")
                .issuerName("略阳县")
                .bodyCode("610727")
                .periodStart(MONDAY)
                .periodEnd(MONDAY.plusDays(13))
                .state(TimetableState.SUBMITTED)
                .build());
        int schools = 1 + lessons / (LECTURERS_PER_SCHOOL * LESSONS_PER_LECTURER);
        for (int i = 0; i <= schools; i++) {
            records.add(school(i));
        }
        for (int i = 0; i < lessons; i++) {
            records.add(lesson(i));
        }
        return records;
    }

    private static String schoolCode(int number) {
        return String.format("2161%06d", number);
    }

    private static School school(int number) {
        return School.builder()
                .schoolCode(schoolCode(number))
                .unitKind(UnitKind.SCHOOL)
                .name("略阳县示例第" + number + "小学")
                .divisionCode("610727")
                .urbanRuralClass(UrbanRuralClass.VILLAGE)
                .schoolType(SchoolType.PRIMARY_SCHOOL)
                .status(SchoolStatus.ACTIVE)
                .build();
    }

    /** Forty lessons a lecturer, four a day on ten days; every hundredth begins while the one before it is running. */
    private static Lesson lesson(int number) {
        int lecturer = number / LESSONS_PER_LECTURER;
        int slot = number % LESSONS_PER_LECTURER;
        boolean clash = number % CLASH_EVERY == CLASH_EVERY - 1;
        int school = lecturer / LECTURERS_PER_SCHOOL;
        LocalDate day = MONDAY.plusDays(slot / 4 + (slot >= 20 ? 2 : 0));
        OffsetDateTime start = day.atTime(8 + slot % 4, clash ? 0 : 10)
                .atOffset(ZoneOffset.ofHours(8))
                .minusMinutes(clash ? 30 : 0);
        return Lesson.builder()
                .platformCode("LUEYANG01")
                .lessonNo("L-" + number)
                .timetableKey("610727~" + MONDAY)
                .bodyCode("610727")
                .lineNo(1 + number)
                .deliveryMode(DeliveryMode.LIVE)
                .subjectCode(SubjectCode.CHINESE)
                .lecturer(Lecturer.builder()
                        .name("李示例" + lecturer)
                        .localId("T-" + lecturer)
                        .build())
                .hostDivisionCode("610727")
                .hostUnit(LessonHostUnit.builder()
                        .name("示例" + school + "小")
                        .schoolCode(schoolCode(school))
                        .build())
                .courseName("《看图说话》第" + slot + "课")
                .startAt(start)
                .endAt(start.plusMinutes(40))
                .stages(List.of(Stage.PRIMARY))
                .grades(List.of(Grade.of("G1"), Grade.of("G2")))
                .scheduler(Contact.builder().name("张样本").phone("13800000000").build())
                .deliveryPlatform(DeliveryPlatform.builder()
                        .kind(DeliveryPlatformKind.PROVINCIAL)
                        .build())
                .receivers(List.of(LessonReceiver.builder()
                        .schoolCode(schoolCode(school + 1))
                        .gradeCode(Grade.of("G1"))
                        .build()))
                .classroomType(ClassroomType.DELIVERY)
                .joinUrl("https://live.example.cn/rooms/" + number)
                .state(LessonState.SCHEDULED)
                .build();
    }
}
