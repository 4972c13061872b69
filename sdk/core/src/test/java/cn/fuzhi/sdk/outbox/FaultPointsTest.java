package cn.fuzhi.sdk.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import cn.fuzhi.sdk.BatchReply;
import cn.fuzhi.sdk.BatchReply.Disposition;
import cn.fuzhi.sdk.BatchSender;
import cn.fuzhi.sdk.FrozenRecord;
import cn.fuzhi.sdk.RecordCodec;
import cn.fuzhi.sdk.model.RecordKind;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;

/** Lets every single call to the database and to the platform fail in turn, in every way, and looks whether a promise is broken. */
class FaultPointsTest {
    private static final int MOST = 5000;

    @TempDir(factory = Memory.class)
    Path folder;

    /** Nothing here depends on a disk, and a file in memory saves some 50,000 waits for one. */
    private static final class Memory implements TempDirFactory {
        private static final Path MEMORY = Path.of("/dev/shm");

        @Override
        public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext context) throws IOException {
            return Files.isWritable(MEMORY)
                    ? Files.createTempDirectory(MEMORY, "fuzhi")
                    : Files.createTempDirectory("fuzhi");
        }
    }

    /** How a call fails. */
    private record Way(int call, boolean after, boolean forEver) {
        @Override
        public String toString() {
            return "call " + call + (after ? " after" : " before") + (forEver ? " for ever" : " once");
        }
    }

    /** A scenario that can be run with one way of failing; it tells whether that call was reached. */
    private interface Scenario {
        boolean survives(Way way) throws Exception;
    }

    private static int failEveryCall(Scenario scenario) throws Exception {
        int points = 0;
        boolean more = true;
        for (int k = 1; more && k < MOST; k++) {
            more = false;
            for (int way = 0; way < 4; way++) {
                if (scenario.survives(new Way(k, (way & 1) == 1, (way & 2) == 2))) {
                    more = true;
                    points++;
                }
            }
        }
        assertThat(more).as("the scenario has fewer calls than were tried").isFalse();
        return points;
    }

    @Test
    @Tag("L01")
    @Tag("L02")
    @Tag("L07")
    @Tag("L14")
    @Tag("L17")
    @Tag("L18")
    @Timeout(value = 15, unit = TimeUnit.MINUTES)
    void keepsItsPromiseWhicheverCallToTheFileFails() throws Exception {
        int points = failEveryCall(way -> {
            Path path = folder.resolve("f" + way.toString().replace(' ', '-') + ".db");
            TurnableClocks time = new TurnableClocks(way.call());
            Witness witness = new Witness();
            SqliteFile file = SqliteFile.take(path);
            FaultPoints faults = new FaultPoints(file);
            GroupCommit commits =
                    new GroupCommit(faults, () -> time.clocks.nanos().getAsLong() / 1000, "test");
            Schema.create(commits, Dialect.SQLITE, Outbox.Builder.PREFIX);
            Machine machine = new Machine(commits, file, Dialect.SQLITE, settings(), ends(witness, witness, time));
            Run run = new Run(machine, witness, time, way);
            faults.failAt(way.call(), way.after(), way.forEver());
            run.enqueueAndDeliver(3, 3);
            boolean reached = faults.calls() >= way.call();
            faults.heal();
            run.judge(() -> {});
            return reached;
        });
        System.out.println("fault points of the file: " + points);
    }

    @Test
    @Tag("L07")
    @Tag("L14")
    @Tag("L17")
    @Tag("L35")
    @Timeout(value = 15, unit = TimeUnit.MINUTES)
    void keepsItsPromiseWhicheverCallToTheDataSourceFails() throws Exception {
        try (EmbeddedPostgres server = EmbeddedPostgres.builder().start()) {
            String address = server.getJdbcUrl("postgres", "postgres");
            FaultPoints faults = new FaultPoints(() -> DriverManager.getConnection(address));
            try (Connection beside = DriverManager.getConnection(address)) {
                execute(beside, Outbox.schema(Dialect.POSTGRESQL));
                int points = failEveryCall(way -> {
                    TurnableClocks time = new TurnableClocks(way.call());
                    Witness witness = new Witness();
                    Machine machine = Machine.onDatabase(faults, settings(), ends(witness, witness, time), false);
                    execute(beside, "DELETE FROM fuzhi_outbox_entry");
                    Run run = new Run(machine, witness, time, way);
                    faults.failAt(way.call(), way.after(), way.forEver());
                    run.enqueueAndDeliver(2, 2);
                    boolean reached = faults.calls() >= way.call();
                    faults.heal();
                    // the clock of a server cannot be turned, so what it wrote down is made older instead
                    run.judge(
                            () -> execute(
                                    beside,
                                    "UPDATE fuzhi_outbox_entry SET due = due - 10000000, lease_until = lease_until - 10000000"));
                    return reached;
                });
                System.out.println("fault points of the data source: " + points);
            }
            faults.closeIdle();
        }
    }

    @Test
    @Tag("L04")
    @Tag("L05")
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void keepsItsPromiseWhicheverCallToThePlatformFails() throws Exception {
        int points = 0;
        for (Failing failing : Failing.values()) {
            points += failEveryCall(way -> {
                Bench bench = Bench.on(folder.resolve(failing + way.toString().replace(' ', '-')));
                TurnableClocks time = bench.time;
                FaultySender sender = new FaultySender(bench.witness, way, failing);
                Files.createDirectories(bench.file.getParent());
                Machine machine = Machine.onFile(bench.file, settings(), ends(sender, bench.witness, time));
                Run run = new Run(machine, bench.witness, time, way);
                run.enqueueAndDeliver(3, 3);
                sender.healed = true;
                boolean reached = sender.calls >= way.call();
                run.judge(() -> {});
                return reached;
            });
        }
        System.out.println("fault points of the platform: " + points);
    }

    private static Settings settings() {
        Options options = new Options();
        options.changesEvery = Duration.ZERO;
        return options.settings();
    }

    private static Machine.Ends ends(BatchSender sender, Witness witness, TurnableClocks time) {
        return new Machine.Ends(sender, witness, new OutboxListener() {}, Runnable::run, time.clocks);
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** What a sender may do instead of what it should. */
    private enum Failing {
        RETRY,
        PAUSE_HOST,
        PAUSE_ALL,
        EXCEPTION
    }

    /** Fails before or after the platform has applied a batch. */
    private static final class FaultySender implements BatchSender {
        private final BatchSender real;
        private final Way way;
        private final Failing failing;
        private boolean healed;
        private int calls;

        FaultySender(BatchSender real, Way way, Failing failing) {
            this.real = real;
            this.way = way;
            this.failing = failing;
        }

        @Override
        public BatchReply send(Batch batch) {
            calls++;
            boolean fails = !healed && (calls == way.call() || (way.forEver() && calls > way.call()));
            if (!fails) {
                return real.send(batch);
            }
            if (way.after()) {
                real.send(batch);
            }
            if (failing == Failing.EXCEPTION) {
                throw new IllegalStateException("scripted");
            }
            return Witness.failed(Disposition.valueOf(failing.name()));
        }
    }

    /** Lets time pass for what a database has written down. */
    private interface Passing {
        void tenSeconds() throws SQLException;
    }

    /** One outbox while something fails, and what it may hold in the end. */
    private static final class Run {
        private final Machine machine;
        private final Witness witness;
        private final TurnableClocks time;
        private final Way way;
        private final Set<String> possible = new HashSet<>(Set.of("nothing"));

        Run(Machine machine, Witness witness, TurnableClocks time, Way way) {
            this.machine = machine;
            this.witness = witness;
            this.time = time;
            this.way = way;
        }

        void enqueueAndDeliver(int values, int rounds) {
            for (int value = 1; value <= values; value++) {
                enqueue(RecordCodec.freeze(Records.usage(1, value)));
                deliver(rounds);
            }
        }

        private void enqueue(FrozenRecord record) {
            try {
                machine.put(List.of(record));
                possible.clear();
                possible.add(record.digest());
                witness.enqueued(record);
            } catch (OutboxException e) {
                // only a commit whose outcome nobody knows may have stored what enqueue did not return for
                if (e.getMessage().contains("unknown")) {
                    possible.add(record.digest());
                    witness.enqueued(record);
                }
            }
        }

        private void deliver(int rounds) {
            try {
                for (int i = 0; i < rounds; i++) {
                    machine.relay().runOnce();
                    time.turn(Duration.ofMillis(300));
                }
            } catch (OutboxException e) {
                time.turn(Duration.ofSeconds(1)); // as the thread of a relay does
            }
        }

        void judge(Passing passing) throws SQLException {
            machine.resume();
            for (int i = 0; i < 300 && machine.ledger().countPending() > 0; i++) {
                deliver(3);
                time.turn(Duration.ofSeconds(10));
                passing.tenSeconds();
            }
            assertThat(machine.ledger().countPending()).as("%s", way).isZero();
            assertThat(machine.ledger().countStopped()).as("%s", way).isEmpty();
            Witness.Held held = witness.held(RecordKind.USAGE_REPORT, Records.usageKey(1));
            assertThat(possible).as("%s", way).contains(held == null ? "nothing" : held.digest());
            assertThat(witness.everWentBack()).as("%s", way).isFalse();
            if (!way.forEver()) {
                // one failure makes one request doubtful, and there is one record
                assertThat(witness.naiveAgain).as("%s", way).isLessThanOrEqualTo(1);
            }
            machine.close(Duration.ofSeconds(1));
        }
    }
}
