package cn.fuzhi.sdk.outbox;

import cn.fuzhi.sdk.BatchReply;
import cn.fuzhi.sdk.BatchReply.Disposition;
import cn.fuzhi.sdk.BatchSender;
import cn.fuzhi.sdk.ItemOutcome;
import cn.fuzhi.sdk.api.Resources;
import cn.fuzhi.sdk.model.UsageReport;
import cn.fuzhi.sdk.model.Verdict;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

/**
 * A program of its own that enqueues and delivers until somebody kills it. The platform, and the list of what enqueue returned for,
 * are in the test's process, behind a socket.
 *
 * <p>Arguments: file or JDBC address, port of the witness, name of the program, number of records to enqueue, minutes by which its
 * wall clock is wrong.
 */
final class Child {
    private static final int KEYS = 50;
    private static final int MANY = 130;

    private Child() {}

    public static void main(String[] args) throws Exception {
        String store = args[0];
        Wire wire = new Wire(Integer.parseInt(args[1]));
        Duration wrong = Duration.ofMinutes(Long.parseLong(args[4]));
        Clocks right = Clocks.system();
        Clocks clocks = new Clocks(() -> right.wall().instant().plus(wrong), right.nanos(), right.random());
        boolean shared = store.startsWith("jdbc:");
        Machine.Ends ends =
                new Machine.Ends(wire, wire, new OutboxListener() {}, Machine.listenerThread("child"), clocks);
        Machine machine = shared
                ? Machine.onDatabase(dataSource(store), settings(), ends, true)
                : Machine.onFile(Path.of(store), settings(), ends);
        wire.say("UP", args[2], 0);
        machine.start();
        Outbox outbox = Outbox.on(machine);
        enqueue(outbox, wire, Integer.parseInt(args[3]), new Random(args[2].hashCode()));
        FlushReport report = outbox.flush(Duration.ofMinutes(5));
        while (shared) {
            outbox.flush(Duration.ofMinutes(5)); // one node of several delivers until it is killed
            new CountDownLatch(1).await(20, TimeUnit.MILLISECONDS);
        }
        wire.say("EMPTY", "", report.pending());
        outbox.close();
    }

    private static Settings settings() {
        Options options = new Options();
        options.linger = Duration.ZERO;
        options.startJitter = Duration.ZERO;
        options.lease = Duration.ofSeconds(3);
        options.callTimeout = Duration.ofSeconds(1);
        options.poll = Duration.ofMillis(50);
        options.changesEvery = Duration.ZERO;
        options.batchRows = 100;
        return options.settings();
    }

    /** Mostly one record a call; of twenty calls one has more records than there are keys, and the last of each key counts. */
    private static void enqueue(Outbox outbox, Wire wire, int records, Random random) throws IOException {
        long sequence = records == 0 ? 0 : wire.base();
        int size;
        for (int i = 0; i < records; i += size) {
            size = random.nextInt(20) == 0 ? Math.min(MANY, records - i) : 1;
            List<UsageReport> call = new ArrayList<>(size);
            Map<String, Long> newest = new HashMap<>();
            for (int j = 0; j < size; j++) {
                int number = random.nextInt(KEYS);
                wire.say("TRY", Records.usageKey(number), sequence + i + j);
                call.add(Records.usage(number, sequence + i + j));
                newest.put(Records.usageKey(number), sequence + i + j);
            }
            outbox.enqueue(call);
            for (Map.Entry<String, Long> stored : newest.entrySet()) {
                wire.say("ACK", stored.getKey(), stored.getValue());
            }
        }
    }

    static DataSource dataSource(String address) {
        return new SimpleDataSource() {
            @Override
            public Connection getConnection() throws SQLException {
                return DriverManager.getConnection(address);
            }
        };
    }

    /** The platform, as the child sees it. */
    private static final class Wire implements BatchSender, Resources {
        private final DataInputStream in;
        private final DataOutputStream out;
        private long lastBatch = System.nanoTime();

        Wire(int port) throws IOException {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setTcpNoDelay(true);
            in = new DataInputStream(socket.getInputStream());
            out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
        }

        synchronized void say(String word, String key, long value) throws IOException {
            out.writeUTF(word);
            out.writeUTF(key);
            out.writeLong(value);
            out.flush();
        }

        synchronized long base() throws IOException {
            say("BASE", "", 0);
            return in.readLong();
        }

        @Override
        public synchronized BatchReply send(Batch batch) {
            try {
                long now = System.nanoTime();
                say("BATCH", String.valueOf(batch.items().size()), TimeUnit.NANOSECONDS.toMillis(now - lastBatch));
                lastBatch = now;
                for (Item item : batch.items()) {
                    out.writeUTF(item.record().key());
                    out.writeLong(item.version());
                    out.writeUTF(String.valueOf(item.record().digest()));
                    byte[] payload = item.record().payload();
                    out.writeInt(payload.length);
                    out.write(payload);
                }
                out.flush();
                return reply(batch);
            } catch (IOException e) {
                return failed(Disposition.RETRY);
            }
        }

        private BatchReply reply(Batch batch) throws IOException {
            int answer = in.readByte();
            if (answer == RemoteWitness.ERROR) {
                return failed(Disposition.RETRY);
            }
            if (answer == RemoteWitness.BUSY) {
                return failed(Disposition.PAUSE_HOST);
            }
            Map<String, ItemOutcome> outcomes = new HashMap<>();
            for (Item item : batch.items()) {
                String key = item.record().key();
                boolean told = in.readBoolean();
                Verdict verdict = Verdict.of(in.readUTF());
                ItemOutcome outcome = new ItemOutcome(
                        key, verdict, item.version(), in.readLong(), in.readUTF(), List.of(), List.of(), null);
                if (told) {
                    outcomes.put(key, outcome);
                }
            }
            return answer == RemoteWitness.LOST ? failed(Disposition.RETRY) : new BatchReply.Decided("req", outcomes);
        }

        private static BatchReply failed(Disposition disposition) {
            return new BatchReply.Failed(disposition, null, "测试故障 / scripted fault", null);
        }

        @Override
        public <T> T api(Class<T> type) {
            throw new UnsupportedOperationException(type.getName());
        }
    }
}
