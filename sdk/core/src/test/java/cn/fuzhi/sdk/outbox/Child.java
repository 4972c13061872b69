package cn.fuzhi.sdk.outbox;

import cn.fuzhi.sdk.BatchReply;
import cn.fuzhi.sdk.BatchReply.Disposition;
import cn.fuzhi.sdk.BatchSender;
import cn.fuzhi.sdk.ItemOutcome;
import cn.fuzhi.sdk.api.Resources;
import cn.fuzhi.sdk.model.Verdict;
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
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import javax.sql.DataSource;

/**
 * A program of its own that enqueues and delivers until somebody kills it. The platform, and the list of what enqueue returned for,
 * are in the test's process, behind a socket.
 *
 * <p>Arguments: file or JDBC address, port of the witness, seed, keys, versions per key, whether it enqueues.
 */
final class Child {
    private Child() {}

    public static void main(String[] args) throws Exception {
        String store = args[0];
        Wire wire = new Wire(Integer.parseInt(args[1]));
        Random random = new Random(Long.parseLong(args[2]));
        int keys = Integer.parseInt(args[3]);
        int versions = Integer.parseInt(args[4]);
        boolean enqueues = Boolean.parseBoolean(args[5]);
        Outbox.Builder builder = Outbox.builder()
                .client(wire)
                .linger(Duration.ZERO)
                .startJitter(Duration.ZERO)
                .lease(Duration.ofSeconds(3), Duration.ofSeconds(1))
                .poll(Duration.ofMillis(50), Duration.ZERO)
                .batches(100, 900_000);
        Outbox outbox = (store.startsWith("jdbc:")
                        ? builder.dataSource(dataSource(store))
                        : builder.file(Path.of(store)))
                .build();
        wire.say("UP", "", "");
        long sequence = wire.base();
        for (int i = 0; enqueues && i < keys * versions; i++) {
            int key = versions == 1 ? i : random.nextInt(keys);
            long value = sequence + i;
            wire.say("TRY", Records.usageKey(key), String.valueOf(value));
            outbox.enqueue(Records.usage(key, value));
            wire.say("ACK", Records.usageKey(key), String.valueOf(value));
        }
        wire.say("DONE", "", "");
        FlushReport report = outbox.flush(Duration.ofMinutes(5));
        while (store.startsWith("jdbc:")) {
            report = outbox.flush(Duration.ofMinutes(5)); // one node of several delivers until it is killed
            new java.util.concurrent.CountDownLatch(1).await(20, java.util.concurrent.TimeUnit.MILLISECONDS);
        }
        wire.say("EMPTY", "", String.valueOf(report.pending()));
        outbox.close();
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

        Wire(int port) throws IOException {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setTcpNoDelay(true);
            in = new DataInputStream(socket.getInputStream());
            out = new DataOutputStream(socket.getOutputStream());
        }

        synchronized void say(String word, String key, String value) throws IOException {
            out.writeUTF(word);
            out.writeUTF(key);
            out.writeUTF(value);
            out.flush();
        }

        synchronized long base() throws IOException {
            say("BASE", "", "");
            return in.readLong();
        }

        @Override
        public synchronized BatchReply send(Batch batch) {
            try {
                say("BATCH", String.valueOf(batch.items().size()), "");
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
                return new BatchReply.Failed(Disposition.RETRY, null, "断开 / cut", null);
            }
        }

        private BatchReply reply(Batch batch) throws IOException {
            Map<String, ItemOutcome> outcomes = new HashMap<>();
            boolean lost = in.readBoolean();
            for (Item item : batch.items()) {
                Verdict verdict = Verdict.of(in.readUTF());
                String key = item.record().key();
                outcomes.put(
                        key,
                        new ItemOutcome(
                                key,
                                verdict,
                                item.version(),
                                in.readLong(),
                                in.readUTF(),
                                java.util.List.of(),
                                java.util.List.of(),
                                null));
            }
            return lost
                    ? new BatchReply.Failed(Disposition.RETRY, null, "应答丢失 / answer lost", null)
                    : new BatchReply.Decided("req", outcomes);
        }

        @Override
        public <T> T api(Class<T> type) {
            throw new UnsupportedOperationException(type.getName());
        }
    }

    /** Where this class and all that it needs can be loaded from. */
    static ProcessBuilder process(String... args) {
        java.util.List<String> command = new java.util.ArrayList<>(java.util.List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName()));
        command.addAll(java.util.List.of(args));
        return new ProcessBuilder(command).redirectErrorStream(true);
    }
}
