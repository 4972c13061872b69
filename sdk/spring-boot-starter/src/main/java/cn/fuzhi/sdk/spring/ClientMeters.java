package cn.fuzhi.sdk.spring;

import cn.fuzhi.sdk.ClientEvent;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * What the client does, as metrics: {@code fuzhi.client.attempts} (timer by group and status), {@code fuzhi.client.retries},
 * {@code fuzhi.client.throttled} and {@code fuzhi.client.breaker.open} (1 while a breaker lets nothing through).
 */
final class ClientMeters implements MeterBinder, Consumer<ClientEvent> {
    private static final String GROUP = "group";

    private final List<MeterRegistry> registries = new CopyOnWriteArrayList<>();
    private final Map<String, AtomicInteger> open = new ConcurrentHashMap<>();

    @Override
    public void bindTo(MeterRegistry registry) {
        registries.add(registry);
    }

    @Override
    public void accept(ClientEvent event) {
        registries.forEach(registry -> count(event, registry));
    }

    private void count(ClientEvent event, MeterRegistry registry) {
        if (event instanceof ClientEvent.Attempt attempt) {
            registry.timer("fuzhi.client.attempts", GROUP, attempt.group(), "status", String.valueOf(attempt.status()))
                    .record(attempt.elapsed());
        } else if (event instanceof ClientEvent.Retry retry) {
            registry.counter("fuzhi.client.retries", GROUP, retry.group()).increment();
        } else if (event instanceof ClientEvent.Throttled throttled) {
            registry.counter("fuzhi.client.throttled", GROUP, throttled.group()).increment();
        } else if (event instanceof ClientEvent.BreakerChange change) {
            breaker(change.group(), registry).set("OPEN".equals(change.to()) ? 1 : 0);
        }
    }

    private AtomicInteger breaker(String group, MeterRegistry registry) {
        AtomicInteger state = open.computeIfAbsent(group, name -> new AtomicInteger());
        registry.gauge("fuzhi.client.breaker.open", io.micrometer.core.instrument.Tags.of(GROUP, group), state);
        return state;
    }
}
