package cn.fuzhi.sdk.outbox;

import cn.fuzhi.sdk.FrozenRecord;
import cn.fuzhi.sdk.model.Mask;
import cn.fuzhi.sdk.model.Op;
import cn.fuzhi.sdk.model.RecordKind;
import cn.fuzhi.sdk.outbox.OutboxEntry.State;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The rows on their way: put, claim, renew, settle, release. Each is one short transaction; what only reads or tidies up is in
 * {@link Ledger}.
 */
final class OutboxStore {
    private static final int FETCH = 64;
    private static final int SHORT_TEXT = 250;
    private static final int LONG_TEXT = 2000;
    private static final long LONGEST_WAIT = Duration.ofMinutes(15).toNanos() / 1000;

    private final Transactions transactions;
    private final Dialect dialect;
    private final String name;
    private final String owner;
    private final String table;
    private final boolean keepPayload;
    /**
     * Whether nobody but this store takes rows. What it has taken it knows then without a note in the table: nobody is to be kept
     * off, and after a crash nobody waits for the end of a lease. The claim number stays as it is and still tells of an erasure.
     */
    private final boolean alone;

    private final Intake intake;
    private final String firstDue;
    private final Object[] firstDueNames;

    OutboxStore(
            Transactions transactions, Dialect dialect, String prefix, String name, String owner, boolean keepPayload) {
        this.transactions = transactions;
        this.dialect = dialect;
        this.name = name;
        this.owner = owner;
        this.table = prefix + "entry";
        this.keepPayload = keepPayload;
        this.alone = transactions.isAlone();
        this.intake = new Intake(dialect, table, name);
        this.firstDue = firstDue(table);
        this.firstDueNames = RecordKind.known().stream().map(kind -> name).toArray();
    }

    /** What the sender of a submission does with it while it is being claimed. */
    interface Preparation {
        /** Returns the row as it is to be sent, or null when it is not to be sent now. */
        @Nullable
        Claim prepare(Tx tx, Claim claim) throws SQLException;
    }

    /** Stores changes durably. */
    EnqueueReport put(Collection<FrozenRecord> records) {
        return transactions.write(tx -> put(tx, records));
    }

    /** Stores changes in a transaction. */
    EnqueueReport put(Tx tx, Collection<FrozenRecord> records) throws SQLException {
        return intake.put(tx, records);
    }

    /**
     * Takes rows of one kind that are due.
     *
     * @param most how many rows
     * @param mostBytes how many bytes of payload; a single row may exceed it
     * @return the rows in the order in which they became due
     */
    List<Claim> claim(RecordKind kind, int most, long mostBytes, Duration lease) {
        return alone
                ? transactions.read(tx -> due(tx, kind, most, mostBytes))
                : transactions.write(tx -> lease(tx, due(tx, kind, most, mostBytes), lease));
    }

    /** Takes rows like the other {@code claim}, after a preparation that may write. */
    List<Claim> claim(RecordKind kind, int most, long mostBytes, Duration lease, Preparation preparation) {
        return transactions.write(tx -> {
            List<Claim> taken = new ArrayList<>();
            for (Claim candidate : due(tx, kind, most, mostBytes)) {
                Claim prepared = preparation.prepare(tx, candidate);
                if (prepared != null) {
                    taken.add(prepared);
                }
            }
            return alone ? taken : lease(tx, taken, lease);
        });
    }

    private List<Claim> lease(Tx tx, List<Claim> taken, Duration lease) throws SQLException {
        extend(tx, taken, tx.now() + micros(lease), 1);
        return taken.stream().map(Claim::claimed).toList();
    }

    private List<Claim> due(Tx tx, RecordKind kind, int most, long mostBytes) throws SQLException {
        String sql = "SELECT record_key, version, op, payload, digest, scope, claim_no, attempts, alone, together,"
                + " unknown_verdicts, waiting_since, mismatches, payload_bytes FROM " + table
                + " WHERE name = ? AND kind = ? AND state = 'PENDING' AND due <= ? ORDER BY due LIMIT ?"
                + dialect.skipLocked();
        PreparedStatement statement = tx.bind(sql, name, kind.value(), tx.now(), most);
        statement.setFetchSize(FETCH);
        List<Claim> found = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery()) {
            int room = most;
            long bytes = 0;
            while (rows.next()) {
                int together = rows.getInt(10);
                bytes += rows.getInt(14);
                room = together > 0 ? Math.min(room, together) : room;
                if (!found.isEmpty() && (found.size() >= room || bytes > mostBytes)) {
                    break;
                }
                found.add(claim(kind, rows));
            }
        }
        return found;
    }

    private static Claim claim(RecordKind kind, ResultSet rows) throws SQLException {
        FrozenRecord record = FrozenRecord.of(
                kind,
                rows.getString(1),
                Op.of(rows.getString(3)),
                rows.getString(6),
                rows.getBytes(4),
                rows.getString(5));
        long waiting = rows.getLong(12);
        Long waitingSince = rows.wasNull() ? null : waiting;
        return new Claim(
                record,
                rows.getLong(2),
                rows.getLong(7),
                rows.getInt(8),
                rows.getInt(9),
                rows.getInt(10),
                rows.getInt(11),
                waitingSince,
                rows.getInt(13));
    }

    /** While a row is leased, the end of the lease is the time at which it is due again. This transaction holds the rows. */
    private void extend(Tx tx, List<Claim> claims, long until, int claimStep) throws SQLException {
        if (claims.isEmpty()) {
            return;
        }
        String sql = "UPDATE " + table + " SET lease_owner = ?, lease_until = ?, due = ?, claim_no = claim_no + ?"
                + " WHERE name = ? AND kind = ? AND record_key IN {keys}";
        List<String> keys = claims.stream().map(Claim::key).toList();
        String kind = claims.get(0).record().kind().value();
        tx.among(sql, keys, owner, until, until, claimStep, name, kind).executeUpdate();
    }

    /**
     * Makes leases run anew.
     *
     * @return the rows that are still this sender's; the others must not be sent
     */
    List<Claim> renew(List<Claim> claims, Duration lease) {
        if (alone) {
            return transactions.read(tx -> {
                Map<String, Standing> held = hold(tx, claims);
                return claims.stream()
                        .filter(claim -> isHeld(held.get(claim.key()), claim) && isNewest(held.get(claim.key()), claim))
                        .toList();
            });
        }
        return transactions.write(tx -> {
            Map<String, Standing> held = hold(tx, claims);
            List<Claim> kept = new ArrayList<>();
            List<Claim> overtaken = new ArrayList<>();
            for (Claim claim : claims) {
                if (isHeld(held.get(claim.key()), claim)) {
                    (isNewest(held.get(claim.key()), claim) ? kept : overtaken).add(claim);
                }
            }
            letGo(tx, overtaken); // what was enqueued meanwhile need not wait for the end of the lease
            extend(tx, kept, tx.now() + micros(lease), 0);
            return kept;
        });
    }

    /** Where a row stands now. */
    private record Standing(long claimNo, long version, String state) {}

    private static boolean isHeld(@Nullable Standing row, Claim claim) {
        return row != null && row.claimNo() == claim.claimNo() && row.state().equals(State.PENDING.name());
    }

    private static boolean isNewest(@Nullable Standing row, Claim claim) {
        return row != null && row.version() == claim.version();
    }

    /** Whether a commit of which nobody heard has written it down. */
    private static boolean isWritten(Standing row, Settlement settlement) {
        return row.claimNo() == settlement.claim().claimNo()
                && row.version() == settlement.version()
                && row.state().equals(settlement.state().name());
    }

    /** Locks the rows that no other transaction holds; where they stand by key. */
    private Map<String, Standing> hold(Tx tx, List<Claim> claims) throws SQLException {
        return standings(tx, claims, dialect.skipLocked());
    }

    private Map<String, Standing> standings(Tx tx, List<Claim> claims, String suffix) throws SQLException {
        Map<String, Standing> found = new HashMap<>();
        if (claims.isEmpty()) {
            return found;
        }
        String sql = "SELECT record_key, claim_no, version, state FROM " + table
                + " WHERE name = ? AND kind = ? AND record_key IN {keys}" + suffix;
        List<String> keys = claims.stream().map(Claim::key).toList();
        String kind = claims.get(0).record().kind().value();
        try (ResultSet rows = tx.among(sql, keys, name, kind).executeQuery()) {
            while (rows.next()) {
                found.put(rows.getString(1), new Standing(rows.getLong(2), rows.getLong(3), rows.getString(4)));
            }
        }
        return found;
    }

    /**
     * Writes down what became of claimed rows of one kind: the only place where a row that was sent changes its state.
     *
     * <p>A row that was claimed anew since, or is pending no more, is left alone: when nobody heard of the commit this comes a second
     * time, and meanwhile the province or a person may have decided. A row whose version grew stays pending.
     *
     * @return what was written, and what could not be because another transaction holds the row
     */
    Settled settle(List<Settlement> settlements) {
        if (settlements.isEmpty()) {
            return new Settled(List.of(), List.of());
        }
        return transactions.write(tx -> {
            List<Claim> claims = settlements.stream().map(Settlement::claim).toList();
            Map<String, Standing> held = hold(tx, claims);
            List<Settlement> open = new ArrayList<>();
            List<Settlement> overtaken = new ArrayList<>();
            List<Settlement> missed = new ArrayList<>();
            List<Settlement> written = new ArrayList<>();
            for (Settlement settlement : settlements) {
                Standing row = held.get(settlement.claim().key());
                if (row == null) {
                    missed.add(settlement);
                } else if (isHeld(row, settlement.claim())) {
                    (isNewest(row, settlement.claim()) ? open : overtaken).add(settlement);
                } else if (isWritten(row, settlement)) {
                    written.add(settlement);
                }
            }
            writePlain(tx, open.stream().filter(Settlement::isPlain).toList());
            write(tx, open.stream().filter(settlement -> !settlement.isPlain()).toList());
            if (!alone) {
                letGo(tx, overtaken.stream().map(Settlement::claim).toList());
            }
            written.addAll(open);
            return new Settled(written, stillTheirs(tx, missed));
        });
    }

    /**
     * What a settlement did.
     *
     * @param written rows that have their new state
     * @param locked rows that another transaction holds; to be tried again
     */
    record Settled(List<Settlement> written, List<Settlement> locked) {}

    private List<Settlement> stillTheirs(Tx tx, List<Settlement> missed) throws SQLException {
        if (missed.isEmpty() || alone) {
            return List.of();
        }
        Map<String, Standing> there =
                standings(tx, missed.stream().map(Settlement::claim).toList(), "");
        return missed.stream()
                .filter(settlement -> isHeld(there.get(settlement.claim().key()), settlement.claim()))
                .toList();
    }

    /**
     * What most rows become: delivered as they were sent. One statement for all of them; with one for each, SQLite took twice
     * the time and a remote database a round trip more. This transaction holds the rows.
     */
    private void writePlain(Tx tx, List<Settlement> delivered) throws SQLException {
        if (delivered.isEmpty()) {
            return;
        }
        String sql = "UPDATE " + table + " SET state = 'DELIVERED'," + (keepPayload ? "" : " payload = NULL,")
                + " due = ?, cause = NULL, problem = NULL, request_id = ?, delivered_at = ?, lease_owner = NULL,"
                + " lease_until = 0 WHERE name = ? AND kind = ? AND record_key IN {keys}";
        List<String> keys = delivered.stream().map(done -> done.claim().key()).toList();
        Settlement first = delivered.get(0); // all come from one answer
        String kind = first.claim().record().kind().value();
        tx.among(sql, keys, tx.now(), code(first.requestId()), tx.now(), name, kind)
                .executeUpdate();
    }

    private void write(Tx tx, List<Settlement> settlements) throws SQLException {
        if (settlements.isEmpty()) {
            return;
        }
        String sql =
                "UPDATE " + table + " SET state = ?, version = ?, payload = CASE WHEN ? = 1 THEN NULL ELSE payload END,"
                        + " due = ?, attempts = ?, alone = ?, together = ?, unknown_verdicts = ?, waiting_since = ?, mismatches = ?,"
                        + " cause = ?, problem = ?, request_id = ?, delivered_at = ?, lease_owner = NULL, lease_until = 0"
                        + " WHERE name = ? AND kind = ? AND record_key = ? AND claim_no = ?";
        PreparedStatement statement = tx.bind(sql);
        for (Settlement s : settlements) {
            Claim claim = s.claim();
            tx.bind(
                    sql,
                    s.state().name(),
                    s.version(),
                    s.isDone() && !keepPayload ? 1 : 0,
                    tx.now() + micros(s.delay()),
                    claim.attempts(),
                    claim.alone(),
                    claim.together(),
                    claim.unknownVerdicts(),
                    claim.waitingSince() == null ? Tx.Null.NUMBER : claim.waitingSince(),
                    claim.mismatches(),
                    code(s.cause()),
                    problem(s.problem()),
                    code(s.requestId()),
                    s.state() == State.DELIVERED ? tx.now() : Tx.Null.NUMBER,
                    name,
                    claim.record().kind().value(),
                    claim.key(),
                    claim.claimNo());
            statement.addBatch();
        }
        statement.executeBatch();
    }

    private void letGo(Tx tx, List<Claim> overtaken) throws SQLException {
        String sql = "UPDATE " + table + " SET due = ?, lease_owner = NULL, lease_until = 0"
                + " WHERE name = ? AND kind = ? AND record_key = ? AND claim_no = ? AND state = 'PENDING'";
        for (Claim claim : overtaken) {
            tx.update(sql, tx.now(), name, claim.record().kind().value(), claim.key(), claim.claimNo());
        }
    }

    /**
     * Gives back what this sender still has; a result that comes later finds another claim number. What a transaction of the host
     * holds keeps its lease: closing does not wait for it.
     */
    void release() {
        String mine =
                " FROM " + table + " WHERE name = ? AND kind = ? AND state = 'PENDING' AND due > ? AND lease_owner = ?";
        String sql = "UPDATE " + table + " SET due = ?, lease_owner = NULL, lease_until = 0, claim_no = claim_no + 1"
                + " WHERE name = ? AND kind = ? AND record_key = ?";
        transactions.change(tx -> {
            for (RecordKind kind : RecordKind.known()) {
                List<String> keys = tx.texts(
                        "SELECT record_key" + mine + dialect.skipLocked(), name, kind.value(), tx.now(), owner);
                for (String key : keys) {
                    tx.update(sql, tx.now(), name, kind.value(), key);
                }
            }
        });
    }

    /**
     * After a start that has the database for itself: nobody else sends, so all leases are over; and no row waits for a time that
     * a wall clock, set back since, would reach much later.
     */
    void recover() {
        String sql = "UPDATE " + table + " SET claim_no = claim_no + CASE WHEN lease_owner IS NULL THEN 0 ELSE 1 END,"
                + " due = CASE WHEN lease_owner IS NULL AND due < ? THEN due ELSE ? END, lease_owner = NULL,"
                + " lease_until = 0 WHERE name = ? AND kind = ? AND state = 'PENDING' AND due > ?";
        transactions.change(tx -> {
            for (RecordKind kind : RecordKind.known()) {
                tx.update(sql, tx.now() + LONGEST_WAIT, tx.now(), name, kind.value(), tx.now());
            }
        });
    }

    /** The kinds that have pending rows, and how long until the first of each is due. */
    Map<RecordKind, Duration> waits() {
        return transactions.read(tx -> {
            Map<RecordKind, Duration> waits = new HashMap<>();
            try (ResultSet rows = tx.bind(firstDue, firstDueNames).executeQuery()) {
                while (rows.next()) {
                    long due = rows.getLong(2);
                    if (!rows.wasNull()) {
                        Duration wait = Duration.ofNanos(Math.max(0, due - tx.now()) * 1000);
                        waits.put(RecordKind.of(rows.getString(1)), wait);
                    }
                }
            }
            return waits;
        });
    }

    private static String firstDue(String table) {
        return RecordKind.known().stream()
                .map(kind -> "SELECT '" + kind + "', MIN(due) FROM " + table + " WHERE name = ? AND kind = '" + kind
                        + "' AND state = 'PENDING'")
                .collect(Collectors.joining(" UNION ALL "));
    }

    static long micros(Duration duration) {
        return duration.toNanos() / 1000;
    }

    /** What others wrote, as every database takes it: one line of bounded length, for some refuse a null character. */
    static @Nullable String problem(@Nullable String text) {
        if (text == null) {
            return null;
        }
        String safe = Mask.numbers(text);
        StringBuilder line = new StringBuilder();
        safe.codePoints().limit(LONG_TEXT).forEach(c -> {
            boolean plain = !Character.isISOControl(c) && Character.getType(c) != Character.SURROGATE;
            line.appendCodePoint(plain ? c : ' ');
        });
        return line.length() < safe.length() ? line + "…" : line.toString();
    }

    static @Nullable String code(@Nullable String text) {
        if (text == null) {
            return null;
        }
        String plain = text.replaceAll("[^\\x21-\\x7e]", "?");
        return plain.substring(0, Math.min(plain.length(), SHORT_TEXT));
    }
}
