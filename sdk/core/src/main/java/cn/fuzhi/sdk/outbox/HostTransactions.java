package cn.fuzhi.sdk.outbox;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Transactions on the host's own database: one connection of its pool for the time of each, READ COMMITTED. */
final class HostTransactions implements Transactions {
    private static final Logger LOG = LoggerFactory.getLogger(HostTransactions.class);
    private static final int TRIES = 5;
    private static final Duration JITTER = Duration.ofMillis(20);

    private final DataSource dataSource;
    private final Dialect dialect;
    private final Clocks clocks;

    HostTransactions(DataSource dataSource, Dialect dialect, Clocks clocks) {
        this.dataSource = dataSource;
        this.dialect = dialect;
        this.clocks = clocks;
    }

    @Override
    public <T> T read(Work<T> work) {
        return write(work);
    }

    @Override
    public <T> T write(Work<T> work) {
        for (int attempt = 1; ; attempt++) {
            try {
                return inTransaction(work);
            } catch (SQLException e) {
                if (!StorageFailures.isRepeatable(e) || attempt == TRIES) {
                    throw StorageFailures.host(e);
                }
                // Two that ran into each other would do so again at the same pace.
                clocks.pause(JITTER.multipliedBy(attempt));
            }
        }
    }

    private <T> T inTransaction(Work<T> work) throws SQLException {
        Connection connection = dataSource.getConnection();
        try {
            return inTransaction(connection, work);
        } finally {
            giveBack(connection);
        }
    }

    /** What happens here changes nothing of what was committed. */
    private static void giveBack(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            LOG.debug("A connection could not be given back.", e);
        }
    }

    private <T> T inTransaction(Connection connection, Work<T> work) throws SQLException {
        boolean autoCommit = connection.getAutoCommit();
        int isolation = connection.getTransactionIsolation();
        connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        connection.setAutoCommit(false);
        boolean committed = false;
        try {
            T result;
            try (Tx tx = Tx.on(connection, dialect.now(connection))) {
                result = work.in(tx);
            }
            commit(connection);
            committed = true;
            return result;
        } finally {
            if (!committed) {
                rollBack(connection);
            }
            restore(connection, autoCommit, isolation);
        }
    }

    private static void commit(Connection connection) throws SQLException {
        try {
            connection.commit();
        } catch (SQLException e) {
            if (StorageFailures.isRepeatable(e)) {
                throw e;
            }
            throw StorageFailures.unknown(e);
        }
    }

    private static void rollBack(Connection connection) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            LOG.debug("A transaction could not be rolled back; the database does it when the connection ends.", e);
        }
    }

    private static void restore(Connection connection, boolean autoCommit, int isolation) {
        try {
            connection.setAutoCommit(autoCommit);
            connection.setTransactionIsolation(isolation);
        } catch (SQLException e) {
            LOG.debug("A connection could not be put back as it was.", e);
        }
    }

    @Override
    public void close() {
        // The pool belongs to the host.
    }
}
