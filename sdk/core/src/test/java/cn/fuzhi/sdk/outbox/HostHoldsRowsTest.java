package cn.fuzhi.sdk.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cn.fuzhi.sdk.model.Change;
import cn.fuzhi.sdk.model.ChangeOp;
import cn.fuzhi.sdk.model.RecordKind;
import cn.fuzhi.sdk.model.Review;
import cn.fuzhi.sdk.model.ReviewState;
import cn.fuzhi.sdk.model.Verdict;
import cn.fuzhi.sdk.outbox.OutboxEntry.State;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A transaction of the host is open over a row while everything that the one delivering thread does meets that row; PostgreSQL. */
@Timeout(60)
class HostHoldsRowsTest {
    private static final RecordKind USAGE = RecordKind.USAGE_REPORT;
    private static EmbeddedPostgres server;
    private static int number;

    private final TurnableClocks time = new TurnableClocks(3);
    private final Witness witness = new Witness();
    private final Options options = new Options();
    private DataSource dataSource;
    private Machine machine;
    private Outbox outbox;
    private Connection host;

    @BeforeAll
    static void start() throws IOException {
        server = EmbeddedPostgres.start();
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
    }

    @BeforeEach
    void open() throws SQLException {
        dataSource = Child.dataSource(server.getJdbcUrl("postgres", "postgres"));
        options.prefix = "h" + ++number + "_";
        options.changesEvery = Duration.ofMinutes(5);
        options.keepPayload = true;
        machine = Machine.onDatabase(dataSource, options.settings(), ends(), true);
        outbox = Outbox.on(machine);
        host = dataSource.getConnection();
        host.setAutoCommit(false);
    }

    private Machine.Ends ends() {
        return new Machine.Ends(witness, witness, new OutboxListener() {}, Runnable::run, time.clocks);
    }

    @AfterEach
    void close() throws SQLException {
        host.close();
        outbox.close();
    }

    private State state(int key) {
        return outbox.find(USAGE, Records.usageKey(key)).orElseThrow().state();
    }

    private void run(Duration time) {
        this.time.turn(time);
        for (int i = 0; i < 30; i++) {
            machine.relay().runOnce();
        }
    }

    @Test
    void takesADecisionAboutAHeldRowOnceTheHostIsDone() throws Exception {
        witness.judge = item -> Witness.outcome(item, Verdict.HELD, null);
        outbox.enqueue(Records.usages(2, 1));
        run(Duration.ofSeconds(1));
        outbox.enqueue(host, List.of(Records.usage(0, 2)));
        witness.judge = item -> null;
        for (int key = 0; key < 2; key++) {
            OffsetDateTime at = OffsetDateTime.parse("2022-09-16T10:00:00+08:00");
            witness.changes.add(Change.builder()
                    .changeSeq(key + 1L)
                    .kind(USAGE)
                    .key(Records.usageKey(key))
                    .op(ChangeOp.REVIEW)
                    .at(at)
                    .version(outbox.find(USAGE, Records.usageKey(key))
                            .orElseThrow()
                            .version())
                    .review(Review.builder().state(ReviewState.CONFIRMED).at(at).build())
                    .build());
        }
        outbox.enqueue(Records.usage(5, 1));
        run(Duration.ofMinutes(6));
        assertThat(state(0)).isEqualTo(State.HELD);
        assertThat(state(1)).isEqualTo(State.DELIVERED);
        assertThat(state(5)).isEqualTo(State.DELIVERED);
        assertThat(machine.ledger().note("changes")).isNull();
        host.rollback();
        run(Duration.ofSeconds(1));
        assertThat(state(0)).isEqualTo(State.DELIVERED);
        assertThat(machine.ledger().note("changes")).isEqualTo("2");
    }

    @Test
    void looksNowAndThenForWhatTheHostHoldsAndNotAllTheTime() throws Exception {
        run(Duration.ZERO); // it tidies up first
        outbox.enqueue(Records.usages(1, 1));
        try (Statement lock = host.createStatement()) {
            lock.executeQuery("SELECT 1 FROM " + options.prefix + "entry FOR UPDATE");
        }
        options.linger = Duration.ZERO;
        assertThat(machine.relay().runOnce()).isBetween(Duration.ofMillis(1), Duration.ofSeconds(1));
        host.rollback();
        assertThat(machine.relay().runOnce()).isZero();
        assertThat(state(0)).isEqualTo(State.DELIVERED);
    }

    @Test
    void needsNoSecondConnectionOfWhoHasTheLastOne() throws Exception {
        AtomicInteger left = new AtomicInteger(Integer.MAX_VALUE);
        DataSource pool = new SimpleDataSource() {
            @Override
            public Connection getConnection() throws SQLException {
                if (left.getAndDecrement() <= 0) {
                    throw new SQLTransientConnectionException("pool - Connection is not available, request timed out");
                }
                return dataSource.getConnection();
            }
        };
        Machine.Ends ends = new Machine.Ends(
                witness, witness, new OutboxListener() {}, Machine.listenerThread("test"), time.clocks);
        Machine other = Machine.onDatabase(pool, options.settings(), ends, true);
        left.set(0);
        assertThat(Outbox.on(other).enqueue(host, Records.usages(2, 1)).queued())
                .isEqualTo(2);
        host.commit();
        assertThat(machine.ledger().countPending()).isEqualTo(2);
    }

    @Test
    void takesWhatWasCommittedForStoredWhateverHappensToTheConnectionThen() {
        DataSource pool = new SimpleDataSource() {
            @Override
            public Connection getConnection() throws SQLException {
                Connection real = dataSource.getConnection();
                return (Connection) Proxy.newProxyInstance(
                        getClass().getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                            Object result = method.invoke(real, arguments);
                            if (method.getName().equals("close")) {
                                throw new SQLException("scripted", "40001");
                            }
                            return result;
                        });
            }
        };
        AtomicInteger runs = new AtomicInteger();
        Transactions transactions = new HostTransactions(pool, Dialect.POSTGRESQL, time.clocks);
        assertThat(transactions.<Integer>write(tx -> runs.incrementAndGet())).isEqualTo(1);
        assertThat(runs).hasValue(1);
    }

    @Test
    void comparesAndTidiesUpRoundTheRowsOfTheHost() throws Exception {
        outbox.enqueue(Records.usages(3, 1));
        run(Duration.ofSeconds(1));
        outbox.enqueue(host, List.of(Records.usage(0, 2)));
        witness.held.clear();
        assertThat(outbox.reconcile(USAGE).resent()).isEqualTo(2);
        run(Duration.ofSeconds(1));
        assertThat(machine.ledger().countPending()).isZero();
        // The clock of the database cannot be turned, so everything is old.
        Corrections corrections = new Corrections(
                new HostTransactions(dataSource, Dialect.POSTGRESQL, time.clocks),
                Dialect.POSTGRESQL,
                options.prefix,
                "default",
                true);
        assertThat(corrections.purge(USAGE, "", 100, Duration.ofDays(-1), (key, scope, age) -> false))
                .isNull();
        assertThat(outbox.find(USAGE, Records.usageKey(0))).isPresent();
        assertThat(outbox.find(USAGE, Records.usageKey(1))).isEmpty();
    }

    @Test
    void erasesNothingThatTheHostHoldsAndSaysSo() throws Exception {
        outbox.enqueue(Records.usages(1, 1));
        outbox.enqueue(host, List.of(Records.usage(0, 2)));
        assertThatThrownBy(() -> outbox.erase(USAGE, Records.usageKey(0)))
                .isInstanceOf(OutboxException.class)
                .hasMessageContaining("其他事务一直占用")
                .hasMessageContaining("another transaction kept a lock");
        host.rollback();
        assertThat(outbox.erase(USAGE, Records.usageKey(0))).isTrue();
        assertThat(outbox.erase(USAGE, "nobody")).isFalse();
    }

    @Test
    void closesWithoutWaitingForTheHost() throws Exception {
        outbox.enqueue(Records.usages(2, 1));
        machine.store().claim(USAGE, 500, 1 << 20, Duration.ofSeconds(90));
        outbox.enqueue(host, List.of(Records.usage(0, 2)));
        outbox.close();
        host.rollback();
        machine = Machine.onDatabase(dataSource, options.settings(), ends(), true);
        outbox = Outbox.on(machine);
        machine.relay().runOnce();
        assertThat(state(1)).isEqualTo(State.DELIVERED);
    }

    @Test
    void saysWhatIsWrongWhenTheDatabaseEndsTheConnection() {
        Transactions transactions = new HostTransactions(dataSource, Dialect.POSTGRESQL, time.clocks);
        assertThatThrownBy(() -> transactions.change(tx -> {
                    tx.text("SELECT pg_terminate_backend(pg_backend_pid())");
                    tx.number("SELECT 1");
                }))
                .isInstanceOf(OutboxException.class)
                .hasMessageContaining("正在重启")
                .hasMessageContaining("connection to the database was lost");
        assertThat(transactions.<Long>read(tx -> tx.number("SELECT 42"))).isEqualTo(42);
    }

    @Test
    void goesOnAfterARestartOfTheDatabase() {
        outbox.enqueue(Records.usages(2, 1));
        witness.before.add(batch -> {
            new HostTransactions(dataSource, Dialect.POSTGRESQL, time.clocks)
                    .change(tx -> tx.number("SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity"
                            + " WHERE pid <> pg_backend_pid() AND datname IS NOT NULL"));
            return null;
        });
        run(Duration.ofSeconds(1));
        assertThat(state(0)).isEqualTo(State.DELIVERED);
    }

    @Test
    void saysWhatIsWrongWhenThePoolIsExhausted() {
        DataSource pool = new SimpleDataSource() {
            @Override
            public Connection getConnection() throws SQLException {
                throw new SQLTransientConnectionException("pool - Connection is not available, request timed out");
            }
        };
        assertThatThrownBy(() -> new HostTransactions(pool, Dialect.POSTGRESQL, time.clocks).read(tx -> 1))
                .isInstanceOf(OutboxException.class)
                .hasMessageContaining("连接池已耗尽");
    }

    @Test
    void triesADeadlockAgainAFewTimes() {
        Transactions transactions = new HostTransactions(dataSource, Dialect.POSTGRESQL, time.clocks);
        AtomicInteger tries = new AtomicInteger();
        assertThat(transactions.<Integer>write(tx -> {
                    if (tries.incrementAndGet() < 5) {
                        throw new SQLException("scripted", "40P01");
                    }
                    return tries.get();
                }))
                .isEqualTo(5);
        tries.set(0);
        assertThatThrownBy(() -> transactions.change(tx -> {
                    tries.incrementAndGet();
                    throw new SQLException("scripted", "40P01");
                }))
                .hasMessageContaining("死锁");
        assertThat(tries).hasValue(5);
    }
}
