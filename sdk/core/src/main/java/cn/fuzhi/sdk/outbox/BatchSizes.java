package cn.fuzhi.sdk.outbox;

import cn.fuzhi.sdk.model.RecordKind;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** How many records a request may hold: what was configured, or less where the platform found it too large within the hour. */
final class BatchSizes {
    private static final long REMEMBERED = Duration.ofHours(1).toNanos();

    private final int most;
    private final Clocks clocks;
    private final Map<RecordKind, Learned> learned = new HashMap<>();

    private record Learned(int most, long at) {}

    BatchSizes(int most, Clocks clocks) {
        this.most = most;
        this.clocks = clocks;
    }

    /** After an hour the size doubles, and again after each further hour. */
    int most(RecordKind kind) {
        Learned small = learned.get(kind);
        if (small == null) {
            return most;
        }
        long hours = (clocks.nanos().getAsLong() - small.at()) / REMEMBERED;
        long grown = (long) small.most() << Math.min(hours, Integer.SIZE - 1);
        if (grown >= most) {
            learned.remove(kind);
            return most;
        }
        return (int) grown;
    }

    /** A request with so many records was too large. */
    void tooLarge(RecordKind kind, int size) {
        int half = Math.max(1, size / 2);
        learned.put(kind, new Learned(Math.min(half, most(kind)), clocks.nanos().getAsLong()));
    }
}
