package cn.fuzhi.sdk.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cn.fuzhi.sdk.model.RecordKind;
import cn.fuzhi.sdk.outbox.OutboxEntry.State;
import cn.fuzhi.sdk.outbox.OutboxException.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a real SQLite file says when it cannot be written, and that delivery survives it. */
class StorageFailuresTest {
    private static final String MORE_PAGES = "PRAGMA max_page_count=90";
    private static final String NAME = "略阳县示例乡村小学".repeat(6);

    @TempDir
    Path folder;

    private final TurnableClocks time = new TurnableClocks(5);
    private final Witness witness = new Witness();
    private SqliteFile file;
    private Machine machine;
    private Outbox outbox;
    /** Is said to every connection that is opened. */
    private String pragma = "PRAGMA user_version";

    private final List<Connection> connections = new ArrayList<>();
    private int full;

    @BeforeEach
    void open() {
        file = SqliteFile.take(folder.resolve("outbox.db"));
        GroupCommit.ConnectionSource source = new GroupCommit.ConnectionSource() {
            @Override
            public Connection open() throws SQLException {
                Connection connection = file.open();
                try (Statement statement = connection.createStatement()) {
                    statement.execute(pragma);
                    statement.execute("PRAGMA busy_timeout=10");
                }
                connections.add(connection);
                return connection;
            }

            @Override
            public void full() {
                full++;
                pragma = MORE_PAGES;
                connections.forEach(StorageFailuresTest::giveReservedRoom);
            }
        };
        GroupCommit commits = new GroupCommit(source, time.clocks::micros, "test");
        Schema.create(commits, Dialect.SQLITE, Outbox.Builder.PREFIX);
        Options options = new Options();
        options.changesEvery = Duration.ZERO;
        machine = new Machine(
                commits,
                file,
                Dialect.SQLITE,
                options.settings(),
                new Machine.Ends(witness, witness, new OutboxListener() {}, Runnable::run, time.clocks));
        outbox = Outbox.on(machine);
    }

    @AfterEach
    void close() {
        outbox.close();
    }

    /** What the reserve file does on a real disk. */
    private static void giveReservedRoom(Connection connection) {
        try {
            if (!connection.isClosed()) {
                try (Statement statement = connection.createStatement()) {
                    statement.execute(MORE_PAGES);
                }
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private void reopen(String with) {
        outbox.close();
        connections.clear();
        pragma = with;
        open();
    }

    @Test
    void saysThatTheDiskIsFullAndGoesOnDelivering() {
        outbox.enqueue(Records.usages(50, 1));
        reopen("PRAGMA max_page_count=60");
        int stored = 0;
        OutboxException refused = null;
        while (refused == null) {
            try {
                outbox.enqueue(Records.school(stored, NAME));
                stored++;
            } catch (OutboxException e) {
                refused = e;
            }
        }
        assertThat(refused.reason()).isEqualTo(Reason.STORAGE);
        assertThat(refused).hasMessageContaining("磁盘已满").hasMessageContaining("nothing was stored");
        assertThat(full).isPositive();
        assertThat(stored).isPositive();
        for (int i = 0; i < 100 && machine.ledger().countPending() > 0; i++) {
            machine.relay().runOnce();
        }
        assertThat(witness.held).hasSize(50 + stored);
        assertThat(outbox.find(RecordKind.USAGE_REPORT, Records.usageKey(3))
                        .orElseThrow()
                        .state())
                .isEqualTo(State.DELIVERED);
        outbox.enqueue(Records.school(stored, NAME)); // what was delivered has made room
    }

    /** SQLite undoes only the statement then, the driver gives it up, and the transaction still ends without an error. */
    @Test
    void storesManyRecordsThatDidNotFitAsSoonAsThereIsRoom() {
        outbox.enqueue(Records.usages(50, 1));
        reopen("PRAGMA max_page_count=60");
        assertThatThrownBy(() -> outbox.enqueue(Records.usages(350, 2)))
                .isInstanceOf(OutboxException.class)
                .hasMessageContaining("磁盘已满");
        assertThat(full).isPositive();
        assertThat(outbox.enqueue(Records.usages(350, 2))).isEqualTo(new EnqueueReport(350, 0));
        assertThat(outbox.status().pending()).isEqualTo(350);
    }

    @Test
    void saysThatTheFileIsReadOnly() {
        reopen("PRAGMA query_only=ON");
        assertThatThrownBy(() -> outbox.enqueue(Records.usage(1, 1)))
                .isInstanceOfSatisfying(
                        OutboxException.class, e -> assertThat(e.reason()).isEqualTo(Reason.STORAGE))
                .hasMessageContaining("只读")
                .hasMessageContaining("read-only");
        pragma = "PRAGMA query_only=OFF"; // somebody has corrected it: the next connection may write
    }

    @Test
    void saysThatAnotherProgramHoldsALockAndGoesOnWhenItIsGone() throws Exception {
        outbox.enqueue(Records.usage(1, 1));
        try (Connection tool = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("outbox.db"));
                Statement statement = tool.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            assertThatThrownBy(() -> outbox.enqueue(Records.usage(2, 1)))
                    .isInstanceOfSatisfying(
                            OutboxException.class, e -> assertThat(e.reason()).isEqualTo(Reason.STORAGE))
                    .hasMessageContaining("锁定")
                    .hasMessageContaining("another program");
            machine.relay().runOnce(); // delivers, and cannot write it down
            assertThatThrownBy(() -> machine.relay().runOnce()).isInstanceOf(OutboxException.class);
            statement.execute("ROLLBACK");
        }
        outbox.enqueue(Records.usage(2, 1));
        machine.relay().runOnce();
        assertThat(witness.held).hasSize(2);
        assertThat(witness.batches).hasSize(2); // each was sent once
    }

    @Test
    void saysWhatToLookAtWhenTheFolderIsMissing() {
        assertThatThrownBy(() -> SqliteFile.take(folder.resolve("nowhere/outbox.db")))
                .isInstanceOfSatisfying(
                        OutboxException.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNSUITABLE))
                .hasMessageContaining("目录")
                .hasCauseInstanceOf(IOException.class);
    }

    @Test
    void knowsTheCodesOfServers() {
        record Case(String state, int code, String says) {}
        List<Case> cases = List.of(
                new Case("53100", 0, "磁盘已满"),
                new Case("HY000", 1114, "磁盘已满"),
                new Case("25006", 0, "只读"),
                new Case("HY000", 1290, "只读"),
                new Case("53300", 0, "连接不足"),
                new Case("08004", 1040, "连接不足"),
                new Case("57P01", 0, "正在重启"),
                new Case("57P03", 0, "正在重启"),
                new Case("08S01", 2013, "正在重启"),
                new Case("40P01", 0, "死锁"),
                new Case("40001", 1213, "死锁"),
                new Case("XX000", 0, "操作失败"));
        assertThat(cases.stream()
                        .filter(one -> !StorageFailures.host(new SQLException("scripted", one.state(), one.code()))
                                .getMessage()
                                .contains(one.says()))
                        .toList())
                .isEmpty();
        assertThat(StorageFailures.host(new SQLException("value 13800005678", "XX000")))
                .hasMessageNotContaining("13800005678");
    }
}
