package cn.fuzhi.sdk.forms;

import cn.fuzhi.sdk.forms.Findings.Words;
import cn.fuzhi.sdk.model.AnnualPlan;
import cn.fuzhi.sdk.model.Severity;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import org.dhatim.fastexcel.Workbook;

/**
 * Annex 1 of 陕教信办〔2022〕15号, the yearly plan of a reporting body: labels with their values beside them, one plan a sheet. Labels
 * are found wherever they stand; key tasks and measures may be a row each or numbered lines in one cell.
 */
public final class AnnualPlanForm implements Form<AnnualPlan> {
    private static final int ROWS = 500;
    private static final int ENOUGH = 6;
    private static final List<String> LABELS = List.of(
            PlanLabels.UNIT,
            PlanLabels.FILLED_ON,
            PlanLabels.PRINCIPAL,
            PlanLabels.CONTACT,
            PlanLabels.PHONE,
            PlanLabels.BASICS,
            PlanLabels.TOTAL,
            PlanLabels.PAIRED,
            PlanLabels.UNPAIRED,
            PlanLabels.COVERED,
            PlanLabels.STUDIOS,
            PlanLabels.LIVE,
            PlanLabels.GOAL,
            PlanLabels.TASKS,
            PlanLabels.MEASURES,
            PlanLabels.SAFEGUARDS,
            PlanLabels.YEAR,
            PlanLabels.BODY,
            PlanLabels.SINCE,
            PlanLabels.FUNDING,
            PlanLabels.HARDWARE,
            PlanLabels.INCENTIVE,
            PlanLabels.SCAN,
            PlanLabels.REVISION,
            PlanLabels.STATUS,
            PlanLabels.SOURCE);

    private final FormContext context;

    private AnnualPlanForm(FormContext context) {
        this.context = context;
    }

    /**
     * Makes the form.
     *
     * @param context gives the divisions for the name of the body, and the year of the plan
     * @return the form
     */
    public static AnnualPlanForm of(FormContext context) {
        return new AnnualPlanForm(context);
    }

    @Override
    public FormResult<AnnualPlan> read(FormFile file) {
        Findings findings = new Findings();
        List<AnnualPlan> plans = new ArrayList<>();
        int sheets = 0;
        try (RowSource source = file.rows()) {
            for (RowSource.SheetRows sheet : source.sheets()) {
                PlanCells cells = sheet.hidden() ? null : cells(sheet, findings);
                if (cells == null) {
                    findings.note(sheet.name(), 0, 0, null, "隐藏的工作表未读取", "a hidden sheet was not read");
                } else if (cells.found() < ENOUGH) {
                    notRead(cells, findings);
                } else {
                    sheets++;
                    AnnualPlan plan = new PlanReader(cells, context, findings).read();
                    if (plan != null) {
                        plans.add(plan);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (sheets == 0) {
            findings.problem(
                    file.name(),
                    0,
                    0,
                    null,
                    new Words(
                            "没有找到年度推进计划表的栏目",
                            "the labels of the plan were not found",
                            "请保留原表的栏目名称",
                            "keep the labels of the form"));
        }
        return new FormResult<>(plans, findings.problems(), findings.notes(), findings.problemCount());
    }

    private static PlanCells cells(RowSource.SheetRows sheet, Findings findings) {
        PlanCells cells = new PlanCells(sheet.name(), LABELS);
        Iterator<RawRow> rows = sheet.rows();
        for (int i = 0; i < ROWS && rows.hasNext(); i++) {
            cells.add(rows.next());
        }
        if (rows.hasNext()) {
            findings.note(sheet.name(), ROWS + 1, 0, null, "五百行之后的内容未读取", "nothing was read after 500 rows");
        }
        return cells;
    }

    /** A sheet is never left out in silence; one with some of the labels was probably meant. */
    private static void notRead(PlanCells cells, Findings findings) {
        if (cells.found() >= 2) {
            findings.problem(new CellProblem(
                    Severity.WARNING,
                    cells.sheet(),
                    0,
                    0,
                    null,
                    "FORM",
                    "工作表只有年度推进计划表的少数栏目，未读取",
                    "the sheet has few labels of the plan and was not read",
                    "如属本表，请按原表补全栏目",
                    "complete the labels if the sheet is a plan"));
        } else if (!cells.isEmpty()) {
            findings.note(
                    cells.sheet(), 0, 0, null, "没有本表的栏目，工作表未读取", "a sheet without the labels of the plan was not read");
        }
    }

    @Override
    public void write(Collection<? extends AnnualPlan> records, OutputStream out) throws IOException {
        Workbook workbook = new Workbook(out, "fuzhi-sdk-forms", null);
        for (AnnualPlan plan : records) {
            PlanSheet sheet = new PlanSheet(workbook.newWorksheet(plan.planYear() + " " + plan.reportingBodyName()));
            sheet.write(plan);
        }
        workbook.finish();
    }
}
