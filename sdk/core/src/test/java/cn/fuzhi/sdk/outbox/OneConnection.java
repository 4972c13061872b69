package cn.fuzhi.sdk.outbox;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Transactions on one connection to a database in memory, without a thread, which fail when a test says so. */
final class OneConnection implements Transactions {
    /** When a transaction fails. */
    enum Fault {
        NONE,
        BEFORE_COMMIT,
        AFTER_COMMIT
    }

    private final Connection connection;
    private LongSupplier clock;
    private final Map<String, PreparedStatement> statements = new HashMap<>();
    Supplier<Fault> faults = () -> Fault.NONE;
    boolean alone;

    OneConnection() throws SQLException {
        this.connection = DriverManager.getConnection("jdbc:sqlite::memory:");
        this.clock = () -> 1;
        Schema.create(this, Dialect.SQLITE, Outbox.Builder.PREFIX);
    }

    /** Empties the database and starts another clock. */
    void begin(LongSupplier newClock) {
        faults = () -> Fault.NONE;
        clock = newClock;
        change(tx -> tx.update("DELETE FROM " + Outbox.Builder.PREFIX + "entry"));
    }

    @Override
    public <T> T write(Work<T> work) {
        Fault fault = faults.get();
        try {
            execute("BEGIN");
            T result;
            try (Tx tx = Tx.onLasting(connection, clock.getAsLong(), statements)) {
                result = work.in(tx);
            } catch (SQLException | RuntimeException e) {
                execute("ROLLBACK");
                throw e;
            }
            if (fault == Fault.BEFORE_COMMIT) {
                execute("ROLLBACK");
                throw StorageFailures.sqlite(new SQLException("scripted", "test", 13));
            }
            execute("COMMIT");
            if (fault == Fault.AFTER_COMMIT) {
                throw StorageFailures.unknown(new SQLException("scripted", "test", 10));
            }
            return result;
        } catch (SQLException e) {
            throw StorageFailures.sqlite(e);
        }
    }

    @Override
    public <T> T read(Work<T> work) {
        try (Tx tx = Tx.onLasting(connection, clock.getAsLong(), statements)) {
            return work.in(tx);
        } catch (SQLException e) {
            throw StorageFailures.sqlite(e);
        }
    }

    @Override
    public boolean isAlone() {
        return alone;
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw StorageFailures.sqlite(e);
        }
    }
}
