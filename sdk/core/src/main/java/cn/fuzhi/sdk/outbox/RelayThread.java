package cn.fuzhi.sdk.outbox;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread around a {@link Relay}: waits between its calls, and is woken by an enqueue. */
final class RelayThread {
    private static final Logger LOG = LoggerFactory.getLogger(RelayThread.class);
    private static final Duration LEAST_WAIT = Duration.ofMillis(5);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

    private final Relay relay;
    private final Clocks clocks;
    private final Duration linger;
    private final Duration startDelay;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition woken = lock.newCondition();
    private final Condition moved = lock.newCondition();
    private @Nullable Thread thread;
    private boolean work;
    private boolean hurry;
    private boolean stopping;
    private long moves;
    private int failures;

    RelayThread(Relay relay, Clocks clocks, Duration linger, Duration startDelay) {
        this.relay = relay;
        this.clocks = clocks;
        this.linger = linger;
        this.startDelay = startDelay;
    }

    void start(String name) {
        thread = new Thread(this::run, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** There is something new; it may wait for company. */
    void wake() {
        signal(false);
    }

    /** Somebody waits: no linger, no start jitter. */
    void hurry() {
        signal(true);
    }

    /** Wakes the thread only for what it does not know yet: each of many callers woke it, on processors that they needed. */
    private void signal(boolean atOnce) {
        lock.lock();
        try {
            boolean isNews = !work || (atOnce && !hurry);
            work = true;
            hurry |= atOnce;
            if (isNews) {
                woken.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the relay has done something, or for the given time. */
    void awaitMove(Duration most) throws InterruptedException {
        lock.lock();
        try {
            long seen = moves;
            long left = most.toNanos();
            while (moves == seen && left > 0) {
                left = moved.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        pause(startDelay, false);
        while (!isStopping()) {
            Duration wait = runOnce();
            if (!wait.isZero()) {
                boolean wokenUp = pause(wait.compareTo(LEAST_WAIT) < 0 ? LEAST_WAIT : wait, true);
                if (wokenUp && !isHurried()) {
                    pause(linger, false);
                }
            }
        }
    }

    private Duration runOnce() {
        try {
            Duration wait = relay.runOnce();
            failures = 0;
            return wait;
        } catch (RuntimeException | Error e) { // with this thread delivery would end, and nobody would know
            return failed(e);
        } finally {
            lock.lock();
            try {
                moves++;
                moved.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /** How long to wait. Where there is no memory, there may be none for telling of it either. */
    private Duration failed(Throwable why) {
        try {
            if (failures++ == 0) {
                LOG.warn("暂时无法继续，将重试 / the outbox cannot go on for now; it tries again", why);
            }
            if (why instanceof Error) {
                relay.broken(why);
            }
            return clocks.backoff(failures, LONGEST_WAIT);
        } catch (OutOfMemoryError e) {
            return LONGEST_WAIT;
        }
    }

    /** Waits; returns true if it was woken. What came before the wait wakes it at once. */
    private boolean pause(Duration most, boolean endsWithWork) {
        long left = most.toNanos();
        lock.lock();
        try {
            while (left > 0 && !stopping && !hurry && !(endsWithWork && work)) {
                left = woken.awaitNanos(left);
            }
            boolean was = work;
            if (endsWithWork) {
                work = false;
            }
            return was;
        } catch (InterruptedException e) {
            return true; // the stop flag tells why
        } finally {
            lock.unlock();
        }
    }

    private boolean isHurried() {
        lock.lock();
        try {
            boolean was = hurry;
            hurry = false;
            return was;
        } finally {
            lock.unlock();
        }
    }

    private boolean isStopping() {
        lock.lock();
        try {
            return stopping;
        } finally {
            lock.unlock();
        }
    }

    /** Ends the loop, waits for the request that is out, and interrupts it when that takes too long. */
    void stop(Duration most) {
        lock.lock();
        try {
            stopping = true;
            woken.signalAll();
        } finally {
            lock.unlock();
        }
        Thread running = thread;
        if (running == null || running == Thread.currentThread()) {
            return;
        }
        try {
            running.join(Math.max(1, TimeUnit.MILLISECONDS.convert(most)));
            if (running.isAlive()) {
                running.interrupt();
                running.join(Math.max(1, TimeUnit.MILLISECONDS.convert(most)));
            }
        } catch (InterruptedException e) {
            running.interrupt();
            Thread.currentThread().interrupt();
        }
    }
}
