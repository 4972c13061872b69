package cn.fuzhi.sdk;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How often and when a direct call is repeated. The outbox has its own schedule.
 *
 * <p>Before attempt n + 1 the client waits a random time between 0 and min({@code maxDelay}, {@code baseDelay}·2ⁿ⁻¹), or at
 * least as long as the platform asked for.
 *
 * @param maxAttempts attempts in all, 1 to 10; 1 never repeats
 * @param baseDelay scale of the first wait after a failure
 * @param throttledDelay scale of the first wait after the platform asked to slow down
 * @param maxDelay longest wait that the client chooses by itself, at most 24 hours
 */
public record RetryPolicy(int maxAttempts, Duration baseDelay, Duration throttledDelay, Duration maxDelay) {
    /** Longest {@code Retry-After} that is believed. */
    static final Duration LONGEST_RETRY_AFTER = Duration.ofHours(24);

    private static final double SPREAD = 0.1;
    private static final int MOST_ATTEMPTS = 10;

    /**
     * The default: 3 attempts, waits from 200 ms (1 s when throttled) up to 5 s.
     *
     * @return the policy
     */
    public static RetryPolicy defaults() {
        return new RetryPolicy(3, Duration.ofMillis(200), Duration.ofSeconds(1), Duration.ofSeconds(5));
    }

    /**
     * Never repeats a call.
     *
     * @return the policy
     */
    public static RetryPolicy never() {
        return new RetryPolicy(1, Duration.ofMillis(200), Duration.ofSeconds(1), Duration.ofSeconds(5));
    }

    void check(List<String> errors) {
        if (maxAttempts < 1 || maxAttempts > MOST_ATTEMPTS) {
            errors.add("maxAttempts 应为 1–10 / must be 1 to 10: " + maxAttempts);
        }
        if (baseDelay.isNegative() || throttledDelay.isNegative() || maxDelay.compareTo(baseDelay) < 0) {
            errors.add("重试等待不能为负且上限不小于基数 / retry delays must not be negative, and maxDelay not below baseDelay");
        }
        if (Stream.of(throttledDelay, maxDelay).anyMatch(delay -> delay.compareTo(LONGEST_RETRY_AFTER) > 0)) {
            errors.add("重试等待不能超过 24 小时 / retry delays must not be longer than 24 hours");
        }
    }

    /**
     * The wait before the next attempt: the own delay with full jitter, or the platform's value and up to 10 % more.
     *
     * @param attempt number of the attempt that failed, from 1
     * @param paced whether the platform asked to slow down
     * @param asked what the platform asked for, or null
     * @param random in [0, 1)
     */
    Duration delay(int attempt, boolean paced, @Nullable Duration asked, double random) {
        long base = (paced ? throttledDelay : baseDelay).toNanos();
        long ceiling = Math.min(maxDelay.toNanos(), base << Math.min(attempt - 1, 20));
        long own = (long) (ceiling * random);
        if (asked == null) {
            return Duration.ofNanos(own);
        }
        long wait = Math.max(own, asked.toNanos());
        return Duration.ofNanos(wait + (long) (wait * SPREAD * random));
    }
}
