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

/**
 * The attempts that are on the wire. A blocked read does not notice an interrupt, so one daemon thread looks after them and
 * cancels the call of a thread that was interrupted. Closing ends all waits between attempts at once, and cancels the attempts
 * when its patience is over.
 */
final class InFlight {
    private static final Duration GLANCE = Duration.ofMillis(50);
    private static final int IDLE_GLANCES = 100;

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

    /** A call and the thread that waits for it; two attempts are never equal. */
    static final class Attempt {
        private final Thread thread;
        private final Call call;
        private volatile boolean interrupted;

        private Attempt(Thread thread, Call call) {
            this.thread = thread;
            this.call = call;
        }

        boolean isInterrupted() {
            return interrupted;
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
        return attempts.stream().anyMatch(attempt -> attempt.thread == thread && attempt.call.isCanceled());
    }

    Attempt enter(Call call) {
        Attempt attempt = new Attempt(Thread.currentThread(), call);
        attempts.add(attempt);
        if (closed) {
            call.cancel();
        } else if (watcher == null) {
            start();
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
        attempts.forEach(attempt -> attempt.call.cancel());
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
            long left = patience.toNanos();
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
                watcher = thread;
                thread.start();
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
            attempts.forEach(InFlight::cancelIfInterrupted);
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

    private static void cancelIfInterrupted(Attempt attempt) {
        if (attempt.thread.isInterrupted()) {
            attempt.interrupted = true;
            attempt.call.cancel();
        }
    }
}
