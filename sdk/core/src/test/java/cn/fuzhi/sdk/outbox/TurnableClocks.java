package cn.fuzhi.sdk.outbox;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;

/** Time that stands still until a test turns it, and chance from a seed. */
final class TurnableClocks {
    private Instant wall = Instant.parse("2022-09-15T08:00:00Z");
    private long nanos = 1_000_000_000L;
    final Clocks clocks;

    TurnableClocks(long seed) {
        Random random = new Random(seed);
        clocks = new Clocks(() -> wall, () -> nanos, random::nextDouble);
    }

    void turn(Duration by) {
        wall = wall.plus(by);
        nanos += by.toNanos();
    }

    /** Somebody sets the wall clock; the other one runs on. */
    void setWall(Duration by) {
        wall = wall.plus(by);
    }
}
