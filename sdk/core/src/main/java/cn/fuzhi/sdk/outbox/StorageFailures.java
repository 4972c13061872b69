package cn.fuzhi.sdk.outbox;

import cn.fuzhi.sdk.outbox.OutboxException.Reason;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;

/** What a database error means to a host. The message of the driver is left out: it may hold values. */
final class StorageFailures {
    private static final Set<String> REPEATABLE = Set.of("40001", "40P01");
    private static final Set<Integer> REPEATABLE_MYSQL = Set.of(1205, 1213);
    private static final Set<Integer> READ_ONLY_MYSQL = Set.of(1290, 1792, 1836);
    private static final Set<Integer> LOST_MYSQL = Set.of(1053, 1152, 1184, 1927, 2006, 2013);
    private static final int PRIMARY_CODE = 0xff;

    private StorageFailures() {}

    /** Whether the transaction was rolled back only because of what others did at the same time. */
    static boolean isRepeatable(SQLException e) {
        return REPEATABLE.contains(String.valueOf(e.getSQLState())) || REPEATABLE_MYSQL.contains(e.getErrorCode());
    }

    static OutboxException sqlite(SQLException e) {
        return switch (e.getErrorCode() & PRIMARY_CODE) {
            case 5, 6 ->
                storage(
                        "数据库文件被其他程序锁定，未写入；请关闭该程序后重试",
                        "another program holds a lock on the database file; nothing was stored",
                        e);
            case 8 ->
                storage(
                        "数据库文件或磁盘只读，未写入；请检查权限和挂载方式",
                        "the database file or its disk is read-only; nothing was stored",
                        e);
            case 10 -> storage("磁盘读写错误", "the disk failed to read or write", e);
            case 11, 26 -> storage("数据库文件已损坏", "the database file is damaged", e);
            case 13 -> storage("磁盘已满，未写入；清理磁盘后自动恢复", "the disk is full; nothing was stored", e);
            case 14 ->
                storage(
                        "无法打开数据库文件，请检查目录和权限",
                        "the database file cannot be opened; check the folder and its permissions",
                        e);
            default -> storage("数据库操作失败", "the database failed", e);
        };
    }

    /** A failure of the host's own database, by the codes of the standard, of PostgreSQL and of MySQL. */
    static OutboxException host(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        int code = e.getErrorCode();
        if (isRepeatable(e)) {
            return storage(
                    "数据库反复死锁，或其他事务一直占用记录，未写入，请稍后重试",
                    "the database met deadlocks, or another transaction kept a lock for too long; nothing was stored, try again later",
                    e);
        }
        if (state.equals("53100") || code == 1021 || code == 1114) {
            return storage("数据库所在磁盘已满，未写入", "the disk of the database is full; nothing was stored", e);
        }
        if (state.equals("25006") || READ_ONLY_MYSQL.contains(code)) {
            return storage("数据库只读（可能连到了备库），未写入", "the database is read-only, perhaps a standby; nothing was stored", e);
        }
        if (state.equals("53300") || code == 1040 || isPoolExhausted(e)) {
            return storage(
                    "数据库连接不足或连接池已耗尽，未写入；请增大连接池或检查未归还的连接",
                    "no connection to the database could be had; enlarge the pool, or look for connections that are not given back",
                    e);
        }
        if (isConnectionLost(e)) {
            return storage(
                    "与数据库的连接中断（数据库可能正在重启），稍后自动重试；未确认的 enqueue 可安全地重复",
                    "the connection to the database was lost, it may be restarting; an enqueue that did not return may be repeated",
                    e);
        }
        return storage("数据库操作失败", "the database failed", e);
    }

    /** A pool that gave up waiting says so with this type, and without the state of any database. */
    private static boolean isPoolExhausted(SQLException e) {
        return e.getSQLState() == null
                && (e instanceof SQLTransientConnectionException || e instanceof SQLTimeoutException);
    }

    private static boolean isConnectionLost(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        return state.startsWith("08") || state.startsWith("57P") || LOST_MYSQL.contains(e.getErrorCode());
    }

    static OutboxException unknown(SQLException e) {
        return storage(
                "提交结果未知：记录可能已写入，可安全地再次 enqueue",
                "the outcome of the commit is unknown; the record may be stored, and enqueueing it again is harmless",
                e);
    }

    private static OutboxException storage(String zh, String en, SQLException e) {
        String where = " (SQLState " + e.getSQLState() + ", " + e.getErrorCode() + ")";
        return new OutboxException(Reason.STORAGE, zh, en + where, new Cause(e));
    }

    /** The kind and the place of a driver's exception without its message. */
    private static final class Cause extends Exception {
        private static final long serialVersionUID = 1L;

        Cause(SQLException e) {
            super(e.getClass().getName());
            setStackTrace(e.getStackTrace());
        }
    }
}
