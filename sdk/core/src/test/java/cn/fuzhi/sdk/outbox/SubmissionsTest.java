package cn.fuzhi.sdk.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import cn.fuzhi.sdk.BatchReply;
import cn.fuzhi.sdk.BatchReply.Disposition;
import cn.fuzhi.sdk.BatchSender;
import cn.fuzhi.sdk.ItemOutcome;
import cn.fuzhi.sdk.api.DeadlinesApi;
import cn.fuzhi.sdk.api.Resources;
import cn.fuzhi.sdk.model.Deadline;
import cn.fuzhi.sdk.model.DeadlineKind;
import cn.fuzhi.sdk.model.DeadlinePage;
import cn.fuzhi.sdk.model.DeadlineState;
import cn.fuzhi.sdk.model.RecordKind;
import cn.fuzhi.sdk.model.SubmissionOutcome;
import cn.fuzhi.sdk.model.SubmissionState;
import cn.fuzhi.sdk.outbox.OutboxEntry.State;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SubmissionsTest {
    private static final RecordKind USAGE = RecordKind.USAGE_REPORT;
    private static final String KEY = "LUEYANG01~USAGE~610727~2022-09-15";

    @TempDir
    Path folder;

    private Bench bench;
    private final OffsetDateTime closesAt = OffsetDateTime.parse("2022-12-31T23:59:59+08:00");

    @BeforeEach
    void open() {
        bench = Bench.on(folder);
        bench.options.platformCode = "LUEYANG01";
    }

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void isNotParkedAtItsFirstMismatchHoweverBadTheNetworkWas() {
        bench.open();
        bench.outbox.enqueue(Records.usages(3, 1));
        bench.drain();
        for (int i = 0; i < 2; i++) {
            bench.witness.before.add(batch -> Witness.failed(Disposition.RETRY));
        }
        bench.witness.after.add(SubmissionsTest::mismatch);
        bench.outbox.submit(DeadlineKind.USAGE, "610727", "2022-09-15");
        bench.drainFor(Duration.ofMinutes(5));
        assertThat(bench.entry(RecordKind.SUBMISSION, KEY).state()).isEqualTo(State.DELIVERED);
    }

    @Test
    void leavesOutWhatTheHostAllowedAlsoWhenItWasDeliveredInBetween() throws SQLException {
        bench.open();
        bench.witness.judge = item -> judge(item, 1);
        bench.outbox.enqueue(Records.usages(3, 1));
        bench.drain();
        SubmitReport blocked = bench.outbox.submit(DeadlineKind.USAGE, "610727", "2022-09-15");
        bench.outbox.submit(DeadlineKind.USAGE, "610727", "2022-09-15", blocked.blocking());
        bench.witness.judge = item -> null;
        bench.enqueue(Records.usage(1, 2));
        bench.witness.before.add(batch -> null);
        bench.witness.before.add(batch -> Witness.failed(Disposition.RETRY));
        bench.drain(); // it is delivered, and the submission that counts it is lost on the way
        bench.reopen();
        bench.witness.judge = item -> judge(item, 1);
        bench.enqueue(Records.usage(1, 3));
        bench.drainFor(Duration.ofMinutes(2));
        assertThat(bench.entry(RecordKind.SUBMISSION, KEY).state()).isEqualTo(State.DELIVERED);
        assertThat(bench.witness.held(RecordKind.SUBMISSION, KEY).payload())
                .contains("\"itemCount\":2,")
                .contains(Records.usageKey(1));
        assertThat(notes()).isEqualTo(1);
        tidyUpAfter(Duration.ofDays(900));
        tidyUpAfter(Duration.ofDays(1));
        assertThat(bench.outbox.find(RecordKind.SUBMISSION, KEY)).isEmpty();
        assertThat(notes()).as("goes with its submission").isZero();
    }

    /** Counts what is noted in the file about submissions. */
    private long notes() throws SQLException {
        bench.outbox.close();
        try (Connection file = DriverManager.getConnection("jdbc:sqlite:" + bench.file);
                ResultSet rows = file.createStatement()
                        .executeQuery("SELECT COUNT(*) FROM fuzhi_outbox_meta WHERE item LIKE 'without~%'")) {
            return rows.next() ? rows.getLong(1) : -1;
        } finally {
            bench.reopen();
        }
    }

    private static ItemOutcome judge(BatchSender.Item item, int refused) {
        return item.record().key().equals(Records.usageKey(refused)) ? RelayTest.rejected(item, "R-19") : null;
    }

    @Test
    void isParkedAtItsThirdMismatch() {
        bench.open();
        bench.outbox.enqueue(Records.usages(3, 1));
        bench.drain();
        for (int i = 0; i < 3; i++) {
            bench.witness.after.add(SubmissionsTest::mismatch);
        }
        bench.outbox.submit(DeadlineKind.USAGE, "610727", "2022-09-15");
        bench.drainFor(Duration.ofMinutes(5));
        assertThat(bench.entry(RecordKind.SUBMISSION, KEY).cause()).isEqualTo(Verdicts.MISMATCH);
    }

    private static BatchReply mismatch(BatchReply reply) {
        BatchReply.Decided decided = (BatchReply.Decided) reply;
        ItemOutcome one = decided.outcomes().values().iterator().next();
        SubmissionOutcome outcome = SubmissionOutcome.builder()
                .state(SubmissionState.MISMATCH)
                .statedCount(3L)
                .platformCount(2L)
                .statedDigest("0".repeat(64))
                .platformDigest("1".repeat(64))
                .build();
        return new BatchReply.Decided(
                decided.requestId(),
                Map.of(
                        one.key(),
                        new ItemOutcome(
                                one.key(), one.verdict(), one.version(), null, null, List.of(), List.of(), outcome)));
    }

    @Test
    void keepsWhatItCoversUntilThePlatformHasClosedThePeriod() {
        bench.options.retention = Duration.ofDays(30);
        Resources platform = new Resources() {
            @Override
            public <T> T api(Class<T> type) {
                return type == DeadlinesApi.class ? type.cast(calendar()) : bench.witness.api(type);
            }
        };
        bench.machine = Machine.onFile(
                bench.file,
                bench.options.settings(),
                new Machine.Ends(
                        bench.witness, platform, bench.listener, Machine.listenerThread("test"), bench.time.clocks));
        bench.outbox = Outbox.on(bench.machine);
        bench.outbox.enqueue(Records.usages(3, 1));
        bench.outbox.submit(DeadlineKind.USAGE, "610727", "2022-09-15");
        bench.drainFor(Duration.ofSeconds(5));
        tidyUpAfter(Duration.ofDays(60));
        assertThat(bench.outbox.find(USAGE, Records.usageKey(1))).isPresent();
        assertThat(bench.outbox.find(RecordKind.SUBMISSION, KEY)).isPresent();
        tidyUpAfter(Duration.ofDays(60));
        assertThat(bench.outbox.find(USAGE, Records.usageKey(1))).isEmpty();
    }

    @Test
    void keepsWhatItCoversWhileThePlatformCannotSayWhetherThePeriodHasClosed() {
        bench.options.retention = Duration.ofDays(30);
        bench.open();
        bench.outbox.delete(RecordKind.SUBMISSION, "USAGE~610727~2022-09-15"); // somebody forgot the platform
        bench.outbox.enqueue(Records.usages(3, 1));
        bench.outbox.submit(DeadlineKind.USAGE, "610727", "2022-09-15");
        bench.drainFor(Duration.ofSeconds(5));
        tidyUpAfter(Duration.ofDays(300));
        assertThat(bench.outbox.find(USAGE, Records.usageKey(1))).isPresent();
        tidyUpAfter(Duration.ofDays(102));
        assertThat(bench.outbox.find(USAGE, Records.usageKey(1))).isEmpty();
    }

    @Test
    void keepsWhatNobodyHasSubmittedYetUntilItCanBeCounted() {
        bench.options.retention = Duration.ofDays(30);
        bench.open();
        bench.outbox.enqueue(Records.usages(3, 1));
        bench.drain();
        tidyUpAfter(Duration.ofDays(60));
        bench.outbox.submit(DeadlineKind.USAGE, "610727", "2022-09-15");
        bench.drainFor(Duration.ofSeconds(5));
        assertThat(bench.witness.held(RecordKind.SUBMISSION, KEY).payload()).contains("\"itemCount\":3,");
    }

    @Test
    void keepsWhatWasGivenUpFromWhenItWasGivenUp() {
        bench.open();
        bench.witness.judge = item -> RelayTest.rejected(item, "R-19");
        bench.outbox.enqueue(Records.usages(1, 1));
        bench.drain();
        bench.time.turn(Duration.ofDays(300));
        DeadLetters letters = bench.outbox.deadLetters();
        letters.discard(letters.list(null, null, 10));
        tidyUpAfter(Duration.ofDays(399));
        assertThat(bench.entry(USAGE, Records.usageKey(0)).state()).isEqualTo(State.DISCARDED);
        tidyUpAfter(Duration.ofDays(2));
        assertThat(bench.outbox.find(USAGE, Records.usageKey(0))).isEmpty();
    }

    private void tidyUpAfter(Duration time) {
        bench.time.turn(time);
        for (int i = 0; i < 40; i++) {
            bench.machine.relay().runOnce();
        }
    }

    private DeadlinesApi calendar() {
        return (kind, body, from, to, state, cursor, limit) -> new DeadlinePage(
                List.of(Deadline.builder()
                        .kind(DeadlineKind.USAGE)
                        .periodKey("2022-09-15")
                        .bodyCode("610727")
                        .opensAt(closesAt.minusDays(90))
                        .dueAt(closesAt.minusDays(60))
                        .closesAt(closesAt)
                        .state(DeadlineState.of("ACCEPTED"))
                        .build()),
                null,
                false);
    }
}
