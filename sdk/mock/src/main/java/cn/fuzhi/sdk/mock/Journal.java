package cn.fuzhi.sdk.mock;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The newest requests and refusals. Bounded; thread-safe. */
final class Journal {
    private final int limit;
    private final Deque<Arrival> arrivals = new ArrayDeque<>();
    private final Deque<Refusal> refusals = new ArrayDeque<>();

    Journal(int limit) {
        this.limit = limit;
    }

    synchronized void add(Arrival arrival) {
        arrivals.addLast(arrival);
        if (arrivals.size() > limit) {
            arrivals.removeFirst();
        }
    }

    synchronized void add(Refusal refusal) {
        refusals.addLast(refusal);
        if (refusals.size() > limit) {
            refusals.removeFirst();
        }
    }

    synchronized List<Arrival> arrivals() {
        return List.copyOf(arrivals);
    }

    synchronized List<Refusal> refusals() {
        return List.copyOf(refusals);
    }
}
