package cn.fuzhi.sdk;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import okhttp3.Call;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The attempts that are on the wire. A blocked read does not notice an interrupt, so one daemon thread looks after them, twenty
 * times a second, and cancels the call of a thread that was interrupted or has waited for its whole time. (OkHttp's own call
 * timeout would wake a thread of Okio once more at every call.) Closing ends all waits between attempts at once, and cancels the
 * attempts when its patience is over.
 */
final class InFlight {
    private static final Logger LOG = LoggerFactory.getLogger(FuzhiClient.class);
    private static final Duration GLANCE = Duration.ofMillis(50);
    private static final int IDLE_GLANCES = 100;
    /** Sockets live in real time, also where a test turns the client's clock. */
    private static final Ports TIME = Ports.SYSTEM;

    private final Set<Attempt> attempts = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition none = lock.newCondition();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final String name;
    private final Runnable afterwards;
    private volatile boolean closed;
    private volatile @Nullable Thread watcher;
    private volatile boolean parked;

    /**
     * Makes an empty set.
     *
     * @param afterwards what is done when the last attempt of a closed client has ended
     */
    InFlight(String name, Runnable afterwards) {
        this.name = name;
        this.afterwards = afterwards;
    }

    /** A thread that waits for an answer, and its call as soon as there is one; two attempts are never equal. */
    static final class Attempt {
        private final Thread thread;
        private final long latest;
        private volatile @Nullable Call call;
        private volatile boolean canceled;
        private volatile boolean ended;
        private volatile boolean interrupted;
        private volatile boolean overdue;

        private Attempt(Thread thread, long latest) {
            this.thread = thread;
            this.latest = latest;
        }

        /** Names the call that is about to be executed; one that nobody waits for any more is cancelled at once. */
        void calls(Call next) {
            call = next;
            cancelIfNobodyWaits();
            if (canceled) {
                next.cancel();
            }
        }

        boolean isInterrupted() {
            return interrupted;
        }

        /** Whether the call was cancelled because its time was over. */
        boolean isOverdue() {
            return overdue;
        }

        /** Whether it was cancelled because the client was closed, which interrupts the threads of a push after that. */
        boolean isEnded() {
            return ended;
        }

        private void end() {
            ended = true;
            cancel();
        }

        private void cancel() {
            canceled = true;
            Call current = call;
            if (current != null) {
                current.cancel();
            }
        }

        private void cancelIfNobodyWaits() {
            if (thread.isInterrupted()) {
                interrupted = true;
                cancel();
            } else if (TIME.nanoTime() - latest >= 0) {
                overdue = true;
                cancel();
            }
        }
    }

    boolean isClosed() {
        return closed;
    }

    /** Opens when the client begins to close: whoever waits for another attempt waits no longer. */
    CountDownLatch closing() {
        return closing;
    }

    /** Whether the attempt of this thread was cancelled. */
    boolean isCanceled(Thread thread) {
        return attempts.stream().anyMatch(attempt -> attempt.thread == thread && attempt.canceled);
    }

    /**
     * Notes that this thread begins an attempt.
     *
     * @param timeout time for everything that belongs to it until the answer has been read; asking for the secret counts, too, but
     *     only a call can be ended
     */
    Attempt enter(Duration timeout) {
        if (watcher == null) {
            start(); // first, because an attempt that nobody looks at would have no limit
        }
        Attempt attempt = new Attempt(Thread.currentThread(), TIME.nanoTime() + timeout.toNanos());
        attempts.add(attempt);
        if (closed) {
            attempt.end();
        } else if (parked) {
            LockSupport.unpark(watcher);
        }
        return attempt;
    }

    void leave(Attempt attempt) {
        attempts.remove(attempt);
        if (closed && attempts.isEmpty()) {
            afterwards.run();
            lock.lock();
            try {
                none.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /** Lets nothing new in, waits for what is on the wire, then cancels it. */
    void close(Duration patience) {
        closed = true;
        closing.countDown();
        boolean interrupted = !await(patience);
        attempts.forEach(Attempt::end);
        Thread thread = watcher;
        if (thread != null) {
            LockSupport.unpark(thread);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until nothing is on the wire; false when interrupted. */
    private boolean await(Duration patience) {
        lock.lock();
        try {
            long left = TimeUnit.NANOSECONDS.convert(patience); // at most, where nanoseconds cannot count so far
            while (left > 0 && !attempts.isEmpty()) {
                left = none.awaitNanos(left);
            }
            return true;
        } catch (InterruptedException e) {
            return false;
        } finally {
            lock.unlock();
        }
    }

    private void start() {
        lock.lock();
        try {
            if (watcher == null && !closed) {
                Thread thread = new Thread(this::watch, name + "-watch");
                thread.setDaemon(true);
                thread.start();
                watcher = thread;
            }
        } finally {
            lock.unlock();
        }
    }

    private void watch() {
        int idle = 0;
        while (!closed || !attempts.isEmpty()) {
            idle = attempts.isEmpty() ? idle + 1 : 0;
            if (idle < IDLE_GLANCES) {
                LockSupport.parkNanos(GLANCE.toNanos());
            } else {
                rest();
                idle = 0;
            }
            attempts.forEach(this::look);
        }
    }

    /** What goes wrong here, such as having no thread left for the reset of a stream, is tried again at the next glance. */
    private void look(Attempt attempt) {
        try {
            attempt.cancelIfNobodyWaits();
        } catch (RuntimeException | OutOfMemoryError e) {
            LOG.warn(
                    "取消调用失败，将重试 / a call could not be cancelled, which is tried again: {}",
                    e.getClass().getName());
        }
    }

    /** Sleeps until a call begins; `parked` is set before the last look, so that no call can begin unseen. */
    private void rest() {
        parked = true;
        while (attempts.isEmpty() && !closed) {
            LockSupport.parkNanos(TimeUnit.MINUTES.toNanos(1));
        }
        parked = false;
    }
}
