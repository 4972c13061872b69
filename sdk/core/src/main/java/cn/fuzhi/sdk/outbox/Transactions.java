package cn.fuzhi.sdk.outbox;

import java.sql.SQLException;

/** How a piece of work becomes one short transaction. No work calls the network. */
interface Transactions extends AutoCloseable {
    /**
     * Runs work that writes; when this returns, it is durable.
     *
     * @throws OutboxException if it is not, or if that is unknown; the text tells
     */
    <T> T write(Work<T> work);

    /** Runs work that writes and has nothing to tell. */
    default void change(Change change) {
        write(tx -> {
            change.in(tx);
            return true;
        });
    }

    /** Runs work that only reads. */
    <T> T read(Work<T> work);

    /** Whether no other program writes to this database. */
    default boolean isAlone() {
        return false;
    }

    /**
     * Removes what the database still holds of content that was deleted or overwritten, where that is this program's to do. A reader
     * outside of it may prevent that for now.
     */
    default void scrub() {}

    @Override
    void close();

    /** Work within a transaction; it may be run again after a deadlock. */
    interface Work<T> {
        T in(Tx tx) throws SQLException;
    }

    /** Work within a transaction that has nothing to tell. */
    interface Change {
        void in(Tx tx) throws SQLException;
    }
}
