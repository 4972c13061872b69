package cn.fuzhi.sdk;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.StateTransition;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.github.resilience4j.core.IntervalFunction;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One circuit breaker per group of operations of the host: while one is open, nothing of its group is sent. */
final class Breakers {
    private static final Logger LOG = LoggerFactory.getLogger(FuzhiClient.class);
    private static final int WINDOW_SECONDS = 60;
    private static final int FEWEST_CALLS = 10;
    private static final float SHARE = 50;
    private static final int TRIALS = 3;
    private static final Duration FIRST_WAIT = Duration.ofSeconds(10);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);
    private static final Duration TRIAL_MARGIN = Duration.ofSeconds(5);

    private final CircuitBreakerConfig config;
    private final Events events;
    private final Ports ports;
    private final Duration longestTrial;
    private final Map<String, Guard> guards = new ConcurrentHashMap<>();

    Breakers(Duration callTimeout, Ports ports, Events events) {
        this.events = events;
        this.ports = ports;
        this.longestTrial = callTimeout.plus(TRIAL_MARGIN);
        this.config = CircuitBreakerConfig.custom()
                .slidingWindow(WINDOW_SECONDS, FEWEST_CALLS, SlidingWindowType.TIME_BASED)
                .failureRateThreshold(SHARE)
                .slowCallRateThreshold(SHARE)
                .slowCallDurationThreshold(callTimeout.multipliedBy(4).dividedBy(5))
                .waitIntervalFunctionInOpenState(IntervalFunction.ofExponentialBackoff(FIRST_WAIT, 2, LONGEST_WAIT))
                .permittedNumberOfCallsInHalfOpenState(TRIALS)
                .clock(new Monotonic(ports, ports.now(), ports.nanoTime()))
                .writableStackTraceEnabled(false)
                .build();
    }

    /** The breaker of a group, which lets a call through and is to be told what became of it; null when it lets none through. */
    @Nullable
    CircuitBreaker enter(String group) {
        return guards.computeIfAbsent(group, Guard::new).enter();
    }

    /**
     * A breaker and the time of its last trial. Trial calls that never come back would keep it half open for ever; the library's own
     * remedy runs on a thread that it never ends, which would outlive the client, and it also ends the trials of a program that calls
     * so rarely that three of them take longer than one may last.
     */
    private final class Guard {
        private final String group;
        private final CircuitBreaker breaker;
        private volatile long lastTrial;
        private volatile boolean trying;

        private Guard(String group) {
            this.group = group;
            this.breaker = CircuitBreaker.of(group, config);
            breaker.getEventPublisher().onStateTransition(event -> changed(event.getStateTransition()));
        }

        private void changed(StateTransition change) {
            lastTrial = ports.nanoTime();
            trying = change.getToState() == CircuitBreaker.State.HALF_OPEN;
            Breakers.this.changed(group, change);
        }

        @Nullable
        CircuitBreaker enter() {
            if (!breaker.tryAcquirePermission()) {
                endTrials();
                return null;
            }
            if (trying) {
                lastTrial = ports.nanoTime();
            }
            return breaker;
        }

        /** All trials are on their way, and none can be any more: whoever had them does not tell. */
        private void endTrials() {
            if (trying
                    && breaker.getState() == CircuitBreaker.State.HALF_OPEN
                    && ports.nanoTime() - lastTrial > longestTrial.toNanos()) {
                breaker.transitionToOpenState();
            }
        }
    }

    private void changed(String group, StateTransition change) {
        if (change == StateTransition.CLOSED_TO_OPEN) {
            LOG.warn("平台连续失败，暂停发送 / the platform keeps failing, the breaker is open: {}", group);
        } else if (change.getToState() == CircuitBreaker.State.CLOSED) {
            LOG.info("平台已恢复 / the platform has recovered: {}", group);
        }
        events.send(new ClientEvent.BreakerChange(
                group, change.getFromState().name(), change.getToState().name()));
    }

    /** A clock that a change of the wall clock does not touch: it decides when a breaker may be tried again. */
    private static final class Monotonic extends Clock {
        private final Ports ports;
        private final Instant start;
        private final long startNanos;

        private Monotonic(Ports ports, Instant start, long startNanos) {
            this.ports = ports;
            this.start = start;
            this.startNanos = startNanos;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return start.plusNanos(ports.nanoTime() - startNanos);
        }
    }
}
