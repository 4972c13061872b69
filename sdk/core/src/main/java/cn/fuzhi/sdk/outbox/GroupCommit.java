package cn.fuzhi.sdk.outbox;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One writer thread for a SQLite file: what many threads want to write at the same time shares one transaction and one fsync.
 *
 * <p>When one piece of work fails, all of its transaction are undone and done again one by one, so it takes none of its neighbours
 * with it; a savepoint for each would cost all of them a quarter of their time for what is rare. After a failure the connection is
 * thrown away, and what was not committed with it: neither a statement that failed nor what a page cache holds after a failed
 * fsync is to be relied on.
 */
final class GroupCommit implements Transactions {
    private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);
    private static final int MOST = 256;

    private static final int FULL = 13;

    private final Queue<CompletableFuture<Boolean>> scrubs = new ConcurrentLinkedQueue<>();
    private final LinkedBlockingQueue<Task<?>> queue = new LinkedBlockingQueue<>();
    private final ConnectionSource source;
    private final LongSupplier clock;
    private final Thread writer;
    private final Map<String, PreparedStatement> statements = new HashMap<>();
    private @Nullable Connection connection;
    /** Guards the reader: one thread reads at a time, and none while the log is emptied. */
    private final Object reading = new Object();

    private @Nullable Connection reader;
    private boolean readingEnded;
    private volatile boolean closed;

    /** Opens connections to the file; the work of {@link SqliteFile}, or of a test that lets it fail. */
    interface ConnectionSource {
        Connection open() throws SQLException;

        /** Hears that there was no room to write, and makes some if it can. */
        default void full() {}
    }

    /** One piece of work and whoever waits for it. */
    private record Task<T>(Work<T> work, CompletableFuture<T> done) {
        /** Runs the work and gives back what tells its caller, once the commit is durable. */
        Runnable run(Tx tx) throws SQLException {
            T result = work.in(tx);
            return () -> done.complete(result);
        }

        void fail(Throwable why) {
            done.completeExceptionally(why);
        }
    }

    /**
     * Starts the writer.
     *
     * @param clock the database clock in microseconds
     */
    GroupCommit(ConnectionSource source, LongSupplier clock, String threadName) {
        this.source = source;
        this.clock = clock;
        this.writer = new Thread(this::writeUntilClosed, threadName);
        writer.setDaemon(true);
        writer.start();
    }

    @Override
    public <T> T write(Work<T> work) {
        Task<T> task = new Task<>(work, new CompletableFuture<>());
        synchronized (this) {
            if (closed) {
                throw closedError();
            }
            queue.add(task);
        }
        try {
            // join() keeps the interrupt flag and waits on: the caller always learns what became of its records.
            return task.done().join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    @Override
    public <T> T read(Work<T> work) {
        synchronized (reading) {
            if (readingEnded) {
                throw closedError();
            }
            try {
                if (reader == null) {
                    reader = source.open();
                }
                try (Tx tx = Tx.on(reader, clock.getAsLong())) {
                    return work.in(tx);
                }
            } catch (SQLException e) {
                discard(reader);
                reader = null;
                throw StorageFailures.sqlite(e);
            }
        }
    }

    private static IllegalStateException closedError() {
        return new IllegalStateException("outbox 已关闭 / the outbox is closed");
    }

    /** The file is held exclusively. */
    @Override
    public boolean isAlone() {
        return true;
    }

    private void writeUntilClosed() {
        List<Task<?>> tasks = new ArrayList<>();
        try {
            while (!closed || !queue.isEmpty()) {
                try {
                    tasks.add(queue.take());
                    queue.drainTo(tasks, MOST - 1);
                } catch (InterruptedException e) {
                    continue; // woken to look at `closed`
                }
                commitOrFail(tasks);
                tasks.clear();
            }
            truncateLog();
            forget();
        } finally {
            // Whatever ended this thread, nobody may wait for it.
            IllegalStateException ended =
                    new IllegalStateException("outbox 的写线程已终止 / the writer of the outbox has ended");
            synchronized (this) {
                closed = true;
                tasks.addAll(queue);
                tasks.forEach(task -> task.fail(ended));
            }
            scrubs.forEach(scrub -> scrub.complete(false));
        }
    }

    private void commitOrFail(List<Task<?>> tasks) {
        try {
            commit(tasks);
            for (CompletableFuture<Boolean> scrub = scrubs.poll(); scrub != null; scrub = scrubs.poll()) {
                scrub.complete(truncateLog());
            }
        } catch (RuntimeException | Error e) {
            tasks.forEach(task -> task.fail(e));
            LOG.error("写入失败，换新连接继续 / the writer of the outbox failed; it goes on with a new connection", e);
            forget();
        }
    }

    @Override
    public void scrub() {
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        scrubs.add(done);
        write(tx -> true); // wakes the writer, which looks for this between two transactions
        if (!done.join()) {
            LOG.debug("The write-ahead log is in use by another program and could not be emptied now.");
        }
    }

    /** Secure deletion overwrites content in the file; the log still has it until it is emptied. */
    private boolean truncateLog() {
        synchronized (reading) {
            try (Statement statement = open().createStatement();
                    ResultSet rows = statement.executeQuery("PRAGMA wal_checkpoint(TRUNCATE)")) {
                return rows.next() && rows.getInt(1) == 0;
            } catch (SQLException | RuntimeException e) {
                LOG.debug("The write-ahead log could not be emptied now.", e);
                return false;
            }
        }
    }

    private void commit(List<Task<?>> tasks) {
        List<Runnable> told = new ArrayList<>(tasks.size());
        try {
            execute("BEGIN IMMEDIATE");
            try (Tx tx = Tx.onLasting(open(), clock.getAsLong(), statements)) {
                for (Task<?> task : tasks) {
                    told.add(task.run(tx));
                }
            }
        } catch (SQLException | RuntimeException e) {
            rollBack(e, tasks);
            return;
        }
        try {
            execute("COMMIT");
        } catch (SQLException e) {
            forget();
            makeRoom(e);
            tasks.forEach(task -> task.fail(StorageFailures.unknown(e)));
            return;
        }
        told.forEach(Runnable::run);
    }

    /**
     * Nothing of these is stored. Alone each has another chance: a small write may fit where a large one did not. The connection goes
     * too: the driver may have given up the statement that failed, and then it would fail for ever.
     */
    private void rollBack(Exception why, List<Task<?>> tasks) {
        forget();
        makeRoom(why);
        if (tasks.size() == 1) {
            tasks.get(0).fail(told(why));
            return;
        }
        tasks.stream().filter(task -> !task.done().isDone()).forEach(task -> commit(List.of(task)));
    }

    private void makeRoom(Exception why) {
        if (why instanceof SQLException sql && sql.getErrorCode() == FULL) {
            source.full();
        }
    }

    private static Throwable told(Exception why) {
        return why instanceof SQLException sql ? StorageFailures.sqlite(sql) : why;
    }

    private Connection open() throws SQLException {
        if (connection == null) {
            connection = source.open();
        }
        return connection;
    }

    /** Begins or ends a transaction, by a statement that is prepared once like those within it. */
    private void execute(String sql) throws SQLException {
        Tx.onLasting(open(), 0, statements).bind(sql).execute();
    }

    private void forget() {
        statements.clear();
        discard(connection);
        connection = null;
    }

    private static void discard(@Nullable Connection old) {
        try {
            if (old != null) {
                old.close();
            }
        } catch (SQLException e) {
            LOG.debug("A connection could not be closed.", e);
        }
    }

    /** Writes what is queued, then ends the thread and closes the file. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        writer.interrupt();
        boolean interrupted = false;
        while (writer.isAlive()) {
            try {
                writer.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        synchronized (reading) {
            readingEnded = true;
            discard(reader);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
