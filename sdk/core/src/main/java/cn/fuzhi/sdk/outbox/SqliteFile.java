package cn.fuzhi.sdk.outbox;

import cn.fuzhi.sdk.outbox.OutboxException.Reason;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The file of an embedded outbox: readable by its owner only, held by one process, and set up so that a commit survives a power
 * cut. Beside {@code outbox.db} lie {@code -wal} and {@code -shm} of SQLite and {@code .lock}, which is empty.
 */
final class SqliteFile implements GroupCommit.ConnectionSource, AutoCloseable {
    private static final int[] OLDEST = {3, 51, 3};
    private static final int FULL = 2;
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    private final Path path;
    private final FileChannel lockFile;
    private final FileLock lock;

    private SqliteFile(Path path, FileChannel lockFile, FileLock lock) {
        this.path = path;
        this.lockFile = lockFile;
        this.lock = lock;
    }

    /**
     * Takes the file for this process.
     *
     * @throws OutboxException if another process has it, or if the driver or the disk is not fit
     */
    static SqliteFile take(Path path) {
        try {
            createForOwner(path);
            Path beside = path.resolveSibling(path.getFileName() + ".lock");
            createForOwner(beside);
            FileChannel channel = FileChannel.open(beside, StandardOpenOption.WRITE);
            FileLock lock = tryLock(channel);
            if (lock == null) {
                channel.close();
                throw new OutboxException(
                        Reason.IN_USE,
                        "outbox 文件已被另一进程或另一实例打开：" + path + "（锁文件 " + beside.getFileName() + "）",
                        "the outbox file is open in another process or instance; several nodes need dataSource(…)",
                        null);
            }
            SqliteFile file = new SqliteFile(path, channel, lock);
            file.check();
            // Changing to WAL ended with the removal of a rollback journal; it must not come back with a power cut.
            syncFolder(path.toAbsolutePath().getParent());
            return file;
        } catch (IOException e) {
            throw unsuitable("无法创建或打开 outbox 文件：" + path, "the file cannot be created or opened", e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    /** Creates the file, and makes its name in the folder as durable as what will be written into it. */
    private static void createForOwner(Path path) throws IOException {
        boolean posix = isPosix(path);
        try {
            if (posix) {
                Files.createFile(path, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
                syncFolder(path.toAbsolutePath().getParent());
            } else {
                Files.createFile(path);
            }
        } catch (FileAlreadyExistsException e) {
            if (posix && Files.isWritable(path)) {
                Files.setPosixFilePermissions(path, OWNER_ONLY);
            }
        }
    }

    private static boolean isPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    private static void syncFolder(@Nullable Path folder) throws IOException {
        if (folder != null && isPosix(folder)) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    private void check() {
        try (Connection connection = open()) {
            requireRecent(text(connection, "SELECT sqlite_version()"));
        } catch (SQLException e) {
            close();
            throw StorageFailures.sqlite(e);
        } catch (OutboxException e) {
            close();
            throw e;
        }
    }

    /** Before 3.51.3 a race between WAL checkpoints could corrupt the file, and frameworks pin older drivers. */
    static void requireRecent(String version) {
        int[] found =
                Arrays.stream(version.split("\\.")).mapToInt(Integer::parseInt).toArray();
        if (Arrays.compare(found, OLDEST) < 0) {
            throw unsuitable(
                    "SQLite " + version
                            + " 过旧，需 3.51.3 以上：请在 Maven 中设置属性 sqlite-jdbc.version=3.51.3.0 或更高（Spring Boot 会固定旧版本）",
                    "SQLite is too old, 3.51.3 is needed: set the Maven property sqlite-jdbc.version to 3.51.3.0 or newer,"
                            + " because the BOM of a framework may pin an older one",
                    null);
        }
    }

    /** Opens a connection and verifies that each setting took effect. */
    @Override
    public Connection open() throws SQLException {
        Connection connection = connect();
        try {
            execute(connection, "PRAGMA busy_timeout=3000");
            if (!"wal".equalsIgnoreCase(text(connection, "PRAGMA journal_mode=WAL"))) {
                throw unsuitable("该文件系统不支持 SQLite WAL：" + path, "the file system cannot hold a write-ahead log", null);
            }
            execute(connection, "PRAGMA synchronous=FULL");
            execute(connection, "PRAGMA secure_delete=ON");
            if (Integer.parseInt(text(connection, "PRAGMA synchronous")) < FULL
                    || !"1".equals(text(connection, "PRAGMA secure_delete"))) {
                throw unsuitable("SQLite 未接受 synchronous=FULL", "SQLite did not accept synchronous=FULL", null);
            }
            return connection;
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    private Connection connect() throws SQLException {
        try {
            return DriverManager.getConnection("jdbc:sqlite:" + path.toAbsolutePath());
        } catch (LinkageError e) {
            throw noDriver(e);
        } catch (SQLException e) {
            // 08001: no driver on the class path; otherwise a cause tells that its native library could not be loaded.
            if ("08001".equals(e.getSQLState()) || e.getCause() != null) {
                throw noDriver(e);
            }
            throw e;
        }
    }

    private static OutboxException noDriver(Throwable e) {
        return unsuitable(
                "没有可用的 SQLite 本地驱动（处理器架构不支持，或临时目录禁止执行）；请设置 org.sqlite.tmpdir，或改用 dataSource(…)",
                "no native SQLite driver could be loaded (unsupported processor, or a temporary folder without execution);"
                        + " set org.sqlite.tmpdir, or use dataSource(…)",
                e);
    }

    private static OutboxException unsuitable(String zh, String en, @Nullable Throwable cause) {
        return new OutboxException(Reason.UNSUITABLE, zh, en, cause);
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String text(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            return rows.next() ? String.valueOf(rows.getString(1)) : "";
        }
    }

    /** Lets another process have the file. */
    @Override
    public void close() {
        try {
            lock.release();
            lockFile.close();
        } catch (IOException e) {
            throw unsuitable("无法释放 outbox 锁文件", "the lock file cannot be released", e);
        }
    }
}
