package cn.fuzhi.sdk;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Ports whose waits take no time: they move the clock and are written down. Jitter is always one half. */
final class FakePorts implements Ports {
    /** How a test answers for the resolver. */
    @FunctionalInterface
    interface Resolver {
        List<InetAddress> lookup(String host) throws UnknownHostException;
    }

    final List<Duration> waits = new CopyOnWriteArrayList<>();
    final AtomicInteger lookups = new AtomicInteger();
    /** What happens in the thread that is about to wait. */
    volatile Runnable beforeWait = () -> {};
    /** Waits take their time, until the client is closed. */
    volatile boolean reallyWaiting;

    volatile Resolver resolver = FakePorts::loopback;
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
    public boolean sleep(Duration time, CountDownLatch end) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        waits.add(time);
        beforeWait.run();
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (reallyWaiting) {
            return end.await(time.toNanos(), TimeUnit.NANOSECONDS);
        }
        pass(time);
        return end.getCount() == 0;
    }

    /** No test asks the resolver of the machine: what is not written here does not exist. */
    @Override
    public List<InetAddress> lookup(String host) throws UnknownHostException {
        lookups.incrementAndGet();
        return resolver.lookup(host);
    }

    private static List<InetAddress> loopback(String host) throws UnknownHostException {
        if (!"localhost".equals(host)) {
            throw new UnknownHostException(host);
        }
        return List.of(InetAddress.getByAddress(host, new byte[] {127, 0, 0, 1}));
    }
}
