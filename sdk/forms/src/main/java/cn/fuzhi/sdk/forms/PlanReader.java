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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes an annual plan of the cells of one sheet. */
final class PlanReader {
    private static final Pattern ITEM = Pattern.compile("(?m)^\\s*[（(]?(\\d{1,3})[)）.．、:：]\\s*");
    private static final Pattern TASK = Pattern.compile("(?:对应)?(?:重点工作|任务)(?:第)?(\\d{1,3})(?:项)?");

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
        Long revision = count(PlanLabels.REVISION, "/revision", false);
        plan.revision(revision == null ? null : revision.intValue());
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

    private @Nullable String text(String label, String pointer, boolean required) {
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
        return Text.trim(place.cell().text());
    }

    private @Nullable Long count(String label, String pointer, boolean required) {
        String text = text(label, pointer, required);
        String half = text == null ? "" : Text.bare(text).replace(",", "").replaceAll("[所个次节]$", "");
        if (text == null || half.matches("\\d{1,10}")) {
            return text == null ? null : Long.valueOf(half);
        }
        problem(cells.value(label), label, "应为非负整数", "not a whole number", "请只填数字", "write digits only");
        return null;
    }

    private @Nullable LocalDate date(String label, String pointer, boolean required) {
        String text = text(label, pointer, required);
        PlanCells.Place place = cells.value(label);
        if (text == null || place == null) {
            return null;
        }
        LocalDate date = place.cell().date() != null ? place.cell().date().toLocalDate() : Dates.parse(text);
        if (date == null) {
            problem(place, label, "日期无法识别", "not a date", "请写成 2022年8月18日", "write it as 2022-08-18");
        }
        return date;
    }

    private @Nullable Contact contact(String label, String pointer) {
        String name = text(label, pointer + "/name", true);
        String phone = text(label + PlanLabels.PHONE, pointer + "/phone", true);
        return name == null || phone == null ? null : new Contact(name, Phones.tidy(phone));
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
        String funding = text(PlanLabels.FUNDING, "/safeguards/fundingYuan", false);
        String hardware = text(PlanLabels.HARDWARE, "/safeguards/hardwareText", false);
        String incentive = text(PlanLabels.INCENTIVE, "/safeguards/incentiveText", false);
        String half = funding == null ? "0" : Text.bare(funding).replace(",", "");
        if (!half.matches("\\d{1,12}(\\.\\d{1,2})?")) {
            problem(
                    cells.value(PlanLabels.FUNDING),
                    PlanLabels.FUNDING,
                    "应为数字（元）",
                    "not a number",
                    "请只填数字",
                    "write digits only");
            return null;
        }
        return text == null
                ? null
                : new PlanSafeguards(text, funding == null ? null : new BigDecimal(half), hardware, incentive);
    }

    private List<PlanKeyTask> tasks() {
        List<PlanKeyTask> tasks = new ArrayList<>();
        for (Item item : items(PlanLabels.TASKS)) {
            places.put("/keyTasks/" + tasks.size(), item.place());
            tasks.add(new PlanKeyTask(item.no(), item.text()));
        }
        if (tasks.isEmpty()) {
            problem(
                    cells.value(PlanLabels.TASKS),
                    PlanLabels.TASKS,
                    "重点工作未填写",
                    "no key task",
                    "请按 1、2、3 列出",
                    "number the tasks");
        }
        return tasks;
    }

    private List<PlanMeasure> measures() {
        List<PlanMeasure> measures = new ArrayList<>();
        for (Item item : items(PlanLabels.MEASURES)) {
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
        if (measures.isEmpty()) {
            problem(
                    cells.value(PlanLabels.MEASURES),
                    PlanLabels.MEASURES,
                    "主要措施未填写",
                    "no measure",
                    "请按 1、2、3 列出",
                    "number the measures");
        }
        return measures;
    }

    /** One numbered entry of a section. */
    private record Item(
            int no,
            String text,
            @Nullable Integer task,
            @Nullable LocalDate dueOn,
            PlanCells.Place place) {}

    /** Either a row each (number, text, task, day), or several numbered lines in one cell. */
    private List<Item> items(String label) {
        List<Item> items = new ArrayList<>();
        for (List<PlanCells.Place> row : cells.section(label)) {
            PlanCells.Place first = row.get(0);
            String text = Text.bare(first.cell().text());
            if (row.size() > 1 && text.matches("\\d{1,3}[.、]?")) {
                items.add(ofRow(Dates.number(text.replaceAll("\\D", "")), row));
            } else {
                items.addAll(ofLines(first, items.size()));
            }
        }
        return items;
    }

    private static Item ofRow(int no, List<PlanCells.Place> row) {
        Integer task = null;
        LocalDate dueOn = null;
        for (PlanCells.Place place : row.subList(2, row.size())) {
            Matcher matcher = TASK.matcher(Text.bare(place.cell().text()));
            LocalDate date = place.cell().date() == null
                    ? Dates.parse(place.cell().text())
                    : place.cell().date().toLocalDate();
            dueOn = date == null ? dueOn : date;
            task = matcher.matches() ? Integer.valueOf(matcher.group(1)) : task;
        }
        return new Item(no, Text.trim(row.get(1).cell().text()), task, dueOn, row.get(1));
    }

    private static List<Item> ofLines(PlanCells.Place place, int before) {
        List<Item> items = new ArrayList<>();
        String text = place.cell().text();
        Matcher matcher = ITEM.matcher(text);
        int from = -1;
        int no = before + 1;
        while (matcher.find()) {
            if (from >= 0) {
                items.add(new Item(no, Text.trim(text.substring(from, matcher.start())), null, null, place));
            }
            no = Dates.number(matcher.group(1));
            from = matcher.end();
        }
        items.add(new Item(no, Text.trim(text.substring(Math.max(from, 0))), null, null, place));
        return items;
    }

    private @Nullable String body(@Nullable String name) {
        String written = text(PlanLabels.BODY, "/reportingBodyCode", false);
        if (written != null) {
            return Text.bare(written);
        }
        String place = name == null ? "" : name.replaceAll("教育(和体育|体育)?局.*|（.*", "");
        Division division = place.isEmpty() ? null : context.division(place);
        String code = division != null ? division.code() : context.bodyCode();
        if (code == null) {
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
        Long written = count(PlanLabels.YEAR, "/planYear", false);
        if (written != null) {
            return written.intValue();
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

    private FilingStatus status() {
        String text = text(PlanLabels.STATUS, "/status", false);
        FilingStatus status = text == null ? null : FormCodes.FILING_STATUS.official(text);
        if (status == null) {
            findings.note(cells.sheet(), 0, 0, PlanLabels.STATUS, "报送状态按“已报送”读取", "the status was read as SUBMITTED");
        }
        return status == null ? FilingStatus.SUBMITTED : status;
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
