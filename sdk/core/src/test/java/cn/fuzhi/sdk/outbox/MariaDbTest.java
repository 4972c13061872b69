package cn.fuzhi.sdk.outbox;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
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
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void keepsTheRulesOfVersionsAndUnchanged() {
        database().keepsTheRulesOfVersionsAndUnchanged();
    }

    @Test
    @Tag("L39")
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void joinsTheTransactionOfTheHost() throws Exception {
        database().joinsTheTransactionOfTheHost();
    }

    @Test
    @Tag("L40")
    @Tag("L41")
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void delaysOnlyTheKeyThatTheHostHolds() throws Exception {
        database().delaysOnlyTheKeyThatTheHostHolds();
    }

    @Test
    @Tag("L28")
    @Tag("L29")
    @Tag("L30")
    @Tag("L31")
    @Tag("L33")
    @Tag("L37")
    @Timeout(value = 4, unit = TimeUnit.HOURS)
    void survivesNodesThatAreKilledOrStandStill() throws Exception {
        database().survivesNodesThatAreKilledOrStandStill();
    }
}
