package cn.fuzhi.sdk;

import java.time.Duration;
import java.time.Instant;

/**
 * The platform's clock as far as we know it: our wall clock at the start, carried on by the monotonic clock, plus what the
 * {@code Date} of authenticated answers taught us. A wall clock that jumps during the run changes nothing.
 */
final class ClockOffset {
    /** {@code Date} has whole seconds and the network takes its time: smaller differences teach nothing. */
    private static final Duration TOLERANCE = Duration.ofSeconds(5);

    private final Ports ports;
    private final Instant start;
    private final long startNanos;
    private volatile Duration offset = Duration.ZERO;

    ClockOffset(Ports ports) {
        this.ports = ports;
        this.start = ports.now();
        this.startNanos = ports.nanoTime();
    }

    /** The time at the platform, best guess. */
    Instant now() {
        return own().plus(offset);
    }

    /** Learns from an answer that the platform gave to a request which it accepted, or that refused our clock. */
    void learn(Instant platform) {
        Duration difference = Duration.between(now(), platform);
        if (difference.abs().compareTo(TOLERANCE) > 0) {
            offset = Duration.between(own(), platform);
        }
    }

    private Instant own() {
        return start.plusNanos(ports.nanoTime() - startNanos);
    }
}
