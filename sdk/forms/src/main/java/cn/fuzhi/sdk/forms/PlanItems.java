package cn.fuzhi.sdk.forms;

import cn.fuzhi.sdk.forms.Findings.Words;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The numbered entries of 重点工作 and 主要措施: a row each (number, text, task, day), or several numbered lines in one cell. */
final class PlanItems {
    /** "1." at the beginning of a line, but not the "9." of "9.10前完成". */
    private static final Pattern NUMBERED =
            Pattern.compile("(?m)^\\s*[（(]?(\\d{1,3})[)）.．、:：](?!\\d{1,2}(?:[日号前至~-]|之前))\\s*");

    private static final Pattern NUMBER = Pattern.compile("\\d{1,3}[.、]?");
    private static final Pattern TASK = Pattern.compile("(?:对应)?(?:重点工作|任务)(?:第)?(\\d{1,3})(?:项)?");

    private final PlanCells cells;
    private final FormContext context;
    private final Findings findings;
    private final String label;
    private final Column column;
    private final List<Item> items = new ArrayList<>();
    private int errors;

    PlanItems(PlanCells cells, FormContext context, Findings findings, String label) {
        this.cells = cells;
        this.context = context;
        this.findings = findings;
        this.label = label;
        this.column = Column.of(label, 0);
    }

    /**
     * One entry.
     *
     * @param no its number
     * @param text the text
     * @param task number of the key task, where one is named
     * @param dueOn the day, where one is named
     * @param place where the text stands
     */
    record Item(
            int no,
            String text,
            @Nullable Integer task,
            @Nullable LocalDate dueOn,
            PlanCells.Place place) {}

    int errors() {
        return errors;
    }

    List<Item> read() {
        for (List<PlanCells.Place> row : cells.section(label)) {
            String first = Text.bare(row.get(0).cell().text());
            if (row.size() > 1 && NUMBER.matcher(first).matches()) {
                ofRow(Dates.number(first.replaceAll("\\D", "")), row);
            } else {
                ofLines(row.get(0));
                row.subList(1, row.size()).forEach(this::unread);
            }
        }
        if (items.isEmpty()) {
            PlanCells.Place place = cells.value(label);
            errors++;
            findings.problem(
                    cells.sheet(),
                    place == null ? 0 : place.row(),
                    place == null ? 0 : place.column(),
                    label,
                    new Words(label + "未填写", label + " is empty", "请按 1、2、3 列出", "number the entries"));
        }
        return items;
    }

    private void ofRow(int no, List<PlanCells.Place> row) {
        Integer task = null;
        LocalDate dueOn = null;
        for (PlanCells.Place place : row.subList(2, row.size())) {
            Matcher matcher = TASK.matcher(Text.bare(place.cell().text()));
            LocalDate date = place.cell().date() == null
                    ? Dates.parse(place.cell().text())
                    : place.cell().date().toLocalDate();
            if (date != null && dueOn == null) {
                dueOn = date;
            } else if (task == null && matcher.matches()) {
                task = Integer.valueOf(matcher.group(1));
            } else {
                unread(place);
            }
        }
        String text = text(row.get(1));
        if (text != null) {
            items.add(new Item(no, text, task, dueOn, row.get(1)));
        }
    }

    /** Numbers must go on by one: another number at the beginning of a line belongs to the text. */
    private void ofLines(PlanCells.Place place) {
        String text = text(place);
        if (text == null) {
            return;
        }
        Matcher matcher = NUMBERED.matcher(text);
        int no = items.size() + 1;
        int from = 0;
        boolean begun = false;
        String preface = "";
        while (matcher.find()) {
            int number = Dates.number(matcher.group(1));
            if (number != no + (begun ? 1 : 0)) {
                note(place, "行首数字不是连续的序号，按正文读取", "a number at the start of a line is no next number, read as text");
                continue;
            }
            String before = Text.trim(text.substring(from, matcher.start()));
            if (begun) {
                items.add(new Item(no++, preface + before, null, null, place));
                preface = "";
            } else if (!before.isEmpty()) {
                preface = before + "\n";
                note(place, "序号前的文字并入第一条", "the text before the first number was put to the first entry");
            }
            begun = true;
            from = matcher.end();
        }
        items.add(new Item(no, preface + Text.trim(text.substring(from)), null, null, place));
    }

    private @Nullable String text(PlanCells.Place place) {
        FormRow row = place.row(cells.sheet(), column, context, findings);
        String text = row.text(column);
        errors += row.errors();
        return text;
    }

    private void note(PlanCells.Place place, String message, String messageEn) {
        findings.note(cells.sheet(), place.row(), place.column(), label, message, messageEn);
    }

    private void unread(PlanCells.Place place) {
        errors++;
        PlanReader.unread(cells.sheet(), place, label, findings);
    }
}
