package cn.fuzhi.sdk.forms;

import cn.fuzhi.sdk.model.ClassroomType;
import cn.fuzhi.sdk.model.Division;
import cn.fuzhi.sdk.model.School;
import cn.fuzhi.sdk.model.UsageByClassroomType;
import cn.fuzhi.sdk.model.UsageGranularity;
import cn.fuzhi.sdk.model.UsageReport;
import cn.fuzhi.sdk.model.UsageScopeType;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The usage figures (应用数据) that are filed by workbook until a platform is integrated: one school or division and one day or
 * longer period a line. An empty cell means not measured, which is not zero.
 */
public final class UsageForm implements Form<UsageReport> {
    private static final Column SCOPE_NAME =
            Column.of("统计范围名称", 24).alias("学校名称", "学校", "单位").asOfficial();
    private static final Column SCOPE_CODE =
            Column.of("统计范围代码", 16).alias("学校标识码").asOfficial();
    private static final Column SCOPE_TYPE = Column.of("统计范围类型", 10).choose(FormCodes.SCOPE_TYPE.choices());
    private static final Column STAT_ON =
            Column.of("统计日期", 12).alias("日期").asOfficial().asRequired();
    private static final Column GRANULARITY =
            Column.of("统计粒度", 10).asOfficial().choose(FormCodes.GRANULARITY.choices());
    private static final Column PLATFORM = Column.of("平台代码", 14);
    private static final Column BODY = Column.of("报送单位代码", 10);
    private static final Column PERIOD = Column.of("报送周期", 12);

    private final TableForm<UsageReport, UsageReport.Builder> table;

    private UsageForm(FormContext context) {
        table = new TableForm<>(context, "应用数据", fields(), UsageReport::builder, UsageReport.Builder::build);
    }

    /**
     * Makes the form.
     *
     * @param context gives the platform, the schools for names, and body and period of the submission
     * @return the form
     */
    public static UsageForm of(FormContext context) {
        return new UsageForm(context);
    }

    @Override
    public FormResult<UsageReport> read(FormFile file) {
        return table.read(file);
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if a report is split by a classroom type that has no column
     */
    @Override
    public void write(Collection<? extends UsageReport> records, OutputStream out) throws IOException {
        records.forEach(UsageForm::requireColumns);
        table.write(records, "平台应用数据统计表", null, out);
    }

    /**
     * Writes the figures as CSV. Texts that look like formulas get an apostrophe in front.
     *
     * @param records usage reports
     * @param charset UTF-8 (a byte order mark is written), or such as GB18030
     * @param out takes the text; not closed
     * @throws IOException if {@code out} does, or a character is not in the character set
     * @throws IllegalArgumentException if a report is split by a classroom type that has no column
     */
    public void writeCsv(Collection<? extends UsageReport> records, Charset charset, OutputStream out)
            throws IOException {
        records.forEach(UsageForm::requireColumns);
        table.writeCsv(records, charset, out);
    }

    private static void requireColumns(UsageReport report) {
        for (UsageByClassroomType split : report.byClassroomType()) {
            if (!split.classroomType().isKnown()) {
                throw new IllegalArgumentException(
                        "表中没有此课堂类型的列 / no column for classroom type " + split.classroomType() + ": " + report.key());
            }
        }
    }

    private static List<Field<UsageReport, UsageReport.Builder>> fields() {
        return Stream.of(scope(), lessons(), content(), accounts(), origin(), byClassroomType())
                .flatMap(List::stream)
                .toList();
    }

    /** For what and when. */
    private static List<Field<UsageReport, UsageReport.Builder>> scope() {
        return List.of(
                Field.of(SCOPE_NAME, "/scopeName", UsageReport::scopeName, UsageForm::readScope),
                Field.of(SCOPE_CODE, "/scopeCode", UsageReport::scopeCode, (row, b) -> {}),
                Field.date(STAT_ON, "/statOn", UsageReport::statOn, UsageReport.Builder::statOn),
                Field.of(GRANULARITY, "/granularity", UsageReport::granularity, UsageForm::readGranularity));
    }

    /** Who was there, and which lessons were given and received. */
    private static List<Field<UsageReport, UsageReport.Builder>> lessons() {
        return List.of(
                metric(
                        "活跃教师数",
                        "/activeTeacherCount",
                        UsageReport::activeTeacherCount,
                        UsageReport.Builder::activeTeacherCount),
                metric(
                        "活跃学生数",
                        "/activeStudentCount",
                        UsageReport::activeStudentCount,
                        UsageReport.Builder::activeStudentCount),
                metric("登录次数", "/loginCount", UsageReport::loginCount, UsageReport.Builder::loginCount),
                metric("直播课次数", "/liveLessonCount", UsageReport::liveLessonCount, UsageReport.Builder::liveLessonCount),
                metric(
                        "直播课时长（分钟）",
                        "/liveLessonMinutes",
                        UsageReport::liveLessonMinutes,
                        UsageReport.Builder::liveLessonMinutes),
                metric(
                        "录播课次数",
                        "/recordedLessonCount",
                        UsageReport::recordedLessonCount,
                        UsageReport.Builder::recordedLessonCount),
                metric(
                        "参与学校数",
                        "/sessionParticipantSchoolCount",
                        UsageReport::sessionParticipantSchoolCount,
                        UsageReport.Builder::sessionParticipantSchoolCount),
                metric(
                        "听课班级数",
                        "/receivingClassCount",
                        UsageReport::receivingClassCount,
                        UsageReport.Builder::receivingClassCount),
                metric(
                        "听课学生人次",
                        "/receivingStudentCount",
                        UsageReport::receivingStudentCount,
                        UsageReport.Builder::receivingStudentCount));
    }

    /** Resources and research. */
    private static List<Field<UsageReport, UsageReport.Builder>> content() {
        return List.of(
                metric(
                        "资源上传数",
                        "/resourceUploadCount",
                        UsageReport::resourceUploadCount,
                        UsageReport.Builder::resourceUploadCount),
                metric(
                        "资源浏览次数",
                        "/resourceViewCount",
                        UsageReport::resourceViewCount,
                        UsageReport.Builder::resourceViewCount),
                metric(
                        "资源下载次数",
                        "/resourceDownloadCount",
                        UsageReport::resourceDownloadCount,
                        UsageReport.Builder::resourceDownloadCount),
                metric(
                        "网络教研活动数",
                        "/researchActivityCount",
                        UsageReport::researchActivityCount,
                        UsageReport.Builder::researchActivityCount),
                metric(
                        "网络教研参与人次",
                        "/researchParticipantCount",
                        UsageReport::researchParticipantCount,
                        UsageReport.Builder::researchParticipantCount));
    }

    /** What has grown up to the day. */
    private static List<Field<UsageReport, UsageReport.Builder>> accounts() {
        return List.of(
                metric(
                        "注册教师数",
                        "/registeredTeacherCount",
                        UsageReport::registeredTeacherCount,
                        UsageReport.Builder::registeredTeacherCount),
                metric(
                        "注册学生数",
                        "/registeredStudentCount",
                        UsageReport::registeredStudentCount,
                        UsageReport.Builder::registeredStudentCount),
                metric(
                        "名师工作室账号数",
                        "/masterStudioAccountCount",
                        UsageReport::masterStudioAccountCount,
                        UsageReport.Builder::masterStudioAccountCount),
                metric(
                        "累计直播课次数",
                        "/cumulativeLiveLessonCount",
                        UsageReport::cumulativeLiveLessonCount,
                        UsageReport.Builder::cumulativeLiveLessonCount));
    }

    /** Our columns to the right: where the figures come from and where they count. */
    private static List<Field<UsageReport, UsageReport.Builder>> origin() {
        return List.of(
                Field.of(SCOPE_TYPE, "/scopeType", UsageReport::scopeType, (row, b) -> {}),
                Field.yesNo(
                        Column.of("是否暂定数据", 10),
                        "/provisional",
                        UsageReport::provisional,
                        UsageReport.Builder::provisional),
                Field.text(
                        Column.of("更正的报表", 20),
                        "/correctionOf",
                        UsageReport::correctionOf,
                        UsageReport.Builder::correctionOf),
                Field.of(PLATFORM, "/platformCode", UsageReport::platformCode, UsageForm::readPlatform),
                Field.of(BODY, "/bodyCode", UsageReport::bodyCode, UsageForm::readSubmission),
                Field.of(PERIOD, "/periodKey", UsageReport::periodKey, (row, b) -> {}),
                Field.text(Column.of("供方内部编号", 14), "/sourceId", UsageReport::sourceId, UsageReport.Builder::sourceId));
    }

    /** The same figures for each classroom type. */
    private static List<Field<UsageReport, UsageReport.Builder>> byClassroomType() {
        List<Field<UsageReport, UsageReport.Builder>> fields = new ArrayList<>();
        List<Split> splits = ClassroomType.known().stream().map(Split::new).toList();
        splits.forEach(split -> fields.addAll(split.fields()));
        Field<UsageReport, UsageReport.Builder> last = fields.remove(fields.size() - 1);
        // The last column reads all of the split, because it is one list of the record.
        fields.add(new Field<>(
                last.column(),
                last.pointers(),
                last.value(),
                (row, b) -> b.byClassroomType(splits.stream()
                        .map(split -> split.read(row))
                        .flatMap(Stream::ofNullable)
                        .toList())));
        return List.copyOf(fields);
    }

    private static Field<UsageReport, UsageReport.Builder> metric(
            String title,
            String pointer,
            Field.Value<UsageReport> value,
            Field.Setter<UsageReport.Builder, Long> setter) {
        return Field.count(Column.of(title, 9).asOfficial(), pointer, value, setter);
    }

    private static void readScope(FormRow row, UsageReport.Builder builder) {
        String name = row.text(SCOPE_NAME);
        String code = row.code(SCOPE_CODE);
        if (code == null && name != null) {
            Division division = row.context().division(name) == null ? null : Named.division(row, SCOPE_NAME);
            code = division != null ? division.code() : Named.lookUp(row, SCOPE_NAME, name, null);
        } else if (code == null) {
            row.missing(SCOPE_CODE);
        } else if (name == null) {
            School school = row.context().schools().get(code);
            name = school == null ? null : school.name();
        }
        UsageScopeType type = row.one(SCOPE_TYPE, FormCodes.SCOPE_TYPE);
        if (type == null && code != null && row.isBlank(SCOPE_TYPE)) {
            type = code.length() == 6 ? UsageScopeType.DIVISION : UsageScopeType.SCHOOL;
            row.note(
                    SCOPE_TYPE,
                    "统计范围类型未填，按代码位数读取为“" + Codes.name(type) + "”",
                    "the kind of scope is empty, read by the length of its code as " + type.value());
        }
        builder.scopeName(name).scopeCode(code).scopeType(type);
    }

    private static void readGranularity(FormRow row, UsageReport.Builder builder) {
        if (row.isBlank(GRANULARITY)) {
            row.note(GRANULARITY, "统计粒度未填，按“日”读取", "the granularity is empty, read as DAY");
            builder.granularity(UsageGranularity.DAY);
        } else {
            builder.granularity(row.one(GRANULARITY, FormCodes.GRANULARITY));
        }
    }

    private static void readPlatform(FormRow row, UsageReport.Builder builder) {
        String code = row.code(PLATFORM);
        if (code == null) {
            code = row.context().platformCode();
            if (code == null) {
                row.missing(PLATFORM);
            }
        }
        builder.platformCode(code);
    }

    /** Body and period belong together: a report counts in a submission, or in none. */
    private static void readSubmission(FormRow row, UsageReport.Builder builder) {
        String body = row.code(BODY);
        String period = row.code(PERIOD);
        FormContext context = row.context();
        if (body == null && period == null && context.periodKey() != null && context.bodyCode() != null) {
            body = context.bodyCode();
            period = context.periodKey();
            row.note(PERIOD, "计入报送周期 " + period, "counted in the period " + period);
        }
        builder.bodyCode(body).periodKey(period);
    }

    /** The columns of one classroom type. */
    private static final class Split {
        private final ClassroomType type;
        private final List<Column> columns;

        Split(ClassroomType type) {
            this.type = type;
            this.columns = Stream.of("直播课次数", "直播课时长（分钟）", "录播课次数", "参与学校数", "听课班级数", "听课学生人次")
                    .map(metric -> Column.of(Codes.name(type) + "·" + metric, 10))
                    .toList();
        }

        List<Field<UsageReport, UsageReport.Builder>> fields() {
            List<Field.Value<UsageByClassroomType>> values = List.of(
                    UsageByClassroomType::liveLessonCount,
                    UsageByClassroomType::liveLessonMinutes,
                    UsageByClassroomType::recordedLessonCount,
                    UsageByClassroomType::sessionParticipantSchoolCount,
                    UsageByClassroomType::receivingClassCount,
                    UsageByClassroomType::receivingStudentCount);
            List<Field<UsageReport, UsageReport.Builder>> fields = new ArrayList<>();
            for (int i = 0; i < values.size(); i++) {
                Field.Value<UsageByClassroomType> value = values.get(i);
                fields.add(Field.of(
                        columns.get(i),
                        "/byClassroomType",
                        report -> {
                            UsageByClassroomType split = of(report);
                            return split == null ? null : value.of(split);
                        },
                        (row, b) -> {}));
            }
            return fields;
        }

        private @Nullable UsageByClassroomType of(UsageReport report) {
            return report.byClassroomType().stream()
                    .filter(split -> split.classroomType().equals(type))
                    .findFirst()
                    .orElse(null);
        }

        @Nullable
        UsageByClassroomType read(FormRow row) {
            if (columns.stream().allMatch(row::isBlank)) {
                return null;
            }
            return UsageByClassroomType.builder()
                    .classroomType(type)
                    .liveLessonCount(row.count(columns.get(0)))
                    .liveLessonMinutes(row.count(columns.get(1)))
                    .recordedLessonCount(row.count(columns.get(2)))
                    .sessionParticipantSchoolCount(row.count(columns.get(3)))
                    .receivingClassCount(row.count(columns.get(4)))
                    .receivingStudentCount(row.count(columns.get(5)))
                    .build();
        }
    }
}
