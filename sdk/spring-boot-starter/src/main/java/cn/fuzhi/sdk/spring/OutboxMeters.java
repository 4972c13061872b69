package cn.fuzhi.sdk.spring;

import cn.fuzhi.sdk.outbox.OutboxStatus;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * How the outbox is doing, as metrics: {@code fuzhi.outbox.records} by state, {@code fuzhi.outbox.pending.bytes},
 * {@code fuzhi.outbox.oldest.pending} in seconds, {@code fuzhi.outbox.delivered}, and {@code fuzhi.outbox.paused} (1 while nothing
 * or one kind is not sent). The rows are counted at most every 15 seconds.
 */
final class OutboxMeters implements MeterBinder {
    private static final long FRESH = Duration.ofSeconds(15).toNanos();
    private static final double MILLIS = 1000;

    private final Supplier<OutboxStatus> outbox;
    private final LongSupplier nanos;
    private @Nullable OutboxStatus counted;
    private long countedAt;

    OutboxMeters(Supplier<OutboxStatus> outbox, LongSupplier nanos) {
        this.outbox = outbox;
        this.nanos = nanos;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        records(registry, "pending", OutboxStatus::pending);
        records(registry, "held", OutboxStatus::held);
        records(registry, "rejected", OutboxStatus::rejected);
        records(registry, "parked", OutboxStatus::parked);
        records(registry, "resend", OutboxStatus::resend);
        Gauge.builder("fuzhi.outbox.pending.bytes", this, of(OutboxStatus::pendingBytes))
                .baseUnit("bytes")
                .register(registry);
        Gauge.builder("fuzhi.outbox.oldest.pending", this, of(OutboxMeters::seconds))
                .baseUnit("seconds")
                .register(registry);
        Gauge.builder("fuzhi.outbox.paused", this, of(OutboxMeters::paused)).register(registry);
        FunctionCounter.builder("fuzhi.outbox.delivered", this, of(OutboxStatus::delivered))
                .register(registry);
    }

    private void records(MeterRegistry registry, String state, ToDoubleFunction<OutboxStatus> count) {
        Gauge.builder("fuzhi.outbox.records", this, of(count))
                .tag("state", state)
                .register(registry);
    }

    private static ToDoubleFunction<OutboxMeters> of(ToDoubleFunction<OutboxStatus> figure) {
        return meters -> figure.applyAsDouble(meters.status());
    }

    private static double seconds(OutboxStatus status) {
        Duration oldest = status.oldestPending();
        return oldest == null ? 0 : oldest.toMillis() / MILLIS;
    }

    private static double paused(OutboxStatus status) {
        return status.pausedBy() != null || !status.pausedKinds().isEmpty() ? 1 : 0;
    }

    private synchronized OutboxStatus status() {
        long now = nanos.getAsLong();
        if (counted == null || now - countedAt > FRESH) {
            counted = outbox.get();
            countedAt = now;
        }
        return counted;
    }
}
