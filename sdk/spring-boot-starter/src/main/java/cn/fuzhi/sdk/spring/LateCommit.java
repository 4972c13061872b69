package cn.fuzhi.sdk.spring;

import java.sql.Connection;
import java.sql.SQLException;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Commits what was enqueued from a {@code TransactionSynchronization.afterCommit}, where nothing tells that the transaction has been
 * committed already: who is registered there is not asked before the completion, but hears of it.
 */
final class LateCommit implements TransactionSynchronization {
    private final Connection connection;
    private boolean completing;
    private boolean late;

    private LateCommit(Connection connection) {
        this.connection = connection;
    }

    /** To be called whenever the outbox joins the transaction of a connection. */
    static void watch(Connection connection) {
        for (TransactionSynchronization other : TransactionSynchronizationManager.getSynchronizations()) {
            if (other instanceof LateCommit known && known.connection == connection) {
                known.late = known.completing;
                return;
            }
        }
        TransactionSynchronizationManager.registerSynchronization(new LateCommit(connection));
    }

    @Override
    public void beforeCompletion() {
        completing = true;
    }

    @Override
    public void afterCompletion(int status) {
        boolean inTime = completing && !late;
        if (inTime || status != STATUS_COMMITTED) {
            return;
        }
        try {
            connection.commit();
        } catch (SQLException e) {
            throw new IllegalStateException(
                    "提交后入队的记录未能保存，请再次入队 / records enqueued after the commit were not stored, enqueue them again", e);
        }
    }
}
