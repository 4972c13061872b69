package cn.fuzhi.sdk.outbox;

import cn.fuzhi.sdk.outbox.OutboxException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The tables of the outbox. Versions are additive: an older SDK works on a newer schema. Every statement may be repeated, so a
 * crash in the middle is healed by the next start.
 */
final class Schema {
    static final int VERSION = 1;
    private static final Pattern PREFIX = Pattern.compile("[a-z][a-z0-9_]{0,30}");

    private Schema() {}

    static String checkedPrefix(String prefix) {
        if (!PREFIX.matcher(prefix).matches()) {
            throw new IllegalArgumentException("表名前缀只能是小写字母、数字和下划线 / a table prefix is lower-case letters, digits, _");
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

    /** Prints the statements for an administrator. */
    static String print(Dialect dialect, String prefix) {
        StringBuilder text = new StringBuilder();
        for (String statement : statements(dialect, prefix)) {
            text.append(statement).append(";\n");
        }
        return text.append("INSERT INTO ")
                .append(prefix)
                .append("meta (name, item, content) VALUES ('', 'schema', '")
                .append(VERSION)
                .append("');\n")
                .toString();
    }

    /** Creates what is missing, and refuses a schema that says of itself that this version cannot work on it. */
    static void create(Transactions transactions, Dialect dialect, String prefix) {
        for (String statement : statements(dialect, prefix)) {
            transactions.write(tx -> tx.update(statement));
        }
        transactions.change(tx -> {
            if (tx.number(version(prefix)) == 0) {
                tx.update(
                        "INSERT INTO " + prefix + "meta (name, item, content) VALUES ('', 'schema', ?)",
                        String.valueOf(VERSION));
            }
        });
    }

    /** Checks that the tables are there, for a host whose administrator makes them. */
    static void require(Transactions transactions, Dialect dialect, String prefix) {
        try {
            transactions.read(tx -> tx.number(version(prefix)));
        } catch (OutboxException e) {
            throw new OutboxException(
                    Reason.UNSUITABLE,
                    "数据库中没有 outbox 的表：请执行 Outbox.schema(Dialect." + dialect + ") 给出的 SQL",
                    "the tables of the outbox are missing; run the SQL that Outbox.schema prints",
                    e);
        }
    }

    private static String version(String prefix) {
        return "SELECT COUNT(*) FROM " + prefix + "meta WHERE name = '' AND item = 'schema'";
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
