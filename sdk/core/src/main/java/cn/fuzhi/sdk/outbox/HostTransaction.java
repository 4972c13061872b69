package cn.fuzhi.sdk.outbox;

import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Finds the transaction of the host in which a caller is, so that {@link Outbox#enqueue} and {@link Outbox#delete} join it. */
@FunctionalInterface
public interface HostTransaction {
    /**
     * Finds the connection of the calling thread's transaction.
     *
     * @return a connection to the outbox's own database with auto-commit off, which the outbox neither commits nor closes; null when
     *     the thread is in no transaction there
     * @throws SQLException if the connection is broken
     */
    @Nullable
    Connection connection() throws SQLException;
}
