package cn.fuzhi.sdk.forms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import cn.fuzhi.sdk.model.AnnualPlan;
import cn.fuzhi.sdk.model.Lesson;
import cn.fuzhi.sdk.model.Pairing;
import cn.fuzhi.sdk.model.PushRecord;
import cn.fuzhi.sdk.model.Severity;
import org.junit.jupiter.api.Test;

/** What is not read is named: a note where that is right, a problem where it could be a mistake. */
final class LeftOutTest {
    private static final String[] TITLES = {"序号", "帮扶学校标识码", "受援学校标识码", "是否固定结对", "三个课堂类型"};
    private final PairingListForm pairings =
            PairingListForm.of(Examples.context().build());

    private static void line(org.dhatim.fastexcel.Worksheet sheet, int row, String supported) {
        Examples.row(sheet, row, "1", "2161000001", supported, "是", "专递课堂");
    }

    @Test
    void leavesOutNotesTotalsAndTheExampleWithANote() {
        FormResult<Pairing> result = pairings.read(Examples.workbook(sheet -> {
            Examples.row(sheet, 0, TITLES);
            line(sheet, 1, "2161000002");
            Examples.row(sheet, 2, "合计", "1");
            Examples.row(sheet, 3, "注：1.三个课堂类型可填多个");
            Examples.row(sheet, 4, "2.固定结对指一学期以上");
            Examples.row(sheet, 5, "填表人：李示例");
        }));

        assertThat(result.problems()).isEmpty();
        assertThat(result.records()).hasSize(1);
        assertThat(result.notes())
                .filteredOn(note -> note.message().startsWith("表外说明"))
                .singleElement()
                .satisfies(note -> assertThat(note.count()).isEqualTo(4));
    }

    @Test
    void readsTheLinesBelowANote() {
        FormResult<Pairing> result = pairings.read(Examples.workbook(sheet -> {
            Examples.row(sheet, 0, TITLES);
            Examples.row(sheet, 1, "注：名单按校名排序");
            line(sheet, 2, "2161000002");
        }));

        assertThat(result.problems()).isEmpty();
        assertThat(result.records()).hasSize(1);
    }

    @Test
    void reportsARowThatIsNearlyEmpty() {
        FormResult<Pairing> result = pairings.read(Examples.workbook(sheet -> {
            Examples.row(sheet, 0, TITLES);
            line(sheet, 1, "2161000002");
            Examples.row(sheet, 2, "", "", "2161000003");
        }));

        assertThat(result.problems())
                .extracting(CellProblem::cell, CellProblem::severity)
                .containsExactly(tuple("Sheet1!C3", Severity.ERROR));
    }

    @Test
    void readsALineWhoseOtherCellsAreMergedWithTheLineAbove() {
        FormResult<Pairing> result = pairings.read(Examples.workbook(sheet -> {
            Examples.row(sheet, 0, TITLES);
            line(sheet, 1, "2161000002");
            sheet.value(2, 2, "2161000003");
            for (int column : new int[] {0, 1, 3, 4}) {
                sheet.range(1, column, 2, column).merge();
            }
        }));

        assertThat(result.problems()).isEmpty();
        assertThat(result.records())
                .extracting(Pairing::supportedSchoolCode)
                .containsExactly("2161000002", "2161000003");
    }

    @Test
    void namesSheetsThatAreNotRead() {
        FormResult<PushRecord> result = TimetableForm.of(Examples.context().build())
                .read(Examples.workbook(
                        sheet -> {
                            Examples.row(sheet, 0, "略阳县 9/15-9/28 名师示范课课表");
                            Examples.row(sheet, 1, OddityTest.TITLES);
                            Examples.row(sheet, 2, OddityTest.line(0, "1"));
                        },
                        sheet -> Examples.row(sheet, 0, "填表说明", "每课一行"),
                        sheet -> Examples.row(sheet, 2, "序号", "授课类型", "学科"),
                        sheet -> {}));

        assertThat(result.records(Lesson.class)).hasSize(1);
        assertThat(result.notes())
                .filteredOn(note -> note.message().contains("工作表未读取"))
                .extracting(FormNote::sheet)
                .containsExactly("Sheet2", "Sheet3");
        assertThat(result.problems())
                .extracting(CellProblem::sheet, CellProblem::row, CellProblem::severity)
                .containsExactly(tuple("Sheet3", 3, Severity.WARNING));
    }

    @Test
    void namesColumnsThatAreNotReadByTheirTitles() {
        FormResult<Pairing> result = pairings.read(Examples.workbook(sheet -> {
            Examples.row(sheet, 0, "审核意见", "帮扶学校标识码", "受援学校标识码", "是否固定结对", "三个课堂类型", "电话\n（座机）");
            Examples.row(sheet, 1, "同意", "2161000001", "2161000002", "是", "专递课堂", "029-80000000");
        }));

        assertThat(result.notes()).extracting(FormNote::message).contains("表中没有“审核意见”列，未读取", "表中没有“电话 （座机）”列，未读取");
    }

    @Test
    void namesSheetsWithoutAPlan() {
        FormResult<AnnualPlan> result = AnnualPlanForm.of(Examples.context().build())
                .read(Examples.workbook(
                        sheet -> Examples.row(sheet, 0, "会议纪要"),
                        sheet -> Examples.row(sheet, 0, "负责人", "李示例", "总体预期目标", "全覆盖")));

        assertThat(result.notes()).extracting(FormNote::sheet).containsExactly("Sheet1");
        assertThat(result.problems()).extracting(CellProblem::sheet).contains("Sheet2");
    }
}
