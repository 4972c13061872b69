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
}
