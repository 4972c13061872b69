package cn.fuzhi.examples.county;

import static org.assertj.core.api.Assertions.assertThat;

import cn.fuzhi.sdk.FuzhiClient;
import cn.fuzhi.sdk.model.PushRecord;
import cn.fuzhi.sdk.model.RecordKind;
import cn.fuzhi.sdk.model.School;
import cn.fuzhi.sdk.outbox.Outbox;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A judge that has never condemned anybody proves nothing. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class VerdictTest {
    @TempDir
    private Path folder;

    private CalmDay day;

    @BeforeEach
    void report() throws Exception {
        day = new CalmDay(folder);
        assertThat(County.report(day.job)).isZero();
    }

    @AfterEach
    void close() {
        day.close();
    }

    private void judged(int code, String words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int verdict = Verdict.judge(day.job, new PrintStream(out, true, StandardCharsets.UTF_8));

        assertThat(out.toString(StandardCharsets.UTF_8)).contains(words);
        assertThat(verdict).isEqualTo(code);
    }

    /** Something that no workbook says, sent by the county's own outbox. */
    private void plant(Consumer<Outbox> act) throws InterruptedException {
        try (FuzhiClient client = Connection.open(day.job);
                Outbox outbox = County.outbox(day.job, client)) {
            act.accept(outbox);
            assertThat(outbox.flush(Duration.ofSeconds(30)).isComplete()).isTrue();
        }
    }

    private static <T extends PushRecord> T one(Class<T> type) {
        return Workbooks.read(Samples.FOLDER).records().stream()
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst()
                .orElseThrow();
    }

    private static PushRecord usage() {
        return Workbooks.read(Samples.FOLDER).records().stream()
                .filter(record -> record.kind().equals(RecordKind.USAGE_REPORT))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void agreesWhenNothingIsWrong() {
        judged(0, "lost=0 different=0 foreign=0 twice=0 receipts=1 receipted=61/61");
    }

    @Test
    void seesALossThatNoChangeAnnounces() {
        day.platform.forget(RecordKind.USAGE_REPORT, usage().key());

        judged(1, "lost=1 different=0 foreign=0 twice=0");
    }

    @Test
    void seesADeletion() throws Exception {
        plant(outbox -> outbox.delete(RecordKind.USAGE_REPORT, usage().key()));

        judged(1, "lost=1 different=0 foreign=0 twice=0");
    }

    @Test
    void seesAChangedRecord() throws Exception {
        plant(outbox ->
                outbox.enqueue(one(School.class).toBuilder().name("略阳县改名小学").build()));

        judged(1, "lost=0 different=1 foreign=0");
    }

    @Test
    void seesAForeignRecord() throws Exception {
        plant(outbox -> outbox.enqueue(
                one(School.class).toBuilder().schoolCode("2161999999").build()));

        judged(1, "lost=0 different=0 foreign=1 twice=0");
    }

    @Test
    void seesARecordThatWasAppliedTwice() throws Exception {
        School school = one(School.class);
        plant(outbox -> outbox.enqueue(school.toBuilder().name("略阳县改名小学").build()));
        plant(outbox -> outbox.enqueue(school));

        judged(1, "lost=0 different=0 foreign=0 twice=1");
    }

    @Test
    void seesAReceiptThatCountsTooFew() throws Exception {
        Path problems = Samples.withProblems(Files.createDirectory(folder.resolve("fewer")));
        day.close();
        day = new CalmDay(Files.createDirectory(folder.resolve("another")));
        assertThat(County.report(new Job(problems, day.job.work(), 1))).isZero();

        judged(1, "receipts=1 receipted=4/61");
    }
}
