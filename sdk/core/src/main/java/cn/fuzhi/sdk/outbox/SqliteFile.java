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
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file of an embedded outbox: readable by its owner only, held by one process, and set up so that a commit survives a power
 * cut. Beside {@code outbox.db} lie {@code -wal} and {@code -shm} of SQLite, {@code .lock}, which is empty, and {@code .reserve}.
 */
final class SqliteFile implements GroupCommit.ConnectionSource, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SqliteFile.class);
    private static final int[] OLDEST = {3, 51, 3};
    private static final int FULL = 2;
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    /**
     * What this program has open. A lock of POSIX ends when any descriptor of its file is closed, also that of an attempt which found
     * the file taken; so whoever has no claim here must not open the lock file.
     */
    private static final Set<Path> TAKEN = ConcurrentHashMap.newKeySet();

    private static final int RESERVE = 8 * 1024 * 1024;

    private final Path path;
    private final Path real;
    private final FileChannel lockFile;
    private final FileLock lock;
    private volatile boolean reserves;

    private SqliteFile(Path path, Path real, FileChannel lockFile, FileLock lock) {
        this.path = path;
        this.real = real;
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
            Path real = path.toRealPath();
            if (!TAKEN.add(real)) {
                throw inUse(path, real);
            }
            SqliteFile file = null;
            try {
                file = locked(path, real);
            } finally {
                if (file == null) {
                    TAKEN.remove(real);
                }
            }
            file.check();
            return file;
        } catch (IOException e) {
            throw unsuitable(
                    "无法创建或打开 outbox 文件，请检查目录和权限：" + path,
                    "the file cannot be created or opened; check the folder and its permissions",
                    e);
        }
    }

    private static SqliteFile locked(Path path, Path real) throws IOException {
        Path beside = beside(real, ".lock");
        createForOwner(beside);
        for (String suffix : List.of("-wal", "-shm")) {
            if (Files.exists(beside(real, suffix))) {
                createForOwner(beside(real, suffix)); // a new one gets the mode of the file from SQLite
            }
        }
        FileChannel channel = FileChannel.open(beside, StandardOpenOption.WRITE);
        FileLock lock = tryLock(channel);
        if (lock == null) {
            channel.close();
            throw inUse(path, real);
        }
        return new SqliteFile(path, real, channel, lock);
    }

    private static OutboxException inUse(Path path, Path real) {
        return new OutboxException(
                Reason.IN_USE,
                "outbox 文件已被另一进程或另一实例打开：" + path + "（锁文件 " + real.getFileName() + ".lock）",
                "the outbox file is open in another process or instance; several nodes need dataSource(…)",
                null);
    }

    private static Path beside(Path path, String suffix) {
        return path.resolveSibling(path.getFileName() + suffix);
    }

    /** Bytes that may still be written to the disk. */
    long free() {
        try {
            return Files.getFileStore(path).getUsableSpace();
        } catch (IOException e) {
            return Long.MAX_VALUE; // who cannot tell does not stop anybody
        }
    }

    /**
     * Keeps some room on the disk for the day when others have filled it: enqueueing is refused then, but what was delivered must
     * still be written down.
     */
    void reserve() {
        reserves = true;
        Path reserve = beside(real, ".reserve");
        try {
            if (sizeOf(reserve) < RESERVE && free() > 4L * RESERVE) {
                createForOwner(reserve);
                Files.write(reserve, new byte[RESERVE]);
            }
        } catch (IOException e) {
            LOG.debug("No room could be reserved on the disk.", e);
        }
    }

    private static long sizeOf(Path file) throws IOException {
        return Files.exists(file) ? Files.size(file) : 0;
    }

    @Override
    public void full() {
        if (reserves) {
            try {
                Files.deleteIfExists(beside(real, ".reserve"));
            } catch (IOException e) {
                LOG.debug("The reserved room on the disk could not be given back.", e);
            }
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

    private void check() throws IOException {
        try (Connection connection = open()) {
            requireRecent(text(connection, "SELECT sqlite_version()"));
            // Changing to WAL ended with the removal of a rollback journal; it must not come back with a power cut.
            syncFolder(path.toAbsolutePath().getParent());
        } catch (SQLException e) {
            close();
            throw StorageFailures.sqlite(e);
        } catch (IOException | OutboxException e) {
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
        Properties settings = new Properties();
        // Else the driver asks for the last row number after each INSERT.
        settings.setProperty("jdbc.get_generated_keys", "false");
        try {
            return DriverManager.getConnection("jdbc:sqlite:" + path.toAbsolutePath(), settings);
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
        if (!lockFile.isOpen()) {
            return;
        }
        try {
            lock.release();
            lockFile.close();
            TAKEN.remove(real); // not before: the next one to open the lock file must find it free
        } catch (IOException e) {
            throw unsuitable("无法释放 outbox 锁文件", "the lock file cannot be released", e);
        }
    }
}
