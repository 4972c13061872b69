package cn.fuzhi.sdk;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Ports whose waits take no time: they move the clock and are written down. Jitter is always one half. */
final class FakePorts implements Ports {
    final List<Duration> waits = new CopyOnWriteArrayList<>();
    private final AtomicLong skipped = new AtomicLong();
    private final AtomicInteger nonces = new AtomicInteger();
    private volatile Duration wallOffset = Duration.ZERO;

    /** Moves both clocks on. */
    void pass(Duration time) {
        skipped.addAndGet(time.toNanos());
    }

    /** Moves the wall clock alone, as an administrator does. */
    void setWallClockBy(Duration offset) {
        wallOffset = offset;
    }

    @Override
    public Instant now() {
        return Instant.now().plusNanos(skipped.get()).plus(wallOffset);
    }

    @Override
    public long nanoTime() {
        return System.nanoTime() + skipped.get();
    }

    @Override
    public double random() {
        return 0.5;
    }

    @Override
    public UUID uuid() {
        return UUID.randomUUID();
    }

    @Override
    public byte[] nonce(int length) {
        byte[] nonce = new byte[length];
        int number = nonces.incrementAndGet();
        nonce[0] = (byte) number;
        nonce[1] = (byte) (number >> 8);
        return nonce;
    }

    @Override
    public void sleep(Duration time) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        waits.add(time);
        pass(time);
    }
}
