package cn.fuzhi.sdk.outbox;

import cn.fuzhi.sdk.outbox.OutboxListener.Alarm;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the listener, on its own thread: what it throws is counted, and when it is too slow calls are left out, never delivery. */
final class Announcements {
    private static final Logger LOG = LoggerFactory.getLogger(Announcements.class);

    private final OutboxListener listener;
    private final Executor executor;
    private final AtomicLong lost = new AtomicLong();
    private final Set<String> sounding = ConcurrentHashMap.newKeySet();

    Announcements(OutboxListener listener, Executor executor) {
        this.listener = listener;
        this.executor = executor;
    }

    /** Tells the listener when its turn comes. */
    void tell(Consumer<OutboxListener> call) {
        tell(call, done -> {});
    }

    /**
     * Tells the listener when its turn comes.
     *
     * @param after hears true once the listener was told, also when it threw, and false when the call was left out
     */
    void tell(Consumer<OutboxListener> call, Consumer<Boolean> after) {
        try {
            executor.execute(() -> {
                tellNow(call);
                after.accept(true);
            });
        } catch (RejectedExecutionException
                | OutOfMemoryError e) { // the second when the machine starts no more threads
            lost.incrementAndGet();
            after.accept(false);
        }
    }

    private void tellNow(Consumer<OutboxListener> call) {
        try {
            call.accept(listener);
        } catch (Throwable e) { // an Error of the host's code must not end our thread either
            lost.incrementAndGet();
            LOG.warn("监听器抛出异常 / the listener of the outbox failed", e);
        }
    }

    /** Sounds an alarm once, until {@link #calm}. */
    void alarm(Alarm alarm, String about, String text) {
        if (sounding.add(alarm + about)) {
            LOG.warn("{}: {}", alarm, text);
            tell(told -> told.alarm(alarm, text));
        }
    }

    /** What was wrong is over; the next time it is told again. */
    void calm(Alarm alarm, String about) {
        sounding.remove(alarm + about);
    }

    long lost() {
        return lost.get();
    }
}
