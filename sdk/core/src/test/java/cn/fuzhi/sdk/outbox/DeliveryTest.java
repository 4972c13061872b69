package cn.fuzhi.sdk.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cn.fuzhi.sdk.BatchReply.Disposition;
import cn.fuzhi.sdk.BatchSender.Item;
import cn.fuzhi.sdk.ItemOutcome;
import cn.fuzhi.sdk.model.Op;
import cn.fuzhi.sdk.model.RecordKind;
import cn.fuzhi.sdk.model.Verdict;
import cn.fuzhi.sdk.outbox.DeadLetters.Requeue;
import cn.fuzhi.sdk.outbox.OutboxEntry.State;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Waits, leases and versions beside the straight way of a record, for which see {@link RelayTest}. */
class DeliveryTest {
    private static final RecordKind USAGE = RecordKind.USAGE_REPORT;
    private static final Duration LEASE = Duration.ofSeconds(90);

    @TempDir
    Path folder;

    private Bench bench;
    private Witness witness;

    @BeforeEach
    void open() {
        bench = Bench.on(folder).open();
        witness = bench.witness;
    }

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void asksEverLessOftenWhileThePlatformThrottlesWithoutSayingForHowLong() {
        witness.always = batch -> Witness.failed(Disposition.PAUSE_HOST);
        bench.enqueue(Records.usage(1, 1));
        bench.drainFor(Duration.ofHours(6));
        assertThat(witness.batches).hasSizeBetween(15, 80);
        assertThat(bench.entry(USAGE, Records.usageKey(1)).attempts()).isZero();
        witness.always = batch -> null;
        bench.drainFor(Duration.ofMinutes(20));
        assertThat(bench.entry(USAGE, Records.usageKey(1)).state()).isEqualTo(State.DELIVERED);
    }

    @Test
    void saysWhatTheLastRequestMetUntilOneGoesThrough() {
        witness.always = batch -> Witness.failed(Disposition.RETRY);
        bench.enqueue(Records.usage(1, 1));
        bench.drain();
        assertThat(bench.outbox.status().lastFailure()).contains("scripted fault");
        witness.always = batch -> null;
        bench.drainFor(Duration.ofMinutes(1));
        assertThat(bench.outbox.status().lastFailure()).isNull();
    }

    @Test
    void asksADeadPlatformAboutTwiceAMinute() {
        witness.always = batch -> Witness.failed(Disposition.RETRY);
        bench.enqueue(Records.usage(1, 1));
        bench.drainFor(Duration.ofHours(24), Duration.ofSeconds(10));
        witness.batches.clear();
        bench.drainFor(Duration.ofHours(24), Duration.ofSeconds(10));
        assertThat(witness.batches).hasSizeBetween(2_000, 3_500);
    }

    @Test
    void triesAgainSoonWhatItsOwnClientDidNotLetGo() {
        witness.always = batch -> Witness.failed(Disposition.NOT_TRIED);
        bench.enqueue(Records.usage(1, 1));
        bench.drainFor(Duration.ofHours(1));
        assertThat(bench.entry(USAGE, Records.usageKey(1)).attempts()).isZero();
        witness.always = batch -> null;
        bench.time.turn(Duration.ofSeconds(10));
        bench.drain();
        assertThat(bench.entry(USAGE, Records.usageKey(1)).state()).isEqualTo(State.DELIVERED);
    }

    @Test
    void takesALeaseThatRanOutHereForNoFailureOfThePlatform() {
        bench.outbox.enqueue(Records.usages(4, 1));
        Pauses pauses = new Pauses(bench.time.clocks);
        Options options = bench.options;
        options.lease = Duration.ofMillis(900); // shorter than the margin that a request needs
        Delivery delivery = new Delivery(
                bench.machine.store(),
                witness,
                new Verdicts(bench.time.clocks, claims -> java.util.Map.of()),
                pauses,
                new BatchSizes(500, bench.time.clocks),
                bench.time.clocks,
                options.settings(),
                bench.machine);
        for (int i = 0; i < 3; i++) {
            List<Claim> claims = bench.machine.store().claim(USAGE, 500, 1 << 20, LEASE);
            assertThat(claims).hasSize(4);
            delivery.deliver(USAGE, claims, bench.time.clocks.start());
        }
        assertThat(witness.batches).isEmpty();
        assertThat(pauses.failures()).isZero();
        assertThat(pauses.untilFree()).isZero();
    }

    @Test
    void adoptsNoVersionThatNothingCanCountOnFrom() {
        bench.enqueue(Records.usage(1, 1));
        String key = Records.usageKey(1);
        witness.judge = item -> stale(item, Long.MAX_VALUE);
        bench.drain();
        OutboxEntry parked = bench.entry(USAGE, key);
        assertThat(parked.cause()).isEqualTo(Verdicts.STALE);
        witness.judge = item -> null;
        assertThat(bench.outbox.deadLetters().requeue(List.of(parked), Requeue.AS_NEWEST))
                .isEqualTo(1);
        bench.drain();
        assertThat(witness.held(USAGE, key).version()).isEqualTo((1L << 53) - 1);
    }

    private static ItemOutcome stale(Item item, long version) {
        return Witness.outcome(
                item,
                Verdict.STALE,
                new Witness.Held(USAGE, item.record().key(), version, "f".repeat(64), Op.UPSERT, null));
    }

    @Test
    void countsOnFromTheVersionOfADiscardedRecord() {
        witness.judge = item -> RelayTest.rejected(item, "R-19");
        bench.enqueue(Records.usage(1, 1));
        bench.drain();
        OutboxEntry dead = bench.entry(USAGE, Records.usageKey(1));
        DeadLetters letters = bench.outbox.deadLetters();
        assertThat(letters.discard(List.of(dead))).isEqualTo(1);
        assertThat(letters.list(null, null, 10)).isEmpty();
        assertThat(bench.outbox.status().rejected()).isZero();
        assertThat(bench.entry(USAGE, dead.key()).state()).isEqualTo(State.DISCARDED);
        bench.time.setWall(Duration.ofDays(-2)); // the clock alone would give an older version
        bench.reopen();
        witness.judge = item -> null;
        assertThat(bench.enqueue(Records.usage(1, 1)).queued()).isEqualTo(1);
        assertThat(bench.entry(USAGE, dead.key()).version()).isGreaterThan(dead.version());
        bench.drain();
        assertThat(bench.entry(USAGE, dead.key()).state()).isEqualTo(State.DELIVERED);
    }

    @Test
    void deletesNothingUnderAKeyThatNoRecordCanHave() {
        for (String key : new String[] {"", "a b", "~a", "a~", "../x", "a".repeat(41), "键"}) {
            assertThatThrownBy(() -> bench.outbox.delete(USAGE, key))
                    .as(key)
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(bench.outbox.status().pending()).isZero();
        assertThat(bench.outbox.delete(USAGE, Records.usageKey(1)).queued()).isEqualTo(1);
    }
}
