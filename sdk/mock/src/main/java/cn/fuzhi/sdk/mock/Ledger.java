package cn.fuzhi.sdk.mock;

import cn.fuzhi.sdk.model.Review;
import java.time.OffsetDateTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the platform holds, and the feed of what changed.
 *
 * <p>Guarded by the lock of the platform: every caller holds it. The feed keeps its newest {@value #FEED_LIMIT} entries, so memory
 * is bounded by the records alone.
 */
final class Ledger {
    private static final int FEED_LIMIT = 200_000;

    private final Map<String, Map<String, Stored>> byKind = new HashMap<>();
    private final Map<String, TreeMap<Long, Stored>> inOrder = new HashMap<>();
    private final Deque<Change> feed = new ArrayDeque<>();
    private final List<Consumer<Move>> listeners = new ArrayList<>();
    private long lastSeq;
    private long droppedUpTo;
    private @Nullable List<Move> undo;

    /** One entry of the change feed. */
    record Change(
            long changeSeq,
            String op,
            Kind kind,
            String key,
            @Nullable String oldKey,
            OffsetDateTime at,
            long version,
            @Nullable String digest,
            @Nullable Review review,
            Stored about) {}

    /** A record before and after a change; either can be absent. */
    record Move(@Nullable Stored before, @Nullable Stored after) {}

    /** Tells a listener, under the lock, of every record that is stored, replaced or forgotten. */
    void follow(Consumer<Move> listener) {
        listeners.add(listener);
    }

    /** The record or its tombstone. */
    @Nullable
    Stored any(Kind kind, String key) {
        return byKind.getOrDefault(kind.name(), Map.of()).get(key);
    }

    /** The record, unless it is unknown, deleted or held. */
    @Nullable
    Stored find(@Nullable Kind kind, String key) {
        Stored stored = kind == null ? null : any(kind, key);
        return stored != null && stored.counts() ? stored : null;
    }

    /** Stores a record (or tombstone) under a new place in the feed. */
    Stored put(Stored next, String op) {
        Stored stored = next.at(++lastSeq);
        replace(stored);
        announce(change(lastSeq, op, stored, stored.key(), null));
        return stored;
    }

    /** Announces that what a record tells of has another key from now on. */
    void rekey(Stored old, String newKey) {
        announce(change(++lastSeq, "REKEY", old, newKey, old.key()));
    }

    private static Change change(long seq, String op, Stored about, String key, @Nullable String oldKey) {
        return new Change(
                seq,
                op,
                about.kind(),
                key,
                oldKey,
                about.updatedAt(),
                about.version(),
                about.digest(),
                about.review(),
                about);
    }

    /** Sets the decision of the province beside a record; the version stays. */
    Stored review(Stored stored, Review review, boolean held) {
        Stored next = stored.reviewed(review, held);
        replace(next);
        announce(new Change(
                ++lastSeq,
                "REVIEW",
                next.kind(),
                next.key(),
                null,
                review.at(),
                next.version(),
                next.digest(),
                review,
                next));
        return next;
    }

    /** Runs a change and takes all of it back again, as a dry run does. */
    void trial(Runnable change) {
        List<Move> moves = new ArrayList<>();
        undo = moves;
        long seq = lastSeq;
        try {
            change.run();
        } finally {
            undo = null;
            lastSeq = seq;
            for (int i = moves.size() - 1; i >= 0; i--) {
                takeBack(moves.get(i));
            }
        }
    }

    private void takeBack(Move move) {
        Stored after = Objects.requireNonNull(move.after(), "a trial only stores");
        remove(after.kind(), after.key());
        if (move.before() != null) {
            replace(move.before());
        }
    }

    private void replace(Stored next) {
        Stored before = byKind.computeIfAbsent(next.kind().name(), name -> new HashMap<>())
                .put(next.key(), next);
        if (undo != null) {
            undo.add(new Move(before, next));
        }
        TreeMap<Long, Stored> order = inOrder.computeIfAbsent(next.kind().name(), name -> new TreeMap<>());
        if (before != null) {
            order.remove(before.changeSeq());
        }
        order.put(next.changeSeq(), next);
        listeners.forEach(listener -> listener.accept(new Move(before, next)));
    }

    private void announce(Change change) {
        if (undo != null) {
            return;
        }
        feed.addLast(change);
        if (feed.size() > FEED_LIMIT) {
            droppedUpTo = feed.removeFirst().changeSeq();
        }
    }

    /** Loses a record as if it had never come: what a platform does that is restored from yesterday. */
    void forget(Kind kind, String key) {
        remove(kind, key);
    }

    private void remove(Kind kind, String key) {
        Stored lost = byKind.getOrDefault(kind.name(), new HashMap<>()).remove(key);
        if (lost != null) {
            inOrder.getOrDefault(kind.name(), new TreeMap<>()).remove(lost.changeSeq());
            listeners.forEach(listener -> listener.accept(new Move(lost, null)));
        }
    }

    /** All records and tombstones that were stored at an instant or later. */
    List<Stored> since(OffsetDateTime instant) {
        return stream().filter(stored -> !stored.updatedAt().isBefore(instant)).toList();
    }

    /** Records of a kind that count, in the order of their changes, after a place in the feed. */
    Stream<Stored> list(Kind kind, long after) {
        return inOrder.getOrDefault(kind.name(), new TreeMap<>()).tailMap(after, false).values().stream()
                .filter(Stored::counts);
    }

    Stream<Stored> list(Kind kind) {
        return list(kind, 0);
    }

    /** Everything, tombstones and held records included. */
    Stream<Stored> stream() {
        return byKind.values().stream().map(Map::values).flatMap(Collection::stream);
    }

    /** The feed after a place, oldest first; null when that place is not kept any more. */
    @Nullable
    Iterator<Change> changes(long after) {
        if (after < droppedUpTo) {
            return null;
        }
        List<Change> later = new ArrayList<>();
        Iterator<Change> newestFirst = feed.descendingIterator();
        while (newestFirst.hasNext()) {
            Change change = newestFirst.next();
            if (change.changeSeq() <= after) {
                break;
            }
            later.add(change);
        }
        Collections.reverse(later);
        return later.iterator();
    }

    /** Drops the feed up to a place, as time does after 400 days. */
    void expireFeed(OffsetDateTime before) {
        while (!feed.isEmpty() && feed.peekFirst().at().isBefore(before)) {
            droppedUpTo = feed.removeFirst().changeSeq();
        }
    }

    long lastSeq() {
        return lastSeq;
    }
}
