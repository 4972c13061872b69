package cn.fuzhi.sdk.outbox;

import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * Time and chance of the host, so that a test can turn both by hand.
 *
 * @param wall the wall clock; it may jump
 * @param nanos a clock that only runs forward, in nanoseconds
 * @param random numbers in [0, 1)
 */
record Clocks(InstantSource wall, LongSupplier nanos, DoubleSupplier random) {
    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofMinutes(15);
    private static final Duration LEAST = Duration.ofMillis(250);
    private static final int DOUBLINGS = 20;

    static Clocks system() {
        return new Clocks(
                Clock.systemUTC(),
                System::nanoTime,
                () -> ThreadLocalRandom.current().nextDouble());
    }

    /** 250 ms + U(0, min(15 min, 1 s · 2^(n−1))) after the n-th failure. */
    Duration backoff(int failures) {
        return backoff(failures, LONGEST);
    }

    /** As {@link #backoff(int)}, with at most the given time instead of 15 minutes. */
    Duration backoff(int failures, Duration most) {
        long doubled = FIRST.toNanos() << Math.min(Math.max(failures, 1) - 1, DOUBLINGS);
        return LEAST.plus(upTo(Duration.ofNanos(Math.min(doubled, most.toNanos()))));
    }

    /** A name that no other process has, for who holds a lease. */
    static String newOwner() {
        return UUID.randomUUID().toString();
    }

    /** Something between nothing and the given time. */
    Duration upTo(Duration most) {
        return Duration.ofNanos((long) (random.getAsDouble() * most.toNanos()));
    }

    /** Stands still for something between nothing and the given time; an interrupt ends it, and its flag stays. */
    void pause(Duration most) {
        LockSupport.parkNanos(upTo(most).toNanos());
    }

    /** The longer of the elapsed times of both clocks: one stands still while a machine sleeps, the other can be set back. */
    Stopwatch start() {
        return new Stopwatch(nanos.getAsLong(), wall.millis());
    }

    /** Micros of the wall clock since 1970. */
    long micros() {
        return wall.millis() * 1000;
    }

    /** When something began, on both clocks. */
    final class Stopwatch {
        private final long startNanos;
        private final long startMillis;

        private Stopwatch(long startNanos, long startMillis) {
            this.startNanos = startNanos;
            this.startMillis = startMillis;
        }

        Duration elapsed() {
            Duration running = Duration.ofNanos(nanos.getAsLong() - startNanos);
            Duration onTheWall = Duration.ofMillis(wall.millis() - startMillis);
            return running.compareTo(onTheWall) > 0 ? running : onTheWall;
        }
    }
}
