package cn.fuzhi.sdk.outbox;

import cn.fuzhi.sdk.model.Verdict;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * The platform for {@link Child} programs, and the list of what their {@code enqueue} returned for. It outlives them. Beside the
 * platform that keeps versions stands a naive one that applies whatever comes in the order of its arrival.
 *
 * <p>The content of a record is a number that grows with every enqueue of its key, so the order of the contents is known without the
 * versions that the outbox gave, and an older content under a greater version is found as well.
 */
final class RemoteWitness implements AutoCloseable {
    /** What a batch is answered; the answers of {@link #DECIDED} and {@link #LOST} belong to batches that were applied. */
    static final int DECIDED = 0;

    static final int LOST = 1;
    static final int ERROR = 2;
    static final int BUSY = 3;

    /**
     * Whoever takes as long as this between two requests may have written down the result of the first too late, or sent the second
     * too late: a lease is 3 s, and nothing is sent in its last second.
     */
    private static final long SLOW_MILLIS = 900;

    /** More than one program enqueues; a figure of a record ends at 1,000,000,000, so that 20,000 programs can follow one another. */
    private static final long RECORDS_OF_ONE = 50_000;

    /**
     * How often something goes wrong, as one in so many batches; 0 for never.
     *
     * @param lost applied, but the answer is lost
     * @param error status 500 without being applied
     * @param busy status 429 without being applied
     * @param missing applied, but the answer has nothing about one record
     */
    record Faults(int lost, int error, int busy, int missing) {}

    /** What is known of one key. */
    private static final class Known {
        long version;
        String digest;
        long content = -1;
        long naiveVersion;
        long naiveContent = -1;
        long acknowledged = -1;
        long newest = -1;
        final Set<Long> tried = new HashSet<>();
    }

    /** One program at the other end. */
    private static final class Peer {
        String name = "";
        int inFlight;
        int batches;
    }

    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Random random;
    private final Faults faults;
    private final Map<String, Known> keys = new HashMap<>();
    private final Map<String, Peer> peers = new HashMap<>();
    private final Set<String> wrong = new HashSet<>();
    private long base;
    private int open;
    private int connected;
    private long acknowledgements;
    private int empty;
    private long twice;
    private long naiveBack;
    private long stale;
    private long lostAnswers;
    private long refusals;
    private long missing;
    private long inFlight;
    private long slow;

    RemoteWitness(long seed, Faults faults) throws IOException {
        this.random = new Random(seed);
        this.faults = faults;
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
                changeOpen(1);
                Thread thread = new Thread(() -> serve(socket), "witness-connection");
                thread.setDaemon(true);
                thread.start();
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private synchronized void changeOpen(int by) {
        open += by;
        notifyAll();
    }

    private void serve(Socket socket) {
        Peer peer = new Peer();
        try (socket) {
            socket.setTcpNoDelay(true);
            DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
            DataOutputStream out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
            while (true) {
                String word = in.readUTF();
                String key = in.readUTF();
                long value = in.readLong();
                if (word.equals("BATCH")) {
                    batch(peer, in, out, Integer.parseInt(key), value);
                } else {
                    hear(peer, word, key, value, out);
                }
            }
        } catch (IOException e) {
            gone(peer);
        } finally {
            changeOpen(-1);
        }
    }

    /** Killed: what it sent last may not have been written down by it. */
    private synchronized void gone(Peer peer) {
        inFlight += peer.inFlight;
        peers.remove(peer.name, peer);
    }

    private synchronized void hear(Peer peer, String word, String key, long value, DataOutputStream out)
            throws IOException {
        switch (word) {
            case "UP" -> {
                connected++;
                peer.name = key;
                peers.put(key, peer);
            }
            case "BASE" -> {
                base += RECORDS_OF_ONE;
                out.writeLong(base);
                out.flush();
            }
            case "TRY" -> tries(key, value);
            case "ACK" -> acknowledge(key, value);
            case "EMPTY" -> {
                empty++;
                peer.inFlight = 0; // all results are written down
            }
            default -> throw new IOException("unknown word " + word);
        }
        notifyAll();
    }

    private void batch(Peer peer, DataInputStream in, DataOutputStream out, int size, long pause) throws IOException {
        String[] texts = new String[size * 3];
        long[] versions = new long[size];
        for (int i = 0; i < size; i++) {
            texts[3 * i] = in.readUTF();
            versions[i] = in.readLong();
            texts[3 * i + 1] = in.readUTF();
            texts[3 * i + 2] = new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
        }
        synchronized (this) {
            if (pause > SLOW_MILLIS) {
                slow += peer.inFlight + size;
            }
            int answer = answer();
            boolean applied = answer == DECIDED || answer == LOST;
            int left = applied && answer == DECIDED && hits(faults.missing()) ? random.nextInt(size) : -1;
            out.writeByte(answer);
            for (int i = 0; applied && i < size; i++) {
                Verdict verdict = apply(texts[3 * i], versions[i], texts[3 * i + 1], texts[3 * i + 2]);
                out.writeBoolean(i != left);
                out.writeUTF(verdict.value());
                Known known = keys.get(texts[3 * i]);
                out.writeLong(known.version);
                out.writeUTF(known.digest);
            }
            count(answer, size, left >= 0);
            peer.inFlight = applied ? size : 0;
            peer.batches++;
            notifyAll();
        }
        out.flush();
    }

    private int answer() {
        if (hits(faults.error())) {
            return ERROR;
        }
        if (hits(faults.busy())) {
            return BUSY;
        }
        return hits(faults.lost()) ? LOST : DECIDED;
    }

    private boolean hits(int oneIn) {
        return oneIn > 0 && random.nextInt(oneIn) == 0;
    }

    private void count(int answer, int size, boolean oneMissing) {
        lostAnswers += answer == LOST ? size : 0;
        refusals += answer == ERROR || answer == BUSY ? 1 : 0;
        missing += oneMissing ? 1 : 0;
    }

    private Verdict apply(String key, long version, String digest, String payload) {
        Known known = keys.computeIfAbsent(key, none -> new Known());
        int at = payload.indexOf("\"loginCount\":") + 13;
        long content = Long.parseLong(payload.substring(at, payload.indexOf(',', at)));
        applyNaively(known, version, content);
        if (content > known.newest) {
            wrong.add(key + " was sent as " + content + ", which nobody enqueued");
        }
        if (known.version > version) {
            stale++;
            return Verdict.STALE;
        }
        if (known.version == version) {
            return known.digest.equals(digest) ? Verdict.UNCHANGED : Verdict.CONFLICT;
        }
        if (content < known.content) {
            wrong.add(key + " went back from " + known.content + " to " + content + " under a greater version");
        }
        Verdict verdict = known.version == 0 ? Verdict.CREATED : Verdict.UPDATED;
        known.version = version;
        known.digest = digest;
        known.content = content;
        return verdict;
    }

    private void applyNaively(Known known, long version, long content) {
        if (version == known.naiveVersion) {
            twice++;
        } else if (content < known.naiveContent) {
            naiveBack++;
        }
        known.naiveVersion = Math.max(known.naiveVersion, version);
        known.naiveContent = content;
    }

    /** Notes that enqueue is about to be called; contents only grow. */
    synchronized void tries(String key, long content) {
        Known known = keys.computeIfAbsent(key, none -> new Known());
        if (content <= known.newest) {
            throw new IllegalStateException("contents of " + key + " must grow");
        }
        known.newest = content;
        known.tried.add(content);
    }

    /** Notes that enqueue has returned. */
    synchronized void acknowledge(String key, long content) {
        acknowledgements++;
        Known known = keys.get(key);
        known.acknowledged = content;
        known.tried.clear();
        notifyAll();
    }

    /** Waits until so many programs have opened their outbox. */
    synchronized boolean awaitConnected(int programs, int seconds) throws InterruptedException {
        return await(() -> connected >= programs, seconds);
    }

    /** Waits until so many programs have found their outbox empty. */
    synchronized boolean awaitEmpty(int programs, int seconds) throws InterruptedException {
        return await(() -> empty >= programs, seconds);
    }

    /** Waits until what killed programs had sent is read to its end, so that it cannot mix with what the next one sends. */
    synchronized boolean awaitAllGone(int seconds) throws InterruptedException {
        return await(() -> open == 0, seconds);
    }

    /** Waits until the running program of a name has sent a batch. */
    synchronized boolean awaitBatch(String name, int seconds) throws InterruptedException {
        return await(() -> peers.containsKey(name) && peers.get(name).batches > 0, seconds);
    }

    private synchronized boolean await(BooleanSupplier reached, int seconds) throws InterruptedException {
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

    synchronized int connectedCount() {
        return connected;
    }

    /**
     * What must never be: a key whose last acknowledged content is neither what the platform has nor overtaken by one whose call did
     * not return, an older content applied over a newer one, a content that nobody enqueued.
     */
    synchronized Set<String> wrong() {
        Set<String> all = new HashSet<>(wrong);
        keys.forEach((key, known) -> {
            if (known.acknowledged >= 0
                    && known.content != known.acknowledged
                    && !known.tried.contains(known.content)) {
                all.add(key + " has " + known.content + " instead of " + known.acknowledged);
            }
        });
        return all;
    }

    /** How often a naive platform would have applied something again: the same once more, or an older content after a newer one. */
    synchronized long appliedAgain() {
        return twice + naiveBack;
    }

    /** How often a naive platform would have gone back. */
    synchronized long naiveBack() {
        return naiveBack;
    }

    /**
     * How many items may be sent again with good reason: in flight when a program was killed, answered by nothing, or held by a program
     * that stood still for too long.
     */
    synchronized long ambiguous() {
        return inFlight + lostAnswers + missing + slow;
    }

    synchronized long inFlightAtKills() {
        return inFlight;
    }

    synchronized long stale() {
        return stale;
    }

    synchronized String counts() {
        return String.format(
                "acknowledged=%d sentTwice=%d naiveBack=%d stale=%d ambiguous=%d"
                        + " (inFlightAtKills=%d lostAnswers=%d missingResults=%d stoodStill=%d) refusedBatches=%d",
                acknowledgements, twice, naiveBack, stale, ambiguous(), inFlight, lostAnswers, missing, slow, refusals);
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
