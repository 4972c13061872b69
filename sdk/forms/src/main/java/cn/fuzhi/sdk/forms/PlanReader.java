package cn.fuzhi.sdk.forms;

import cn.fuzhi.sdk.forms.Findings.Words;
import cn.fuzhi.sdk.model.AnnualPlan;
import cn.fuzhi.sdk.model.Contact;
import cn.fuzhi.sdk.model.Division;
import cn.fuzhi.sdk.model.FilingStatus;
import cn.fuzhi.sdk.model.PlanFigures;
import cn.fuzhi.sdk.model.PlanKeyTask;
import cn.fuzhi.sdk.model.PlanMeasure;
import cn.fuzhi.sdk.model.PlanSafeguards;
import cn.fuzhi.sdk.model.Violation;
import cn.fuzhi.sdk.model.Violations;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Makes an annual plan of the cells of one sheet. */
final class PlanReader {
    private final PlanCells cells;
    private final FormContext context;
    private final Findings findings;
    private final Map<String, PlanCells.Place> places = new HashMap<>();
    private int errors;

    PlanReader(PlanCells cells, FormContext context, Findings findings) {
        this.cells = cells;
        this.context = context;
        this.findings = findings;
    }

    @Nullable
    AnnualPlan read() {
        AnnualPlan.Builder plan = AnnualPlan.builder();
        LocalDate filledOn = date(PlanLabels.FILLED_ON, "/filledOn", true);
        String name = text(PlanLabels.UNIT, "/reportingBodyName", true);
        plan.filledOn(filledOn)
                .reportingBodyName(name)
                .reportingBodyCode(body(name))
                .planYear(year(filledOn))
                .principal(contact(PlanLabels.PRINCIPAL, "/principal"))
                .contact(contact(PlanLabels.CONTACT, "/contact"))
                .basics(figures())
                .overallGoal(text(PlanLabels.GOAL, "/overallGoal", true))
                .keyTasks(tasks())
                .measures(measures())
                .safeguards(safeguards())
                .sealedScan(text(PlanLabels.SCAN, "/sealedScan", false))
                .status(status())
                .sourceId(text(PlanLabels.SOURCE, "/sourceId", false));
        plan.revision(value(PlanLabels.REVISION, "/revision", false, FormRow::integer));
        unread();
        return errors > 0 ? null : checked(plan.build());
    }

    private @Nullable AnnualPlan checked(AnnualPlan plan) {
        Violations violations = new Violations();
        violations.enter(plan);
        for (Violation violation : violations.found()) {
            PlanCells.Place place = place(String.valueOf(violation.pointer()));
            findings.problem(Problems.of(
                    violation,
                    cells.sheet(),
                    place == null ? 0 : place.row(),
                    place == null ? 0 : place.column(),
                    null));
        }
        return violations.hasErrors() ? null : plan;
    }

    private PlanCells.@Nullable Place place(String pointer) {
        for (String at = pointer; !at.isEmpty(); at = at.substring(0, at.lastIndexOf('/'))) {
            if (places.containsKey(at)) {
                return places.get(at);
            }
        }
        return null;
    }

    private <T> @Nullable T value(
            String label, String pointer, boolean required, BiFunction<FormRow, Column, @Nullable T> reader) {
        PlanCells.Place place = cells.value(label);
        if (place != null) {
            places.put(pointer, place);
        }
        if (place == null || place.cell().isBlank()) {
            if (required) {
                problem(place, label, label + "未填写", label + " is empty", "请按原表填写" + label, "fill it in");
            }
            return null;
        }
        Column column = Column.of(label, 0);
        FormRow row = place.row(cells.sheet(), column, context, findings);
        T value = reader.apply(row, column);
        errors += row.errors();
        return value;
    }

    private @Nullable String text(String label, String pointer, boolean required) {
        return value(label, pointer, required, FormRow::text);
    }

    private @Nullable Long count(String label, String pointer, boolean required) {
        return value(label, pointer, required, FormRow::count);
    }

    private @Nullable LocalDate date(String label, String pointer, boolean required) {
        return value(label, pointer, required, FormRow::date);
    }

    private @Nullable Contact contact(String label, String pointer) {
        String name = value(label, pointer + "/name", true, FormRow::name);
        String phone = value(label + PlanLabels.PHONE, pointer + "/phone", true, FormRow::phone);
        return name == null || phone == null ? null : new Contact(name, phone);
    }

    private @Nullable PlanFigures figures() {
        PlanFigures.Builder figures = PlanFigures.builder()
                .totalSchoolCount(count(PlanLabels.TOTAL, "/basics/totalSchoolCount", true))
                .pairedSchoolCount(count(PlanLabels.PAIRED, "/basics/pairedSchoolCount", true))
                .unpairedSchoolCount(count(PlanLabels.UNPAIRED, "/basics/unpairedSchoolCount", true))
                .coveredSchoolCount(count(PlanLabels.COVERED, "/basics/coveredSchoolCount", true))
                .masterStudioAccountCount(count(PlanLabels.STUDIOS, "/basics/masterStudioAccountCount", true))
                .liveLessonCount(count(PlanLabels.LIVE, "/basics/liveLessonCount", true))
                .liveLessonCountSince(date(PlanLabels.SINCE, "/basics/liveLessonCountSince", false));
        return errors > 0 ? null : figures.build();
    }

    private @Nullable PlanSafeguards safeguards() {
        String text = text(PlanLabels.SAFEGUARDS, "/safeguards", true);
        BigDecimal funding = value(PlanLabels.FUNDING, "/safeguards/fundingYuan", false, FormRow::decimal);
        String hardware = text(PlanLabels.HARDWARE, "/safeguards/hardwareText", false);
        String incentive = text(PlanLabels.INCENTIVE, "/safeguards/incentiveText", false);
        return text == null ? null : new PlanSafeguards(text, funding, hardware, incentive);
    }

    private List<PlanItems.Item> items(String label) {
        PlanItems items = new PlanItems(cells, context, findings, label);
        List<PlanItems.Item> read = items.read();
        errors += items.errors();
        return read;
    }

    private List<PlanKeyTask> tasks() {
        List<PlanKeyTask> tasks = new ArrayList<>();
        for (PlanItems.Item item : items(PlanLabels.TASKS)) {
            places.put("/keyTasks/" + tasks.size(), item.place());
            tasks.add(new PlanKeyTask(item.no(), item.text()));
        }
        return tasks;
    }

    private List<PlanMeasure> measures() {
        List<PlanMeasure> measures = new ArrayList<>();
        for (PlanItems.Item item : items(PlanLabels.MEASURES)) {
            places.put("/measures/" + measures.size(), item.place());
            Integer task = item.task();
            if (task == null) {
                task = item.no();
                findings.note(
                        cells.sheet(),
                        item.place().row(),
                        item.place().column(),
                        PlanLabels.MEASURES,
                        "未写明对应的重点工作，按相同序号对应",
                        "the key task is not named, taken to be the one of the same number");
            }
            measures.add(new PlanMeasure(item.no(), task, item.text(), item.dueOn()));
        }
        return measures;
    }

    /** What stands below the first label and belongs to none would be lost; notes below the form say what they are. */
    private void unread() {
        for (PlanCells.Place place : cells.unread()) {
            if (TableReader.isNote(place.cell().text())) {
                findings.note(cells.sheet(), place.row(), place.column(), null, "表外说明，未读取", "a note was not read");
            } else {
                errors++;
                unread(cells.sheet(), place, null, findings);
            }
        }
    }

    static void unread(String sheet, PlanCells.Place place, @Nullable String label, Findings findings) {
        findings.problem(
                sheet,
                place.row(),
                place.column(),
                label,
                new Words(
                        "这一格的内容没有读取，不属于任何栏目",
                        "the text of this cell belongs to no label and was not read",
                        "请移到所属栏目内，说明文字请以“注：”开头，或删除",
                        "move it to its label, begin a note with 注：, or delete it"));
    }

    private @Nullable String body(@Nullable String name) {
        String written = value(PlanLabels.BODY, "/reportingBodyCode", false, FormRow::code);
        if (written != null) {
            return written;
        }
        String called = name == null ? "" : name.replaceAll("教育(和体育|体育)?局.*|（.*", "");
        FormContext.Place place = called.isEmpty() ? FormContext.Place.NONE : context.place(called);
        Division division = place.division();
        String code = division != null ? division.code() : context.bodyCode();
        if (code == null || !place.candidates().isEmpty()) {
            problem(
                    cells.value(PlanLabels.UNIT),
                    PlanLabels.UNIT,
                    "报送单位无法识别",
                    "the reporting body is not known",
                    "请写单位全称",
                    "write the full name");
        } else {
            findings.note(
                    cells.sheet(),
                    0,
                    0,
                    PlanLabels.UNIT,
                    "报送单位按 " + code + " 读取",
                    "the reporting body was read as " + code);
        }
        return code;
    }

    private @Nullable Integer year(@Nullable LocalDate filledOn) {
        Integer written = value(PlanLabels.YEAR, "/planYear", false, FormRow::integer);
        if (written != null) {
            return written;
        }
        Integer year =
                context.year() != null ? context.year() : filledOn == null ? null : Integer.valueOf(filledOn.getYear());
        if (year != null) {
            findings.note(
                    cells.sheet(),
                    0,
                    0,
                    PlanLabels.YEAR,
                    "计划年度按 " + year + " 读取",
                    "the year of the plan was read as " + year);
        }
        return year;
    }

    private @Nullable FilingStatus status() {
        PlanCells.Place place = cells.value(PlanLabels.STATUS);
        if (place == null || place.cell().isBlank()) {
            findings.note(cells.sheet(), 0, 0, PlanLabels.STATUS, "报送状态按“已报送”读取", "the status was read as SUBMITTED");
            return FilingStatus.SUBMITTED;
        }
        return value(PlanLabels.STATUS, "/status", false, (row, column) -> row.one(column, FormCodes.FILING_STATUS));
    }

    private void problem(
            PlanCells.@Nullable Place place,
            String label,
            String message,
            String messageEn,
            String hint,
            String hintEn) {
        errors++;
        findings.problem(
                cells.sheet(),
                place == null ? 0 : place.row(),
                place == null ? 0 : place.column(),
                label,
                new Words(message, messageEn, hint, hintEn));
    }
}
