package cn.fuzhi.sdk.spring;

import static org.assertj.core.api.Assertions.assertThat;

import cn.fuzhi.sdk.model.RecordKind;
import cn.fuzhi.sdk.outbox.OutboxStatus;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class OutboxMetersTest {
    private final AtomicReference<OutboxStatus> status = new AtomicReference<>(new OutboxStatus(
            1, 2048, 2, 3, 4, 5, Duration.ofMillis(1500), 6, null, null, Map.of(RecordKind.SCHOOL, "too slow"), 0));
    private final AtomicLong nanos = new AtomicLong();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    private double records(String state) {
        return registry.get("fuzhi.outbox.records").tag("state", state).gauge().value();
    }

    private double gauge(String name) {
        return registry.get(name).gauge().value();
    }

    @Test
    void givesEveryFigure() {
        new OutboxMeters(status::get, nanos::get).bindTo(registry);

        assertThat(records("pending")).isEqualTo(1);
        assertThat(records("held")).isEqualTo(2);
        assertThat(records("rejected")).isEqualTo(3);
        assertThat(records("parked")).isEqualTo(4);
        assertThat(records("resend")).isEqualTo(5);
        assertThat(gauge("fuzhi.outbox.pending.bytes")).isEqualTo(2048);
        assertThat(gauge("fuzhi.outbox.oldest.pending")).isEqualTo(1.5);
        assertThat(gauge("fuzhi.outbox.paused")).isEqualTo(1);
        assertThat(registry.get("fuzhi.outbox.delivered").functionCounter().count())
                .isEqualTo(6);
    }

    @Test
    void countsAtMostEveryFifteenSeconds() {
        new OutboxMeters(status::get, nanos::get).bindTo(registry);
        assertThat(records("pending")).isEqualTo(1);
        status.set(new OutboxStatus(0, 0, 0, 0, 0, 0, null, 7, null, null, Map.of(), 0));

        nanos.set(Duration.ofSeconds(15).toNanos());
        assertThat(records("pending")).isEqualTo(1);
        nanos.set(Duration.ofSeconds(16).toNanos());
        assertThat(records("pending")).isZero();
        assertThat(gauge("fuzhi.outbox.oldest.pending")).isZero();
        assertThat(gauge("fuzhi.outbox.paused")).isZero();
    }
}
