package cn.fuzhi.sdk.outbox;

import cn.fuzhi.sdk.outbox.OutboxException.Reason;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The tables of the outbox, by numbered versions that only add. What a version needs is created when it is absent, so a crash in the
 * middle is healed by the next start; nodes that start at the same time wait for each other, and one that finds the newest version
 * takes no lock at all.
 *
 * <p>Beside its version a schema notes the oldest version whose SDK may still work on it. An older SDK goes on with a newer schema
 * unless that note says otherwise, and then it refuses to start.
 */
final class Schema {
    static final int VERSION = 2;
    private static final int OLDEST_THAT_WORKS = 1;
    private static final String VERSION_ITEM = "schema";
    private static final String OLDEST_ITEM = "schema-oldest-sdk";
    static final String WRONG_PREFIX = "表名前缀须以小写字母开头，只含小写字母、数字和下划线，最多 31 个字符"
            + " / tablePrefix begins with a lower-case letter; lower-case letters, digits, _, at most 31";
    private static final Pattern PREFIX = Pattern.compile("[a-z][a-z0-9_]{0,30}");

    /** Columns that came after version 1. */
    private static final List<Column> ADDED = List.of(new Column("mismatches", "INTEGER NOT NULL DEFAULT 0"));

    private record Column(String name, String type) {}

    /**
     * What a database says of its tables.
     *
     * @param version 0 when there are none
     * @param oldest the oldest version whose SDK may work on them
     */
    private record Found(int version, int oldest) {}

    private Schema() {}

    static boolean isPrefix(String prefix) {
        return PREFIX.matcher(prefix).matches();
    }

    static String checkedPrefix(String prefix) {
        if (!isPrefix(prefix)) {
            throw new IllegalArgumentException(WRONG_PREFIX);
        }
        return prefix;
    }

    static List<String> statements(Dialect dialect, String prefix) {
        List<String> all = new ArrayList<>();
        all.add(fill(META, dialect, prefix));
        all.add(fill(ENTRY, dialect, prefix));
        all.add(fill(RECEIPT, dialect, prefix));
        all.addAll(indexes(dialect, prefix));
        return all;
    }

    private static List<String> indexes(Dialect dialect, String prefix) {
        String due = "(name, kind, due) WHERE state = 'PENDING'";
        String stopped = "(name, state, kind) WHERE state <> 'PENDING' AND state <> 'DELIVERED'";
        String scope = "(name, scope) WHERE scope IS NOT NULL";
        if (dialect == Dialect.MYSQL) {
            return List.of(); // it has no IF NOT EXISTS for an index, so there they are part of the table
        }
        return List.of(index(prefix, "due", due), index(prefix, "stopped", stopped), index(prefix, "scope", scope));
    }

    private static String index(String prefix, String name, String on) {
        return "CREATE INDEX IF NOT EXISTS " + prefix + name + " ON " + prefix + "entry " + on;
    }

    private static String fill(String template, Dialect dialect, String prefix) {
        return template.replace("{indexes}", dialect == Dialect.MYSQL ? MYSQL_INDEXES : "")
                .replace("{p}", prefix)
                .replace("{code}", dialect.code())
                .replace("{prose}", dialect.prose())
                .replace("{bytes}", dialect.bytes());
    }

    /** Prints the statements for an administrator; they may be run again, and on the tables of an older version. */
    static String print(Dialect dialect, String prefix) {
        StringBuilder text = new StringBuilder();
        for (String statement : statements(dialect, prefix)) {
            text.append(statement).append(";\n");
        }
        for (Column column : ADDED) {
            for (String statement : dialect.addColumn(prefix + "entry", column.name(), column.type())) {
                text.append(statement).append(";\n");
            }
        }
        for (String statement : notes(prefix)) {
            text.append(statement).append(";\n");
        }
        return text.toString();
    }

    /** Notes the version, and never takes that of a newer SDK back. */
    private static List<String> notes(String prefix) {
        List<String> all = new ArrayList<>(note(prefix, VERSION_ITEM, VERSION));
        all.addAll(note(prefix, OLDEST_ITEM, OLDEST_THAT_WORKS));
        return all;
    }

    private static List<String> note(String prefix, String item, int number) {
        String where = " WHERE name = '' AND item = '" + item + "'";
        String meta = prefix + "meta";
        String insert = "INSERT INTO " + meta + " (name, item, content) SELECT '', '" + item + "', '" + number
                + "' FROM (SELECT 1 AS one) AS one WHERE NOT EXISTS (SELECT 1 FROM " + meta + where + ")";
        String older = IntStream.range(0, number).mapToObj(n -> "'" + n + "'").collect(Collectors.joining(", "));
        String update =
                "UPDATE " + meta + " SET content = '" + number + "'" + where + " AND content IN (" + older + ")";
        return List.of(insert, update);
    }

    /**
     * Creates what is missing.
     *
     * @throws OutboxException if the tables are of an SDK so new that this one cannot work on them
     */
    static void create(Transactions transactions, Dialect dialect, String prefix) {
        if (isCurrent(transactions, dialect, prefix)) {
            return;
        }
        try {
            transactions.change(tx -> migrate(tx, dialect, prefix));
        } catch (OutboxException e) {
            // Whoever creates tables without our lock, such as an administrator, may have been faster.
            if (!isCurrent(transactions, dialect, prefix)) {
                throw e;
            }
        }
    }

    private static void migrate(Tx tx, Dialect dialect, String prefix) throws SQLException {
        dialect.lockSchema(tx, prefix);
        try {
            if (found(tx, dialect, prefix).version() >= VERSION) {
                return;
            }
            for (String statement : statements(dialect, prefix)) {
                tx.update(statement);
            }
            for (Column column : ADDED) {
                if (!dialect.hasColumn(tx, prefix + "entry", column.name())) {
                    tx.update("ALTER TABLE " + prefix + "entry ADD COLUMN " + column.name() + " " + column.type());
                }
            }
            for (String statement : notes(prefix)) {
                tx.update(statement);
            }
        } finally {
            dialect.unlockSchema(tx, prefix);
        }
    }

    private static boolean isCurrent(Transactions transactions, Dialect dialect, String prefix) {
        Found found = transactions.read(tx -> found(tx, dialect, prefix));
        if (found.oldest() > VERSION) {
            throw new OutboxException(
                    Reason.UNSUITABLE,
                    "outbox 的表由更新版本的 SDK 建立（版本 " + found.version() + "），本版本不能使用：请升级 SDK",
                    "the tables of the outbox are of a newer SDK that this one cannot share them with; upgrade the SDK",
                    null);
        }
        return found.version() >= VERSION;
    }

    private static Found found(Tx tx, Dialect dialect, String prefix) throws SQLException {
        if (!dialect.hasTable(tx, prefix + "meta")) {
            return new Found(0, 0);
        }
        return new Found(number(tx, prefix, VERSION_ITEM), number(tx, prefix, OLDEST_ITEM));
    }

    private static int number(Tx tx, String prefix, String item) throws SQLException {
        String content = tx.text("SELECT content FROM " + prefix + "meta WHERE name = '' AND item = ?", item);
        return content == null ? 0 : Integer.parseInt(content);
    }

    /** Checks that the tables are there, for a host whose administrator makes them. */
    static void require(Transactions transactions, Dialect dialect, String prefix) {
        if (!isCurrent(transactions, dialect, prefix)) {
            throw new OutboxException(
                    Reason.UNSUITABLE,
                    "数据库中没有 outbox 的表或其版本较旧：请执行 Outbox.schema(Dialect." + dialect + ") 给出的 SQL",
                    "the tables of the outbox are missing or old; run the SQL that Outbox.schema prints",
                    null);
        }
    }

    private static final String META = """
            CREATE TABLE IF NOT EXISTS {p}meta (
              name {code} NOT NULL,
              item {code} NOT NULL,
              content {prose} NOT NULL,
              PRIMARY KEY (name, item)
            )""";

    /** Times are microseconds since 1970 by the clock of the database. */
    private static final String ENTRY = """
            CREATE TABLE IF NOT EXISTS {p}entry (
              name {code} NOT NULL,
              kind {code} NOT NULL,
              record_key {code} NOT NULL,
              version BIGINT NOT NULL,
              op {code} NOT NULL,
              payload {bytes},
              payload_bytes INTEGER NOT NULL,
              digest {code},
              scope {code},
              state {code} NOT NULL,
              send_rank INTEGER NOT NULL,
              due BIGINT NOT NULL,
              attempts INTEGER NOT NULL,
              alone INTEGER NOT NULL,
              together INTEGER NOT NULL,
              unknown_verdicts INTEGER NOT NULL,
              waiting_since BIGINT,
              lease_owner {code},
              lease_until BIGINT NOT NULL,
              claim_no BIGINT NOT NULL,
              cause {code},
              problem {prose},
              enqueued_at BIGINT NOT NULL,
              delivered_at BIGINT,
              request_id {code},
              mismatches INTEGER NOT NULL DEFAULT 0,
              PRIMARY KEY (name, kind, record_key){indexes}
            )""";

    private static final String MYSQL_INDEXES = """
            ,
              INDEX {p}due (name, state, kind, due),
              INDEX {p}stopped (name, state, cause),
              INDEX {p}scope (name, scope)""";

    private static final String RECEIPT = """
            CREATE TABLE IF NOT EXISTS {p}receipt (
              name {code} NOT NULL,
              submission_key {code} NOT NULL,
              receipt_number {code} NOT NULL,
              received_at BIGINT NOT NULL,
              content {bytes} NOT NULL,
              PRIMARY KEY (name, submission_key, receipt_number)
            )""";
}
