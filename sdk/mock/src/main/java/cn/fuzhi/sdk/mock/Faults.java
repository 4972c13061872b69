package cn.fuzhi.sdk.mock;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The faults of one platform. They strike in the order in which they were added. Thread-safe. */
public final class Faults {
    private final MockClock clock;
    private final List<Armed> armed = new ArrayList<>();

    /** A fault with its counters. */
    static final class Armed {
        private final Fault fault;
        private final SplittableRandom chance;
        private final Instant since;
        private int seen;
        private int struck;
        private Instant windowStart;
        private int inWindow;
        private @Nullable Instant end;

        Armed(Fault fault, Instant since) {
            this.fault = fault;
            this.chance = new SplittableRandom(fault.seed());
            this.since = since;
            this.windowStart = since;
        }

        Fault fault() {
            return fault;
        }

        /** Seconds until a maintenance window or a quota window ends, rounded up: who waits that long is let in. */
        long secondsLeft(Instant now) {
            Instant end = fault.effect() == Fault.Effect.QUOTA
                    ? windowStart.plus(fault.duration("window"))
                    : since.plus(fault.duration("duration"));
            return Math.max(
                    1, java.time.Duration.between(now, end).plusMillis(999).toSeconds());
        }

        private boolean strikes(Instant now) {
            if (seen++ < fault.skipped() || struck >= fault.times() || (end != null && !now.isBefore(end))) {
                return false;
            }
            boolean hit = chance.nextDouble() < fault.probability() && due(now);
            struck += hit ? 1 : 0;
            if (hit && end == null && fault.lasting() != null) {
                end = now.plus(fault.lasting());
            }
            return hit;
        }

        private boolean due(Instant now) {
            if (fault.effect() == Fault.Effect.MAINTENANCE) {
                return now.isBefore(since.plus(fault.duration("duration")));
            }
            if (fault.effect() != Fault.Effect.QUOTA) {
                return true;
            }
            if (!now.isBefore(windowStart.plus(fault.duration("window")))) {
                windowStart = now;
                inWindow = 0;
            }
            return ++inWindow > fault.number("requests", 0);
        }
    }

    Faults(MockClock clock) {
        this.clock = clock;
    }

    /**
     * Adds a fault; its counts begin now.
     *
     * @param fault the fault
     */
    public synchronized void add(Fault fault) {
        armed.add(new Armed(fault, clock.instant()));
    }

    /** Removes all faults. */
    public synchronized void clear() {
        armed.clear();
    }

    /**
     * Lists the faults that were added.
     *
     * @return a copy
     */
    public synchronized List<Fault> all() {
        return armed.stream().map(Armed::fault).toList();
    }

    /**
     * Counts how often faults struck.
     *
     * @return strikes of all faults that are still there
     */
    public synchronized int struck() {
        return armed.stream().mapToInt(entry -> entry.struck).sum();
    }

    /** The faults that strike a request; its keys are asked for only when a fault names some. */
    synchronized List<Armed> strike(String operationId, Supplier<Collection<String>> keys) {
        if (armed.isEmpty()) {
            return List.of();
        }
        Instant now = clock.instant();
        List<Armed> striking = new ArrayList<>();
        for (Armed entry : armed) {
            Fault fault = entry.fault();
            boolean here = fault.operations().isEmpty() || fault.operations().contains(operationId);
            boolean meant = fault.keys().isEmpty() || !Collections.disjoint(fault.keys(), keys.get());
            if (here && meant && entry.strikes(now)) {
                striking.add(entry);
            }
        }
        return striking;
    }
}
