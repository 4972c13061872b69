package cn.fuzhi.sdk.forms;

import static org.assertj.core.api.Assertions.assertThat;

import cn.fuzhi.sdk.model.PushRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class MarkedCopyTest {
    private final TimetableForm form = TimetableForm.of(Samples.context());
    private final FormFile original = FormFile.of(Path.of("../../sdk-examples/samples/timetable-with-problems.xlsx"));

    @Test
    void saysTheSameAsTheOriginalWithACommentAtEveryProblem() throws IOException {
        FormResult<PushRecord> result = form.read(original);

        FormFile copy = Examples.written(out -> form.mark(original, result, out));

        FormResult<PushRecord> again = form.read(copy);
        assertThat(again.records()).isEqualTo(result.records());
        assertThat(again.problems()).isEqualTo(result.problems());
        String comments = Examples.part(copy, "xl/comments1.xml");
        for (CellProblem problem : result.problems()) {
            String cell = problem.cell().substring(problem.cell().indexOf('!') + 1);
            assertThat(comments).contains("ref=\"" + cell + "\"");
        }
    }

    @Test
    void putsWhatConcernsTheFileIntoTheFirstCell() throws IOException {
        FormFile text = FormFile.of("名单.csv", "甲,乙\r\n1,2\r\n".getBytes(StandardCharsets.UTF_8));
        FormResult<PushRecord> result = form.read(text);

        assertThat(result.problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).isEqualTo("没有找到表头"));
        FormFile copy = Examples.written(out -> form.mark(text, result, out));
        assertThat(Examples.part(copy, "xl/comments1.xml")).contains("ref=\"A1\"");
    }

    @Test
    void marksRowsThatTheFileDoesNotHave() throws IOException {
        FormFile file = Examples.workbook(sheet -> {
            Examples.row(sheet, 4, OddityTest.TITLES);
            Examples.row(sheet, 5, OddityTest.line(0, "1"));
        });
        FormResult<PushRecord> result = form.read(file);

        assertThat(result.problems()).extracting(CellProblem::row).containsExactly(1);
        FormFile copy = Examples.written(out -> form.mark(file, result, out));
        assertThat(Examples.part(copy, "xl/comments1.xml")).contains("ref=\"A1\"");
    }

    @Test
    void isReadWithoutAProblemOnceTheMarkedCellIsCorrected() {
        TimetableForm county = TimetableForm.of(Examples.context().build());
        FormFile file = Examples.workbook(sheet -> {
            Examples.row(sheet, 0, "略阳县 9/15-9/28 名师示范课课表");
            Examples.row(sheet, 1, OddityTest.TITLES);
            Examples.row(sheet, 2, OddityTest.line(11, "13800000"));
        });
        FormResult<PushRecord> result = county.read(file);
        FormFile copy = Examples.written(out -> county.mark(file, result, out));

        FormResult<PushRecord> corrected = county.read(Examples.changed(copy, ">13800000<", ">13800000000<"));

        assertThat(result.problems()).extracting(CellProblem::cell).containsExactly("Sheet1!L3");
        assertThat(corrected.problems()).isEmpty();
        assertThat(corrected.records(cn.fuzhi.sdk.model.Lesson.class)).hasSize(1);
    }
}
