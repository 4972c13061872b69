package cn.fuzhi.sdk.forms;

import cn.fuzhi.sdk.model.Contact;
import cn.fuzhi.sdk.model.DeliveryPlatform;
import cn.fuzhi.sdk.model.DeliveryPlatformKind;
import cn.fuzhi.sdk.model.Division;
import cn.fuzhi.sdk.model.Lecturer;
import cn.fuzhi.sdk.model.Lesson;
import cn.fuzhi.sdk.model.LessonHostUnit;
import cn.fuzhi.sdk.model.LessonHostUnitType;
import cn.fuzhi.sdk.model.LessonState;
import cn.fuzhi.sdk.model.School;
import cn.fuzhi.sdk.model.SubjectCode;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The columns of Annex 2 of 陕教信办〔2022〕15号 in their order, and ours to their right. */
final class LessonColumns {
    static final Column START =
            Column.of("开课时间", 20).alias("上课时间", "直播时间").asOfficial().asRequired();
    static final Column END = Column.of("下课时间", 16).alias("结束时间");
    static final Column YEAR = Column.of("开课日期年份", 8).alias("年份");

    private static final Column NO = Column.of("序号", 6).alias("编号").asOfficial();
    private static final Column MODE =
            Column.of("授课类型", 18).asOfficial().asRequired().choose(FormCodes.DELIVERY_MODE.choices());
    private static final Column SUBJECT =
            Column.of("学科", 9).asOfficial().asRequired().choose(FormCodes.SUBJECT.choices());
    private static final Column LECTURER = Column.of("主讲教师", 9).asOfficial().asRequired();
    private static final Column PLACE =
            Column.of("地市（县区）", 13).alias("地市", "县区").asOfficial();
    private static final Column UNIT =
            Column.of("单位", 18).alias("主讲学校", "授课单位").asOfficial().asRequired();
    private static final Column COURSE =
            Column.of("课程名称", 20).alias("课题").asOfficial().asRequired();
    private static final Column STAGES =
            Column.of("学段", 12).asOfficial().asRequired().choose(FormCodes.STAGE.choices());
    private static final Column GRADES = Column.of("年级", 12).asOfficial().choose(FormCodes.GRADE.choices());
    private static final Column SCHEDULER =
            Column.of("学校排课负责人", 16).alias("排课负责人").asOfficial().asRequired();
    private static final Column PHONE =
            Column.of("联系方式", 15).alias("联系电话", "电话").asOfficial().asRequired();
    private static final Column PLATFORM =
            Column.of("平台", 18).alias("授课平台", "直播平台").asOfficial().asRequired();
    private static final Column REMARK = Column.of("备注", 16).asOfficial();

    private static final Column TYPE =
            Column.of("三个课堂类型", 14).alias("课堂类型", "三个课堂").asRequired().choose(FormCodes.CLASSROOM_TYPE.choices());
    private static final Column PURPOSE = Column.of("课程用途", 12).choose(FormCodes.PURPOSE.choices());
    private static final Column HOST_CODE = Column.of("主讲学校标识码", 15);
    private static final Column RECEIVERS = Column.of("受援学校标识码", 32).alias("受援学校");
    private static final Column LECTURER_ID = Column.of("教师编号", 12);
    private static final Column LESSON_NO = Column.of("课程编号", 18);
    private static final Column SUBJECT_CODE = Column.of("学科代码", 12);
    private static final Column PLACE_CODE = Column.of("行政区划代码", 10);
    private static final Column UNIT_TYPE = Column.of("主讲单位类型", 10).choose(FormCodes.HOST_UNIT_TYPE.choices());
    private static final Column PLATFORM_KIND = Column.of("授课平台类别", 10).choose(FormCodes.PLATFORM_KIND.choices());
    private static final Column PLATFORM_CODE = Column.of("授课平台代码", 14);
    private static final Column OWNER = Column.of("平台代码", 14);
    private static final Column STATE = Column.of("课程状态", 10).choose(FormCodes.LESSON_STATE.choices());
    private static final Column ORIGINAL = Column.of("原开课时间", 18);

    private static final DateTimeFormatter MOMENT = DateTimeFormatter.ofPattern("yyyy-MM-dd H:mm:ss");
    private static final Set<String> PROVINCIAL =
            Set.of(FormContext.PROVINCIAL_PLATFORM, "扶智平台", "陕西扶智平台", "省平台", "省级平台", "陕西省教育扶智平台");

    private final FormContext context;

    LessonColumns(FormContext context) {
        this.context = context;
    }

    List<Field<Lesson, LessonLine>> fields() {
        return Stream.of(lesson(), place(), contact(), asked(), codes(), more())
                .flatMap(List::stream)
                .toList();
    }

    /** 序号 to 主讲教师. */
    private static List<Field<Lesson, LessonLine>> lesson() {
        return List.of(
                field(NO, "/lineNo", Lesson::lineNo, LessonColumns::readNo),
                field(
                        MODE,
                        "/deliveryMode",
                        Lesson::deliveryMode,
                        (row, line) -> line.lesson.deliveryMode(row.one(MODE, FormCodes.DELIVERY_MODE))),
                field(SUBJECT, "/subjectName /subjectCode", LessonColumns::subject, LessonColumns::readSubject),
                field(LECTURER, "/lecturer", lesson -> lesson.lecturer().name(), LessonColumns::readLecturer));
    }

    /** 地市（县区） to 年级. */
    private List<Field<Lesson, LessonLine>> place() {
        return List.of(
                field(PLACE, "/hostDivisionCode", this::place, LessonColumns::readNamedPlace),
                field(UNIT, "/hostUnit", lesson -> lesson.hostUnit().name(), LessonColumns::readHost),
                field(
                        COURSE,
                        "/courseName",
                        Lesson::courseName,
                        (row, line) -> line.lesson.courseName(row.text(COURSE))),
                field(
                        START,
                        "/startAt /endAt",
                        lesson -> LessonTimes.format(lesson.startAt(), lesson.endAt()),
                        LessonClock::read),
                field(
                        STAGES,
                        "/stages",
                        Lesson::stages,
                        (row, line) -> line.lesson.stages(line.repeats.one(List.copyOf(Grades.stages(row, STAGES))))),
                field(
                        GRADES,
                        "/grades",
                        Lesson::grades,
                        (row, line) -> line.lesson.grades(line.repeats.one(List.copyOf(Grades.grades(row, GRADES))))));
    }

    /** 学校排课负责人 to 备注, the last official column. */
    private static List<Field<Lesson, LessonLine>> contact() {
        return List.of(
                field(SCHEDULER, "/scheduler/name", lesson -> lesson.scheduler().name(), LessonColumns::readScheduler),
                shown(PHONE, "/scheduler", lesson -> lesson.scheduler().phone()),
                field(PLATFORM, "/deliveryPlatform", LessonColumns::platform, LessonColumns::readPlatform),
                field(REMARK, "/remark", Lesson::remark, (row, line) -> line.lesson.remark(row.text(REMARK))));
    }

    /** What the form should have asked for: our first columns, in the order of the workbook. */
    private static List<Field<Lesson, LessonLine>> asked() {
        return List.of(
                field(
                        TYPE,
                        "/classroomType",
                        Lesson::classroomType,
                        (row, line) -> line.lesson.classroomType(row.one(TYPE, FormCodes.CLASSROOM_TYPE))),
                field(
                        PURPOSE,
                        "/lessonPurpose",
                        Lesson::lessonPurpose,
                        (row, line) -> line.lesson.lessonPurpose(row.one(PURPOSE, FormCodes.PURPOSE))),
                shown(
                        HOST_CODE,
                        "/hostUnit/schoolCode",
                        lesson -> lesson.hostUnit().schoolCode()),
                field(
                        RECEIVERS,
                        "/receivers",
                        lesson -> Receivers.format(lesson.receivers()),
                        (row, line) -> line.lesson.receivers(Receivers.read(row, RECEIVERS))),
                shown(
                        LECTURER_ID,
                        "/lecturer/localId",
                        lesson -> lesson.lecturer().localId()),
                shown(
                        YEAR,
                        "",
                        lesson -> lesson.startAt()
                                .withOffsetSameInstant(LessonTimes.BEIJING)
                                .getYear()));
    }

    /** What the official columns say, as codes. */
    private static List<Field<Lesson, LessonLine>> codes() {
        return List.of(
                field(LESSON_NO, "/lessonNo", Lesson::lessonNo, LessonColumns::readLessonNo),
                shown(SUBJECT_CODE, "", lesson -> lesson.subjectCode().value()),
                field(PLACE_CODE, "", Lesson::hostDivisionCode, LessonColumns::readPlace),
                shown(UNIT_TYPE, "/hostUnit/type", lesson -> lesson.hostUnit().type()),
                shown(
                        PLATFORM_KIND,
                        "/deliveryPlatform/kind",
                        lesson -> lesson.deliveryPlatform().kind()),
                shown(
                        PLATFORM_CODE,
                        "/deliveryPlatform/platformCode",
                        lesson -> lesson.deliveryPlatform().platformCode()));
    }

    /** The rest of the record, so that nothing is lost on the way through a workbook. */
    private static List<Field<Lesson, LessonLine>> more() {
        return List.of(
                text("结对关系主键", 30, "/pairingKey", Lesson::pairingKey, Lesson.Builder::pairingKey),
                text("听课链接", 24, "/joinUrl", Lesson::joinUrl, Lesson.Builder::joinUrl),
                text("系列编号", 12, "/seriesNo", Lesson::seriesNo, Lesson.Builder::seriesNo),
                field(STATE, "/state", Lesson::state, LessonColumns::readState),
                field(ORIGINAL, "/originalStartAt", LessonColumns::original, LessonColumns::readOriginal),
                text("状态原因", 18, "/stateReason", Lesson::stateReason, Lesson.Builder::stateReason),
                field(OWNER, "/platformCode", Lesson::platformCode, LessonColumns::readOwner),
                text("供方内部编号", 14, "/sourceId", Lesson::sourceId, Lesson.Builder::sourceId));
    }

    /** A column that is read together with another one. */
    private static Field<Lesson, LessonLine> shown(Column column, String pointer, Field.Value<Lesson> value) {
        return field(column, pointer, value, (row, line) -> {});
    }

    private static Field<Lesson, LessonLine> field(
            Column column, String pointer, Field.Value<Lesson> value, BiConsumer<FormRow, LessonLine> reader) {
        return Field.of(column, pointer, value, reader);
    }

    private static Field<Lesson, LessonLine> text(
            String title,
            double width,
            String pointer,
            Field.Value<Lesson> value,
            Field.Setter<Lesson.Builder, String> setter) {
        Column column = Column.of(title, width);
        return field(column, pointer, value, (row, line) -> setter.set(line.lesson, row.text(column)));
    }

    private static void readNo(FormRow row, LessonLine line) {
        if (row.isBlank(NO)) {
            row.note(NO, "序号未填，按行次编号", "the number is empty, numbered by the order of the lines");
            line.lesson.lineNo(line.position);
        } else {
            line.lesson.lineNo(row.integer(NO));
        }
    }

    private static String subject(Lesson lesson) {
        return lesson.subjectName() == null ? Codes.name(lesson.subjectCode()) : lesson.subjectName();
    }

    private static void readSubject(FormRow row, LessonLine line) {
        String name = row.text(SUBJECT);
        SubjectCode code = row.one(SUBJECT_CODE, FormCodes.SUBJECT);
        if (code == null && row.isBlank(SUBJECT_CODE)) {
            code = row.one(SUBJECT, FormCodes.SUBJECT);
        }
        line.lesson.subjectName(name).subjectCode(code);
    }

    private static void readLecturer(FormRow row, LessonLine line) {
        String name = row.name(LECTURER);
        line.lesson.lecturer(name == null ? null : line.repeats.one(new Lecturer(name, row.text(LECTURER_ID))));
    }

    private @Nullable String place(Lesson lesson) {
        String name = context.divisionName(lesson.hostDivisionCode());
        return name == null ? lesson.hostDivisionCode() : name;
    }

    private static void readHost(FormRow row, LessonLine line) {
        String name = row.text(UNIT);
        LessonHostUnitType type = row.one(UNIT_TYPE, FormCodes.HOST_UNIT_TYPE);
        if (type == null && row.isBlank(UNIT_TYPE) && row.isBlank(HOST_CODE)) {
            type = typeByName(row, String.valueOf(name));
        }
        Division division = line.place;
        boolean school = type == null || LessonHostUnitType.SCHOOL.equals(type);
        String code = school || !row.isBlank(HOST_CODE)
                ? Named.school(row, UNIT, HOST_CODE, division == null ? null : division.code())
                : null;
        line.lesson.hostUnit(name == null ? null : line.repeats.one(new LessonHostUnit(name, code, type)));
        School known = code == null ? null : row.context().schools().get(code);
        if (known != null) {
            // Taken back by the column of the division, when that says something.
            line.lesson.hostDivisionCode(known.divisionCode());
        }
    }

    private static @Nullable LessonHostUnitType typeByName(FormRow row, String name) {
        LessonHostUnitType type = name.contains("教研室")
                ? LessonHostUnitType.TEACHING_RESEARCH_OFFICE
                : name.contains("电教馆") || name.contains("电教中心") ? LessonHostUnitType.AUDIOVISUAL_CENTER : null;
        if (type != null) {
            row.note(UNIT, "按单位名称读取为“" + Codes.name(type) + "”，不需要学校标识码", "read by its name as " + type.value());
        }
        return type;
    }

    private static void readNamedPlace(FormRow row, LessonLine line) {
        int errors = row.errors();
        line.place = Named.division(row, PLACE);
        line.placeReported = row.errors() > errors;
    }

    private static void readPlace(FormRow row, LessonLine line) {
        String code = row.code(PLACE_CODE);
        Division named = line.place;
        if (code != null) {
            line.lesson.hostDivisionCode(code);
        } else if (named != null) {
            line.lesson.hostDivisionCode(named.code());
        } else if (Text.bare(row.cell(PLACE).text()).matches("\\d{6}")) {
            line.lesson.hostDivisionCode(row.code(PLACE));
        } else if (!line.placeReported) {
            fallBack(row);
        }
    }

    /** Without a name that is known: the division of the host school, which was set with the school. */
    private static void fallBack(FormRow row) {
        School host = row.isBlank(HOST_CODE)
                ? null
                : row.context().schools().get(Text.bare(row.cell(HOST_CODE).text()));
        if (host == null && !row.isBlank(UNIT)) {
            List<School> found = row.context()
                    .schools()
                    .find(String.valueOf(row.cell(UNIT).text()), null)
                    .schools();
            host = found.size() == 1 ? found.get(0) : null;
        }
        if (host != null && !row.isBlank(PLACE)) {
            row.warn(
                    PLACE,
                    "FORM",
                    new Findings.Words(
                            "地市（县区）无法识别，按主讲学校所在区划读取",
                            "the division is not known, that of the host school was taken",
                            "请填写县区全称，如 略阳县",
                            "write the full name of the county"));
        } else if (host != null) {
            row.note(PLACE, "地市（县区）按主讲学校所在区划读取", "read as the division of the host school");
        } else {
            row.problem(
                    PLACE,
                    "地市（县区）未填或无法识别",
                    "the division is empty or not known",
                    "请填写县区全称，如 略阳县",
                    "write the full name of the county");
        }
    }

    private static void readScheduler(FormRow row, LessonLine line) {
        String name = row.name(SCHEDULER);
        String phone = row.phone(PHONE);
        line.lesson.scheduler(name == null || phone == null ? null : line.repeats.one(new Contact(name, phone)));
    }

    private static String platform(Lesson lesson) {
        DeliveryPlatform platform = lesson.deliveryPlatform();
        boolean provincial = DeliveryPlatformKind.PROVINCIAL.equals(platform.kind());
        String code = platform.platformCode() == null ? Codes.name(platform.kind()) : platform.platformCode();
        return platform.name() != null ? platform.name() : provincial ? FormContext.PROVINCIAL_PLATFORM : code;
    }

    private static void readPlatform(FormRow row, LessonLine line) {
        String name = row.text(PLATFORM);
        String code = row.code(PLATFORM_CODE);
        DeliveryPlatformKind kind = row.one(PLATFORM_KIND, FormCodes.PLATFORM_KIND);
        FormContext context = row.context();
        if (kind == null && row.isBlank(PLATFORM_KIND) && name != null) {
            String bare = Text.bare(name);
            kind = PROVINCIAL.contains(bare) ? DeliveryPlatformKind.PROVINCIAL : DeliveryPlatformKind.LOCAL;
            boolean own = context.platformName() != null
                    && Text.bare(context.platformName()).equals(bare);
            if (code == null
                    && DeliveryPlatformKind.LOCAL.equals(kind)
                    && (own || bare.equals(context.platformCode()))) {
                code = context.platformCode();
                row.note(PLATFORM, "对应平台代码 " + code, "matched to platform code " + code);
            }
        }
        if (DeliveryPlatformKind.LOCAL.equals(kind) && code == null) {
            row.problem(
                    PLATFORM,
                    "自建平台缺少平台代码",
                    "a local platform needs its code",
                    "请在“授课平台代码”列填写已登记的平台代码",
                    "write the registered code into 授课平台代码");
        }
        line.lesson.deliveryPlatform(kind == null ? null : line.repeats.one(new DeliveryPlatform(kind, code, name)));
    }

    private static void readLessonNo(FormRow row, LessonLine line) {
        String number = row.text(LESSON_NO);
        if (number == null) {
            Integer lineNo = row.isBlank(NO) ? Integer.valueOf(line.position) : row.integer(NO);
            number = lineNo == null
                    ? null
                    : line.head.issuerCode() + "-" + line.head.periodStart().format(DateTimeFormatter.BASIC_ISO_DATE)
                            + "-" + String.format("%03d", lineNo);
            row.note(
                    LESSON_NO,
                    "课程编号按发布单位、起始日期和序号生成",
                    "the lesson number was made of issuer, first day and line number");
        }
        line.lesson.lessonNo(number);
    }

    private static void readState(FormRow row, LessonLine line) {
        if (row.isBlank(STATE)) {
            row.note(STATE, "课程状态未填，按“已排课”读取", "the state is empty, read as SCHEDULED");
            line.lesson.state(LessonState.SCHEDULED);
        } else {
            line.lesson.state(row.one(STATE, FormCodes.LESSON_STATE));
        }
    }

    private static @Nullable String original(Lesson lesson) {
        OffsetDateTime at = lesson.originalStartAt();
        return at == null ? null : at.withOffsetSameInstant(LessonTimes.BEIJING).format(MOMENT);
    }

    private static void readOriginal(FormRow row, LessonLine line) {
        LocalDateTime date = row.cell(ORIGINAL).date();
        String text = row.read(ORIGINAL);
        LocalDateTime at = date != null || text == null ? date : LessonTimes.instant(text);
        if (text != null && at == null) {
            row.problem(
                    ORIGINAL, "时间无法识别", "not a date and time", "请写成 2022-09-15 9:00", "write it as 2022-09-15 9:00");
        }
        line.lesson.originalStartAt(at == null ? null : at.atOffset(LessonTimes.BEIJING));
    }

    private static void readOwner(FormRow row, LessonLine line) {
        String code = row.code(OWNER);
        if (code == null) {
            code = row.context().platformCode();
            if (code == null) {
                row.missing(OWNER);
            }
        }
        line.lesson.platformCode(code);
    }
}
