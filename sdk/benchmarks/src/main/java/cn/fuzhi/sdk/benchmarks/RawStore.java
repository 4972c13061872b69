package cn.fuzhi.sdk.benchmarks;

import cn.fuzhi.sdk.FrozenRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;

/** SQLite by hand, with the same durability: what a careful engineer would write who needs neither versions nor verdicts. */
final class RawStore implements AutoCloseable {
    private static final String INSERT =
            "INSERT INTO entry (record_key, version, digest, payload, state, due) VALUES (?, ?, ?, ?, 0, 0)";

    private final Connection connection;

    /** A record on its way to the disk, and the caller who waits for it. */
    private record Waiting(FrozenRecord record, CompletableFuture<Boolean> stored) {}

    /** A row that was taken to be sent. */
    private static final class Row {
        private final String key;
        private final long version;
        private final String digest;
        private final byte[] payload;

        private Row(ResultSet row) throws SQLException {
            key = row.getString(1);
            version = row.getLong(2);
            digest = row.getString(3);
            payload = row.getBytes(4);
        }
    }

    RawStore(Path file) throws SQLException {
        connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA journal_mode=WAL");
            statement.execute("PRAGMA synchronous=FULL");
            statement.execute(
                    "CREATE TABLE entry (record_key TEXT PRIMARY KEY, version INTEGER, digest TEXT, payload BLOB,"
                            + " state INTEGER, due INTEGER)");
            statement.execute("CREATE INDEX due ON entry (due) WHERE state = 0");
        }
        connection.setAutoCommit(false);
    }

    /** Inserts records, a transaction for each batch. */
    void insert(List<FrozenRecord> records, int batch) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            for (int from = 0; from < records.size(); from += batch) {
                for (FrozenRecord record : records.subList(from, Math.min(records.size(), from + batch))) {
                    bind(insert, record);
                    insert.addBatch();
                }
                insert.executeBatch();
                connection.commit();
            }
        }
    }

    private static void bind(PreparedStatement insert, FrozenRecord record) throws SQLException {
        insert.setString(1, record.key());
        insert.setLong(2, 1);
        insert.setString(3, record.digest());
        insert.setBytes(4, record.payload());
    }

    /** Each caller inserts its records one by one and waits for each; one writer commits all that wait together. */
    void groupCommit(List<List<FrozenRecord>> callers) throws Exception {
        BlockingQueue<Waiting> queue = new LinkedBlockingQueue<>();
        List<Thread> threads = new ArrayList<>();
        int total = 0;
        for (List<FrozenRecord> records : callers) {
            total += records.size();
            threads.add(new Thread(() -> records.forEach(record -> {
                Waiting waiting = new Waiting(record, new CompletableFuture<>());
                queue.add(waiting);
                waiting.stored().join();
            })));
        }
        threads.forEach(Thread::start);
        writeAll(queue, total);
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private void writeAll(BlockingQueue<Waiting> queue, int total) throws Exception {
        List<Waiting> group = new ArrayList<>();
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            for (int done = 0; done < total; done += group.size()) {
                group.clear();
                group.add(queue.take());
                queue.drainTo(group);
                for (Waiting waiting : group) {
                    bind(insert, waiting.record());
                    insert.addBatch();
                }
                insert.executeBatch();
                connection.commit();
                group.forEach(waiting -> waiting.stored().complete(true));
            }
        }
    }

    /** Sends everything in batches and returns how many records the other side took. */
    long drain(HandWritten http, int batch) throws SQLException, IOException, GeneralSecurityException {
        long taken = 0;
        for (List<Row> rows = claim(batch); !rows.isEmpty(); rows = claim(batch)) {
            List<Row> claimed = rows;
            taken += http.send(out -> {
                String before = "{\"items\":[";
                for (Row row : claimed) {
                    out.write((before + "{\"op\":\"UPSERT\",\"key\":\"" + row.key + "\",\"version\":" + row.version
                                    + ",\"digest\":\"" + row.digest + "\",\"record\":")
                            .getBytes(StandardCharsets.UTF_8));
                    out.write(row.payload);
                    out.write('}');
                    before = ",";
                }
                out.write("]}".getBytes(StandardCharsets.UTF_8));
            });
            forEach("UPDATE entry SET state = 1, payload = NULL WHERE record_key = ?", claimed);
        }
        return taken;
    }

    private List<Row> claim(int batch) throws SQLException {
        List<Row> rows = new ArrayList<>();
        long now = System.currentTimeMillis();
        try (PreparedStatement select =
                connection.prepareStatement("SELECT record_key, version, digest, payload FROM entry"
                        + " WHERE state = 0 AND due <= ? ORDER BY due LIMIT ?")) {
            select.setLong(1, now);
            select.setInt(2, batch);
            try (ResultSet found = select.executeQuery()) {
                while (found.next()) {
                    rows.add(new Row(found));
                }
            }
        }
        forEach("UPDATE entry SET due = " + (now + 90_000) + " WHERE record_key = ?", rows);
        return rows;
    }

    private void forEach(String sql, List<Row> rows) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            for (Row row : rows) {
                update.setString(1, row.key);
                update.addBatch();
            }
            update.executeBatch();
        }
        connection.commit();
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
