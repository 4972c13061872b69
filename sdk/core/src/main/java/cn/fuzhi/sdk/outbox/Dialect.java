package cn.fuzhi.sdk.outbox;

import cn.fuzhi.sdk.outbox.OutboxException.Reason;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The databases that can carry an outbox, and the few places where their SQL differs. */
public enum Dialect {
    /** An embedded file, SQLite 3.51.3 or newer; see {@link Outbox.Builder#file}. */
    SQLITE("", "TEXT", "TEXT", "BLOB"),
    /** PostgreSQL 13 or newer. */
    POSTGRESQL(" FOR UPDATE SKIP LOCKED", "VARCHAR(250) COLLATE \"C\"", "TEXT", "BYTEA"),
    /** MySQL 8.0.17 or newer, and MariaDB 10.6 or newer. */
    MYSQL(
            " FOR UPDATE SKIP LOCKED",
            "VARCHAR(250) CHARACTER SET ascii COLLATE ascii_bin",
            "TEXT CHARACTER SET utf8mb4",
            "LONGBLOB");

    private static final int PATCH = 100;
    private static final long LOCK = 0x66757a68L << Integer.SIZE;
    private static final String MYSQL_COLUMN = " FROM information_schema.columns WHERE table_schema = DATABASE()"
            + " AND table_name = %s AND column_name = %s";

    private final String skipLocked;
    private final String code;
    private final String prose;
    private final String bytes;

    Dialect(String skipLocked, String code, String prose, String bytes) {
        this.skipLocked = skipLocked;
        this.code = code;
        this.prose = prose;
        this.bytes = bytes;
    }

    /** What is put behind a query so that rows held by another transaction are left out and the others are held by ours. */
    String skipLocked() {
        return skipLocked;
    }

    /** Type of a column for names and keys, compared byte by byte. */
    String code() {
        return code;
    }

    /** Type of a column for text. */
    String prose() {
        return prose;
    }

    /** Type of a column for bytes. */
    String bytes() {
        return bytes;
    }

    /** Reads the clock of the database in microseconds since 1970; not for SQLite, whose clock is that of the process. */
    long now(Connection connection) throws SQLException {
        String sql = this == POSTGRESQL
                ? "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)"
                : "SELECT TIMESTAMPDIFF(MICROSECOND, '1970-01-01 00:00:00', UTC_TIMESTAMP(6))";
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    /** Whether a table is there, in the place where a statement would find it. */
    boolean hasTable(Tx tx, String table) throws SQLException {
        String sql = switch (this) {
            case SQLITE -> "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = ?";
            case POSTGRESQL -> "SELECT CASE WHEN to_regclass(?) IS NULL THEN 0 ELSE 1 END";
            case MYSQL ->
                "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = ?";
        };
        return tx.number(sql, table) > 0;
    }

    boolean hasColumn(Tx tx, String table, String column) throws SQLException {
        String sql = switch (this) {
            case SQLITE -> "SELECT COUNT(*) FROM pragma_table_info(?) WHERE name = ?";
            case POSTGRESQL ->
                "SELECT COUNT(*) FROM pg_attribute WHERE attrelid = to_regclass(?) AND attname = ? AND NOT attisdropped";
            case MYSQL -> "SELECT COUNT(*)" + MYSQL_COLUMN.formatted("?", "?");
        };
        return tx.number(sql, table, column) > 0;
    }

    /** Prints how a column is added where it is absent. SQLite cannot say that, and its file has no administrator. */
    List<String> addColumn(String table, String column, String type) {
        return switch (this) {
            case SQLITE -> List.of();
            case POSTGRESQL -> List.of("ALTER TABLE " + table + " ADD COLUMN IF NOT EXISTS " + column + " " + type);
            case MYSQL ->
                List.of(
                        "SET @fuzhi = (SELECT IF(COUNT(*) > 0, 'DO 0', 'ALTER TABLE " + table + " ADD COLUMN " + column
                                + " " + type + "')" + MYSQL_COLUMN.formatted("'" + table + "'", "'" + column + "'")
                                + ")",
                        "PREPARE fuzhi FROM @fuzhi",
                        "EXECUTE fuzhi",
                        "DEALLOCATE PREPARE fuzhi");
        };
    }

    /** Has nodes that start at the same time create tables one after another. SQLite has one user, who writes one thing at a time. */
    void lockSchema(Tx tx, String prefix) throws SQLException {
        if (this == POSTGRESQL) {
            tx.text("SELECT pg_advisory_xact_lock(?)", LOCK + prefix.hashCode()); // until the transaction ends
        } else if (this == MYSQL && tx.number("SELECT GET_LOCK(?, 60)", prefix) == 0) {
            throw new SQLTransientException("another node creates the tables", "40001");
        }
    }

    void unlockSchema(Tx tx, String prefix) throws SQLException {
        if (this == MYSQL) {
            tx.number("SELECT RELEASE_LOCK(?)", prefix); // every CREATE ends a transaction there, but not this lock
        }
    }

    /** Recognises the database of a host. */
    static Dialect of(Connection connection) throws SQLException {
        DatabaseMetaData about = connection.getMetaData();
        String product = about.getDatabaseProductName().toLowerCase(Locale.ROOT);
        int version = about.getDatabaseMajorVersion() * PATCH + about.getDatabaseMinorVersion();
        if (product.contains("postgresql") && version >= 1300) {
            return POSTGRESQL;
        }
        if (product.contains("mariadb") && version >= 1006) {
            return MYSQL;
        }
        if (product.contains("mysql") && isMysql(about.getDatabaseProductVersion(), version)) {
            return MYSQL;
        }
        throw unsuitable(about.getDatabaseProductName() + " " + about.getDatabaseProductVersion(), null);
    }

    /** MariaDB may call itself MySQL when another driver asks. */
    private static boolean isMysql(String text, int version) {
        if (text.contains("MariaDB")) {
            return version >= 1006;
        }
        String[] parts = text.split("[.-]", 4);
        boolean eight = version == 800 && parts.length > 2 && Integer.parseInt(parts[2]) >= 17;
        return eight || version > 800;
    }

    private static OutboxException unsuitable(String found, @Nullable Throwable cause) {
        return new OutboxException(
                Reason.UNSUITABLE,
                "不支持的数据库 " + found + "：需要 PostgreSQL 13、MySQL 8.0.17 或 MariaDB 10.6 以上，或使用 file(…)",
                "not a supported database; PostgreSQL 13, MySQL 8.0.17 or MariaDB 10.6 and newer are, or use file(…)",
                cause);
    }

    /**
     * One statement that stores a change: it inserts, or takes the place of what is there, or does nothing when the newest version
     * is the same. Neither reads first nor trusts any clock but to go forward.
     */
    String put(String table) {
        String insert = "INSERT INTO " + table + (this == MYSQL ? "" : " AS t") + PUT_COLUMNS
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'PENDING', 0, 0, 0, 0, 0, 0)";
        return insert + (this == MYSQL ? putOnDuplicate() : PUT_ON_CONFLICT);
    }

    /**
     * The same for many changes of one kind, one after the other. Binds name, kind, time and rank, and then of each change its key,
     * op, payload, digest and scope. For SQLite, which lets one statement meet the same key twice.
     */
    static String putMany(String table, int changes) {
        return "INSERT INTO " + table + " AS t" + PUT_COLUMNS
                + " SELECT ?1, ?2, column1, ?3, column2, column3, COALESCE(LENGTH(column3), 0), column4, column5, ?4, ?3,"
                + " ?3, 'PENDING', 0, 0, 0, 0, 0, 0 FROM (VALUES (?, ?, ?, ?, ?)"
                + ", (?, ?, ?, ?, ?)".repeat(changes - 1) + ") WHERE TRUE " + PUT_ON_CONFLICT;
    }

    private static final String PUT_COLUMNS =
            " (name, kind, record_key, version, op, payload, payload_bytes, digest, scope, send_rank, due, enqueued_at,"
                    + " state, attempts, alone, together, unknown_verdicts, claim_no, lease_until)";

    private static final String PUT_ON_CONFLICT = """
             ON CONFLICT (name, kind, record_key) DO UPDATE SET
              version = CASE WHEN t.version >= excluded.version THEN t.version + 1 ELSE excluded.version END,
              op = excluded.op, payload = excluded.payload, payload_bytes = excluded.payload_bytes,
              digest = excluded.digest, scope = COALESCE(excluded.scope, CASE WHEN excluded.op = 'DELETE' THEN t.scope END),
              send_rank = excluded.send_rank, enqueued_at = excluded.enqueued_at, state = 'PENDING',
              due = CASE WHEN t.lease_until > excluded.due THEN t.lease_until ELSE excluded.due END,
              attempts = 0, alone = 0, together = 0, unknown_verdicts = 0, waiting_since = NULL, cause = NULL,
              problem = NULL, delivered_at = NULL, mismatches = 0
             WHERE t.op <> excluded.op OR t.digest IS DISTINCT FROM excluded.digest
              OR t.state NOT IN ('PENDING', 'DELIVERED')""";

    /**
     * The same for MySQL, which has no WHERE here. It assigns from left to right and later assignments see earlier ones, so what the
     * condition reads (state, digest, op) comes last, and in this order a condition that is true before stays true.
     */
    private static String putOnDuplicate() {
        String same = "op = VALUES(op) AND digest <=> VALUES(digest) AND state IN ('PENDING', 'DELIVERED')";
        StringBuilder sql = new StringBuilder(" ON DUPLICATE KEY UPDATE ");
        String[][] assignments = {
            {"version", "IF(version >= VALUES(version), version + 1, VALUES(version))"},
            {"payload", "VALUES(payload)"},
            {"payload_bytes", "VALUES(payload_bytes)"},
            {"scope", "COALESCE(VALUES(scope), IF(VALUES(op) = 'DELETE', scope, NULL))"},
            {"send_rank", "VALUES(send_rank)"},
            {"enqueued_at", "VALUES(enqueued_at)"},
            {"due", "IF(lease_until > VALUES(due), lease_until, VALUES(due))"},
            {"attempts", "0"},
            {"alone", "0"},
            {"together", "0"},
            {"unknown_verdicts", "0"},
            {"waiting_since", "NULL"},
            {"cause", "NULL"},
            {"problem", "NULL"},
            {"delivered_at", "NULL"},
            {"mismatches", "0"},
            {"state", "'PENDING'"},
            {"digest", "VALUES(digest)"},
            {"op", "VALUES(op)"},
        };
        String comma = "";
        for (String[] assignment : assignments) {
            String column = assignment[0];
            sql.append(comma).append(column).append(" = IF(").append(same).append(", ");
            sql.append(column).append(", ").append(assignment[1]).append(')');
            comma = ", ";
        }
        return sql.toString();
    }
}
