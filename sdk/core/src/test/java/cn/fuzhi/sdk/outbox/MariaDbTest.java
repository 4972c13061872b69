package cn.fuzhi.sdk.outbox;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The outbox on a real MariaDB, which stands for MySQL too: the SQL is the same. */
class MariaDbTest {
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

    private static SharedDatabase database() {
        return new SharedDatabase(server.address());
    }

    @Test
    void keepsTheRulesOfVersionsAndUnchanged() {
        database().keepsTheRulesOfVersionsAndUnchanged();
    }

    @Test
    void joinsTheTransactionOfTheHost() throws Exception {
        database().joinsTheTransactionOfTheHost();
    }

    @Test
    void delaysOnlyTheKeyThatTheHostHolds() throws Exception {
        database().delaysOnlyTheKeyThatTheHostHolds();
    }

    @Test
    void survivesNodesThatAreKilledOrStandStill() throws Exception {
        database().survivesNodesThatAreKilledOrStandStill();
    }
}
