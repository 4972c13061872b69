package cn.fuzhi.sdk.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import cn.fuzhi.sdk.BatchReply;
import cn.fuzhi.sdk.BatchReply.Disposition;
import cn.fuzhi.sdk.BatchSender.Item;
import cn.fuzhi.sdk.ItemOutcome;
import cn.fuzhi.sdk.model.RecordKind;
import cn.fuzhi.sdk.model.Severity;
import cn.fuzhi.sdk.model.Verdict;
import cn.fuzhi.sdk.model.Violation;
import cn.fuzhi.sdk.outbox.OutboxEntry.State;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RelayTest {
    private static final RecordKind USAGE = RecordKind.USAGE_REPORT;

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
    void findsThePoisonOfABatchByHalvingAndDeliversTheRest() {
        String poison = Records.usageKey(137);
        witness.always = batch -> holds(batch.items(), poison) ? Witness.failed(Disposition.BISECT) : null;
        bench.outbox.enqueue(Records.usages(500, 1));
        bench.drain();
        assertThat(state(137)).isEqualTo(State.REJECTED);
        assertThat(bench.entry(USAGE, poison).cause()).isEqualTo(Delivery.REFUSED_ALONE);
        assertThat(witness.held).hasSize(499);
        assertThat(witness.batches).hasSizeLessThanOrEqualTo(1 + 2 * 9 + 1);
    }

    @Test
    void halvesABatchThatIsTooLargeAndRemembersTheSize() {
        witness.always = batch -> batch.items().size() > 120 ? Witness.failed(Disposition.SPLIT) : null;
        bench.outbox.enqueue(Records.usages(1000, 1));
        bench.drain();
        assertThat(witness.held).hasSize(1000);
        long tooLarge = witness.batches.stream()
                .filter(batch -> batch.items().size() > 120)
                .count();
        assertThat(tooLarge).isEqualTo(3);
        bench.time.turn(Duration.ofHours(4));
        witness.always = batch -> null;
        bench.outbox.enqueue(Records.usages(1000, 2));
        witness.batches.clear();
        bench.drain();
        assertThat(witness.batches).hasSize(2);
    }

    @Test
    void refusesASingleRecordThatIsTooLarge() {
        witness.always = batch -> Witness.failed(Disposition.SPLIT);
        bench.enqueue(Records.usage(1, 1));
        bench.drain();
        assertThat(bench.entry(USAGE, Records.usageKey(1)).cause()).isEqualTo(Delivery.TOO_LARGE);
    }

    @Test
    void sendsNothingButOneProbePerWaitWhileThePlatformIsDown() {
        witness.always = batch -> Witness.failed(Disposition.RETRY);
        bench.outbox.enqueue(Records.usages(5000, 1));
        bench.drainFor(Duration.ofHours(1), Duration.ofSeconds(5));
        assertThat(witness.batches).hasSizeBetween(60, 180);
        witness.always = batch -> null;
        bench.drainFor(Duration.ofMinutes(2));
        assertThat(witness.held).hasSize(5000);
    }

    @Test
    void waitsAsLongAsThePlatformAsks() {
        witness.before.add(
                batch -> new BatchReply.Failed(Disposition.PAUSE_HOST, Duration.ofMinutes(2), "限流 / throttled", null));
        bench.enqueue(Records.usage(1, 1));
        bench.drainFor(Duration.ofSeconds(110));
        assertThat(witness.batches).hasSize(1);
        assertThat(bench.outbox.status().lastFailure()).contains("throttled");
        bench.drainFor(Duration.ofSeconds(30));
        assertThat(state(1)).isEqualTo(State.DELIVERED);
        assertThat(bench.entry(USAGE, Records.usageKey(1)).attempts()).isZero();
        assertThat(bench.outbox.status().lastFailure()).isNull();
    }

    @Test
    void pausesOneKindAndGoesOnWithTheOthers() {
        witness.always =
                batch -> batch.kind().equals(RecordKind.SCHOOL) ? Witness.failed(Disposition.PAUSE_KIND) : null;
        bench.enqueue(Records.school(1, "略阳县示例乡村小学"), Records.usage(1, 1));
        bench.drain();
        assertThat(state(1)).isEqualTo(State.DELIVERED);
        assertThat(bench.outbox.status().pausedKinds()).containsKey(RecordKind.SCHOOL);
        witness.always = batch -> null;
        bench.outbox.resume();
        bench.drain();
        assertThat(bench.outbox.status().pausedKinds()).isEmpty();
        assertThat(bench.outbox.status().pending()).isZero();
    }

    @Test
    void pausesAllWithoutCountingAttemptsAndProbesEveryFiveMinutes() {
        witness.always = batch -> Witness.failed(Disposition.PAUSE_ALL);
        bench.outbox.enqueue(Records.usages(10, 1));
        bench.drainFor(Duration.ofMinutes(31));
        assertThat(witness.batches).hasSizeBetween(5, 7);
        assertThat(bench.entry(USAGE, Records.usageKey(1)).attempts()).isZero();
        assertThat(bench.outbox.status().pausedBy()).isNotNull();
        assertThat(bench.outbox.status().lastFailure())
                .isEqualTo(bench.outbox.status().pausedBy());
    }

    @Test
    void parksARecordThatFailsAloneWhileItsNeighboursSucceed() {
        String poison = Records.usageKey(3);
        witness.always = batch -> holds(batch.items(), poison) ? Witness.failed(Disposition.RETRY) : null;
        int number = 1000;
        for (int round = 0; round < 60 && !state3Stopped(); round++) {
            bench.outbox.enqueue(round == 0 ? Records.usages(64, 1) : List.of(Records.usage(number++, 1)));
            bench.drainFor(Duration.ofMinutes(20));
        }
        assertThat(state(3)).isEqualTo(State.PARKED);
        assertThat(bench.entry(USAGE, poison).cause()).isEqualTo(Delivery.FAILS_ALONE);
        assertThat(bench.outbox.status().pending()).isZero();
    }

    private boolean state3Stopped() {
        return bench.outbox
                .find(USAGE, Records.usageKey(3))
                .filter(e -> e.state() != State.PENDING)
                .isPresent();
    }

    @Test
    void neverParksTheOnlyRecordOfAPlatformThatIsDown() {
        witness.always = batch -> Witness.failed(Disposition.RETRY);
        bench.enqueue(Records.usage(1, 1));
        bench.drainFor(Duration.ofDays(2));
        assertThat(state(1)).isEqualTo(State.PENDING);
    }

    @Test
    void matchesResultsByKeyAndSendsAgainWhatIsMissing() {
        witness.after.add(reply -> {
            Map<String, ItemOutcome> some = new HashMap<>(((BatchReply.Decided) reply).outcomes());
            some.remove(Records.usageKey(2));
            return new BatchReply.Decided("req-x", some);
        });
        bench.outbox.enqueue(Records.usages(4, 1));
        bench.drain();
        assertThat(state(2)).isEqualTo(State.PENDING);
        bench.drainFor(Duration.ofSeconds(5));
        assertThat(state(2)).isEqualTo(State.DELIVERED);
        assertThat(witness.batches).hasSize(2);
    }

    @Test
    void parksAfterTheThirdVerdictThatItDoesNotKnow() {
        witness.judge = item -> Witness.outcome(item, Verdict.of("LIKED"), null);
        bench.enqueue(Records.usage(1, 1));
        bench.drainFor(Duration.ofMinutes(5));
        assertThat(witness.batches).hasSize(3);
        assertThat(bench.entry(USAGE, Records.usageKey(1)).cause()).isEqualTo(Verdicts.UNKNOWN_VERDICT);
    }

    @Test
    void keepsARefusalWithItsViolations() {
        witness.judge = item -> rejected(item, "R-19");
        bench.enqueue(Records.usage(1, 1));
        bench.drain();
        OutboxEntry entry = bench.entry(USAGE, Records.usageKey(1));
        assertThat(entry.state()).isEqualTo(State.REJECTED);
        assertThat(entry.cause()).isEqualTo("R-19");
        assertThat(entry.problem()).contains("/loginCount");
        witness.judge = item -> null;
        assertThat(bench.enqueue(Records.usage(1, 1)).queued()).isEqualTo(1);
        bench.drain();
        assertThat(state(1)).isEqualTo(State.DELIVERED);
    }

    @Test
    void waitsForAReferenceAndRefusesOnlyADayAfterNothingHereExplainsIt() {
        witness.always =
                batch -> batch.kind().equals(RecordKind.SCHOOL) ? Witness.failed(Disposition.PAUSE_KIND) : null;
        witness.judge = item -> rejected(item, Verdicts.UNKNOWN_REFERENCE);
        bench.enqueue(Records.school(1, "略阳县示例乡村小学"), Records.usage(1, 1));
        bench.drainFor(Duration.ofHours(40));
        assertThat(state(1)).isEqualTo(State.PENDING);
        witness.always = batch -> null;
        witness.judge = item -> item.record().kind().equals(USAGE) ? rejected(item, Verdicts.UNKNOWN_REFERENCE) : null;
        bench.outbox.resume();
        bench.drainFor(Duration.ofHours(23));
        assertThat(state(1)).isEqualTo(State.PENDING);
        bench.drainFor(Duration.ofHours(2));
        assertThat(state(1)).isEqualTo(State.REJECTED);
    }

    @Test
    void neverOverwritesTheNewerVersionOfThePlatformButCountsOnFromIt() {
        bench.enqueue(Records.usage(1, 1));
        long ours = bench.entry(USAGE, Records.usageKey(1)).version();
        witness.held.put(
                USAGE + "/" + Records.usageKey(1),
                new Witness.Held(USAGE, Records.usageKey(1), ours + 5_000_000_000L, "f".repeat(64), op(), null));
        bench.drain();
        OutboxEntry parked = bench.entry(USAGE, Records.usageKey(1));
        assertThat(parked.state()).isEqualTo(State.PARKED);
        assertThat(parked.cause()).isEqualTo(Verdicts.STALE);
        assertThat(bench.outbox.deadLetters().requeue(List.of(parked), DeadLetters.Requeue.AS_IT_IS))
                .isZero();
        bench.enqueue(Records.usage(1, 1));
        bench.drain();
        assertThat(state(1)).isEqualTo(State.DELIVERED);
        assertThat(witness.held(USAGE, Records.usageKey(1)).version()).isGreaterThan(ours + 5_000_000_000L);
    }

    @Test
    void adoptsTheVersionWhenThePlatformHasTheSameBytes() {
        bench.enqueue(Records.usage(1, 1));
        OutboxEntry before = bench.entry(USAGE, Records.usageKey(1));
        witness.held.put(
                USAGE + "/" + before.key(),
                new Witness.Held(USAGE, before.key(), before.version() + 7, before.digest(), op(), null));
        bench.drain();
        OutboxEntry entry = bench.entry(USAGE, before.key());
        assertThat(entry.state()).isEqualTo(State.DELIVERED);
        assertThat(entry.version()).isEqualTo(before.version() + 7);
    }

    @Test
    void parksAConflictOfVersions() {
        bench.enqueue(Records.usage(1, 1));
        OutboxEntry before = bench.entry(USAGE, Records.usageKey(1));
        witness.held.put(
                USAGE + "/" + before.key(),
                new Witness.Held(USAGE, before.key(), before.version(), "f".repeat(64), op(), null));
        bench.drain();
        OutboxEntry parked = bench.entry(USAGE, before.key());
        assertThat(parked.cause()).isEqualTo(Verdicts.CONFLICT);
        assertThat(bench.outbox.deadLetters().requeue(List.of(parked), DeadLetters.Requeue.AS_NEWEST))
                .isEqualTo(1);
        bench.drain();
        assertThat(state(1)).isEqualTo(State.DELIVERED);
    }

    @Test
    void staysPendingWhenTheRecordChangedWhileItWasOnItsWay() {
        witness.after.add(reply -> {
            bench.enqueue(Records.usage(1, 2));
            return reply;
        });
        bench.enqueue(Records.usage(1, 1));
        bench.machine.relay().runOnce();
        assertThat(state(1)).isEqualTo(State.PENDING);
        bench.drain();
        assertThat(witness.applied).hasSize(2);
        assertThat(state(1)).isEqualTo(State.DELIVERED);
        assertThat(witness.everWentBack()).isFalse();
    }

    @Test
    void parksADamagedRowAndSendsTheRest() throws Exception {
        bench.outbox.enqueue(Records.usages(3, 1));
        bench.outbox.close();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + bench.file);
                Statement statement = connection.createStatement()) {
            statement.execute("UPDATE fuzhi_outbox_entry SET payload = CAST('{}' AS BLOB) WHERE record_key = '"
                    + Records.usageKey(1) + "'");
        }
        bench.open().drain();
        assertThat(bench.entry(USAGE, Records.usageKey(1)).cause()).isEqualTo(Delivery.DAMAGED);
        assertThat(witness.held).hasSize(2);
    }

    @Test
    void givesLeasesBackWhenItIsClosed() {
        bench.outbox.enqueue(Records.usages(2, 1));
        bench.machine.store().claim(USAGE, 500, 1 << 20, Duration.ofSeconds(90));
        bench.reopen().drain();
        assertThat(witness.held).hasSize(2);
    }

    @Test
    void treatsAnExceptionOfTheSenderAsAFailure() {
        witness.before.add(batch -> {
            throw new IllegalStateException("scripted");
        });
        bench.enqueue(Records.usage(1, 1));
        bench.drainFor(Duration.ofSeconds(5));
        assertThat(state(1)).isEqualTo(State.DELIVERED);
    }

    private static cn.fuzhi.sdk.model.Op op() {
        return cn.fuzhi.sdk.model.Op.UPSERT;
    }

    private State state(int number) {
        return bench.entry(USAGE, Records.usageKey(number)).state();
    }

    private static boolean holds(List<Item> items, String key) {
        return items.stream()
                .map(item -> item.record().key())
                .collect(Collectors.toSet())
                .contains(key);
    }

    static ItemOutcome rejected(Item item, String rule) {
        return rejected(item, rule, "/loginCount", "测试", "test");
    }

    static ItemOutcome rejected(Item item, String rule, String pointer, String message, String messageEn) {
        Violation violation = Violation.builder()
                .key(item.record().key())
                .pointer(pointer)
                .rule(rule)
                .severity(Severity.ERROR)
                .message(message)
                .messageEn(messageEn)
                .build();
        return new ItemOutcome(
                item.record().key(), Verdict.REJECTED, item.version(), null, null, List.of(violation), List.of(), null);
    }
}
