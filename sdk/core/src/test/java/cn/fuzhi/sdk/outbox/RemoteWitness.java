package cn.fuzhi.sdk.outbox;

import cn.fuzhi.sdk.model.Verdict;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The platform for {@link Child} programs, and the list of what their {@code enqueue} returned for. It outlives them. Beside the
 * platform that keeps versions stands a naive one that applies whatever comes, to count what is sent twice.
 */
final class RemoteWitness implements AutoCloseable {
    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Random random;
    private final int lostOneIn;
    private final Map<String, Long> versions = new HashMap<>();
    private final Map<String, String> digests = new HashMap<>();
    private final Map<String, String> values = new HashMap<>();
    private final Map<String, String> acknowledged = new HashMap<>();
    private final Map<String, Set<String>> tried = new HashMap<>();
    private final Map<String, Integer> naive = new HashMap<>();
    private final Map<String, Long> naiveNewest = new HashMap<>();
    private long base;
    private int connected;
    private long acknowledgements;
    private int empty;
    private int done;
    final AtomicInteger lostAnswers = new AtomicInteger();
    final AtomicInteger ambiguousItems = new AtomicInteger();
    final AtomicInteger stale = new AtomicInteger();
    volatile int lastBatch;

    RemoteWitness(long seed, int lostOneIn) throws IOException {
        this.random = new Random(seed);
        this.lostOneIn = lostOneIn;
        Thread acceptor = new Thread(this::accept, "witness");
        acceptor.setDaemon(true);
        acceptor.start();
    }

    int port() {
        return server.getLocalPort();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                Thread thread = new Thread(() -> serve(socket), "witness-connection");
                thread.setDaemon(true);
                thread.start();
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(Socket socket) {
        int[] unanswered = {0};
        try (socket) {
            socket.setTcpNoDelay(true);
            DataInputStream in = new DataInputStream(new java.io.BufferedInputStream(socket.getInputStream()));
            DataOutputStream out = new DataOutputStream(new java.io.BufferedOutputStream(socket.getOutputStream()));
            while (true) {
                String word = in.readUTF();
                String key = in.readUTF();
                String value = in.readUTF();
                if (word.equals("BATCH")) {
                    unanswered[0] = Integer.parseInt(key);
                    batch(in, out, unanswered[0]);
                    lastBatch = unanswered[0];
                } else {
                    hear(word, key, value, out);
                }
            }
        } catch (IOException e) {
            // killed: what it sent last may not have been written down by it
            ambiguousItems.addAndGet(unanswered[0]);
        }
    }

    private synchronized void hear(String word, String key, String value, DataOutputStream out) throws IOException {
        switch (word) {
            case "BASE" -> {
                base += 1_000_000;
                out.writeLong(base);
                out.flush();
            }
            case "TRY" -> tried.computeIfAbsent(key, none -> new HashSet<>()).add(value);
            case "ACK" -> acknowledge(key, value);
            case "UP" -> connected++;
            case "DONE" -> done++;
            case "EMPTY" -> empty++;
            default -> throw new IOException("unknown word " + word);
        }
        notifyAll();
    }

    private void batch(DataInputStream in, DataOutputStream out, int size) throws IOException {
        synchronized (this) {
            boolean lost = lostOneIn > 0 && random.nextInt(lostOneIn) == 0;
            out.writeBoolean(lost);
            for (int i = 0; i < size; i++) {
                String key = in.readUTF();
                long version = in.readLong();
                String digest = in.readUTF();
                String payload = new String(in.readNBytes(in.readInt()), java.nio.charset.StandardCharsets.UTF_8);
                out.writeUTF(apply(key, version, digest, payload).value());
                out.writeLong(versions.get(key));
                out.writeUTF(digests.get(key));
            }
            if (lost) {
                lostAnswers.incrementAndGet();
                ambiguousItems.addAndGet(size);
            }
        }
        out.flush();
    }

    private Verdict apply(String key, long version, String digest, String payload) {
        naive.merge(key + "@" + version, 1, Integer::sum);
        naiveNewest.merge(key, version, Math::max);
        Long there = versions.get(key);
        if (there != null && there > version) {
            stale.incrementAndGet();
            return Verdict.STALE;
        }
        if (there != null && there == version) {
            return digests.get(key).equals(digest) ? Verdict.UNCHANGED : Verdict.CONFLICT;
        }
        versions.put(key, version);
        digests.put(key, digest);
        int at = payload.indexOf("\"loginCount\":") + 13;
        values.put(key, payload.substring(at, payload.indexOf(',', at)));
        return there == null ? Verdict.CREATED : Verdict.UPDATED;
    }

    /** Notes that enqueue has returned in this process. */
    synchronized void acknowledge(String key, String value) {
        acknowledgements++;
        acknowledged.put(key, value);
        tried.put(key, new HashSet<>());
    }

    /** Waits until so many programs have opened their outbox. */
    synchronized boolean awaitConnected(int programs, int seconds) throws InterruptedException {
        return await(() -> connected >= programs, seconds);
    }

    synchronized boolean awaitDone(int programs, int seconds) throws InterruptedException {
        return await(() -> done >= programs, seconds);
    }

    /** Waits until so many programs have found their outbox empty. */
    synchronized boolean awaitEmpty(int programs, int seconds) throws InterruptedException {
        return await(() -> empty >= programs, seconds);
    }

    private synchronized boolean await(java.util.function.BooleanSupplier reached, int seconds)
            throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (!reached.getAsBoolean()) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        return true;
    }

    /** Waits until enqueue has returned so often in all. */
    synchronized boolean awaitAcknowledgements(long times, int seconds) throws InterruptedException {
        return await(() -> acknowledgements >= times, seconds);
    }

    synchronized long acknowledgements() {
        return acknowledgements;
    }

    synchronized int acknowledgedCount() {
        return acknowledged.size();
    }

    synchronized int connectedCount() {
        return connected;
    }

    /** The keys whose last acknowledged value is neither what the platform has nor overtaken by one whose call did not return. */
    synchronized Set<String> lost() {
        Set<String> lost = new HashSet<>();
        acknowledged.forEach((key, value) -> {
            String there = values.get(key);
            if (!value.equals(there) && !tried.get(key).contains(there)) {
                lost.add(key + " has " + there + " instead of " + value);
            }
        });
        return lost;
    }

    /** How often a naive platform would have applied something that it had already. */
    synchronized int twice() {
        return naive.values().stream().mapToInt(times -> times - 1).sum();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
