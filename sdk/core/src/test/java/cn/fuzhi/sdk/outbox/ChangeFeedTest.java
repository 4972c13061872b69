package cn.fuzhi.sdk.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import cn.fuzhi.sdk.BatchReply;
import cn.fuzhi.sdk.BatchReply.Disposition;
import cn.fuzhi.sdk.model.Change;
import cn.fuzhi.sdk.model.ChangeOp;
import cn.fuzhi.sdk.model.RecordKind;
import cn.fuzhi.sdk.model.Review;
import cn.fuzhi.sdk.model.ReviewState;
import cn.fuzhi.sdk.model.Verdict;
import cn.fuzhi.sdk.outbox.OutboxEntry.State;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a realistic change feed does to records that the province holds. */
class ChangeFeedTest {
    private static final RecordKind USAGE = RecordKind.USAGE_REPORT;
    private static final String KEY = Records.usageKey(1);
    private static final OffsetDateTime AT = OffsetDateTime.parse("2022-09-16T10:00:00+08:00");

    @TempDir
    Path folder;

    private Bench bench;
    private long seq;

    @BeforeEach
    void open() {
        bench = Bench.on(folder);
        bench.options.changesEvery = Duration.ofMinutes(5);
        bench.callbacks = Runnable::run; // the feed goes on when its listener has heard the last page
        bench.open();
        bench.witness.judge = item -> Witness.outcome(item, Verdict.HELD, null);
        bench.enqueue(Records.usage(1, 1));
        bench.drain();
    }

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void staysHeldWhenItsOwnEchoComesAndEndsWithTheDecision() {
        long version = bench.entry(USAGE, KEY).version();
        tell(ChangeOp.UPSERT, version, null);
        readFeed();
        assertThat(bench.entry(USAGE, KEY).state()).isEqualTo(State.HELD);
        tell(ChangeOp.REVIEW, version, ReviewState.REFUSED);
        readFeed();
        assertThat(bench.entry(USAGE, KEY).state()).isEqualTo(State.REJECTED);
    }

    @Test
    void isDecidedByAReviewOfItsVersionOnly() {
        long version = bench.entry(USAGE, KEY).version();
        tell(ChangeOp.REVIEW, version - 1, ReviewState.REFUSED);
        tell(ChangeOp.REVIEW, version + 1, ReviewState.REFUSED);
        tell(ChangeOp.REVIEW, null, ReviewState.REFUSED);
        readFeed();
        assertThat(bench.entry(USAGE, KEY).state()).isEqualTo(State.HELD);
        tell(ChangeOp.REVIEW, version, ReviewState.CONFIRMED);
        readFeed();
        assertThat(bench.entry(USAGE, KEY).state()).isEqualTo(State.DELIVERED);
    }

    @Test
    void isDecidedAlsoWhenTheDecisionComesBeforeTheAnswerThatItIsHeld() {
        bench.witness.after.add(reply -> Witness.failed(Disposition.RETRY));
        bench.enqueue(Records.usage(1, 2));
        bench.drain();
        assertThat(bench.entry(USAGE, KEY).state()).isEqualTo(State.PENDING);
        bench.witness.always =
                batch -> new BatchReply.Failed(Disposition.PAUSE_HOST, Duration.ofHours(1), "维护 / maintenance", null);
        bench.drainFor(Duration.ofMinutes(1));
        tell(ChangeOp.REVIEW, bench.entry(USAGE, KEY).version(), ReviewState.REFUSED);
        readFeed();
        bench.witness.always = batch -> null;
        bench.drainFor(Duration.ofHours(3));
        assertThat(bench.entry(USAGE, KEY).state()).isEqualTo(State.REJECTED);
    }

    @Test
    void isSentAgainOnlyAsSomethingNewAfterARefusal() {
        tell(ChangeOp.REVIEW, bench.entry(USAGE, KEY).version(), ReviewState.REFUSED);
        readFeed();
        DeadLetters letters = bench.outbox.deadLetters();
        assertThat(letters.requeue(letters.list(null, null, 10), DeadLetters.Requeue.AS_IT_IS))
                .as("the province would answer nothing to the same version")
                .isZero();
        assertThat(letters.requeue(letters.list(null, null, 10), DeadLetters.Requeue.AS_NEWEST))
                .isEqualTo(1);
    }

    @Test
    void decidesAPageInOneTransaction() throws Exception {
        List<Corrections.Decision> page = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            page.add(new Corrections.Decision(USAGE, Records.usageKey(i), 5, false, null));
        }
        AtomicInteger writes = new AtomicInteger();
        try (OneConnection database = new OneConnection()) {
            database.faults = () -> {
                writes.incrementAndGet();
                return OneConnection.Fault.NONE;
            };
            Corrections corrections =
                    new Corrections(database, Dialect.SQLITE, Outbox.Builder.PREFIX, "default", false);
            assertThat(corrections.decide(page)).isEmpty();
            assertThat(writes).hasValue(0);
            database.change(tx -> tx.update("INSERT INTO fuzhi_outbox_entry (name, kind, record_key, version, op,"
                    + " payload_bytes, state, send_rank, due, attempts, alone, together, unknown_verdicts, lease_until,"
                    + " claim_no, enqueued_at) VALUES ('default', 'USAGE_REPORT', '" + KEY
                    + "', 5, 'UPSERT', 0, 'HELD', 0, 0, 0, 0, 0, 0, 0, 0, 0)"));
            writes.set(0);
            assertThat(corrections.decide(page)).isEmpty();
            assertThat(writes).hasValue(1);
        }
    }

    private void readFeed() {
        for (int page = 0; page < 4; page++) {
            bench.time.turn(Duration.ofMinutes(6));
            bench.machine.relay().runOnce();
        }
    }

    private void tell(ChangeOp op, @Nullable Long version, @Nullable ReviewState state) {
        bench.witness.changes.add(Change.builder()
                .changeSeq(++seq)
                .kind(USAGE)
                .key(KEY)
                .op(op)
                .at(AT)
                .version(version)
                .review(
                        state == null
                                ? null
                                : Review.builder().state(state).at(AT).build())
                .build());
    }
}
