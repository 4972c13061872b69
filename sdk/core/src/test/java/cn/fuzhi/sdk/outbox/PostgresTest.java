package cn.fuzhi.sdk.outbox;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

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
