package cn.fuzhi.sdk.outbox;

import cn.fuzhi.sdk.FrozenRecord;
import cn.fuzhi.sdk.model.RecordKind;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes changes into the table: one that is new or differs gets the next version, one that is the same as before does nothing. */
final class Intake {
    private static final int PIECE = 100;
    private static final Comparator<FrozenRecord> BY_KEY =
            Comparator.comparing((FrozenRecord record) -> record.kind().value()).thenComparing(FrozenRecord::key);

    private final Dialect dialect;
    private final String table;
    private final String name;
    private final String put;
    private final String putPiece;

    Intake(Dialect dialect, String table, String name) {
        this.dialect = dialect;
        this.table = table;
        this.name = name;
        this.put = dialect.put(table);
        this.putPiece = Dialect.putMany(table, PIECE);
    }

    /** Stores changes in the order of their keys, so that two callers never wait for each other in a circle. */
    EnqueueReport put(Tx tx, Collection<FrozenRecord> records) throws SQLException {
        List<FrozenRecord> inOrder = records.size() == 1
                ? List.copyOf(records)
                : records.stream().sorted(BY_KEY).toList();
        boolean together = dialect == Dialect.SQLITE && records.size() > 1;
        int queued = together ? putTogether(tx, inOrder) : putEach(tx, inOrder);
        return new EnqueueReport(queued, records.size() - queued);
    }

    /**
     * One statement for each piece takes a third less time than one for each change; the driver runs what is left as a batch, which
     * servers' drivers do without telling what became of each row.
     */
    private int putTogether(Tx tx, List<FrozenRecord> records) throws SQLException {
        int queued = 0;
        for (List<FrozenRecord> same : records.stream()
                .collect(Collectors.groupingBy(FrozenRecord::kind, LinkedHashMap::new, Collectors.toList()))
                .values()) {
            int left = 0;
            for (; left + PIECE <= same.size(); left += PIECE) {
                queued += putPiece(tx, same.subList(left, left + PIECE));
            }
            queued += putBatch(tx, same.subList(left, same.size()));
        }
        return queued;
    }

    private int putPiece(Tx tx, List<FrozenRecord> records) throws SQLException {
        RecordKind kind = records.get(0).kind();
        List<@Nullable Object> values = new ArrayList<>(4 + 5 * PIECE);
        values.addAll(List.of(name, kind.value(), tx.now(), kind.rank()));
        for (FrozenRecord record : records) {
            values.add(record.key());
            values.add(record.op().value());
            values.add(bytes(record));
            values.add(record.digest());
            values.add(record.scope());
        }
        return tx.update(putPiece, values.toArray());
    }

    private int putBatch(Tx tx, List<FrozenRecord> records) throws SQLException {
        PreparedStatement statement = tx.bind(put);
        for (FrozenRecord record : records) {
            tx.bind(put, row(tx, record));
            statement.addBatch();
        }
        return Arrays.stream(statement.executeBatch()).sum();
    }

    private static Object bytes(FrozenRecord record) {
        byte[] payload = record.payload();
        return payload == null ? Tx.Null.BYTES : payload;
    }

    private int putEach(Tx tx, List<FrozenRecord> records) throws SQLException {
        int queued = 0;
        FrozenRecord before = null;
        for (FrozenRecord record : records) {
            boolean isGivenTwice = record.equals(before);
            before = record;
            if (isGivenTwice) {
                continue; // what MySQL counts for it is the same as for a new one
            }
            int changed = tx.update(put, row(tx, record));
            // MySQL counts 2 for a change; its 1 is an insert, or nothing when the driver counts rows that were found.
            boolean isQueued = (dialect == Dialect.MYSQL && changed == 1) ? isFresh(tx, record) : changed > 0;
            queued += isQueued ? 1 : 0;
        }
        return queued;
    }

    private @Nullable Object[] row(Tx tx, FrozenRecord record) {
        byte[] payload = record.payload();
        return new @Nullable Object[] {
            name,
            record.kind().value(),
            record.key(),
            tx.now(),
            record.op().value(),
            bytes(record),
            payload == null ? 0 : payload.length,
            record.digest(),
            record.scope(),
            record.kind().rank(),
            tx.now(),
            tx.now()
        };
    }

    private boolean isFresh(Tx tx, FrozenRecord record) throws SQLException {
        String sql = "SELECT COUNT(*) FROM " + table
                + " WHERE name = ? AND kind = ? AND record_key = ? AND enqueued_at = ? AND attempts = 0";
        return tx.number(sql, name, record.kind().value(), record.key(), tx.now()) > 0;
    }
}
