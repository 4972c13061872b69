package cn.fuzhi.sdk.outbox;

import cn.fuzhi.sdk.outbox.OutboxException.Reason;
import java.sql.SQLException;
import java.util.Set;

/** What a database error means to a host. The message of the driver is left out: it may hold values. */
final class StorageFailures {
    private static final Set<String> REPEATABLE = Set.of("40001", "40P01");
    private static final Set<Integer> REPEATABLE_MYSQL = Set.of(1205, 1213);
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
            case 8 -> storage("数据库文件或磁盘只读，未写入", "the database file or its disk is read-only; nothing was stored", e);
            case 10 -> storage("磁盘读写错误", "the disk failed to read or write", e);
            case 11, 26 -> storage("数据库文件已损坏", "the database file is damaged", e);
            case 13 -> storage("磁盘已满，未写入", "the disk is full; nothing was stored", e);
            case 14 ->
                storage(
                        "无法打开数据库文件，请检查目录和权限",
                        "the database file cannot be opened; check the folder and its permissions",
                        e);
            default -> storage("数据库操作失败", "the database failed", e);
        };
    }

    static OutboxException host(SQLException e) {
        return storage("数据库操作失败", "the database failed", e);
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
