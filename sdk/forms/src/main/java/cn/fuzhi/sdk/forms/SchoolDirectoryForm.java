package cn.fuzhi.sdk.forms;

import cn.fuzhi.sdk.model.Division;
import cn.fuzhi.sdk.model.School;
import cn.fuzhi.sdk.model.SchoolCapacity;
import cn.fuzhi.sdk.model.SchoolStatus;
import cn.fuzhi.sdk.model.UnitKind;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The school directory (学校名录): one school or teaching site a line. The notice has no form for it; the columns are those of the record. */
public final class SchoolDirectoryForm implements Form<School> {
    private static final Column CODE =
            Column.of("学校标识码", 14).alias("学校（机构）标识码", "标识码", "学校代码").asOfficial();
    private static final Column NAME =
            Column.of("学校名称", 28).alias("学校全称", "单位名称").asOfficial().asRequired();
    private static final Column KIND = Column.of("单位类别", 10).asOfficial().choose(FormCodes.UNIT_KIND.choices());
    private static final Column SITE = Column.of("教学点代码", 16).asOfficial();
    private static final Column DIVISION =
            Column.of("行政区划代码", 12).alias("县区", "地市（县区）", "所属县区").asOfficial();
    private static final Column STATUS =
            Column.of("学校状态", 10).alias("状态").asOfficial().choose(FormCodes.SCHOOL_STATUS.choices());
    private static final Column FORMER_NAMES = Column.of("曾用名", 24);
    private static final Column FORMER_CODES = Column.of("曾用学校标识码", 16);
    private static final Column LIVE_ROOMS = Column.of("直播教室数", 10);
    private static final Column MULTIMEDIA_ROOMS = Column.of("多媒体教室数", 10);
    private static final Column BANDWIDTH = Column.of("带宽（Mbps）", 10).alias("带宽");
    private static final Column SUPPORT_STAFF = Column.of("技术支持人员数", 10);

    private final TableForm<School, School.Builder> table;

    private SchoolDirectoryForm(FormContext context) {
        table = new TableForm<>(context, "学校名录", fields(), School::builder, School.Builder::build);
    }

    /**
     * Makes the form.
     *
     * @param context gives the divisions, for a column with their names
     * @return the form
     */
    public static SchoolDirectoryForm of(FormContext context) {
        return new SchoolDirectoryForm(context);
    }

    @Override
    public FormResult<School> read(FormFile file) {
        return table.read(file);
    }

    @Override
    public void write(Collection<? extends School> records, OutputStream out) throws IOException {
        table.write(records, "学校名录", null, out);
    }

    /**
     * Writes the directory as CSV. Texts that look like formulas get an apostrophe in front.
     *
     * @param records schools
     * @param charset UTF-8 (a byte order mark is written), or such as GB18030
     * @param out takes the text; not closed
     * @throws IOException if {@code out} does, or a character is not in the character set
     */
    public void writeCsv(Collection<? extends School> records, Charset charset, OutputStream out) throws IOException {
        table.writeCsv(records, charset, out);
    }

    private static List<Field<School, School.Builder>> fields() {
        return Stream.of(identity(), counts(), history(), capacity())
                .flatMap(List::stream)
                .toList();
    }

    /** Which school it is, where, and of what kind. */
    private static List<Field<School, School.Builder>> identity() {
        return List.of(
                Field.code(CODE, "/schoolCode", School::schoolCode, School.Builder::schoolCode),
                Field.text(NAME, "/name", School::name, School.Builder::name),
                Field.text(
                        Column.of("学校简称", 14).alias("简称").asOfficial(),
                        "/shortName",
                        School::shortName,
                        School.Builder::shortName),
                Field.of(KIND, "/unitKind", School::unitKind, SchoolDirectoryForm::readKind),
                Field.of(DIVISION, "/divisionCode", School::divisionCode, SchoolDirectoryForm::readDivision),
                Field.one(
                        Column.of("办学类型", 16).asOfficial(),
                        "/schoolType",
                        FormCodes.SCHOOL_TYPE,
                        School::schoolType,
                        School.Builder::schoolType),
                Field.several(
                        Column.of("学段", 14).asOfficial(),
                        "/stages",
                        FormCodes.STAGE,
                        School::stages,
                        School.Builder::stages),
                Field.one(
                        Column.of("城乡分类代码", 12)
                                .alias("城乡分类", "城乡类型")
                                .asOfficial()
                                .asRequired(),
                        "/urbanRuralClass",
                        FormCodes.URBAN_RURAL,
                        School::urbanRuralClass,
                        School.Builder::urbanRuralClass),
                Field.one(
                        Column.of("办学性质", 10).asOfficial(),
                        "/runBy",
                        FormCodes.RUN_BY,
                        School::runBy,
                        School.Builder::runBy));
    }

    /** How large it is and whether it is active; for a teaching site, to which school it belongs. */
    private static List<Field<School, School.Builder>> counts() {
        return List.of(
                Field.integer(
                        Column.of("学生数", 8).alias("在校生数").asOfficial(),
                        "/studentCount",
                        School::studentCount,
                        School.Builder::studentCount),
                Field.integer(
                        Column.of("教师数", 8).alias("专任教师数").asOfficial(),
                        "/teacherCount",
                        School::teacherCount,
                        School.Builder::teacherCount),
                Field.integer(
                        Column.of("班级数", 8).asOfficial(),
                        "/classCount",
                        School::classCount,
                        School.Builder::classCount),
                Field.date(
                        Column.of("统计日期", 12).asOfficial(),
                        "/countsAsOf",
                        School::countsAsOf,
                        School.Builder::countsAsOf),
                Field.of(STATUS, "/status", School::status, SchoolDirectoryForm::readStatus),
                Field.code(SITE, "/siteCode", School::siteCode, School.Builder::siteCode),
                Field.code(
                        Column.of("所属学校标识码", 14).asOfficial(),
                        "/parentSchoolCode",
                        School::parentSchoolCode,
                        School.Builder::parentSchoolCode));
    }

    /** Our columns to the right: former names, other codes, what makes it rural. */
    private static List<Field<School, School.Builder>> history() {
        return List.of(
                Field.of(
                        FORMER_NAMES,
                        "/formerNames",
                        School::formerNames,
                        (row, b) -> b.formerNames(items(row.text(FORMER_NAMES)))),
                Field.of(
                        FORMER_CODES,
                        "/formerSchoolCodes",
                        School::formerSchoolCodes,
                        (row, b) -> b.formerSchoolCodes(items(row.text(FORMER_CODES)))),
                Field.code(Column.of("统一社会信用代码", 20), "/uscc", School::uscc, School.Builder::uscc),
                Field.code(
                        Column.of("所在地统计用区划代码", 16),
                        "/locationCode12",
                        School::locationCode12,
                        School.Builder::locationCode12),
                Field.one(
                        Column.of("乡村认定依据", 14),
                        "/ruralBasis",
                        FormCodes.RURAL_BASIS,
                        School::ruralBasis,
                        School.Builder::ruralBasis),
                Field.text(
                        Column.of("认定理由", 20),
                        "/designationReason",
                        School::designationReason,
                        School.Builder::designationReason),
                Field.yesNo(Column.of("是否小规模学校", 10), "/smallScale", School::smallScale, School.Builder::smallScale));
    }

    /** What it has for live lessons, and what became of it. */
    private static List<Field<School, School.Builder>> capacity() {
        return List.of(
                capacity(LIVE_ROOMS, "/capacity/liveClassroomCount", SchoolCapacity::liveClassroomCount),
                capacity(
                        MULTIMEDIA_ROOMS,
                        "/capacity/multimediaClassroomCount",
                        SchoolCapacity::multimediaClassroomCount),
                capacity(BANDWIDTH, "/capacity/bandwidthMbps", SchoolCapacity::bandwidthMbps),
                Field.of(
                        SUPPORT_STAFF,
                        "/capacity/supportStaffCount",
                        school -> school.capacity() == null
                                ? null
                                : school.capacity().supportStaffCount(),
                        SchoolDirectoryForm::readCapacity),
                Field.code(
                        Column.of("承继学校代码", 16),
                        "/successorCode",
                        School::successorCode,
                        School.Builder::successorCode),
                Field.date(Column.of("状态变更日期", 12), "/changedOn", School::changedOn, School.Builder::changedOn),
                Field.text(Column.of("供方内部编号", 14), "/sourceId", School::sourceId, School.Builder::sourceId));
    }

    private static Field<School, School.Builder> capacity(
            Column column, String pointer, Field.Value<SchoolCapacity> value) {
        return Field.of(
                column,
                pointer,
                school -> school.capacity() == null ? null : value.of(school.capacity()),
                (row, b) -> {});
    }

    /** The last of the four columns reads all of them, because they are one part of the record. */
    private static void readCapacity(FormRow row, School.Builder builder) {
        if (!row.isBlank(LIVE_ROOMS)
                || !row.isBlank(MULTIMEDIA_ROOMS)
                || !row.isBlank(BANDWIDTH)
                || !row.isBlank(SUPPORT_STAFF)) {
            builder.capacity(SchoolCapacity.builder()
                    .liveClassroomCount(row.integer(LIVE_ROOMS))
                    .multimediaClassroomCount(row.integer(MULTIMEDIA_ROOMS))
                    .bandwidthMbps(row.integer(BANDWIDTH))
                    .supportStaffCount(row.integer(SUPPORT_STAFF))
                    .build());
        }
    }

    private static void readKind(FormRow row, School.Builder builder) {
        UnitKind kind = row.one(KIND, FormCodes.UNIT_KIND);
        if (kind == null && row.isBlank(KIND)) {
            kind = row.isBlank(SITE) ? UnitKind.SCHOOL : UnitKind.TEACHING_SITE;
            row.note(
                    KIND, "单位类别未填，按“" + Codes.name(kind) + "”读取", "the kind of unit is empty, read as " + kind.value());
        }
        if (UnitKind.SCHOOL.equals(kind) && row.isBlank(CODE)) {
            row.missing(CODE);
        }
        builder.unitKind(kind);
    }

    private static void readStatus(FormRow row, School.Builder builder) {
        if (row.isBlank(STATUS)) {
            row.note(STATUS, "学校状态未填，按“正常”读取", "the state is empty, read as ACTIVE");
            builder.status(SchoolStatus.ACTIVE);
        } else {
            builder.status(row.one(STATUS, FormCodes.SCHOOL_STATUS));
        }
    }

    private static void readDivision(FormRow row, School.Builder builder) {
        builder.divisionCode(divisionCode(row, DIVISION));
    }

    /** A six-digit code, or the name of a division; the code of the body when the column is empty. */
    static @Nullable String divisionCode(FormRow row, Column column) {
        String text = row.text(column);
        if (text == null) {
            String body = row.context().bodyCode();
            if (body == null) {
                row.missing(column);
            } else {
                row.note(column, "未填，按报送单位 " + body + " 读取", "empty, read as the reporting body " + body);
            }
            return body;
        }
        String bare = Text.bare(text);
        if (bare.matches("\\d{6}")) {
            return bare;
        }
        int errors = row.errors();
        Division division = Named.division(row, column);
        if (division == null && row.errors() == errors) {
            row.problem(column, "行政区划名称无法识别", "the division is not known", "请填写六位行政区划代码", "write the six-digit code");
        }
        return division == null ? null : division.code();
    }

    private static List<String> items(@Nullable String text) {
        return text == null
                ? List.of()
                : Arrays.stream(text.split("[、；;,，\n]+"))
                        .map(Text::trim)
                        .filter(item -> !item.isEmpty())
                        .toList();
    }
}
