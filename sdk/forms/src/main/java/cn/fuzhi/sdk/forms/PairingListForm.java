package cn.fuzhi.sdk.forms;

import cn.fuzhi.sdk.model.ConfirmationState;
import cn.fuzhi.sdk.model.Contact;
import cn.fuzhi.sdk.model.Pairing;
import cn.fuzhi.sdk.model.PairingConfirmations;
import cn.fuzhi.sdk.model.PairingStatus;
import cn.fuzhi.sdk.model.School;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The list of paired schools (结对帮扶学校名单). The notice asks for it and has no form; names stand beside codes. */
public final class PairingListForm implements Form<Pairing> {
    private static final Column SUPPORTING =
            Column.of("帮扶学校", 24).alias("帮扶学校名称", "支援学校", "帮扶方").asOfficial();
    private static final Column SUPPORTED =
            Column.of("受援学校", 24).alias("受援学校名称", "受帮扶学校", "受援方").asOfficial();
    private static final Column SUPPORTING_CODE = Column.of("帮扶学校标识码", 14).asOfficial();
    private static final Column SUPPORTED_CODE = Column.of("受援学校标识码", 16).asOfficial();
    private static final Column YEAR = Column.of("学年", 12).asOfficial();
    private static final Column FROM = Column.of("生效日期", 12).alias("开始日期").asOfficial();
    private static final Column TO = Column.of("截止日期", 12).alias("结束日期").asOfficial();
    private static final Column STATUS = Column.of("结对状态", 10).alias("状态").choose(FormCodes.PAIRING_STATUS.choices());
    private static final Column BODY = Column.of("报送单位代码", 10);
    private static final Column SUPPORTING_CONTACT = Column.of("帮扶学校联系人", 16).asOfficial();
    private static final Column SUPPORTING_PHONE = Column.of("帮扶学校联系电话", 18).asOfficial();
    private static final Column SUPPORTED_CONTACT = Column.of("受援学校联系人", 16).asOfficial();
    private static final Column SUPPORTED_PHONE = Column.of("受援学校联系电话", 18).asOfficial();
    private static final Column SUPPORTING_BODY = Column.of("帮扶方确认", 10).choose(FormCodes.CONFIRMATION.choices());
    private static final Column SUPPORTED_BODY = Column.of("受援方确认", 10).choose(FormCodes.CONFIRMATION.choices());

    private final FormContext context;
    private final TableForm<Pairing, Pairing.Builder> table;

    private PairingListForm(FormContext context) {
        this.context = context;
        table = new TableForm<>(context, "结对帮扶学校名单", fields(), Pairing::builder, Pairing.Builder::build);
    }

    /**
     * Makes the form.
     *
     * @param context gives the schools for names, the school year, and the body that lists
     * @return the form
     */
    public static PairingListForm of(FormContext context) {
        return new PairingListForm(context);
    }

    @Override
    public FormResult<Pairing> read(FormFile file) {
        return table.read(file);
    }

    @Override
    public void write(Collection<? extends Pairing> records, OutputStream out) throws IOException {
        String year = records.stream().map(Pairing::schoolYear).findFirst().orElse(context.schoolYear());
        table.write(records, (year == null ? "" : year + "学年") + "结对帮扶学校名单", null, out);
    }

    /**
     * Writes the list as CSV. Texts that look like formulas get an apostrophe in front.
     *
     * @param records pairings
     * @param charset UTF-8 (a byte order mark is written), or such as GB18030
     * @param out takes the text; not closed
     * @throws IOException if {@code out} does, or a character is not in the character set
     */
    public void writeCsv(Collection<? extends Pairing> records, Charset charset, OutputStream out) throws IOException {
        table.writeCsv(records, charset, out);
    }

    private List<Field<Pairing, Pairing.Builder>> fields() {
        return Stream.of(ends(), content(), contacts(), additional())
                .flatMap(List::stream)
                .toList();
    }

    /** The two schools, and for how long. */
    private List<Field<Pairing, Pairing.Builder>> ends() {
        return List.of(
                Field.of(
                        SUPPORTING,
                        "",
                        pairing -> name(pairing.supportingSchoolCode()),
                        (row, b) -> b.supportingSchoolCode(end(row, SUPPORTING, SUPPORTING_CODE))),
                Field.of(SUPPORTING_CODE, "/supportingSchoolCode", Pairing::supportingSchoolCode, (row, b) -> {}),
                Field.of(
                        SUPPORTED,
                        "",
                        pairing -> name(pairing.supportedSchoolCode()),
                        (row, b) -> b.supportedSchoolCode(end(row, SUPPORTED, SUPPORTED_CODE))),
                Field.of(SUPPORTED_CODE, "/supportedSchoolCode", Pairing::supportedSchoolCode, (row, b) -> {}),
                Field.of(YEAR, "/schoolYear", Pairing::schoolYear, PairingListForm::readYear),
                Field.yesNo(
                        Column.of("是否固定结对", 14).alias("固定").asOfficial().asRequired(),
                        "/fixed",
                        Pairing::fixed,
                        Pairing.Builder::fixed),
                Field.of(FROM, "/validFrom", Pairing::validFrom, (row, b) -> b.validFrom(day(row, FROM, true))),
                Field.of(TO, "/validTo", Pairing::validTo, (row, b) -> b.validTo(day(row, TO, false))));
    }

    /** What the pairing is for. */
    private static List<Field<Pairing, Pairing.Builder>> content() {
        return List.of(
                Field.several(
                        Column.of("三个课堂类型", 20).asOfficial().asRequired(),
                        "/classroomTypes",
                        FormCodes.CLASSROOM_TYPE,
                        Pairing::classroomTypes,
                        Pairing.Builder::classroomTypes),
                Field.several(
                        Column.of("学段", 14).asOfficial(),
                        "/stages",
                        FormCodes.STAGE,
                        Pairing::stages,
                        Pairing.Builder::stages),
                Field.several(
                        Column.of("学科", 20).asOfficial(),
                        "/subjectCodes",
                        FormCodes.SUBJECT,
                        Pairing::subjectCodes,
                        Pairing.Builder::subjectCodes));
    }

    /** Who is asked, and how much is planned: the last columns of the list. */
    private static List<Field<Pairing, Pairing.Builder>> contacts() {
        return List.of(
                contactName(
                        SUPPORTING_CONTACT,
                        "/contactSupporting",
                        Pairing::contactSupporting,
                        (row, b) -> b.contactSupporting(contact(row, SUPPORTING_CONTACT, SUPPORTING_PHONE))),
                contactPhone(SUPPORTING_PHONE, "/contactSupporting", Pairing::contactSupporting),
                contactName(
                        SUPPORTED_CONTACT,
                        "/contactSupported",
                        Pairing::contactSupported,
                        (row, b) -> b.contactSupported(contact(row, SUPPORTED_CONTACT, SUPPORTED_PHONE))),
                contactPhone(SUPPORTED_PHONE, "/contactSupported", Pairing::contactSupported),
                Field.decimal(
                        Column.of("每周计划课时数", 16).asOfficial(),
                        "/plannedLessonsPerWeek",
                        Pairing::plannedLessonsPerWeek,
                        Pairing.Builder::plannedLessonsPerWeek));
    }

    /** Our columns to the right. */
    private static List<Field<Pairing, Pairing.Builder>> additional() {
        return List.of(
                Field.one(
                        Column.of("结对范围", 10),
                        "/scopeKind",
                        FormCodes.SCOPE_KIND,
                        Pairing::scopeKind,
                        Pairing.Builder::scopeKind),
                Field.text(
                        Column.of("网络共同体代码", 14), "/networkCode", Pairing::networkCode, Pairing.Builder::networkCode),
                Field.of(STATUS, "/status", Pairing::status, PairingListForm::readStatus),
                Field.date(Column.of("状态变更日期", 12), "/changedOn", Pairing::changedOn, Pairing.Builder::changedOn),
                Field.text(Column.of("结束原因", 20), "/endReason", Pairing::endReason, Pairing.Builder::endReason),
                Field.of(
                        SUPPORTING_BODY,
                        "/confirmations/supportingBody",
                        pairing -> pairing.confirmations() == null
                                ? null
                                : pairing.confirmations().supportingBody(),
                        PairingListForm::readConfirmations),
                Field.of(
                        SUPPORTED_BODY,
                        "/confirmations/supportedBody",
                        pairing -> pairing.confirmations() == null
                                ? null
                                : pairing.confirmations().supportedBody(),
                        (row, b) -> {}),
                Field.of(BODY, "/bodyCode", Pairing::bodyCode, (row, b) -> b.bodyCode(orBody(row, BODY))),
                Field.text(Column.of("供方内部编号", 14), "/sourceId", Pairing::sourceId, Pairing.Builder::sourceId));
    }

    private @Nullable String name(String code) {
        School school = context.schools().get(code);
        return school == null ? null : school.name();
    }

    private static @Nullable String end(FormRow row, Column name, Column code) {
        if (row.isBlank(name) && row.isBlank(code)) {
            row.missing(row.has(code) ? code : name);
            return null;
        }
        return Named.school(row, name, code, null);
    }

    private static void readYear(FormRow row, Pairing.Builder builder) {
        String year = row.code(YEAR);
        if (year == null) {
            year = row.context().schoolYear();
            if (year == null) {
                row.missing(YEAR);
            } else {
                row.note(YEAR, "学年未填，按 " + year + " 读取", "the school year is empty, read as " + year);
            }
        }
        builder.schoolYear(year == null ? null : tidy(year));
    }

    /** {@code 2022—2023学年} as the contract has it. */
    private static String tidy(String year) {
        return Text.bare(year).replaceAll("[\u2010-\u2015~至]+", "-").replace("学年", "");
    }

    /** Pairings last for the school year unless the list says otherwise. */
    private static @Nullable LocalDate day(FormRow row, Column column, boolean first) {
        String year = row.isBlank(YEAR)
                ? row.context().schoolYear()
                : tidy(row.cell(YEAR).text());
        if (!row.isBlank(column) || year == null || !year.matches("20\\d{2}-20\\d{2}")) {
            if (row.isBlank(column)) {
                row.missing(column);
            }
            return row.date(column);
        }
        LocalDate day = first
                ? LocalDate.of(Dates.number(year.substring(0, 4)), 9, 1)
                : LocalDate.of(Dates.number(year.substring(5)), 8, 31);
        row.note(column, "未填，按学年起止 " + day + " 读取", "empty, read as the bound of the school year " + day);
        return day;
    }

    private static void readStatus(FormRow row, Pairing.Builder builder) {
        if (row.isBlank(STATUS)) {
            row.note(STATUS, "结对状态未填，按“结对中”读取", "the state is empty, read as ACTIVE");
            builder.status(PairingStatus.ACTIVE);
        } else {
            builder.status(row.one(STATUS, FormCodes.PAIRING_STATUS));
        }
    }

    private static void readConfirmations(FormRow row, Pairing.Builder builder) {
        ConfirmationState supporting = row.one(SUPPORTING_BODY, FormCodes.CONFIRMATION);
        ConfirmationState supported = row.one(SUPPORTED_BODY, FormCodes.CONFIRMATION);
        if (supporting != null && supported != null) {
            builder.confirmations(new PairingConfirmations(supporting, supported));
        } else if (row.isBlank(SUPPORTING_BODY) != row.isBlank(SUPPORTED_BODY)) {
            row.missing(row.isBlank(SUPPORTING_BODY) ? SUPPORTING_BODY : SUPPORTED_BODY);
        }
    }

    static @Nullable String orBody(FormRow row, Column column) {
        String code = row.code(column);
        if (code == null) {
            code = row.context().bodyCode();
            if (code == null) {
                row.missing(column);
            }
        }
        return code;
    }

    static @Nullable Contact contact(FormRow row, Column name, Column phone) {
        if (row.isBlank(name) && row.isBlank(phone)) {
            return null;
        }
        String called = row.name(name);
        String number = row.phone(phone);
        if (called == null || number == null) {
            if (row.isBlank(name) || row.isBlank(phone)) {
                row.missing(row.isBlank(name) ? name : phone);
            }
            return null;
        }
        return new Contact(called, number);
    }

    private static Field<Pairing, Pairing.Builder> contactName(
            Column column,
            String pointer,
            Field.Value<Pairing> contact,
            java.util.function.BiConsumer<FormRow, Pairing.Builder> reader) {
        return Field.of(
                column,
                pointer + "/name",
                pairing -> contact.of(pairing) instanceof Contact person ? person.name() : null,
                reader);
    }

    private static Field<Pairing, Pairing.Builder> contactPhone(
            Column column, String pointer, Field.Value<Pairing> contact) {
        return Field.of(
                column,
                pointer + "/phone",
                pairing -> contact.of(pairing) instanceof Contact person ? person.phone() : null,
                (row, b) -> {});
    }
}
