package cn.fuzhi.sdk.outbox;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One open transaction: its statements, and the database clock as it was when it began. */
final class Tx implements AutoCloseable {
    private final Connection connection;
    private final long now;
    private final Map<String, PreparedStatement> statements;
    private final boolean lasting;

    private Tx(Connection connection, long now, Map<String, PreparedStatement> statements, boolean lasting) {
        this.connection = connection;
        this.now = now;
        this.statements = statements;
        this.lasting = lasting;
    }

    /** A transaction on a connection that is given back: its statements end with it. */
    static Tx on(Connection connection, long now) {
        return new Tx(connection, now, new HashMap<>(), false);
    }

    /** A transaction on a connection that stays: its statements are prepared once. */
    static Tx onLasting(Connection connection, long now, Map<String, PreparedStatement> statements) {
        return new Tx(connection, now, statements, true);
    }

    /** The clock of the database in microseconds since 1970. */
    long now() {
        return now;
    }

    /** Binds values to a statement that is prepared once per transaction or connection. */
    PreparedStatement bind(String sql, @Nullable Object... values) throws SQLException {
        PreparedStatement statement = statements.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            statements.put(sql, statement);
        }
        for (int i = 0; i < values.length; i++) {
            bind(statement, i + 1, values[i]);
        }
        return statement;
    }

    private static void bind(PreparedStatement statement, int at, @Nullable Object value) throws SQLException {
        if (value instanceof byte[] bytes) {
            statement.setBytes(at, bytes);
        } else if (value instanceof Long number) {
            statement.setLong(at, number);
        } else if (value instanceof Integer number) {
            statement.setInt(at, number);
        } else if (value instanceof String text) {
            statement.setString(at, text);
        } else if (value == Null.NUMBER) {
            statement.setNull(at, java.sql.Types.BIGINT);
        } else if (value == Null.BYTES) {
            statement.setNull(at, java.sql.Types.VARBINARY);
        } else {
            statement.setNull(at, java.sql.Types.VARCHAR);
        }
    }

    /** Whether a text may be a kind, a key or a cause at all. Databases refuse to compare others with one, each in its own way. */
    static boolean isCode(String text) {
        return text.chars().allMatch(c -> c > ' ' && c < 0x7f);
    }

    /**
     * Binds a statement over keys, which take the place of {@code {keys}} behind all other values. The number of places is a power of
     * two, so that there are few different statements however many keys there are. What no key may be is left out.
     */
    PreparedStatement among(String sql, Collection<String> keys, @Nullable Object... values) throws SQLException {
        int places = Integer.highestOneBit(Math.max(1, keys.size() * 2 - 1));
        @Nullable Object[] all = new @Nullable Object[values.length + places];
        System.arraycopy(values, 0, all, 0, values.length);
        int at = values.length;
        for (String key : keys) {
            all[at++] = isCode(key) ? key : "";
        }
        // The places that are left hold no key of any record.
        Arrays.fill(all, at, all.length, "");
        return bind(sql.replace("{keys}", "(?" + ", ?".repeat(places - 1) + ")"), all);
    }

    int update(String sql, @Nullable Object... values) throws SQLException {
        return bind(sql, values).executeUpdate();
    }

    /** Reads one number; 0 when there is no row or the value is NULL. */
    long number(String sql, @Nullable Object... values) throws SQLException {
        try (ResultSet rows = bind(sql, values).executeQuery()) {
            return rows.next() ? rows.getLong(1) : 0;
        }
    }

    /** Reads one text; null when there is no row. */
    @Nullable
    String text(String sql, @Nullable Object... values) throws SQLException {
        try (ResultSet rows = bind(sql, values).executeQuery()) {
            return rows.next() ? rows.getString(1) : null;
        }
    }

    /** Reads a column of texts. */
    List<String> texts(String sql, @Nullable Object... values) throws SQLException {
        List<String> found = new ArrayList<>();
        try (ResultSet rows = bind(sql, values).executeQuery()) {
            while (rows.next()) {
                found.add(rows.getString(1));
            }
        }
        return found;
    }

    @Override
    public void close() throws SQLException {
        if (!lasting) {
            for (PreparedStatement statement : statements.values()) {
                statement.close();
            }
        }
    }

    /** NULL of a type other than text; some drivers want to know. */
    enum Null {
        NUMBER,
        BYTES
    }
}
