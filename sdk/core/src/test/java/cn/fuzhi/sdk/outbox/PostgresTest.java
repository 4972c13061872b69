package cn.fuzhi.sdk.outbox;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The outbox on a real PostgreSQL; fsync as in production. */
class PostgresTest {
    private static EmbeddedPostgres server;

    @BeforeAll
    static void start() throws IOException {
        server = EmbeddedPostgres.builder()
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .start();
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
    }

    private static SharedDatabase database() {
        return new SharedDatabase(server.getJdbcUrl("postgres", "postgres"));
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
    @Timeout(value = 4, unit = TimeUnit.HOURS)
    void survivesNodesThatAreKilledOrStandStill() throws Exception {
        database().survivesNodesThatAreKilledOrStandStill();
    }
}
