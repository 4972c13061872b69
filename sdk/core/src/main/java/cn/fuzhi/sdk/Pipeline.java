package cn.fuzhi.sdk;

import cn.fuzhi.sdk.Failures.Correction;
import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.core.functions.Either;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import org.jspecify.annotations.Nullable;

/**
 * The way of every call: budget · retry( breaker( rate( bulkhead( attempt )))), built here and nowhere else.
 *
 * <p>Several pipelines, one per key id, share breakers, budget and bulkheads. Waits happen in the calling thread; an interrupt
 * ends them at once and stays set. Safe for use by several threads.
 */
final class Pipeline {
    private static final int DIRECT_CALLS = 8;
    private static final int OUTBOX_CALLS = 4;
    private static final Duration BULKHEAD_GLANCE = Duration.ofMillis(50);

    private final Common common;
    private final Wire wire;
    private final Signer signer;
    private final Pace pace;

    Pipeline(Common common, Wire wire, Signer signer, Pace pace) {
        this.common = common;
        this.wire = wire;
        this.signer = signer;
        this.pace = pace;
    }

    /** What the pipelines of one host share. */
    static final class Common {
        private final Limits limits;
        private final Ports ports;
        private final Events events;
        private final Breakers breakers;
        private final ClockOffset clock;
        private final ConnectionPool pool;
        private final InFlight inFlight;
        private final RetryBudget budget = new RetryBudget();
        private final Retry retries;
        private final Bulkhead direct;
        private final Bulkhead outbox;
        /** Whether the platform takes gzip; false for good once it answered 415. */
        private volatile boolean gzip;

        Common(Limits limits, Ports ports, Events events, ClockOffset clock, ConnectionPool pool, InFlight inFlight) {
            this.limits = limits;
            this.ports = ports;
            this.events = events;
            this.clock = clock;
            this.pool = pool;
            this.inFlight = inFlight;
            this.gzip = limits.gzip();
            this.breakers = new Breakers(limits.callTimeout(), ports, events);
            this.retries = Retry.of("direct", retryConfig());
            this.direct = bulkhead("direct", DIRECT_CALLS);
            this.outbox = bulkhead("outbox", OUTBOX_CALLS);
        }

        private RetryConfig retryConfig() {
            return RetryConfig.custom()
                    .maxAttempts(limits.retry().maxAttempts())
                    .retryOnException(e -> e instanceof Failed failed && failed.isRetryable())
                    .intervalBiFunction(this::interval)
                    .build();
        }

        private long interval(int attempt, Either<Throwable, Object> outcome) {
            Failed failed = (Failed) outcome.getLeft();
            Duration delay = limits.retry()
                    .delay(attempt, failed.isPaced(), failed.shown().retryAfter(), ports.random());
            return delay.toMillis();
        }

        private Bulkhead bulkhead(String name, int calls) {
            return Bulkhead.of(
                    name,
                    BulkheadConfig.custom()
                            .maxConcurrentCalls(calls)
                            .maxWaitDuration(BULKHEAD_GLANCE)
                            .writableStackTraceEnabled(false)
                            .build());
        }
    }

    /**
     * The numbers of the pipeline.
     *
     * @param callTimeout longest time of one attempt
     * @param deadline longest time of a call with all its attempts and waits
     * @param retry policy of direct calls
     * @param gzip whether bodies are compressed
     */
    record Limits(Duration callTimeout, Duration deadline, RetryPolicy retry, boolean gzip) {}

    /** When a call must have ended. */
    private record Deadline(Ports ports, long nanos) {
        static Deadline in(Duration time, Ports ports) {
            return new Deadline(ports, ports.nanoTime() + time.toNanos());
        }

        long left() {
            return nanos - ports.nanoTime();
        }
    }

    /**
     * Does an operation, repeating it as the policy says.
     *
     * @throws FuzhiException of the last attempt; of a write that may have been applied, that its outcome is unknown
     */
    <T> T call(Operation<T> operation) {
        requireOpen();
        try {
            return repeat(operation);
        } catch (Failed failed) {
            boolean unknown = operation.safety() != Failures.Safety.SAFE && failed.isDoubtful();
            throw unknown ? Explained.unknown(failed.shown()) : failed.shown();
        }
    }

    /** As {@link #call}, for a caller that looks at the ruling of the last attempt. */
    <T> T repeat(Operation<T> operation) throws Failed {
        if (common.inFlight.isClosed()) {
            throw closed();
        }
        Deadline deadline = Deadline.in(common.limits.deadline(), common.ports);
        Retry.AsyncContext<T> retry = common.retries.asyncContext();
        Set<Correction> corrected = EnumSet.noneOf(Correction.class);
        boolean doubtful = false;
        for (int number = 1; ; number++) {
            boolean gzip = common.gzip;
            try {
                T value = guarded(operation, deadline, common.direct, number, gzip);
                retry.onComplete();
                if (number == 1) {
                    common.budget.earn();
                }
                return value;
            } catch (Failed failed) {
                doubtful = failed.isDoubtful() || (doubtful && !failed.isFinal());
                if (!correct(failed, corrected, operation.isCompressed(gzip))) {
                    long wait = retry.onError(failed);
                    await(operation, deadline, doubtful ? failed.afterDoubt() : failed, number, wait);
                }
            }
        }
    }

    /**
     * Does an operation once, for a caller that owns the retry; only what {@link Correction} names is put right.
     *
     * @throws Failed with the ruling, never for a reason that the caller could not wait out
     */
    <T> T once(Operation<T> operation, Duration timeout) throws Failed {
        requireOpen();
        Deadline deadline = Deadline.in(timeout, common.ports);
        Set<Correction> corrected = EnumSet.noneOf(Correction.class);
        for (int number = 1; ; number++) {
            boolean gzip = common.gzip;
            try {
                return guarded(operation, deadline, common.outbox, number, gzip);
            } catch (Failed failed) {
                if (!correct(failed, corrected, operation.isCompressed(gzip))) {
                    throw failed;
                }
            }
        }
    }

    private void await(Operation<?> operation, Deadline deadline, Failed failed, int number, long millis)
            throws Failed {
        long nanos = TimeUnit.MILLISECONDS.toNanos(millis);
        if (millis < 0 || nanos >= deadline.left() || !common.budget.take(failed.isPaced())) {
            throw failed;
        }
        if (common.events.isHeard()) {
            common.events.send(new ClientEvent.Retry(
                    operation.group(), number, failed.shown().status(), Duration.ofNanos(nanos)));
        }
        try {
            if (common.ports.sleep(Duration.ofNanos(nanos), common.inFlight.closing())) {
                throw failed;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed;
        }
    }

    /**
     * Puts right what can be put right, each thing once; true if the request can be sent again at once.
     *
     * @param compressed whether this attempt was: another thread may have switched compression off meanwhile
     */
    private boolean correct(Failed failed, Set<Correction> corrected, boolean compressed) {
        Correction correction = failed.ruling().correction();
        if (correction == Correction.NONE || failed.isLocal() || !corrected.add(correction)) {
            return false;
        }
        return switch (correction) {
            case SIGNATURE -> renewSignature(failed.answer());
            case PLAIN_BODY -> {
                if (compressed) {
                    common.gzip = false;
                }
                yield compressed;
            }
            case CONNECTION -> {
                common.pool.evictAll();
                yield true;
            }
            case NONE -> false;
        };
    }

    private boolean renewSignature(Failed.@Nullable Answer answer) {
        boolean skewed = answer != null
                && answer.problem() != null
                && "CLOCK_SKEW".equals(answer.problem().code());
        if (skewed && answer != null && answer.date() != null) {
            common.clock.learn(answer.date());
        } else {
            signer.forget();
        }
        return true;
    }

    /**
     * Refuses what begins after the end.
     *
     * @throws IllegalStateException when the client is closed
     */
    void requireOpen() {
        if (common.inFlight.isClosed()) {
            throw new IllegalStateException("客户端已关闭 / the client is closed");
        }
    }

    private <T> T guarded(Operation<T> operation, Deadline deadline, Bulkhead bulkhead, int number, boolean gzip)
            throws Failed {
        CircuitBreaker breaker = common.breakers.enter(operation.group());
        if (breaker == null) {
            throw Failed.notTried(
                    Explained.notTried("平台连续失败，暂停发送", "the platform kept failing, the breaker is open", null));
        }
        boolean reported = false;
        try {
            keepPace(deadline);
            enter(bulkhead, deadline);
            long start = common.ports.nanoTime();
            try {
                T value = wire.send(operation, gzip, timeout(deadline));
                reported = true;
                breaker.onSuccess(common.ports.nanoTime() - start, TimeUnit.NANOSECONDS);
                told(operation, number, 200, start);
                return value;
            } catch (Failed failed) {
                reported = report(breaker, failed, common.ports.nanoTime() - start);
                told(operation, number, failed.shown().status(), start);
                throttled(operation, failed);
                throw failed;
            } finally {
                bulkhead.onComplete();
            }
        } finally {
            if (!reported) {
                breaker.releasePermission();
            }
        }
    }

    /** Tells the breaker; false when it learns nothing from this failure. */
    private static boolean report(CircuitBreaker breaker, Failed failed, long nanos) {
        switch (failed.ruling().health()) {
            case SUCCESS -> breaker.onSuccess(nanos, TimeUnit.NANOSECONDS);
            case FAILURE -> breaker.onError(nanos, TimeUnit.NANOSECONDS, failed);
            case IGNORED -> {
                return false;
            }
        }
        return true;
    }

    private void told(Operation<?> operation, int number, int status, long start) {
        if (common.events.isHeard()) {
            Duration elapsed = Duration.ofNanos(common.ports.nanoTime() - start);
            common.events.send(new ClientEvent.Attempt(operation.group(), number, status, elapsed));
        }
    }

    private void throttled(Operation<?> operation, Failed failed) {
        if (failed.shown() instanceof FuzhiException.Throttled slow) {
            double rate = pace.slowDown();
            Duration wait = slow.retryAfter() == null ? Duration.ZERO : slow.retryAfter();
            common.events.send(new ClientEvent.Throttled(operation.group(), wait, rate));
        }
    }

    private void keepPace(Deadline deadline) throws Failed {
        Duration wait = pace.reserve(Duration.ofNanos(Math.max(0, deadline.left())));
        if (wait == null) {
            throw Failed.notTried(
                    Explained.notTried("本机限速，来不及发送", "the own rate limit leaves no time for the call", null));
        }
        if (wait.isZero()) {
            return;
        }
        try {
            if (common.ports.sleep(wait, common.inFlight.closing())) {
                throw closed();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw interrupted();
        }
    }

    /** Waits for a place in slices, because the library's wait has one length for all and knows neither deadline nor closing. */
    private void enter(Bulkhead bulkhead, Deadline deadline) throws Failed {
        long latest = common.ports.nanoTime()
                + Math.min(deadline.left(), common.limits.callTimeout().toNanos());
        while (!bulkhead.tryAcquirePermission()) {
            if (Thread.currentThread().isInterrupted()) {
                throw interrupted();
            }
            if (common.inFlight.isClosed()) {
                throw closed();
            }
            if (common.ports.nanoTime() - latest >= 0) {
                throw Failed.notTried(Explained.notTried("同时进行的调用过多", "too many calls at the same time", null));
            }
        }
    }

    private static Failed closed() {
        return Failed.notTried(Explained.notTried("客户端已关闭", "the client was closed", null));
    }

    private static Failed interrupted() {
        return Failed.notTried(Explained.notTried("调用被中断", "the call was interrupted", null));
    }

    private Duration timeout(Deadline deadline) throws Failed {
        long left = deadline.left();
        if (left <= 0) {
            throw Failed.notTried(Explained.notTried("来不及发送", "no time is left for the call", null));
        }
        return left < common.limits.callTimeout().toNanos() ? Duration.ofNanos(left) : common.limits.callTimeout();
    }
}
