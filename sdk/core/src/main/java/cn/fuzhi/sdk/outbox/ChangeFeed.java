package cn.fuzhi.sdk.outbox;

import cn.fuzhi.sdk.FuzhiException;
import cn.fuzhi.sdk.api.Resources;
import cn.fuzhi.sdk.model.Change;
import cn.fuzhi.sdk.model.ChangeOp;
import cn.fuzhi.sdk.model.ChangePage;
import cn.fuzhi.sdk.model.Review;
import cn.fuzhi.sdk.model.ReviewState;
import cn.fuzhi.sdk.outbox.OutboxListener.Alarm;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what the province decided, a page per call. The place in the feed is noted only after the listener was told, so a decision
 * is told at least once.
 */
final class ChangeFeed implements Relay.Chore {
    private static final Logger LOG = LoggerFactory.getLogger(ChangeFeed.class);
    private static final String PLACE = "changes";
    private static final int PAGE = 1000;
    private static final int GONE = 410;
    private static final Set<ReviewState> TAKEN =
            Set.of(ReviewState.ACCEPTED, ReviewState.ACCEPTED_WITH_WARNINGS, ReviewState.CONFIRMED);

    private final Resources platform;
    private final Ledger ledger;
    private final Corrections corrections;
    private final Announcements announcements;
    private final Clocks clocks;
    private final Duration every;
    private long next;
    private final AtomicReference<Telling> telling = new AtomicReference<>(Telling.NOTHING);
    private long told;

    /** What the listener does with the page that was read last. */
    private enum Telling {
        NOTHING,
        BUSY,
        DONE
    }

    ChangeFeed(
            Resources platform,
            Ledger ledger,
            Corrections corrections,
            Announcements announcements,
            Clocks clocks,
            Duration every) {
        this.platform = platform;
        this.ledger = ledger;
        this.corrections = corrections;
        this.announcements = announcements;
        this.clocks = clocks;
        this.every = every;
        this.next = clocks.nanos().getAsLong();
    }

    @Override
    public Duration runOnce() {
        if (every.isZero()) {
            return Duration.ofDays(1);
        }
        if (!noteWhatWasTold()) {
            return every;
        }
        Duration wait = Duration.ofNanos(next - clocks.nanos().getAsLong());
        if (!wait.isNegative() && !wait.isZero()) {
            return wait;
        }
        boolean more = read();
        next = clocks.nanos().getAsLong() + (more ? 0 : every.toNanos());
        return more ? Duration.ZERO : every;
    }

    /** Returns false while the listener is still busy with the last page. */
    private boolean noteWhatWasTold() {
        if (telling.get() == Telling.BUSY) {
            return false;
        }
        if (telling.getAndSet(Telling.NOTHING) == Telling.DONE) {
            ledger.note(PLACE, String.valueOf(told));
        }
        return true;
    }

    private boolean read() {
        String place = ledger.note(PLACE);
        try {
            ChangePage page = platform.changes().list(place == null ? 0 : Long.parseLong(place), null, PAGE);
            page.items().forEach(this::decide);
            told = page.nextAfter();
            telling.set(Telling.BUSY);
            announcements.tell(
                    listener -> page.items().forEach(change -> tell(listener, change)),
                    done -> telling.set(done ? Telling.DONE : Telling.NOTHING));
            return page.hasMore();
        } catch (FuzhiException e) {
            if (e.status() == GONE) {
                announcements.alarm(Alarm.CHANGES_LOST, "", "变更游标已过期，将从头读取 / the change feed begins anew");
                ledger.note(PLACE, "0");
            }
            LOG.debug("The change feed cannot be read now.", e);
            return false;
        }
    }

    private void decide(Change change) {
        Review review = change.review();
        if (ChangeOp.REVIEW.equals(change.op()) && review != null) {
            if (TAKEN.contains(review.state()) || ReviewState.REFUSED.equals(review.state())) {
                boolean taken = TAKEN.contains(review.state());
                corrections.decide(change.kind(), change.key(), taken, change.version(), review.comment());
            }
        } else if (ChangeOp.UPSERT.equals(change.op()) && change.version() != null) {
            corrections.decide(change.kind(), change.key(), true, change.version(), null);
        }
    }

    private static void tell(OutboxListener listener, Change change) {
        Review review = change.review();
        String oldKey = change.oldKey();
        if (ChangeOp.REVIEW.equals(change.op()) && review != null) {
            listener.reviewed(change.kind(), change.key(), review);
        } else if (ChangeOp.REKEY.equals(change.op()) && oldKey != null) {
            listener.rekeyed(change.kind(), oldKey, change.key());
        }
    }
}
