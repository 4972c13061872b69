package cn.fuzhi.sdk.outbox;

import cn.fuzhi.sdk.FuzhiException;
import cn.fuzhi.sdk.api.Resources;
import cn.fuzhi.sdk.model.Change;
import cn.fuzhi.sdk.model.ChangeOp;
import cn.fuzhi.sdk.model.ChangePage;
import cn.fuzhi.sdk.model.Review;
import cn.fuzhi.sdk.model.ReviewState;
import cn.fuzhi.sdk.outbox.Corrections.Decision;
import cn.fuzhi.sdk.outbox.OutboxListener.Alarm;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what the province decided, a page per call. The place in the feed is noted only after the listener was told and every decision
 * is written down, so each is told and taken at least once. A held record is decided by a review of its own version and by nothing
 * else: the feed also carries the echo of what was sent, and a review without a version is about a record that is deleted by now.
 */
final class ChangeFeed implements Relay.Chore {
    private static final Logger LOG = LoggerFactory.getLogger(ChangeFeed.class);
    private static final String PLACE = "changes";
    private static final int PAGE = 1000;
    private static final int GONE = 410;
    private static final int SHARE = 3;
    private static final Set<ReviewState> TAKEN =
            Set.of(ReviewState.ACCEPTED, ReviewState.ACCEPTED_WITH_WARNINGS, ReviewState.CONFIRMED);

    private final Resources platform;
    private final Ledger ledger;
    private final Corrections corrections;
    private final Announcements announcements;
    private final Clocks clocks;
    private final Duration every;
    /** Decisions whose rows a transaction of the host holds, or are on their way. */
    private List<Decision> undecided = List.of();

    private long next;
    private @Nullable Long place;
    private boolean noted = true;
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
        long began = clocks.nanos().getAsLong();
        boolean more = read();
        long ended = clocks.nanos().getAsLong();
        // However long the feed is, delivery has most of the time of the one thread that they share.
        next = ended + (more ? (ended - began) * SHARE : every.toNanos());
        return Duration.ofNanos(next - ended);
    }

    /** Returns false while the listener is still busy with the last page. */
    private boolean noteWhatWasTold() {
        if (telling.get() == Telling.BUSY) {
            return false;
        }
        if (telling.getAndSet(Telling.NOTHING) == Telling.DONE) {
            noted &= place != null && place == told;
            place = told;
        }
        undecided = corrections.decide(undecided);
        if (!noted && undecided.isEmpty()) {
            ledger.note(PLACE, String.valueOf(place));
            noted = true;
        }
        return true;
    }

    private boolean read() {
        try {
            ChangePage page = platform.changes().list(place(), null, PAGE);
            List<Decision> decisions = new ArrayList<>(undecided);
            page.items().forEach(change -> addDecision(change, decisions));
            undecided = corrections.decide(decisions);
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
                place = 0L;
            }
            LOG.debug("The change feed cannot be read now.", e);
            return false;
        }
    }

    private long place() {
        if (place == null) {
            String last = ledger.note(PLACE);
            place = last == null ? 0 : Long.parseLong(last);
        }
        return place;
    }

    private static void addDecision(Change change, List<Decision> decisions) {
        Review review = change.review();
        Long version = change.version();
        if (!ChangeOp.REVIEW.equals(change.op()) || review == null || version == null) {
            return;
        }
        boolean taken = TAKEN.contains(review.state());
        if (taken || ReviewState.REFUSED.equals(review.state())) {
            decisions.add(new Decision(change.kind(), change.key(), version, taken, review.comment()));
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
