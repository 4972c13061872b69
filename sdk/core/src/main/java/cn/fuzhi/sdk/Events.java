package cn.fuzhi.sdk;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Delivers events to the listener on a thread of its own, so that no listener can hold up a call. */
final class Events {
    private static final Logger LOG = LoggerFactory.getLogger(FuzhiClient.class);
    private static final int WAITING = 1000;
    private static final Duration IDLE = Duration.ofSeconds(10);

    private final @Nullable Consumer<? super ClientEvent> listener;
    private final @Nullable ThreadPoolExecutor courier;
    private final LongAdder dropped = new LongAdder();
    private final AtomicBoolean complained = new AtomicBoolean();

    Events(@Nullable Consumer<? super ClientEvent> listener, String name) {
        this.listener = listener;
        this.courier = listener == null ? null : courier(name);
    }

    private ThreadPoolExecutor courier(String name) {
        ThreadPoolExecutor one = new ThreadPoolExecutor(
                1,
                1,
                IDLE.toMillis(),
                TimeUnit.MILLISECONDS,
                new ArrayBlockingQueue<>(WAITING),
                task -> {
                    Thread thread = new Thread(task, name + "-events");
                    thread.setDaemon(true);
                    return thread;
                },
                (task, executor) -> dropped.increment());
        one.allowCoreThreadTimeOut(true);
        return one;
    }

    /** Whether anybody listens: nothing need be built for nobody. */
    boolean isHeard() {
        return courier != null;
    }

    void send(ClientEvent event) {
        if (courier != null && listener != null) {
            Consumer<? super ClientEvent> to = listener;
            courier.execute(() -> deliver(to, event));
        }
    }

    private void deliver(Consumer<? super ClientEvent> to, ClientEvent event) {
        try {
            to.accept(event);
        } catch (Throwable e) { // an Error of a listener must not end the thread either
            if (complained.compareAndSet(false, true)) {
                LOG.warn(
                        "监听器抛出异常，之后不再提示 / the listener throws; said once: {}",
                        e.getClass().getName());
            }
        }
    }

    /** Ends the thread; a listener that is blocked is interrupted and left behind. */
    void close() {
        if (courier != null) {
            courier.shutdownNow();
        }
        if (dropped.sum() > 0) {
            LOG.warn("监听器过慢，丢弃事件 / the listener was too slow, events dropped: {}", dropped.sum());
        }
    }
}
