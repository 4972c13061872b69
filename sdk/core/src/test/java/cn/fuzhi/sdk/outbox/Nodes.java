package cn.fuzhi.sdk.outbox;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Four programs that deliver from one table, and somebody who kills one of them every few seconds and stops another for longer than
 * its lease, until this is closed. Their wall clocks are up to 20 minutes apart.
 */
final class Nodes implements AutoCloseable {
    private static final int[] MINUTES_WRONG = {-10, 10, 0, 5};
    private static final Duration BETWEEN_KILLS = Duration.ofSeconds(2);
    /** Longer than the lease of 3 s in {@link Child}. */
    private static final Duration FREEZE = Duration.ofMillis(3500);

    private static final int KILLS_PER_FREEZE = 2;

    private final String address;
    private final RemoteWitness witness;
    private final Process[] programs = new Process[MINUTES_WRONG.length];
    private final String[] names = new String[MINUTES_WRONG.length];
    private final CountDownLatch over = new CountDownLatch(1);
    private final Thread tormentor = new Thread(this::torment, "tormentor");
    private final AtomicInteger kills = new AtomicInteger();
    private final AtomicInteger freezes = new AtomicInteger();
    private volatile Exception failure;
    private int started;

    Nodes(String address, RemoteWitness witness) throws IOException {
        this.address = address;
        this.witness = witness;
        try {
            for (int i = 0; i < programs.length; i++) {
                start(i);
            }
        } catch (IOException e) {
            destroyAll();
            throw e;
        }
        tormentor.setDaemon(true);
        tormentor.start();
    }

    private void start(int i) throws IOException {
        names[i] = "node" + i + "-" + started++;
        programs[i] = ChildJvm.process(
                        address, String.valueOf(witness.port()), names[i], "0", String.valueOf(MINUTES_WRONG[i]))
                .start();
    }

    int kills() {
        return kills.get();
    }

    int freezes() {
        return freezes.get();
    }

    private void torment() {
        try {
            for (int round = 0; !await(BETWEEN_KILLS); round++) {
                int victim = 1 + round % (programs.length - 1);
                // one that has not delivered anything would only show that programs can be started
                if (witness.awaitBatch(names[victim], 5)) {
                    programs[victim].destroyForcibly().waitFor();
                    kills.incrementAndGet();
                    start(victim);
                }
                if (round % KILLS_PER_FREEZE == 0 && witness.awaitBatch(names[0], 5)) {
                    freeze(programs[0]);
                }
            }
        } catch (IOException | InterruptedException e) {
            failure = e;
        }
    }

    private void freeze(Process process) throws IOException, InterruptedException {
        signal(process, "-STOP");
        try {
            await(FREEZE);
            freezes.incrementAndGet();
        } finally {
            signal(process, "-CONT");
        }
    }

    private static void signal(Process process, String signal) throws IOException, InterruptedException {
        new ProcessBuilder("kill", signal, String.valueOf(process.pid()))
                .start()
                .waitFor();
    }

    /** Waits; true when it is over. */
    boolean await(Duration time) throws InterruptedException {
        if (failure != null) {
            throw new IllegalStateException("nobody torments the nodes any more", failure);
        }
        return over.await(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void destroyAll() {
        for (Process program : programs) {
            if (program != null) {
                program.destroyForcibly();
            }
        }
    }

    @Override
    public void close() {
        over.countDown();
        try {
            tormentor.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        destroyAll();
        for (Process program : programs) {
            program.onExit().join();
        }
    }
}
