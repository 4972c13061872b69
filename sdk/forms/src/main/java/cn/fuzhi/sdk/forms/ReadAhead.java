package cn.fuzhi.sdk.forms;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Lets a thread take a long sheet apart while the caller understands the rows before: each is half of the work. A short sheet is read
 * by the caller alone. Rows come in their order, and what ends the reading comes behind them. Used by one thread.
 */
final class ReadAhead implements Iterator<RawRow>, AutoCloseable {
    /** Rows of a sheet that is worth no thread. */
    static final int SHORT = 1_000;

    private static final int ROWS = 64;
    private static final int BATCHES = 8;

    private final Iterator<RawRow> rows;
    private final BlockingQueue<Batch> batches = new ArrayBlockingQueue<>(BATCHES);
    private Iterator<RawRow> current = Collections.emptyIterator();
    private @Nullable Thread thread;
    private @Nullable Batch last;
    private int read;

    /**
     * Rows that were read together.
     *
     * @param isLast whether no other batch follows
     * @param failure what ended the reading behind these rows, or null
     */
    private record Batch(
            List<RawRow> rows, boolean isLast, @Nullable Throwable failure) {}

    /**
     * Prepares to read.
     *
     * @param rows the rows; behind the first {@link #SHORT} only the thread of this touches them
     */
    ReadAhead(Iterator<RawRow> rows) {
        this.rows = rows;
    }

    @Override
    public boolean hasNext() {
        if (read < SHORT) {
            return rows.hasNext();
        }
        while (!current.hasNext() && last == null) {
            Batch batch = take();
            current = batch.rows().iterator();
            last = batch.isLast() ? batch : null;
        }
        if (!current.hasNext() && last != null && last.failure() != null) {
            throw thrown(last.failure());
        }
        return current.hasNext();
    }

    @Override
    public RawRow next() {
        if (read < SHORT) {
            read++;
            return rows.next();
        }
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return current.next();
    }

    /** An interrupt does not end the wait, because none ended the reading without a thread; it stays set. */
    private Batch take() {
        if (thread == null) {
            thread = new Thread(this::readAll, "fuzhi-forms-reader");
            thread.setDaemon(true);
            thread.start();
        }
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return batches.take();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void readAll() {
        List<RawRow> batch = new ArrayList<>(ROWS);
        try {
            Throwable failure = null;
            try {
                while (rows.hasNext()) {
                    batch.add(rows.next());
                    if (batch.size() == ROWS) {
                        batches.put(new Batch(batch, false, null));
                        batch = new ArrayList<>(ROWS);
                    }
                }
            } catch (RuntimeException | Error e) {
                failure = e;
            }
            batches.put(new Batch(batch, true, failure));
        } catch (InterruptedException e) {
            // Nobody wants the rest: this was closed.
        }
    }

    private static RuntimeException thrown(Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        return (RuntimeException) failure;
    }

    /** Ends the thread, also in the middle of a sheet; when this returns it touches the file no more. */
    @Override
    public void close() {
        Thread running = thread;
        if (running == null) {
            return;
        }
        running.interrupt();
        boolean interrupted = false;
        while (running.isAlive()) {
            try {
                running.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
