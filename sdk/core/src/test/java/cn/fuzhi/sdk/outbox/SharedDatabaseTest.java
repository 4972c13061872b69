package cn.fuzhi.sdk.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cn.fuzhi.sdk.model.RecordKind;
import cn.fuzhi.sdk.model.UsageReport;
import cn.fuzhi.sdk.outbox.OutboxEntry.State;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What must hold on every database that several nodes share. */
abstract class SharedDatabaseTest {
    private static final RecordKind USAGE = RecordKind.USAGE_REPORT;
    private static final int KEYS = Integer.getInteger("nodes.keys", 5000);
    private static final int VERSIONS = 3;
    private static final int CHUNK = 250;
    /** With fewer keys all may be delivered before anybody is killed. */
    private static final int TORMENTED = 5000;

    private static final Duration DRAIN = Duration.ofMinutes(3).plusMillis(20L * KEYS);
    private static final RemoteWitness.Faults FAULTS = new RemoteWitness.Faults(25, 0, 0, 50);

    private final String address = address();
    private final DataSource dataSource = Child.dataSource(address);
    private final TurnableClocks time = new TurnableClocks(3);
    private final Witness witness = new Witness();

    /** The JDBC address of a running server. */
    abstract String address();

    private Machine node(String prefix) {
        Options options = new Options();
        options.prefix = prefix;
        options.changesEvery = Duration.ZERO;
        options.lease = Duration.ofSeconds(2);
        options.callTimeout = Duration.ofMillis(600);
        Machine.Ends ends = new Machine.Ends(witness, witness, new OutboxListener() {}, Runnable::run, time.clocks);
        return Machine.onDatabase(dataSource, options.settings(), ends, true);
    }

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void keepsTheRulesOfVersionsAndUnchanged() {
        Machine node = node("rules_");
        Outbox outbox = Outbox.on(node);
        assertThat(outbox.enqueue(Records.usages(300, 1))).isEqualTo(new EnqueueReport(300, 0));
        assertThat(outbox.enqueue(Records.usages(300, 1))).isEqualTo(new EnqueueReport(0, 300));
        drain(node);
        assertThat(outbox.enqueue(Records.usages(300, 1))).isEqualTo(new EnqueueReport(0, 300));
        assertThat(outbox.enqueue(Records.usages(301, 2))).isEqualTo(new EnqueueReport(301, 0));
        assertThat(outbox.enqueue(Records.usages(300, 1))).isEqualTo(new EnqueueReport(300, 0));
        drain(node);
        assertThat(witness.held).hasSize(301);
        assertThat(witness.everWentBack()).isFalse();
        assertThat(outbox.find(USAGE, Records.usageKey(1)).orElseThrow().state())
                .isEqualTo(State.DELIVERED);
        outbox.delete(USAGE, Records.usageKey(1));
        drain(node);
        assertThat(outbox.reconcile(USAGE).isEqual()).isTrue();
        assertThat(outbox.status().pending()).isZero();
        outbox.close();
    }

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void letsOneNodeADayTidyUp() {
        Ledger one = node("turns_").ledger();
        Ledger other = node("turns_").ledger();
        assertThat(one.takesTurn("sweep", Duration.ofHours(1))).isTrue();
        assertThat(other.takesTurn("sweep", Duration.ofHours(1))).isFalse();
        assertThat(other.takesTurn("sweep", Duration.ZERO)).isTrue();
    }

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void countsWhatIsGivenTwiceOnce() {
        try (Outbox outbox = Outbox.on(node("twice_"))) {
            assertThat(outbox.enqueue(List.of(Records.usage(0, 1), Records.usage(0, 1))))
                    .isEqualTo(new EnqueueReport(1, 1));
            assertThat(outbox.enqueue(List.of(Records.usage(0, 2), Records.usage(0, 1), Records.usage(0, 2))))
                    .isEqualTo(new EnqueueReport(3, 0));
        }
    }

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void findsNothingUnderWhatIsNoKey() {
        try (Outbox outbox = Outbox.on(node("keys_"))) {
            outbox.enqueue(Records.usages(1, 1));
            for (String key : List.of("略阳县", "caf\u00e9", "a\u0000b", "", Records.usageKey(0) + " ", "a".repeat(300))) {
                assertThat(outbox.find(USAGE, key)).isEmpty();
                assertThat(outbox.find(RecordKind.of(key), Records.usageKey(0))).isEmpty();
                assertThat(outbox.erase(USAGE, key)).isFalse();
                assertThat(outbox.receipts(key)).isEmpty();
                assertThat(outbox.deadLetters().inspect(USAGE, key)).isEmpty();
                assertThat(outbox.deadLetters().list(key, null, 10)).isEmpty();
            }
        }
    }

    /** Texts of a platform must not keep what it decided from being written down. */
    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void keepsWhateverThePlatformWrites() {
        Machine node = node("texts_");
        Outbox outbox = Outbox.on(node);
        String strange = "规则\u0000\ud83d\n" + "长".repeat(3000) + "\ud800";
        witness.judge = item -> RelayTest.rejected(item, strange, "/" + strange, strange, strange);
        outbox.enqueue(Records.usages(2, 1));
        drain(node);
        assertThat(outbox.find(USAGE, Records.usageKey(1)).orElseThrow().state())
                .isEqualTo(State.REJECTED);
        assertThat(outbox.deadLetters().causes()).hasSize(1);
        outbox.close();
    }

    @Test
    @Tag("L39")
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void joinsTheTransactionOfTheHost() throws SQLException {
        Machine node = node("host_");
        Outbox outbox = Outbox.on(node);
        try (Connection connection = dataSource.getConnection()) {
            assertThatThrownBy(() -> outbox.enqueue(connection, Records.usages(1, 1)))
                    .isInstanceOf(IllegalArgumentException.class);
            connection.setAutoCommit(false);
            outbox.enqueue(connection, Records.usages(2, 1));
            drain(node);
            assertThat(witness.held).isEmpty();
            connection.rollback();
            outbox.enqueue(connection, Records.usages(1, 1));
            connection.commit();
        }
        drain(node);
        assertThat(witness.held).hasSize(1);
        outbox.close();
    }

    /** A transaction of the host is open over one key while that key and many others are on their way. */
    @Test
    @Tag("L40")
    @Tag("L41")
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void delaysOnlyTheKeyThatTheHostHolds() throws Exception {
        Machine node = node("held_");
        Outbox outbox = Outbox.on(node);
        int others = Integer.getInteger("held.keys", 10_000);
        outbox.enqueue(Records.usages(others, 1));
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            // once the key is claimed and being sent, the host changes it and does not commit
            witness.before.add(batch -> {
                outbox.enqueue(connection, List.of(Records.usage(0, 2)));
                return null;
            });
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(5); // longer than two leases of 2 s
            while (System.nanoTime() < end || node.ledger().countPending() > 1) {
                node.relay().runOnce();
                time.turn(Duration.ofMillis(10));
            }
            assertThat(outbox.find(USAGE, Records.usageKey(0)).orElseThrow().state())
                    .isEqualTo(State.PENDING);
            connection.commit();
        }
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (System.nanoTime() < end && node.ledger().countPending() > 0) {
            node.relay().runOnce();
            time.turn(Duration.ofMillis(10));
        }
        assertThat(witness.held).hasSize(others);
        assertThat(witness.everWentBack()).isFalse();
        assertThat(outbox.status().pending()).isZero();
        outbox.close();
    }

    /** Programs on one table: one is killed every few seconds, one stands still for longer than its lease, their clocks differ. */
    @Test
    @Tag("L28")
    @Tag("L29")
    @Tag("L30")
    @Tag("L31")
    @Tag("L33")
    @Tag("L37")
    @Timeout(value = 4, unit = TimeUnit.HOURS)
    void survivesNodesThatAreKilledOrStandStill() throws Exception {
        Machine enqueuing = node("fuzhi_outbox_");
        try (RemoteWitness remote = new RemoteWitness(5, FAULTS);
                Outbox outbox = Outbox.on(enqueuing)) {
            String about;
            try (Nodes nodes = new Nodes(address, remote)) {
                for (int version = 1; version <= VERSIONS; version++) {
                    for (int from = 0; from < KEYS; from += CHUNK) {
                        enqueue(outbox, remote, from, Math.min(KEYS, from + CHUNK), version);
                    }
                }
                long end = System.nanoTime() + DRAIN.toNanos();
                while (System.nanoTime() < end && enqueuing.ledger().countPending() > 0) {
                    nodes.await(Duration.ofMillis(100));
                }
                about = "kills=" + nodes.kills() + " freezes=" + nodes.freezes();
                if (KEYS >= TORMENTED) {
                    assertThat(nodes.kills()).isPositive();
                    assertThat(nodes.freezes()).isPositive();
                }
            }
            assertThat(remote.awaitAllGone(60)).isTrue();
            System.out.printf("nodes: keys=%d versions=%d %s %s%n", KEYS, VERSIONS, about, remote.counts());
            assertThat(enqueuing.ledger().countPending()).isZero();
            assertThat(enqueuing.ledger().countStopped()).isEmpty();
            assertThat(remote.wrong()).isEmpty();
            assertThat(remote.appliedAgain()).isLessThanOrEqualTo(remote.ambiguous());
            if (KEYS >= TORMENTED) {
                assertThat(remote.ambiguous()).isPositive();
            }
        }
    }

    private static void enqueue(Outbox outbox, RemoteWitness remote, int from, int to, int version) {
        List<UsageReport> some = IntStream.range(from, to)
                .mapToObj(key -> Records.usage(key, version))
                .toList();
        some.forEach(record -> remote.tries(record.key(), version));
        outbox.enqueue(some);
        some.forEach(record -> remote.acknowledge(record.key(), version));
    }

    private void drain(Machine node) {
        for (int i = 0; i < 2000 && node.relay().runOnce().isZero(); i++) {
            time.turn(Duration.ofMillis(1));
        }
    }
}
