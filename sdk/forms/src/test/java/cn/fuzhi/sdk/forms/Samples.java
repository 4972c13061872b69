package cn.fuzhi.sdk.forms;

import cn.fuzhi.sdk.model.ClassroomType;
import cn.fuzhi.sdk.model.Contact;
import cn.fuzhi.sdk.model.DeliveryMode;
import cn.fuzhi.sdk.model.DeliveryPlatform;
import cn.fuzhi.sdk.model.DeliveryPlatformKind;
import cn.fuzhi.sdk.model.Grade;
import cn.fuzhi.sdk.model.Lecturer;
import cn.fuzhi.sdk.model.Lesson;
import cn.fuzhi.sdk.model.LessonHostUnit;
import cn.fuzhi.sdk.model.LessonPurpose;
import cn.fuzhi.sdk.model.LessonReceiver;
import cn.fuzhi.sdk.model.LessonState;
import cn.fuzhi.sdk.model.Pairing;
import cn.fuzhi.sdk.model.PairingScopeKind;
import cn.fuzhi.sdk.model.PairingStatus;
import cn.fuzhi.sdk.model.PushRecord;
import cn.fuzhi.sdk.model.School;
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
import cn.fuzhi.sdk.model.UsageGranularity;
import cn.fuzhi.sdk.model.UsageReport;
import cn.fuzhi.sdk.model.UsageScopeType;
import cn.fuzhi.sdk.rules.Divisions;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.dhatim.fastexcel.Workbook;
import org.dhatim.fastexcel.Worksheet;

/**
 * A county with everything it files for one fortnight, all of it invented: 40 schools, 20 pairings, 60 lessons and 100 usage rows of
 * 略阳县 (610727). {@code main} writes the workbooks of {@code sdk-examples/samples}.
 */
final class Samples {
    static final LocalDate START = LocalDate.of(2022, 9, 15);
    static final LocalDate END = LocalDate.of(2022, 9, 28);
    private static final String COUNTY = "610727";
    private static final String PLATFORM = "LUEYANG01";
    private static final String PLATFORM_NAME = "略阳县智慧教育平台";
    private static final String YEAR = "2022-2023";
    private static final List<String> TOWNS =
            List.of("东河", "西河", "南坪", "北坪", "青石", "白杨", "松林", "竹园", "梨树", "柳湾", "石桥", "清泉", "红岩");
    private static final List<String> FAMILY_NAMES = List.of("李", "张", "王", "赵", "陈", "杨", "周", "吴", "郑", "孙");
    private static final List<SubjectCode> SUBJECTS = List.of(
            SubjectCode.CHINESE,
            SubjectCode.MATHEMATICS,
            SubjectCode.ENGLISH,
            SubjectCode.MUSIC,
            SubjectCode.FINE_ARTS,
            SubjectCode.SCIENCE);
    private static final List<String> COURSES = List.of("《看图说话》", "《认识图形》", "《Hello》", "《茉莉花》", "《美丽的家乡》", "《声音的秘密》");
    private static final List<LocalTime> SLOTS = List.of(
            LocalTime.of(8, 30),
            LocalTime.of(9, 30),
            LocalTime.of(10, 30),
            LocalTime.of(14, 30),
            LocalTime.of(15, 30),
            LocalTime.of(16, 30));

    private Samples() {}

    /** Writes all workbooks into a folder. */
    public static void main(String[] args) throws IOException {
        Path folder = Files.createDirectories(Path.of(args[0]));
        FormContext context = context();
        try (OutputStream out = Files.newOutputStream(folder.resolve("schools.xlsx"))) {
            SchoolDirectoryForm.of(context).write(schools(), out);
        }
        try (OutputStream out = Files.newOutputStream(folder.resolve("pairings.xlsx"))) {
            PairingListForm.of(context).write(pairings(), out);
        }
        try (OutputStream out = Files.newOutputStream(folder.resolve("timetable.xlsx"))) {
            TimetableForm.of(context).write(timetable(), out);
        }
        try (OutputStream out = Files.newOutputStream(folder.resolve("usage.xlsx"))) {
            UsageForm.of(context).write(usage(), out);
        }
        try (OutputStream out = Files.newOutputStream(folder.resolve("timetable-with-problems.xlsx"))) {
            clericalTimetable(out);
        }
        try (OutputStream out = Files.newOutputStream(folder.resolve("pairings-with-problems.xlsx"))) {
            clericalPairings(out);
        }
    }

    static FormContext context() {
        return FormContext.builder()
                .platform(PLATFORM, PLATFORM_NAME)
                .bodyCode(COUNTY)
                .year(2022)
                .schoolYear(YEAR)
                .periodKey(START.toString())
                .divisions(Divisions.bundled().all())
                .schools(SchoolDirectory.of(schools()))
                .build();
    }

    static List<School> schools() {
        List<School> schools = new ArrayList<>();
        for (int i = 1; i <= 8; i++) {
            schools.add(school(
                            i,
                            "略阳县示例第" + "一二三四五六七八".charAt(i - 1) + "小学",
                            "示例" + "一二三四五六七八".charAt(i - 1) + "小",
                            UrbanRuralClass.TOWN_CENTER,
                            600 + 20 * i)
                    .build());
        }
        for (int i = 0; i < 26; i++) {
            String town = TOWNS.get(i % TOWNS.size());
            String place = i < TOWNS.size() ? town + "乡" : town + "村";
            schools.add(school(
                            11 + i,
                            "略阳县示例" + place + "小学",
                            place + "小学",
                            i < TOWNS.size() ? UrbanRuralClass.TOWNSHIP_CENTER : UrbanRuralClass.VILLAGE,
                            40 + 5 * i)
                    .build());
        }
        for (int i = 1; i <= 6; i++) {
            String parent = schools.get(7 + i).key();
            schools.add(school(0, "略阳县示例" + TOWNS.get(i) + "教学点", TOWNS.get(i) + "教学点", UrbanRuralClass.VILLAGE, 8 + i)
                    .schoolCode(null)
                    .unitKind(UnitKind.TEACHING_SITE)
                    .siteCode(parent + "-01")
                    .parentSchoolCode(parent)
                    .schoolType(SchoolType.PRIMARY_TEACHING_SITE)
                    .build());
        }
        return schools;
    }

    private static School.Builder school(int no, String name, String shortName, UrbanRuralClass place, int pupils) {
        return School.builder()
                .schoolCode(String.format("2161%06d", 100 + no))
                .unitKind(UnitKind.SCHOOL)
                .name(name)
                .shortName(shortName)
                .divisionCode(COUNTY)
                .urbanRuralClass(place)
                .schoolType(SchoolType.PRIMARY_SCHOOL)
                .stages(List.of(Stage.PRIMARY))
                .runBy(SchoolRunBy.PUBLIC)
                .studentCount(pupils)
                .teacherCount(4 + pupils / 14)
                .classCount(Math.max(1, pupils / 40))
                .countsAsOf(LocalDate.of(2022, 9, 1))
                .status(SchoolStatus.ACTIVE);
    }

    static List<Pairing> pairings() {
        List<School> schools = schools();
        List<Pairing> pairings = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            pairings.add(Pairing.builder()
                    .schoolYear(YEAR)
                    .supportingSchoolCode(schools.get(i % 8).key())
                    .supportedSchoolCode(schools.get(8 + i).key())
                    .bodyCode("610700")
                    .fixed(true)
                    .validFrom(LocalDate.of(2022, 9, 1))
                    .validTo(LocalDate.of(2023, 7, 15))
                    .stages(List.of(Stage.PRIMARY))
                    .subjectCodes(List.of(SUBJECTS.get(i % 6), SUBJECTS.get((i + 1) % 6)))
                    .classroomTypes(List.of(i % 5 == 4 ? ClassroomType.PRESTIGE_SCHOOL : ClassroomType.DELIVERY))
                    .scopeKind(PairingScopeKind.WITHIN_COUNTY)
                    .contactSupporting(person(i))
                    .contactSupported(person(i + 3))
                    .plannedLessonsPerWeek(new BigDecimal("1.5"))
                    .status(PairingStatus.ACTIVE)
                    .changedOn(LocalDate.of(2022, 9, 1))
                    .build());
        }
        return pairings;
    }

    private static Contact person(int i) {
        return new Contact(
                FAMILY_NAMES.get(i % 10) + (i % 2 == 0 ? "示例" : "样本"), String.format("138000000%02d", i % 40));
    }

    static List<PushRecord> timetable() {
        List<PushRecord> records = new ArrayList<>();
        Timetable head = Timetable.builder()
                .issuerType(TimetableIssuerType.COUNTY)
                .issuerCode(COUNTY)
                .issuerName("略阳县")
                .bodyCode(COUNTY)
                .periodStart(START)
                .periodEnd(END)
                .termCode("2022-2023-1")
                .activityPlanText("第一周开展语文、数学同步课堂；第二周组织名师示范课和网络教研。")
                .lessonCount(60)
                .state(TimetableState.SUBMITTED)
                .build();
        records.add(head);
        List<LocalDate> days = START.datesUntil(END.plusDays(1))
                .filter(day -> day.getDayOfWeek().getValue() < 6)
                .toList();
        for (int i = 0; i < 60; i++) {
            records.add(lesson(head, i, days.get(i / 6).atTime(SLOTS.get(i % 6))));
        }
        return records;
    }

    private static Lesson lesson(Timetable head, int i, LocalDateTime start) {
        Pairing pairing = pairings().get((i * 7) % 20);
        List<School> schools = schools();
        School host = schools.stream()
                .filter(school -> school.key().equals(pairing.supportingSchoolCode()))
                .findFirst()
                .orElseThrow();
        Grade grade = Grade.of("G" + (1 + i % 6));
        boolean local = i % 3 == 0;
        return Lesson.builder()
                .platformCode(PLATFORM)
                .lessonNo(String.format("2022A-%04d", i + 1))
                .timetableKey(head.key())
                .bodyCode(COUNTY)
                .lineNo(i + 1)
                .deliveryMode(i % 4 == 3 ? DeliveryMode.INTERACTIVE : DeliveryMode.LIVE)
                .subjectCode(SUBJECTS.get(i % 6))
                .subjectName(Codes.name(SUBJECTS.get(i % 6)))
                .lecturer(new Lecturer(person(i).name(), String.format("T-%04d", i % 6 + 10 * (i * 7 % 20))))
                .hostDivisionCode(COUNTY)
                .hostUnit(new LessonHostUnit(Objects.requireNonNull(host.shortName()), host.key(), null))
                .courseName(COURSES.get(i % 6))
                .startAt(start.atOffset(LessonTimes.BEIJING))
                .endAt(start.plusMinutes(40).atOffset(LessonTimes.BEIJING))
                .stages(List.of(Stage.PRIMARY))
                .grades(List.of(grade))
                .scheduler(person(i + 5))
                .deliveryPlatform(
                        local
                                ? new DeliveryPlatform(DeliveryPlatformKind.LOCAL, PLATFORM, PLATFORM_NAME)
                                : new DeliveryPlatform(
                                        DeliveryPlatformKind.PROVINCIAL, null, FormContext.PROVINCIAL_PLATFORM))
                .receivers(List.of(new LessonReceiver(pairing.supportedSchoolCode(), grade, null, 20 + i % 15)))
                .pairingKey(pairing.key())
                .classroomType(pairing.classroomTypes().get(0))
                .lessonPurpose(i % 5 == 2 ? LessonPurpose.AFTER_SCHOOL : LessonPurpose.SYNC_CLASS)
                .state(LessonState.SCHEDULED)
                .build();
    }

    static List<UsageReport> usage() {
        List<UsageReport> reports = new ArrayList<>();
        List<School> schools = schools();
        for (int i = 0; i < 100; i++) {
            School school = schools.get(i % 25);
            long lessons = i % 25 < 8 ? 1 + i % 3 : i % 2;
            reports.add(UsageReport.builder()
                    .platformCode(PLATFORM)
                    .scopeType(UsageScopeType.SCHOOL)
                    .scopeCode(school.key())
                    .scopeName(school.name())
                    .statOn(LocalDate.of(2022, 9, 19).plusDays(i / 25))
                    .granularity(UsageGranularity.DAY)
                    .bodyCode(COUNTY)
                    .periodKey(START.toString())
                    .activeTeacherCount(3L + i % 9)
                    .activeStudentCount(20L + i)
                    .loginCount(40L + 2 * i)
                    .liveLessonCount(lessons)
                    .liveLessonMinutes(40 * lessons)
                    .resourceViewCount(15L + i)
                    .build());
        }
        return reports;
    }

    /** The timetable as a hurried clerk fills the paper form: what can be understood is noted, the rest is a problem. */
    private static void clericalTimetable(OutputStream out) throws IOException {
        try (Workbook workbook = new Workbook(out, "fuzhi-sdk-forms", null)) {
            Worksheet sheet = workbook.newWorksheet("课表");
            row(sheet, 0, "附件2");
            row(sheet, 1, "略阳县 9/15-9/28 名师示范课课表");
            sheet.range(1, 0, 1, 13).merge();
            row(
                    sheet, 2, "序号", "授课类型", "学科", "主讲教师", "地市（县区）", "单位", "课程名称", "开课时间", "学段", "年级", "学校排课负责人", "联系方式",
                    "平台", "备注", "三个课堂类型", "审核人");
            row(
                    sheet,
                    3,
                    "例:1",
                    "直播",
                    "语文",
                    "王xx",
                    "西安市",
                    "经开一小",
                    "《看图说话》",
                    "12 月 10 日 9:00-10:00",
                    "幼儿园/小学/初中/高中（全学段）",
                    "x年级/小班",
                    "张xx",
                    "1xxxxxxxxxx",
                    "陕西教育扶智平台");
            row(
                    sheet,
                    4,
                    "1",
                    "直播",
                    "语文",
                    "李 示例",
                    "略阳县",
                    "示例一小",
                    "《看图说话》",
                    "9 月 16 日 9：00－9：40",
                    "小学",
                    "一年级",
                    "张样本",
                    "13800000000",
                    "陕西教育扶智平台",
                    "",
                    "专递课堂");
            row(
                    sheet,
                    5,
                    "2",
                    "直播课",
                    "体育",
                    "王样本",
                    "略阳",
                    "示例二小",
                    "《队列》",
                    "9月19日（周一）下午2:30-3:10",
                    "小学",
                    "三-四年级",
                    "赵示例",
                    "138 0000 0001",
                    "略阳县智慧教育平台",
                    "",
                    "专递课堂");
            row(
                    sheet,
                    6,
                    "3",
                    "直播",
                    "语文",
                    "陈示例",
                    "略阳县",
                    "中心小学",
                    "《秋天》",
                    "9月20日 9:00-9:40",
                    "小学",
                    "二年级",
                    "周样本",
                    "13800000002",
                    "陕西教育扶智平台",
                    "",
                    "专递课堂");
            row(
                    sheet,
                    7,
                    "4",
                    "直播",
                    "数学",
                    "杨样本",
                    "略阳县",
                    "示例三小",
                    "《分数》",
                    "10月20日 9:00-9:40",
                    "小学",
                    "三年级",
                    "吴示例",
                    "13800000003",
                    "陕西教育扶智平台",
                    "",
                    "名师课堂");
            row(
                    sheet,
                    8,
                    "5",
                    "直播",
                    "英语",
                    "郑示例",
                    "略阳县",
                    "示例四小",
                    "《Hello》",
                    "9月21日上午",
                    "小学",
                    "三年级",
                    "孙样本",
                    "12345",
                    "陕西教育扶智平台",
                    "",
                    "名师课堂");
            row(
                    sheet,
                    9,
                    "6",
                    "直播",
                    "音乐",
                    "李样本",
                    "略阳县",
                    "示例五小",
                    "《茉莉花》",
                    "9月22日 15:00-14:20",
                    "小学",
                    "四年级",
                    "张示例",
                    "13800000005",
                    "县里的平台",
                    "",
                    "直播课堂");
            row(
                    sheet,
                    10,
                    "7",
                    "直播",
                    "美术",
                    "王示例",
                    "略阳县",
                    "示例六小",
                    "《剪纸》",
                    "9月23日 9:00-9:40",
                    "小学",
                    "五年级",
                    "赵样本",
                    "",
                    "陕西教育扶智平台",
                    "",
                    "专递课堂");
            sheet.value(10, 11, 13_800_000_006L);
            row(sheet, 12, "注：平台栏填写陕西教育扶智平台或自建平台名称");
        }
    }

    private static void clericalPairings(OutputStream out) throws IOException {
        try (Workbook workbook = new Workbook(out, "fuzhi-sdk-forms", null)) {
            Worksheet sheet = workbook.newWorksheet("名单");
            row(sheet, 0, "结对帮扶学校名单");
            row(sheet, 1, "序号", "受援学校", "帮扶学校", "是否固定结对", "三个课堂类型", "帮扶学校联系人", "帮扶学校联系电话");
            row(sheet, 2, "1", "东河乡小学", "示例一小", "是", "专递课堂", "李示例", "13800000000");
            row(sheet, 3, "2", "西河乡小学", "示例九小", "是", "专递课堂", "张样本", "13800000001");
            row(sheet, 4, "3", "南坪乡小学", "示例三小", "固定的", "专递课堂", "王示例", "");
            row(sheet, 5, "4", "北坪乡小学", "示例四小", "是", "空中课堂", "", "");
            row(sheet, 6, "合计", "4");
        }
    }

    private static void row(Worksheet sheet, int row, String... values) {
        for (int i = 0; i < values.length; i++) {
            if (!values[i].isEmpty()) {
                sheet.value(row, i, values[i]);
            }
        }
    }
}
