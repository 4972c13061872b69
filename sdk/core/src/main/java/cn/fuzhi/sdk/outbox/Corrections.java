package cn.fuzhi.sdk.outbox;

import cn.fuzhi.sdk.model.RecordKind;
import cn.fuzhi.sdk.outbox.OutboxEntry.State;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Changes of rows that are not on their way: by hand, by a decision of the province, by a comparison, by age. */
final class Corrections {
    /** Sent again under its own version, such a row would meet the same answer. */
    private static final Set<String> NEED_A_NEW_VERSION =
            Set.of(Verdicts.STALE, Verdicts.CONFLICT, Verdicts.MISMATCH, Verdicts.REVIEW);

    /** With a new claim number: a result of before, which may be written down twice, is not one of the next request. */
    private static final String ANEW =
            " claim_no = claim_no + 1, due = ?, enqueued_at = ?, attempts = 0, alone = 0, together = 0, unknown_verdicts = 0,"
                    + " waiting_since = NULL, mismatches = 0, cause = NULL, problem = NULL, delivered_at = NULL";

    private static final String NEWER = "version = CASE WHEN version >= ? THEN version + 1 ELSE ? END";
    private static final String SENDABLE = " AND (payload IS NOT NULL OR op = 'DELETE')";

    private final Transactions transactions;
    private final Dialect dialect;
    private final String name;
    private final String table;
    private final String meta;
    private final String row;
    private final boolean keepPayload;

    Corrections(Transactions transactions, Dialect dialect, String prefix, String name, boolean keepPayload) {
        this.transactions = transactions;
        this.dialect = dialect;
        this.name = name;
        this.table = prefix + "entry";
        this.meta = prefix + "meta";
        this.row = " WHERE name = ? AND kind = ? AND record_key = ?";
        this.keepPayload = keepPayload;
    }

    /** Makes dead letters pending again; returns how many. */
    int requeue(Collection<OutboxEntry> entries, boolean asNewest) {
        return transactions.write(tx -> {
            int changed = 0;
            for (OutboxEntry entry : entries) {
                String cause = entry.cause();
                boolean meetsTheSame = !asNewest && cause != null && NEED_A_NEW_VERSION.contains(cause);
                if (!meetsTheSame && hold(tx, entry.kind().value(), entry.key())) {
                    changed += requeue(tx, entry, asNewest);
                }
            }
            return changed;
        });
    }

    private int requeue(Tx tx, OutboxEntry entry, boolean asNewest) throws SQLException {
        String rest =
                "state = 'PENDING'," + ANEW + row + " AND version = ? AND state IN ('REJECTED', 'PARKED')" + SENDABLE;
        String kind = entry.kind().value();
        return asNewest
                ? tx.update(
                        "UPDATE " + table + " SET " + NEWER + ", " + rest,
                        tx.now(),
                        tx.now(),
                        tx.now(),
                        tx.now(),
                        name,
                        kind,
                        entry.key(),
                        entry.version())
                : tx.update(
                        "UPDATE " + table + " SET " + rest,
                        tx.now(),
                        tx.now(),
                        name,
                        kind,
                        entry.key(),
                        entry.version());
    }

    /** Gives dead letters up for good; returns how many. The rows stay, because a version never begins anew. */
    int discard(Collection<OutboxEntry> entries) {
        String sql = "UPDATE " + table + " SET state = 'DISCARDED', payload = NULL, payload_bytes = 0, cause = NULL,"
                + " problem = NULL, due = ?" + row + " AND version = ? AND state IN ('REJECTED', 'PARKED')";
        return transactions.write(tx -> {
            int changed = 0;
            for (OutboxEntry entry : entries) {
                String kind = entry.kind().value();
                if (hold(tx, kind, entry.key())) {
                    changed += tx.update(sql, tx.now(), name, kind, entry.key(), entry.version());
                }
            }
            return changed;
        });
    }

    /** Removes the content of a row; whoever sends it now can settle nothing any more. */
    boolean erase(RecordKind kind, String key) {
        String sql =
                "UPDATE " + table + " SET payload = NULL, payload_bytes = 0, problem = NULL, claim_no = claim_no + 1,"
                        + " lease_owner = NULL, lease_until = 0,"
                        + " state = CASE WHEN op <> 'DELETE' AND state IN ('PENDING', 'REJECTED', 'PARKED') THEN 'RESEND'"
                        + " ELSE state END"
                        + row;
        return transactions.write(tx -> {
            boolean held = hold(tx, kind.value(), key);
            if (!held
                    && Tx.isCode(kind.value() + key)
                    && tx.number("SELECT COUNT(*) FROM " + table + row, name, kind.value(), key) > 0) {
                throw new SQLTransientException("another transaction holds the row", "40001"); // it may be one of ours
            }
            return held && tx.update(sql, name, kind.value(), key) > 0;
        });
    }

    /** What became of records that the platform lacks. */
    record Resent(int again, List<String> needed) {}

    /**
     * The platform lacks delivered records: they are sent again where that is possible.
     *
     * @param asNewest whether the platform has the same version with other bytes
     * @return how many are sent again, and the keys whose bytes are gone
     */
    Resent resend(Collection<OutboxEntry> entries, boolean asNewest) {
        String again = "UPDATE " + table + " SET " + (asNewest ? "version = version + 1, " : "") + "state = 'PENDING',"
                + ANEW + row + " AND version = ? AND state = 'DELIVERED'" + SENDABLE;
        String gone = "UPDATE " + table + " SET state = 'RESEND'" + row + " AND version = ? AND state = 'DELIVERED'";
        return transactions.write(tx -> {
            int sent = 0;
            List<String> needed = new ArrayList<>();
            for (OutboxEntry entry : entries) {
                String kind = entry.kind().value();
                if (!hold(tx, kind, entry.key())) {
                    continue; // the host is about to change it; the next comparison sees what became of it
                }
                if (tx.update(again, tx.now(), tx.now(), name, kind, entry.key(), entry.version()) > 0) {
                    sent++;
                } else if (tx.update(gone, name, kind, entry.key(), entry.version()) > 0) {
                    needed.add(entry.key());
                }
            }
            return new Resent(sent, needed);
        });
    }

    /**
     * What the province decided about one version of a record.
     *
     * @param accepted whether it counts
     * @param comment why not, or null
     */
    record Decision(
            RecordKind kind,
            String key,
            long version,
            boolean accepted,
            @Nullable String comment) {}

    /**
     * Ends the waiting of held rows, all in one transaction. A decision about another version than the held one decides nothing.
     *
     * @return those to be tried again: another transaction holds the row, or it is not written down yet that the row is held
     */
    List<Decision> decide(List<Decision> decisions) {
        if (decisions.isEmpty()) {
            return List.of();
        }
        // Most of a feed is about records that are not held here, and a read costs no fsync.
        Map<Decision, State> ours = transactions.read(tx -> awaited(tx, decisions));
        List<Decision> again = new ArrayList<>();
        ours.forEach((decision, state) -> {
            if (state == State.PENDING) {
                again.add(decision);
            }
        });
        if (again.size() < ours.size()) {
            again.addAll(transactions.write(tx -> {
                List<Decision> locked = new ArrayList<>();
                for (Map.Entry<Decision, State> one : ours.entrySet()) {
                    if (one.getValue() == State.HELD && !decide(tx, one.getKey())) {
                        locked.add(one.getKey());
                    }
                }
                return locked;
            }));
        }
        return again;
    }

    /** The decisions about versions that are held here, or are on their way: the answer that says so may be lost, or not written. */
    private Map<Decision, State> awaited(Tx tx, List<Decision> decisions) throws SQLException {
        String sql = "SELECT record_key, version, state FROM " + table
                + " WHERE name = ? AND kind = ? AND state IN ('HELD', 'PENDING') AND record_key IN {keys}";
        Map<RecordKind, List<Decision>> byKind = new LinkedHashMap<>();
        decisions.forEach(one ->
                byKind.computeIfAbsent(one.kind(), kind -> new ArrayList<>()).add(one));
        Map<List<Object>, State> there = new HashMap<>();
        for (Map.Entry<RecordKind, List<Decision>> some : byKind.entrySet()) {
            List<String> keys =
                    some.getValue().stream().map(Decision::key).distinct().toList();
            try (ResultSet rows =
                    tx.among(sql, keys, name, some.getKey().value()).executeQuery()) {
                while (rows.next()) {
                    List<Object> version = List.of(some.getKey(), rows.getString(1), rows.getLong(2));
                    there.put(version, State.valueOf(rows.getString(3)));
                }
            }
        }
        Map<Decision, State> awaited = new LinkedHashMap<>();
        for (Decision one : decisions) {
            State state = there.get(List.<Object>of(one.kind(), one.key(), one.version()));
            if (state != null) {
                awaited.put(one, state);
            }
        }
        return awaited;
    }

    /** Returns false when another transaction holds the row. */
    private boolean decide(Tx tx, Decision decision) throws SQLException {
        String sql = "UPDATE " + table + " SET state = ?, cause = ?, problem = ?, delivered_at = ?,"
                + " payload = CASE WHEN ? = 1 THEN NULL ELSE payload END" + row + " AND state = 'HELD' AND version = ?";
        String kind = decision.kind().value();
        if (!hold(tx, kind, decision.key())) {
            return false;
        }
        boolean accepted = decision.accepted();
        tx.update(
                sql,
                (accepted ? State.DELIVERED : State.REJECTED).name(),
                accepted ? null : Verdicts.REVIEW,
                accepted ? null : problem(tx, decision),
                accepted ? tx.now() : Tx.Null.NUMBER,
                accepted && !keepPayload ? 1 : 0,
                name,
                kind,
                decision.key(),
                decision.version());
        return true;
    }

    /** People write comments, and may name those whom a record names. */
    private @Nullable String problem(Tx tx, Decision decision) throws SQLException {
        if (decision.comment() == null) {
            return null;
        }
        try (ResultSet rows = tx.bind(
                        "SELECT payload FROM " + table + row,
                        name,
                        decision.kind().value(),
                        decision.key())
                .executeQuery()) {
            byte[] payload = rows.next() ? rows.getBytes(1) : null;
            return OutboxStore.problem(Redaction.masked(decision.comment(), decision.kind(), payload));
        }
    }

    /**
     * Locks a row for the rest of the transaction. Not one that a transaction of the host holds: it may stay open for an hour, and
     * the thread that delivers must not wait for it.
     */
    private boolean hold(Tx tx, String kind, String key) throws SQLException {
        if (!Tx.isCode(kind + key)) {
            return false;
        }
        String sql = "SELECT claim_no FROM " + table + row + dialect.skipLocked();
        try (ResultSet rows = tx.bind(sql, name, kind, key).executeQuery()) {
            return rows.next();
        }
    }

    /** Whether a row stays that has been as it is for longer than rows have to. */
    interface Needed {
        boolean isNeeded(String key, @Nullable String scope, Duration age);
    }

    /**
     * Removes old rows among the next ones of a kind, a small transaction at a time, except some. What is not on its way is due since
     * it came to be as it is.
     *
     * @return the last key that was looked at, null at the end of the kind
     */
    @Nullable
    String purge(RecordKind kind, String after, int look, Duration age, Needed needed) {
        String ahead = "SELECT record_key FROM " + table + " WHERE name = ? AND kind = ? AND record_key > ?"
                + " ORDER BY record_key LIMIT 1 OFFSET " + (look - 1);
        String old = "SELECT record_key, scope, COALESCE(delivered_at, due) FROM " + table
                + " WHERE name = ? AND kind = ? AND record_key > ? AND record_key <= ?"
                + " AND (state = 'DELIVERED' AND delivered_at < ? OR state = 'DISCARDED' AND due < ?)";
        String delete = "DELETE FROM " + table + " WHERE name = ? AND kind = ? AND record_key IN {keys}";
        List<String> last = transactions.write(tx -> {
            String end = tx.text(ahead, name, kind.value(), after);
            String to = end == null ? "\u007f" : end;
            long before = tx.now() - OutboxStore.micros(age);
            List<String> keys = new ArrayList<>();
            PreparedStatement find = tx.bind(old + dialect.skipLocked(), name, kind.value(), after, to, before, before);
            try (ResultSet rows = find.executeQuery()) {
                while (rows.next()) {
                    String key = rows.getString(1);
                    Duration since = Duration.ofNanos((tx.now() - rows.getLong(3)) * 1000);
                    if (!needed.isNeeded(key, rows.getString(2), since)) {
                        keys.add(key);
                    }
                }
            }
            if (!keys.isEmpty()) {
                tx.among(delete, keys, name, kind.value()).executeUpdate();
                forget(tx, kind, keys);
            }
            return end == null ? List.of() : List.of(end);
        });
        return last.isEmpty() ? null : last.get(0);
    }

    /** What is noted about submissions goes with them. */
    private void forget(Tx tx, RecordKind kind, List<String> keys) throws SQLException {
        if (!kind.equals(RecordKind.SUBMISSION)) {
            return;
        }
        List<String> items = keys.stream().map(Submissions::without).toList();
        tx.among("DELETE FROM " + meta + " WHERE name = ? AND item IN {keys}", items, name)
                .executeUpdate();
    }
}
