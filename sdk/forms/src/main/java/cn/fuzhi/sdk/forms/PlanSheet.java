package cn.fuzhi.sdk.forms;

import cn.fuzhi.sdk.model.AnnualPlan;
import cn.fuzhi.sdk.model.PlanFigures;
import cn.fuzhi.sdk.model.PlanKeyTask;
import cn.fuzhi.sdk.model.PlanMeasure;
import java.time.LocalDate;
import org.dhatim.fastexcel.BorderStyle;
import org.dhatim.fastexcel.PaperSize;
import org.dhatim.fastexcel.StyleSetter;
import org.dhatim.fastexcel.Worksheet;
import org.jspecify.annotations.Nullable;

/**
 * Writes Annex 1 as issued: one upright page of seven columns whose cells are merged around the labels. What the form does not ask
 * for stands to its right, label and value beside each other.
 */
final class PlanSheet {
    private static final int LAST = 6;
    private static final int OURS = 8;
    private static final double[] WIDTHS = {15, 16, 9, 16, 9, 16, 11, 3, 18, 24};
    private static final String LABEL = "F2F2F2";
    private static final String OUR_LABEL = "DDEBF7";
    private static final int CHARS_A_LINE = 36;

    private final Worksheet sheet;
    private int row;
    private int ours = 2;

    PlanSheet(Worksheet sheet) {
        this.sheet = sheet;
        for (int i = 0; i < WIDTHS.length; i++) {
            sheet.width(i, WIDTHS[i]);
        }
        sheet.paperSize(PaperSize.A4_PAPER);
        sheet.setFitToPage(true);
        sheet.fitToWidth((short) 1);
        sheet.fitToHeight((short) 0);
    }

    void write(AnnualPlan plan) {
        heading();
        head(plan);
        figures(plan.basics());
        wide(PlanLabels.GOAL, plan.overallGoal());
        tasks(plan);
        measures(plan);
        wide(PlanLabels.SAFEGUARDS, plan.safeguards().text());
        sheet.addNamedRange(sheet.range(0, 0, row - 1, LAST), "_xlnm.Print_Area");
        additional(plan);
    }

    private void heading() {
        sheet.value(row, 0, "附件1");
        sheet.style(row++, 0).fontName("黑体").fontSize(14).set();
        sheet.value(row, 0, "年度推进计划表");
        sheet.range(row, 0, row, LAST).merge();
        sheet.range(row, 0, row, LAST)
                .style()
                .bold()
                .fontSize(18)
                .horizontalAlignment("center")
                .verticalAlignment("center")
                .set();
        sheet.rowHeight(row++, 36);
    }

    private void head(AnnualPlan plan) {
        LocalDate on = plan.filledOn();
        String day = on.getYear() + "年" + on.getMonthValue() + "月" + on.getDayOfMonth() + "日";
        pairs(PlanLabels.UNIT, plan.reportingBodyName(), PlanLabels.FILLED_ON, day);
        pairs(
                PlanLabels.PRINCIPAL,
                plan.principal().name(),
                PlanLabels.PHONE,
                plan.principal().phone());
        pairs(
                PlanLabels.CONTACT,
                plan.contact().name(),
                PlanLabels.PHONE,
                plan.contact().phone());
    }

    private void pairs(String left, String value, String right, String other) {
        block(row, 0, row, 0, left, true);
        block(row, 1, row, 2, value, false);
        block(row, 3, row, 3, right, true);
        block(row, 4, row, LAST, other, false);
        next(30);
    }

    private void figures(PlanFigures figures) {
        block(row, 0, row + 1, 0, PlanLabels.BASICS, true);
        figure(1, PlanLabels.TOTAL, figures.totalSchoolCount());
        figure(3, PlanLabels.PAIRED, figures.pairedSchoolCount());
        figure(5, PlanLabels.UNPAIRED, figures.unpairedSchoolCount());
        next(34);
        figure(1, PlanLabels.COVERED, figures.coveredSchoolCount());
        figure(3, PlanLabels.STUDIOS, figures.masterStudioAccountCount());
        figure(5, PlanLabels.LIVE, figures.liveLessonCount());
        next(48);
    }

    private void figure(int column, String label, long value) {
        block(row, column, row, column, label, true);
        sheet.value(row, column + 1, value);
        bordered(row, column + 1).horizontalAlignment("center").format("0").set();
    }

    private void wide(String label, String text) {
        block(row, 0, row, 0, label, true);
        block(row, 1, row, LAST, text, false);
        next(height(text));
    }

    private void tasks(AnnualPlan plan) {
        int first = row;
        for (PlanKeyTask task : plan.keyTasks()) {
            number(task.no());
            block(row, 2, row, LAST, task.text(), false);
            next(height(task.text()));
        }
        block(first, 0, row - 1, 0, PlanLabels.TASKS, true);
    }

    private void measures(AnnualPlan plan) {
        int first = row;
        for (PlanMeasure measure : plan.measures()) {
            number(measure.no());
            block(row, 2, row, 4, measure.text(), false);
            block(row, 5, row, 5, "对应重点工作" + measure.keyTaskNo(), false);
            block(
                    row,
                    LAST,
                    row,
                    LAST,
                    measure.dueOn() == null ? "" : measure.dueOn().toString(),
                    false);
            next(height(measure.text() + measure.text()));
        }
        block(first, 0, row - 1, 0, PlanLabels.MEASURES, true);
    }

    private void additional(AnnualPlan plan) {
        ours(PlanLabels.YEAR, plan.planYear());
        ours(PlanLabels.BODY, plan.reportingBodyCode());
        ours(PlanLabels.SINCE, plan.basics().liveLessonCountSince());
        ours(PlanLabels.FUNDING, plan.safeguards().fundingYuan());
        ours(PlanLabels.HARDWARE, plan.safeguards().hardwareText());
        ours(PlanLabels.INCENTIVE, plan.safeguards().incentiveText());
        ours(PlanLabels.SCAN, plan.sealedScan());
        ours(PlanLabels.REVISION, plan.revision());
        ours(PlanLabels.STATUS, Codes.name(plan.status()));
        ours(PlanLabels.SOURCE, plan.sourceId());
    }

    private void ours(String label, @Nullable Object value) {
        sheet.value(ours, OURS, label);
        bordered(ours, OURS).fillColor(OUR_LABEL).set();
        if (value instanceof Number number) {
            sheet.value(ours, OURS + 1, number);
        } else if (value != null) {
            sheet.value(ours, OURS + 1, Text.stored(value.toString()));
        }
        bordered(ours, OURS + 1).horizontalAlignment("left").set();
        ours++;
    }

    private void number(int number) {
        sheet.value(row, 1, number);
        bordered(row, 1).horizontalAlignment("center").set();
    }

    private void block(int top, int left, int bottom, int right, String text, boolean label) {
        sheet.value(top, left, Text.stored(text));
        for (int i = top; i <= bottom; i++) {
            for (int j = left; j <= right; j++) {
                StyleSetter style = bordered(i, j);
                if (label) {
                    style.bold().horizontalAlignment("center").fillColor(LABEL);
                }
                style.format("@").set();
            }
        }
        if (bottom > top || right > left) {
            sheet.range(top, left, bottom, right).merge();
        }
    }

    private StyleSetter bordered(int line, int column) {
        StyleSetter style = sheet.style(line, column);
        style.borderStyle(BorderStyle.THIN).wrapText(true).verticalAlignment("center");
        return style;
    }

    private void next(double height) {
        sheet.rowHeight(row++, Math.min(height, 400));
    }

    /** Merged cells do not grow with their text. */
    private static double height(String text) {
        long lines =
                text.lines().mapToLong(line -> 1 + line.length() / CHARS_A_LINE).sum();
        return Math.max(32, 17.0 * lines + 6);
    }
}
