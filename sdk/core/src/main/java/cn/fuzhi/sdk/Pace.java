package cn.fuzhi.sdk;

import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the rate of one key id: one request per period, halved when the platform throttles, recovering by one request a second
 * every ten seconds. A changed rate is a new limiter, swapped in at once.
 */
final class Pace {
    private static final double FLOOR = 0.5;
    private static final long RECOVERY_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

    private final double ceiling;
    private final Ports ports;
    private volatile @Nullable Rate current;

    /**
     * Makes a limiter.
     *
     * @param perSecond requests per second; 0 for no limit
     */
    Pace(double perSecond, Ports ports) {
        this.ceiling = perSecond;
        this.ports = ports;
        this.current = perSecond == 0 ? null : rate(perSecond);
    }

    private record Rate(double perSecond, RateLimiter limiter, long since) {}

    /**
     * Takes a place, if one comes up soon enough. A place that could not be used must not be taken: under overload every caller
     * would push the next free place further away, until nobody can use one.
     *
     * @param longest longest wait that is of use
     * @return how long to wait before the request may go, or null when no place comes up in time
     */
    @Nullable
    Duration reserve(Duration longest) {
        if (current == null) {
            return Duration.ZERO;
        }
        synchronized (this) {
            Rate rate = recovered();
            rate.limiter().changeTimeoutDuration(longest.compareTo(LONGEST_WAIT) < 0 ? longest : LONGEST_WAIT);
            long nanos = rate.limiter().reservePermission();
            return nanos < 0 ? null : Duration.ofNanos(nanos);
        }
    }

    /** The platform throttled: go on at half the rate, which is returned; 0 when there is no limit. */
    synchronized double slowDown() {
        Rate rate = current;
        if (rate == null) {
            return 0;
        }
        Rate slower = rate(slower(rate.perSecond()));
        current = slower;
        return slower.perSecond();
    }

    /** Half, not below the floor; a rate that was set below the floor stays as it is. */
    private static double slower(double perSecond) {
        return Math.min(perSecond, Math.max(FLOOR, perSecond / 2));
    }

    private Rate recovered() {
        Rate rate = Objects.requireNonNull(current, "a limit is never taken away");
        long steps = rate.perSecond() >= ceiling ? 0 : (ports.nanoTime() - rate.since()) / RECOVERY_NANOS;
        if (steps > 0) {
            rate = rate(Math.min(ceiling, rate.perSecond() + steps));
            current = rate;
        }
        return rate;
    }

    private Rate rate(double perSecond) {
        RateLimiterConfig config = RateLimiterConfig.custom()
                .limitForPeriod(1)
                .limitRefreshPeriod(Duration.ofNanos((long) (TimeUnit.SECONDS.toNanos(1) / perSecond)))
                .timeoutDuration(LONGEST_WAIT)
                .build();
        return new Rate(perSecond, RateLimiter.of("pace", config), ports.nanoTime());
    }
}
