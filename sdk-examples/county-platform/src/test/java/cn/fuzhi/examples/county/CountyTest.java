package cn.fuzhi.examples.county;

import static org.assertj.core.api.Assertions.assertThat;

import cn.fuzhi.sdk.mock.Fault;
import cn.fuzhi.sdk.model.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The county never waits for what cannot happen. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class CountyTest {
    private static final Duration LONG = Duration.ofMinutes(2);

    @TempDir
    private Path folder;

    private CalmDay day;

    @BeforeEach
    void open() {
        day = new CalmDay(folder);
    }

    @AfterEach
    void close() {
        day.close();
    }

    @Test
    void failsWithTheDeadLetterThatOnlyAPersonCanCorrect() {
        day.platform.faults().add(Fault.verdict(Verdict.REJECTED).on("pushUsageReports"));

        try (Child county = Child.start(County.class, day.job, LONG)) {
            assertThat(said(county, "dead ")).startsWith("dead USAGE_REPORT ");
            assertThat(county.exitCode()).isEqualTo(County.DEAD_LETTERS);
        }
    }

    @Test
    void failsWhenItsSubmissionIsRefused() {
        day.platform.faults().add(Fault.verdict(Verdict.REJECTED).on("pushSubmissions"));

        try (Child county = Child.start(County.class, day.job, LONG)) {
            assertThat(said(county, "dead ")).startsWith("dead SUBMISSION ");
            assertThat(county.exitCode()).isEqualTo(County.DEAD_LETTERS);
        }
    }

    @Test
    void endsWhenTheProgramThatStartedItIsGone() throws Exception {
        day.platform.faults().add(Fault.status(503));

        try (Child county = Child.start(County.class, day.job, LONG)) {
            said(county, "progress ");
            county.abandon();

            assertThat(county.exitCode()).isEqualTo(Lifeline.CUT);
        }
    }

    @Test
    void submitsOnceHoweverOftenItIsStarted() throws Exception {
        assertThat(County.report(day.job)).isZero();
        String receipt = day.job.outcome().getProperty("receipt");

        assertThat(County.report(day.job)).isZero();

        assertThat(day.job.outcome().getProperty("receipt")).isEqualTo(receipt);
        assertThat(day.job.outcome().getProperty("delivered.LESSON")).isEqualTo("60");
    }

    private static String said(Child county, String word) {
        String line = county.line();
        while (line != null && !line.startsWith(word)) {
            line = county.line();
        }
        return line;
    }
}
