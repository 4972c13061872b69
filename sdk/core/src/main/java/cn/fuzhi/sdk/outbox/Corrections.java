package cn.fuzhi.sdk.outbox;

import cn.fuzhi.sdk.model.RecordKind;
import cn.fuzhi.sdk.outbox.OutboxEntry.State;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Changes of rows that are not on their way: by hand, by a decision of the province, by a comparison, by age. */
final class Corrections {
    /** Sent again under its own version, such a row would meet the same answer. */
    private static final Set<String> NEED_A_NEW_VERSION = Set.of(Verdicts.STALE, Verdicts.CONFLICT, Verdicts.MISMATCH);

    private static final String ANEW = " due = ?, attempts = 0, alone = 0, together = 0, unknown_verdicts = 0,"
            + " waiting_since = NULL, cause = NULL, problem = NULL, delivered_at = NULL";
    private static final String NEWER = "version = CASE WHEN version >= ? THEN version + 1 ELSE ? END";
    private static final String SENDABLE = " AND (payload IS NOT NULL OR op = 'DELETE')";

    private final Transactions transactions;
    private final String name;
    private final String table;
    private final String row;
    private final boolean keepPayload;

    Corrections(Transactions transactions, String prefix, String name, boolean keepPayload) {
        this.transactions = transactions;
        this.name = name;
        this.table = prefix + "entry";
        this.row = " WHERE name = ? AND kind = ? AND record_key = ?";
        this.keepPayload = keepPayload;
    }

    /** Makes dead letters pending again; returns how many. */
    int requeue(Collection<OutboxEntry> entries, boolean asNewest) {
        String sql = "UPDATE " + table + " SET " + NEWER + ", state = 'PENDING'," + ANEW + row
                + " AND version = ? AND state IN ('REJECTED', 'PARKED')" + SENDABLE;
        return transactions.write(tx -> {
            int changed = 0;
            for (OutboxEntry entry : entries) {
                String cause = entry.cause();
                if (asNewest || cause == null || !NEED_A_NEW_VERSION.contains(cause)) {
                    // Below its own version nothing is raised: "as it is" asks for a version that is one lower.
                    String same = "UPDATE " + table + " SET state = 'PENDING'," + ANEW + row
                            + " AND version = ? AND state IN ('REJECTED', 'PARKED')" + SENDABLE;
                    String kind = entry.kind().value();
                    changed += asNewest
                            ? tx.update(sql, tx.now(), tx.now(), tx.now(), name, kind, entry.key(), entry.version())
                            : tx.update(same, tx.now(), name, kind, entry.key(), entry.version());
                }
            }
            return changed;
        });
    }

    /** Removes dead letters for good; returns how many. */
    int discard(Collection<OutboxEntry> entries) {
        String sql = "DELETE FROM " + table + row + " AND version = ? AND state IN ('REJECTED', 'PARKED')";
        return transactions.write(tx -> {
            int changed = 0;
            for (OutboxEntry entry : entries) {
                changed += tx.update(sql, name, entry.kind().value(), entry.key(), entry.version());
            }
            return changed;
        });
    }

    /** Removes the content of a row; whoever sends it now can settle nothing any more. */
    boolean erase(RecordKind kind, String key) {
        String sql =
                "UPDATE " + table + " SET payload = NULL, payload_bytes = 0, problem = NULL, claim_no = claim_no + 1,"
                        + " lease_owner = NULL, lease_until = 0,"
                        + " state = CASE WHEN op = 'DELETE' OR state IN ('DELIVERED', 'HELD') THEN state ELSE 'RESEND' END"
                        + row;
        return transactions.write(tx -> tx.update(sql, name, kind.value(), key)) > 0;
    }

    /**
     * The platform lacks delivered records: they are sent again where that is possible.
     *
     * @param asNewest whether the platform has the same version with other bytes
     * @return the keys whose bytes are gone
     */
    List<String> resend(Collection<OutboxEntry> entries, boolean asNewest) {
        String again = "UPDATE " + table + " SET " + (asNewest ? "version = version + 1, " : "") + "state = 'PENDING',"
                + ANEW + row + " AND version = ? AND state = 'DELIVERED'" + SENDABLE;
        String gone = "UPDATE " + table + " SET state = 'RESEND'" + row + " AND version = ? AND state = 'DELIVERED'";
        return transactions.write(tx -> {
            List<String> needed = new ArrayList<>();
            for (OutboxEntry entry : entries) {
                String kind = entry.kind().value();
                if (tx.update(again, tx.now(), name, kind, entry.key(), entry.version()) == 0
                        && tx.update(gone, name, kind, entry.key(), entry.version()) > 0) {
                    needed.add(entry.key());
                }
            }
            return needed;
        });
    }

    /** The province has decided about a held row. */
    void decide(RecordKind kind, String key, boolean accepted, @Nullable Long version, @Nullable String comment) {
        String sql = "UPDATE " + table + " SET state = ?, cause = ?, problem = ?, delivered_at = ?,"
                + " payload = CASE WHEN ? = 1 THEN NULL ELSE payload END" + row
                + " AND state = 'HELD' AND (? = 0 OR version = ?)";
        long only = version == null ? 0 : version;
        transactions.write(tx -> tx.update(
                sql,
                (accepted ? State.DELIVERED : State.REJECTED).name(),
                accepted ? null : "REVIEW",
                accepted ? null : comment,
                accepted ? tx.now() : Tx.Null.NUMBER,
                accepted && !keepPayload ? 1 : 0,
                name,
                kind.value(),
                key,
                only,
                only));
    }

    /**
     * Removes old delivered rows among the next ones of a kind, a small transaction at a time. What a submission that is still open
     * covers stays.
     *
     * @return the last key that was looked at, null at the end of the kind
     */
    @Nullable
    String purge(RecordKind kind, String after, int look, Duration age) {
        String ahead = "SELECT record_key FROM " + table + " WHERE name = ? AND kind = ? AND record_key > ?"
                + " ORDER BY record_key LIMIT 1 OFFSET " + (look - 1);
        String sql = "DELETE FROM " + table + " WHERE name = ? AND kind = ? AND record_key > ? AND record_key <= ?"
                + " AND state = 'DELIVERED' AND delivered_at < ?" + " AND (scope IS NULL OR scope NOT IN (";
        List<String> last = transactions.write(tx -> {
            String end = tx.text(ahead, name, kind.value(), after);
            String to = end == null ? "\u007f" : end;
            List<String> open = openScopes(tx);
            Object[] values = new Object[5 + Math.max(1, open.size())];
            values[0] = name;
            values[1] = kind.value();
            values[2] = after;
            values[3] = to;
            values[4] = tx.now() - OutboxStore.micros(age);
            values[5] = "";
            for (int i = 0; i < open.size(); i++) {
                values[5 + i] = open.get(i);
            }
            tx.update(sql + "?" + ", ?".repeat(values.length - 6) + "))", values);
            return end == null ? List.of() : List.of(end);
        });
        return last.isEmpty() ? null : last.get(0);
    }

    /** The scopes of submissions that have no receipt yet. */
    private List<String> openScopes(Tx tx) throws SQLException {
        String sql = "SELECT record_key FROM " + table + " WHERE name = ? AND kind = ? AND state <> 'DELIVERED'";
        List<String> scopes = new ArrayList<>();
        try (ResultSet rows = tx.bind(sql, name, RecordKind.SUBMISSION.value()).executeQuery()) {
            while (rows.next()) {
                String[] parts = rows.getString(1).split("~", 4);
                scopes.add(parts[2] + "~" + parts[3]);
            }
        }
        return scopes;
    }
}
