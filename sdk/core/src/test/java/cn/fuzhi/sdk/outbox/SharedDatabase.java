package cn.fuzhi.sdk.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cn.fuzhi.sdk.model.RecordKind;
import cn.fuzhi.sdk.outbox.OutboxEntry.State;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

/** What must hold on every database that several nodes share; {@link PostgresTest} and {@link MariaDbTest} run it. */
final class SharedDatabase {
    private static final RecordKind USAGE = RecordKind.USAGE_REPORT;
    private static final int KEYS = Integer.getInteger("nodes.keys", 5000);
    private static final int VERSIONS = 3;
    private static final int NODES = 4;

    private final String address;
    private final DataSource dataSource;
    private final TurnableClocks time = new TurnableClocks(3);
    private final Witness witness = new Witness();

    SharedDatabase(String address) {
        this.address = address;
        this.dataSource = Child.dataSource(address);
    }

    private Machine node(String prefix) {
        Options options = new Options();
        options.prefix = prefix;
        options.changesEvery = Duration.ZERO;
        options.lease = Duration.ofSeconds(2);
        options.callTimeout = Duration.ofMillis(600);
        Machine.Ends ends = new Machine.Ends(witness, witness, new OutboxListener() {}, Runnable::run, time.clocks);
        return Machine.onDatabase(dataSource, options.settings(), ends, true);
    }

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

    /** Programs on one table: one is killed now and then, one stands still for longer than its lease. */
    void survivesNodesThatAreKilledOrStandStill() throws Exception {
        try (RemoteWitness remote = new RemoteWitness(5, 25)) {
            String port = String.valueOf(remote.port());
            Machine enqueuing = node("fuzhi_outbox_");
            Process[] nodes = new Process[NODES];
            for (int i = 0; i < NODES; i++) {
                nodes[i] = child(port, i, false);
            }
            Outbox outbox = Outbox.on(enqueuing);
            for (int version = 1; version <= VERSIONS; version++) {
                for (int from = 0; from < KEYS; from += 250) {
                    int value = version;
                    List<cn.fuzhi.sdk.model.UsageReport> some = java.util.stream.IntStream.range(from, from + 250)
                            .mapToObj(key -> Records.usage(key, value))
                            .toList();
                    outbox.enqueue(some);
                    some.forEach(record -> remote.acknowledge(record.key(), String.valueOf(value)));
                    if (from % 1000 == 0) {
                        int victim = 1 + (from / 1000 + version) % (NODES - 1);
                        nodes[victim].destroyForcibly().waitFor();
                        nodes[victim] = child(port, victim, false);
                    }
                    if (from % 2500 == 0) {
                        signal(nodes[0], "-STOP");
                        nodes[0].waitFor(3500, TimeUnit.MILLISECONDS); // its lease is 3 s
                        signal(nodes[0], "-CONT");
                    }
                }
            }
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(180);
            while (System.nanoTime() < end && enqueuing.ledger().countPending() > 0) {
                nodes[1].waitFor(100, TimeUnit.MILLISECONDS);
            }
            System.out.printf(
                    "nodes: keys=%d versions=%d sentTwice=%d ambiguous=%d stale=%d%n",
                    KEYS, VERSIONS, remote.twice(), remote.ambiguousItems.get(), remote.stale.get());
            assertThat(enqueuing.ledger().countPending()).isZero();
            assertThat(enqueuing.ledger().countStopped()).isEmpty();
            assertThat(remote.lost()).isEmpty();
            for (Process node : nodes) {
                node.destroyForcibly().waitFor();
            }
            outbox.close();
        }
    }

    private Process child(String port, int seed, boolean enqueues) throws Exception {
        return Child.process(address, port, String.valueOf(seed), "1", "1", String.valueOf(enqueues))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static void signal(Process process, String signal) throws Exception {
        new ProcessBuilder("kill", signal, String.valueOf(process.pid()))
                .start()
                .waitFor();
    }

    private void drain(Machine node) {
        for (int i = 0; i < 2000 && node.relay().runOnce().isZero(); i++) {
            time.turn(Duration.ofMillis(1));
        }
    }
}
