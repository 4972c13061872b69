package cn.fuzhi.sdk.outbox;

import cn.fuzhi.sdk.model.Op;
import cn.fuzhi.sdk.model.RecordKind;
import cn.fuzhi.sdk.outbox.OutboxEntry.State;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What the outbox knows of every record, on its way or not: to count, to list, to look up, and to tidy up. */
final class Ledger {
    /** So that a query may use the partial index on what is neither pending nor delivered. */
    private static final String STOPPED = "state <> 'PENDING' AND state <> 'DELIVERED'";

    /** What was discarded is of interest to nobody but to the version of its key. */
    private static final String UNFINISHED = STOPPED + " AND state <> 'DISCARDED'";

    private static final String COLUMNS =
            "kind, record_key, version, op, scope, digest, state, attempts, cause, problem,"
                    + " enqueued_at, delivered_at, request_id";

    private final Transactions transactions;
    private final String name;
    private final String table;
    private final String meta;

    Ledger(Transactions transactions, String prefix, String name) {
        this.transactions = transactions;
        this.name = name;
        this.table = prefix + "entry";
        this.meta = prefix + "meta";
    }

    /**
     * How much is pending.
     *
     * @param rows pending rows
     * @param bytes their payload
     * @param oldest when the oldest was enqueued, by the clock of the database in micros, 0 when there is none
     * @param now that clock
     */
    record Pending(long rows, long bytes, long oldest, long now) {
        @Nullable
        Duration age() {
            return rows == 0 ? null : Duration.ofNanos(Math.max(0, now - oldest) * 1000);
        }
    }

    Pending pending() {
        String sql = "SELECT COUNT(*), SUM(payload_bytes), MIN(enqueued_at) FROM " + table
                + " WHERE name = ? AND state = 'PENDING'";
        return transactions.read(tx -> {
            try (ResultSet rows = tx.bind(sql, name).executeQuery()) {
                rows.next();
                return new Pending(rows.getLong(1), rows.getLong(2), rows.getLong(3), tx.now());
            }
        });
    }

    /** Counts pending rows only, which the index answers. */
    long countPending() {
        String sql = "SELECT COUNT(*) FROM " + table + " WHERE name = ? AND kind = ? AND state = 'PENDING'";
        return transactions.read(tx -> {
            long sum = 0;
            for (RecordKind kind : RecordKind.known()) {
                sum += tx.number(sql, name, kind.value());
            }
            return sum;
        });
    }

    /** Tells whether anything is pending without counting it, which takes a tenth of a second for a million rows. */
    boolean hasPending() {
        String sql = "SELECT 1 FROM " + table + " WHERE name = ? AND state = 'PENDING' AND kind IN ("
                + quoted(RecordKind.known()) + ") LIMIT 1";
        return transactions.read(tx -> tx.number(sql, name)) > 0;
    }

    /** Counts what is neither pending nor delivered. */
    Map<State, Long> countStopped() {
        String sql = "SELECT state, COUNT(*) FROM " + table + " WHERE name = ? AND " + UNFINISHED + " GROUP BY state";
        return transactions.read(tx -> {
            Map<State, Long> counts = new EnumMap<>(State.class);
            try (ResultSet rows = tx.bind(sql, name).executeQuery()) {
                while (rows.next()) {
                    counts.merge(state(rows.getString(1)), rows.getLong(2), Long::sum);
                }
            }
            return counts;
        });
    }

    Map<String, Long> countCauses() {
        String sql = "SELECT cause, COUNT(*) FROM " + table + " WHERE name = ? AND " + STOPPED
                + " AND state IN ('REJECTED', 'PARKED') GROUP BY cause ORDER BY cause";
        return transactions.read(tx -> {
            Map<String, Long> counts = new LinkedHashMap<>();
            try (ResultSet rows = tx.bind(sql, name).executeQuery()) {
                while (rows.next()) {
                    counts.put(String.valueOf(rows.getString(1)), rows.getLong(2));
                }
            }
            return counts;
        });
    }

    /** Lists dead letters, all or of one cause, in the order of kind and key behind the last one that was seen. */
    List<OutboxEntry> dead(@Nullable String cause, @Nullable OutboxEntry after, int limit) {
        if (limit < 0) {
            throw new IllegalArgumentException("条数不能为负 / limit is negative: " + limit);
        }
        String sql = "SELECT " + COLUMNS + " FROM " + table + " WHERE name = ? AND " + STOPPED
                + " AND state IN ('REJECTED', 'PARKED') AND (kind > ? OR (kind = ? AND record_key > ?))"
                + (cause == null ? "" : " AND cause = ?") + " ORDER BY kind, record_key LIMIT ?";
        if (cause != null && !Tx.isCode(cause)) {
            return List.of();
        }
        String kind = after == null ? "" : after.kind().value();
        String key = after == null ? "" : after.key();
        return transactions.read(tx -> cause == null
                ? entries(tx, sql, name, kind, kind, key, limit)
                : entries(tx, sql, name, kind, kind, key, cause, limit));
    }

    @Nullable
    OutboxEntry find(RecordKind kind, String key) {
        List<OutboxEntry> found = Tx.isCode(kind.value()) ? find(kind, List.of(key)) : List.of();
        return found.isEmpty() ? null : found.get(0);
    }

    /** Looks several rows of one kind up. */
    List<OutboxEntry> find(RecordKind kind, Collection<String> keys) {
        String sql = "SELECT " + COLUMNS + " FROM " + table + " WHERE name = ? AND kind = ? AND record_key IN {keys}";
        return transactions.read(tx -> {
            try (ResultSet rows = tx.among(sql, keys, name, kind.value()).executeQuery()) {
                return entries(rows);
            }
        });
    }

    byte @Nullable [] payload(RecordKind kind, String key) {
        if (!Tx.isCode(kind.value() + key)) {
            return null;
        }
        String sql = "SELECT payload FROM " + table + " WHERE name = ? AND kind = ? AND record_key = ?";
        List<byte[]> found = transactions.read(tx -> {
            List<byte[]> payloads = new ArrayList<>();
            try (ResultSet rows = tx.bind(sql, name, kind.value(), key).executeQuery()) {
                byte[] payload = rows.next() ? rows.getBytes(1) : null;
                if (payload != null) {
                    payloads.add(payload);
                }
            }
            return payloads;
        });
        return found.isEmpty() ? null : found.get(0);
    }

    /** Reads rows of one kind in the order of their keys, a page at a time. */
    List<OutboxEntry> page(RecordKind kind, @Nullable String scope, String after, int limit) {
        String sql = "SELECT " + COLUMNS + " FROM " + table + " WHERE name = ? AND kind = ? AND record_key > ?"
                + (scope == null ? "" : " AND scope = ?") + " ORDER BY record_key LIMIT ?";
        return transactions.read(tx -> scope == null
                ? entries(tx, sql, name, kind.value(), after, limit)
                : entries(tx, sql, name, kind.value(), after, scope, limit));
    }

    private static List<OutboxEntry> entries(Tx tx, String sql, Object... values) throws SQLException {
        try (ResultSet rows = tx.bind(sql, values).executeQuery()) {
            return entries(rows);
        }
    }

    private static List<OutboxEntry> entries(ResultSet rows) throws SQLException {
        List<OutboxEntry> found = new ArrayList<>();
        while (rows.next()) {
            found.add(entry(rows));
        }
        return found;
    }

    /** Reads the columns of {@link #COLUMNS}. */
    private static OutboxEntry entry(ResultSet rows) throws SQLException {
        long delivered = rows.getLong(12);
        return new OutboxEntry(
                RecordKind.of(rows.getString(1)),
                rows.getString(2),
                rows.getLong(3),
                Op.of(rows.getString(4)),
                rows.getString(5),
                rows.getString(6),
                state(rows.getString(7)),
                rows.getInt(8),
                rows.getString(9),
                rows.getString(10),
                instant(rows.getLong(11)),
                delivered == 0 ? null : instant(delivered),
                rows.getString(13));
    }

    /** A newer SDK may have put a row into a state that did not exist before; such a row is left alone. */
    private static State state(String text) {
        for (State state : State.values()) {
            if (state.name().equals(text)) {
                return state;
            }
        }
        return State.UNKNOWN;
    }

    private static Instant instant(long micros) {
        return Instant.EPOCH.plusNanos(TimeUnit.MICROSECONDS.toNanos(micros));
    }

    /** The covered rows of a scope that are neither pending nor delivered. */
    List<OutboxEntry> stoppedIn(Tx tx, List<RecordKind> kinds, String scope) throws SQLException {
        String sql = "SELECT " + COLUMNS + " FROM " + table + " WHERE name = ? AND scope = ? AND " + UNFINISHED
                + " AND kind IN (" + quoted(kinds) + ") ORDER BY kind, record_key";
        return entries(tx, sql, name, scope);
    }

    /** The covered rows of a scope that were given up; the platform may have an older version of each. */
    List<OutboxEntry> discardedIn(Tx tx, List<RecordKind> kinds, String scope) throws SQLException {
        String sql = "SELECT " + COLUMNS + " FROM " + table + " WHERE name = ? AND scope = ? AND " + STOPPED
                + " AND state = 'DISCARDED' AND kind IN (" + quoted(kinds) + ") ORDER BY kind, record_key";
        return entries(tx, sql, name, scope);
    }

    long pendingIn(Tx tx, List<RecordKind> kinds, String scope) throws SQLException {
        String sql = "SELECT COUNT(*) FROM " + table
                + " WHERE name = ? AND scope = ? AND state = 'PENDING' AND kind IN (" + quoted(kinds) + ")";
        return tx.number(sql, name, scope);
    }

    /** Walks over what a submission counts, in the order of its digest. */
    void deliveredIn(Tx tx, List<RecordKind> kinds, String scope, Line line) throws SQLException {
        String sql = "SELECT kind, record_key, version, digest FROM " + table
                + " WHERE name = ? AND scope = ? AND state = 'DELIVERED' AND op = 'UPSERT' AND kind IN ("
                + quoted(kinds)
                + ") ORDER BY kind, record_key";
        try (ResultSet rows = tx.bind(sql, name, scope).executeQuery()) {
            while (rows.next()) {
                line.on(rows.getString(1), rows.getString(2), rows.getLong(3), rows.getString(4));
            }
        }
    }

    /** One delivered record. */
    interface Line {
        void on(String kind, String key, long version, String digest);
    }

    /** Kinds come from the contract, never from outside. */
    private static String quoted(List<RecordKind> kinds) {
        return "'" + String.join("', '", kinds.stream().map(RecordKind::value).toList()) + "'";
    }

    /** Reads what the outbox notes for itself, such as the place in the change feed. */
    @Nullable
    String note(String item) {
        List<String> found = transactions.read(tx -> {
            String content = note(tx, item);
            return content == null ? List.of() : List.of(content);
        });
        return found.isEmpty() ? null : found.get(0);
    }

    @Nullable
    String note(Tx tx, String item) throws SQLException {
        return tx.text("SELECT content FROM " + meta + " WHERE name = ? AND item = ?", name, item);
    }

    void note(String item, String content) {
        transactions.write(tx -> note(tx, item, note(tx, item), content));
    }

    /** Whether it is noted, in place of what was noted before; not when another node was faster. */
    boolean note(Tx tx, String item, @Nullable String before, String content) throws SQLException {
        if (content.equals(before)) {
            return true; // some drivers count only what became different
        }
        String update = "UPDATE " + meta + " SET content = ? WHERE name = ? AND item = ? AND content = ?";
        String insert = "INSERT INTO " + meta + " (content, name, item) VALUES (?, ?, ?)";
        return (before == null
                        ? tx.update(insert, content, name, item)
                        : tx.update(update, content, name, item, before))
                > 0;
    }

    /** Whether nobody has had a turn for the given time, by the clock of the database; then this node has it. */
    boolean takesTurn(String item, Duration every) {
        return transactions.write(tx -> {
            String last = note(tx, item);
            boolean isTime = last == null || Math.abs(tx.now() - Long.parseLong(last)) >= OutboxStore.micros(every);
            return isTime && note(tx, item, last, String.valueOf(tx.now()));
        });
    }
}
