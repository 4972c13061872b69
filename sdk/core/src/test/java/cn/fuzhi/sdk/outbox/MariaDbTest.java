package cn.fuzhi.sdk.outbox;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The outbox on a real MariaDB, which stands for MySQL too: the SQL is the same. */
class MariaDbTest extends SharedDatabaseTest {
    @TempDir
    static Path folder;

    private static MariaDb server;

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(MariaDb.isInstalled(), "skipped: needs mariadb-server");
        server = MariaDb.start(folder);
    }

    @AfterAll
    static void stop() throws Exception {
        if (server != null) {
            server.close();
        }
    }

    @Override
    String address() {
        return server.address();
    }
}
