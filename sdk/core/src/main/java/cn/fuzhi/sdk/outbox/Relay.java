package cn.fuzhi.sdk.outbox;

import cn.fuzhi.sdk.model.RecordKind;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings rows to the platform, one request per call of {@link #runOnce()}. It has no thread and no clock of its own; only one thread
 * at a time may call it.
 */
final class Relay {
    private static final Logger LOG = LoggerFactory.getLogger(Relay.class);
    private static final List<RecordKind> IN_ORDER = RecordKind.known().stream()
            .sorted(Comparator.comparingInt(RecordKind::rank).thenComparing(RecordKind::value))
            .toList();

    private final OutboxStore store;
    private final Delivery delivery;
    private final Pauses pauses;
    private final BatchSizes sizes;
    private final Clocks clocks;
    private final Settings settings;
    private final OutboxStore.Preparation submissions;
    private final List<Chore> chores;

    /** Something that is to be done now and then beside delivering. */
    interface Chore {
        /** Does a small piece if it is time; returns how long until there is more to do. */
        Duration runOnce();
    }

    Relay(
            OutboxStore store,
            Delivery delivery,
            Pauses pauses,
            BatchSizes sizes,
            Clocks clocks,
            Settings settings,
            OutboxStore.Preparation submissions,
            List<Chore> chores) {
        this.store = store;
        this.delivery = delivery;
        this.pauses = pauses;
        this.sizes = sizes;
        this.clocks = clocks;
        this.settings = settings;
        this.submissions = submissions;
        this.chores = List.copyOf(chores);
    }

    /**
     * Sends the next batch that is due, referenced kinds first.
     *
     * @return how long there is nothing to do; zero when the next call may find more at once
     * @throws OutboxException if the store fails; the next call goes on where this one stopped
     */
    Duration runOnce() {
        // What is delivered is written down before anything new is sent, or it would be sent again.
        delivery.settleAgain();
        Duration wait = settings.poll();
        for (Chore chore : chores) {
            wait = shorter(wait, done(chore));
        }
        Duration paused = pauses.untilFree();
        if (!paused.isZero()) {
            return shorter(wait, paused);
        }
        Map<RecordKind, Duration> waits = store.waits();
        for (RecordKind kind : IN_ORDER) {
            Duration due = waits.get(kind);
            if (due != null) {
                Duration free = longer(due, pauses.untilFree(kind));
                if (free.isZero() && deliver(kind)) {
                    return Duration.ZERO;
                }
                // What is due and was not taken is locked by a transaction of the host, which may stay open for an
                // hour.
                wait = free.isZero() ? wait : shorter(wait, free);
            }
        }
        return wait;
    }

    /** Something failed that is neither the platform nor the store. */
    void broken(Throwable fault) {
        pauses.broken("发件箱内部出错 / the outbox failed: " + fault.getClass().getName());
    }

    /** Whatever fails beside delivering must not hold delivery up. */
    private Duration done(Chore chore) {
        try {
            return chore.runOnce();
        } catch (RuntimeException e) {
            LOG.debug("What is to be done beside delivering failed; it is tried again.", e);
            return settings.poll();
        }
    }

    private boolean deliver(RecordKind kind) {
        Clocks.Stopwatch leased = clocks.start();
        int most = sizes.most(kind);
        List<Claim> claims = RecordKind.SUBMISSION.equals(kind)
                ? store.claim(kind, most, settings.batchBytes(), settings.lease(), submissions)
                : store.claim(kind, most, settings.batchBytes(), settings.lease());
        if (claims.isEmpty()) {
            return false;
        }
        delivery.deliver(kind, claims, leased);
        return true;
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    private static Duration longer(Duration a, Duration b) {
        return a.compareTo(b) > 0 ? a : b;
    }
}
