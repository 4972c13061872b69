package cn.fuzhi.sdk.outbox;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Debian's MariaDB server, started for a test on a free port and a folder of its own. */
final class MariaDb implements AutoCloseable {
    private static final Path SERVER = Path.of("/usr/sbin/mariadbd");
    private final Process process;
    private final int port;

    private MariaDb(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    static boolean isInstalled() {
        return Files.isExecutable(SERVER);
    }

    static MariaDb start(Path folder) throws IOException, InterruptedException {
        Path data = folder.resolve("data");
        run(
                folder,
                "/usr/bin/mariadb-install-db",
                "--no-defaults",
                "--auth-root-authentication-method=normal",
                "--datadir=" + data,
                "--skip-test-db",
                "--user=" + System.getProperty("user.name"));
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        List<String> command = new ArrayList<>(List.of(
                SERVER.toString(),
                "--no-defaults",
                "--datadir=" + data,
                "--port=" + port,
                "--bind-address=127.0.0.1",
                "--socket=" + folder.resolve("s.sock"),
                "--pid-file=" + folder.resolve("pid"),
                "--innodb-flush-log-at-trx-commit=1",
                "--user=" + System.getProperty("user.name")));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        MariaDb server = new MariaDb(process, port);
        server.awaitReady();
        return server;
    }

    private static void run(Path folder, String... command) throws IOException, InterruptedException {
        Process install = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("install.log").toFile())
                .start();
        if (!install.waitFor(120, TimeUnit.SECONDS) || install.exitValue() != 0) {
            throw new IOException(Files.readString(folder.resolve("install.log")));
        }
    }

    String address() {
        return "jdbc:mariadb://127.0.0.1:" + port + "/outbox?user=root&createDatabaseIfNotExist=true";
    }

    private void awaitReady() throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (System.nanoTime() < end && process.isAlive()) {
            try (Connection connection = DriverManager.getConnection(address());
                    Statement statement = connection.createStatement()) {
                statement.execute("SELECT 1");
                return;
            } catch (SQLException e) {
                process.waitFor(200, TimeUnit.MILLISECONDS); // not yet listening
            }
        }
        throw new IOException("mariadbd did not come up");
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().orTimeout(20, TimeUnit.SECONDS).join();
    }
}
