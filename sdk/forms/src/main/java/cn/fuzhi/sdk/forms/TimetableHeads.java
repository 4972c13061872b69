package cn.fuzhi.sdk.forms;

import cn.fuzhi.sdk.forms.Findings.Words;
import cn.fuzhi.sdk.model.Division;
import cn.fuzhi.sdk.model.School;
import cn.fuzhi.sdk.model.Timetable;
import cn.fuzhi.sdk.model.TimetableIssuerType;
import cn.fuzhi.sdk.model.TimetableState;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The heads of the timetables of one workbook: from the sheet 活动安排 where there is one, otherwise from the headings of the
 * timetables and the context.
 */
final class TimetableHeads {
    static final String SHEET = "活动安排";

    private static final Column OF_SHEET = Column.of("课表工作表", 14).asOfficial().asRequired();
    private static final Column BODY = Column.of("报送单位代码", 12).asOfficial();

    static final List<Field<Timetable, Timetable.Builder>> FIELDS = List.of(
            Field.of(OF_SHEET, "", timetable -> null, (row, b) -> {}),
            Field.one(
                    Column.of("发布单位类型", 12).asOfficial().asRequired(),
                    "/issuerType",
                    FormCodes.ISSUER_TYPE,
                    Timetable::issuerType,
                    Timetable.Builder::issuerType),
            Field.code(
                    Column.of("发布单位代码", 14).asOfficial().asRequired(),
                    "/issuerCode",
                    Timetable::issuerCode,
                    Timetable.Builder::issuerCode),
            Field.text(
                    Column.of("发布单位名称", 18).asOfficial().asRequired(),
                    "/issuerName",
                    Timetable::issuerName,
                    Timetable.Builder::issuerName),
            Field.of(BODY, "/bodyCode", Timetable::bodyCode, (row, b) -> b.bodyCode(PairingListForm.orBody(row, BODY))),
            Field.date(
                    Column.of("开始日期", 12).asOfficial().asRequired(),
                    "/periodStart",
                    Timetable::periodStart,
                    Timetable.Builder::periodStart),
            Field.date(
                    Column.of("结束日期", 12).asOfficial().asRequired(),
                    "/periodEnd",
                    Timetable::periodEnd,
                    Timetable.Builder::periodEnd),
            Field.text(Column.of("学期", 14).asOfficial(), "/termCode", Timetable::termCode, Timetable.Builder::termCode),
            Field.text(
                    Column.of("活动安排", 60).asOfficial(),
                    "/activityPlanText",
                    Timetable::activityPlanText,
                    Timetable.Builder::activityPlanText),
            Field.integer(
                    Column.of("课次数", 8).asOfficial(),
                    "/lessonCount",
                    Timetable::lessonCount,
                    Timetable.Builder::lessonCount),
            Field.one(
                    Column.of("课表状态", 10).asOfficial().asRequired(),
                    "/state",
                    FormCodes.TIMETABLE_STATE,
                    Timetable::state,
                    Timetable.Builder::state),
            Field.text(
                    Column.of("供方内部编号", 14).asOfficial(),
                    "/sourceId",
                    Timetable::sourceId,
                    Timetable.Builder::sourceId));

    private final FormContext context;
    private final Findings findings;
    private final Map<String, Timetable> bySheet = new HashMap<>();
    private final Map<String, Timetable> heads = new LinkedHashMap<>();

    TimetableHeads(FormContext context, Findings findings) {
        this.context = context;
        this.findings = findings;
    }

    /** Tells whether a sheet carries heads; people copy it as 活动安排2. */
    static boolean isSheet(String name) {
        return name.startsWith(SHEET);
    }

    /** Reads the sheet 活动安排, which must be done before the timetables. */
    void readSheet(RowSource.SheetRows sheet) {
        List<Column> columns = FIELDS.stream().map(Field::column).toList();
        new TableReader(context, findings)
                .table(
                        sheet,
                        columns,
                        new RecordLines<>(FIELDS, Timetable::builder, Timetable.Builder::build, (row, head) -> {
                            bySheet.put(String.valueOf(row.text(OF_SHEET)), head);
                            heads.put(head.key(), head);
                        }));
    }

    /** The head of the timetable in a sheet; null, with a problem, when it is not known. */
    @Nullable
    Timetable of(String sheet, Header header) {
        Timetable head = bySheet.get(sheet);
        if (head == null) {
            head = fromHeading(sheet, header);
        }
        if (head != null) {
            heads.putIfAbsent(head.key(), head);
        }
        return head;
    }

    Map<String, Timetable> heads() {
        return heads;
    }

    private @Nullable Timetable fromHeading(String sheet, Header header) {
        TimetableTitle title = header.above().stream()
                .map(TimetableTitle::parse)
                .filter(java.util.Objects::nonNull)
                .findFirst()
                .orElse(null);
        LocalDate start = context.periodStart();
        LocalDate end = context.periodEnd();
        if (title != null) {
            Integer year = year(sheet, title);
            LocalDate from = year == null ? null : title.start(year);
            LocalDate to = year == null ? null : title.end(year);
            if (from == null
                    || to == null
                    || to.isBefore(from)
                    || (start != null && !(start.equals(from) && to.equals(end)))) {
                problem(
                        sheet,
                        start == null ? "标题中的起止日期无法确定年份或有误" : "标题中的起止日期与报送周期不一致",
                        "the period in the heading has no year, is wrong or is not that of the deadline",
                        start == null ? "请在标题中写明年份，如 2022年9/15-9/28" : "请核对标题，报送周期为 " + start + " 至 " + end,
                        "write the year into the heading or correct the period");
                return null;
            }
            start = from;
            end = to;
        }
        if (start == null || end == null) {
            problem(
                    sheet,
                    "标题中没有课表起止日期",
                    "the heading has no period",
                    "请按原表写标题，如“略阳县 9/15-9/28 名师示范课课表”",
                    "write the heading of the form");
            return null;
        }
        return issued(sheet, title == null ? "" : title.issuer(), start, end);
    }

    private @Nullable Integer year(String sheet, TimetableTitle title) {
        if (title.year() != null) {
            return title.year();
        }
        LocalDate start = context.periodStart();
        Integer year = start == null ? context.year() : Integer.valueOf(start.getYear());
        if (year != null) {
            findings.note(sheet, 1, 0, null, "标题没有年份，按 " + year + " 年读取", "the heading has no year, read as " + year);
        }
        return year;
    }

    /** Who issues a timetable. */
    private record Issuer(TimetableIssuerType type, String code, String bodyCode) {}

    private @Nullable Issuer issuer(String sheet, String written) {
        String body = context.bodyCode();
        FormContext.Place place = written.isEmpty() ? FormContext.Place.NONE : context.place(written);
        Division division = place.division();
        SchoolDirectory.Found found = context.schools().find(written, body);
        if (division != null) {
            return new Issuer(
                    FormContext.isCity(division) ? TimetableIssuerType.CITY : TimetableIssuerType.COUNTY,
                    division.code(),
                    body == null ? division.code() : body);
        }
        if (!place.candidates().isEmpty() || found.schools().size() > 1) {
            String candidates = found.schools().isEmpty()
                    ? place.candidates().stream()
                            .map(other -> other.code() + " " + other.name())
                            .collect(Collectors.joining("；"))
                    : found.candidates();
            problem(
                    sheet,
                    "标题中的发布单位对应多个单位",
                    "the issuer in the heading means several",
                    "请写全称，或在“" + SHEET + "”工作表填写发布单位代码，可能是：" + candidates,
                    "write the full name, or the code into the sheet " + SHEET);
            return null;
        }
        if (found.schools().size() == 1) {
            School school = found.schools().get(0);
            return new Issuer(TimetableIssuerType.SCHOOL, school.key(), body == null ? school.divisionCode() : body);
        }
        if (body != null) {
            return new Issuer(body.endsWith("00") ? TimetableIssuerType.CITY : TimetableIssuerType.COUNTY, body, body);
        }
        problem(
                sheet,
                "标题中的发布单位无法识别",
                "the issuer in the heading is not known",
                "请写明市、县（区）或学校的名称",
                "name the city, county or school");
        return null;
    }

    private @Nullable Timetable issued(String sheet, String written, LocalDate start, LocalDate end) {
        Issuer issuer = issuer(sheet, written);
        if (issuer == null) {
            return null;
        }
        String code = issuer.code();
        String name = written.isEmpty() ? context.divisionName(code) : written;
        findings.note(
                sheet,
                1,
                0,
                null,
                "发布单位按 " + code + " 读取，课表按“已提交”读取",
                "issuer read as " + code + ", state as SUBMITTED");
        return Timetable.builder()
                .issuerType(issuer.type())
                .issuerCode(code)
                .issuerName(name == null ? code : name)
                .bodyCode(issuer.bodyCode())
                .periodStart(start)
                .periodEnd(end)
                .state(TimetableState.SUBMITTED)
                .build();
    }

    private void problem(String sheet, String message, String messageEn, String hint, String hintEn) {
        findings.problem(sheet, 1, 1, "标题", new Words(message, messageEn, hint, hintEn));
    }
}
