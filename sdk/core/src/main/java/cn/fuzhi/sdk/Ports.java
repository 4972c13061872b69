package cn.fuzhi.sdk;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** Everything that makes two runs of the client differ: clocks, randomness, waiting. Nothing else in the core reads them. */
interface Ports {
    /** The real ones. */
    Ports SYSTEM = new Machine();

    /** The wall clock, which may jump. */
    Instant now();

    /** The monotonic clock in nanoseconds, which does not. */
    long nanoTime();

    /** A number in [0, 1) for jitter. */
    double random();

    /** A new random UUID, for idempotency keys. */
    UUID uuid();

    /** Unpredictable bytes, for nonces. */
    byte[] nonce(int length);

    /** Waits; true if the latch was opened before the time was over. An interrupt ends the wait. */
    boolean sleep(Duration time, CountDownLatch end) throws InterruptedException;

    /** Asks for the addresses of a host, in the order in which they should be tried. May take long. */
    List<InetAddress> lookup(String host) throws UnknownHostException;

    /** The clocks and the randomness of this machine. */
    final class Machine implements Ports {
        private final SecureRandom random = new SecureRandom();

        private Machine() {}

        @Override
        public Instant now() {
            return Instant.now();
        }

        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public double random() {
            return ThreadLocalRandom.current().nextDouble();
        }

        @Override
        public UUID uuid() {
            return UUID.randomUUID();
        }

        @Override
        public byte[] nonce(int length) {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            return bytes;
        }

        @Override
        public boolean sleep(Duration time, CountDownLatch end) throws InterruptedException {
            return end.await(time.toNanos(), TimeUnit.NANOSECONDS);
        }

        @Override
        public List<InetAddress> lookup(String host) throws UnknownHostException {
            return List.of(InetAddress.getAllByName(host));
        }
    }
}
