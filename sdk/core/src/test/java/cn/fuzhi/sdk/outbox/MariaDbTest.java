package cn.fuzhi.sdk.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
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

    /** A driver that counts only rows that became different must not make a note look absent. */
    @Test
    void notesTheSameTwiceWhateverTheDriverCounts() {
        TurnableClocks time = new TurnableClocks(3);
        HostTransactions transactions =
                new HostTransactions(Child.dataSource(address() + "&useAffectedRows=true"), Dialect.MYSQL, time.clocks);
        Schema.create(transactions, Dialect.MYSQL, "notes_");
        Ledger ledger = new Ledger(transactions, "notes_", "default");
        for (int i = 0; i < 2; i++) {
            ledger.note("changes", "17");
        }
        assertThat(ledger.note("changes")).isEqualTo("17");
    }
}
