package cn.fuzhi.sdk.spring;

import cn.fuzhi.sdk.outbox.HostTransaction;
import cn.fuzhi.sdk.outbox.Outbox;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The transaction that Spring has begun for the calling thread on the outbox's database, whether by JDBC, JPA or MyBatis: all of
 * them bind their connection to the thread in the same way.
 *
 * <p>Spring leaves the connection bound while listeners hear that the transaction has ended, although nobody commits it any more.
 * There the outbox commits by itself, see {@link LateCommit}.
 */
final class SpringTransaction implements HostTransaction {
    private final DataSource dataSource;

    private SpringTransaction(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** Has an outbox keep its records in the host's database and join the host's transactions there. */
    static void join(Outbox.Builder outbox, DataSource host) {
        DataSource pool = withoutProxy(host);
        outbox.dataSource(pool).hostTransaction(new SpringTransaction(pool));
    }

    /** Transactions are bound under the pool below this proxy; and the outbox commits its own, which the proxy would pass on. */
    private static DataSource withoutProxy(DataSource host) {
        DataSource beneath = host instanceof TransactionAwareDataSourceProxy proxy ? proxy.getTargetDataSource() : null;
        return beneath == null ? host : beneath;
    }

    @Override
    public @Nullable Connection connection() throws SQLException {
        // Without synchronisation the transaction has ended, as for an AFTER_COMMIT listener: then in a transaction of
        // our own.
        if (!TransactionSynchronizationManager.isActualTransactionActive()
                || !TransactionSynchronizationManager.isSynchronizationActive()
                || !(TransactionSynchronizationManager.getResource(dataSource) instanceof ConnectionHolder holder)) {
            return null;
        }
        Connection connection = holder.getConnection();
        if (connection.getAutoCommit()) {
            return null; // A transaction on another database binds connections of this one, too, but does not commit
            // them.
        }
        LateCommit.watch(connection);
        return connection;
    }
}
