package cn.fuzhi.examples.county;

import static org.assertj.core.api.Assertions.assertThat;

import cn.fuzhi.sdk.model.PushRecord;
import cn.fuzhi.sdk.model.RecordKind;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkbooksTest {
    @Test
    void readsEveryRowOfTheSamples() {
        Workbooks workbooks = Workbooks.read(Samples.FOLDER);

        assertThat(workbooks.refused()).isEmpty();
        assertThat(workbooks.reasons()).isEmpty();
        assertThat(workbooks.read(RecordKind.LESSON)).isEqualTo(60);
        assertThat(workbooks.kinds())
                .containsExactly(
                        RecordKind.PLATFORM,
                        RecordKind.SCHOOL,
                        RecordKind.PAIRING,
                        RecordKind.TIMETABLE,
                        RecordKind.LESSON,
                        RecordKind.USAGE_REPORT);
    }

    @Test
    void countsRowsNotMistakesAndGivesEveryReason(@TempDir Path folder) throws Exception {
        Workbooks workbooks = Workbooks.read(Samples.withProblems(folder));

        assertThat(workbooks.refused()).containsOnlyKeys(RecordKind.PAIRING, RecordKind.LESSON);
        assertThat(workbooks.refused()).containsEntry(RecordKind.PAIRING, 3).containsEntry(RecordKind.LESSON, 4);
        assertThat(workbooks.reasons().get(RecordKind.PAIRING)).hasSize(4);
        assertThat(workbooks.reasons().get(RecordKind.LESSON)).hasSize(7);
        for (RecordKind kind : workbooks.kinds()) {
            long good = workbooks.records().stream()
                    .map(PushRecord::kind)
                    .filter(kind::equals)
                    .count();
            assertThat((long) workbooks.read(kind))
                    .isEqualTo(good + workbooks.refused().getOrDefault(kind, 0));
        }
    }
}
