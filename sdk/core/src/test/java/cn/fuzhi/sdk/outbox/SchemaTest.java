package cn.fuzhi.sdk.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cn.fuzhi.sdk.RecordCodec;
import cn.fuzhi.sdk.model.RecordKind;
import cn.fuzhi.sdk.outbox.OutboxEntry.State;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tables that are made, migrated, shared with newer SDKs, and made again by hand; on every database there is. */
class SchemaTest {
    private static final String PREFIX = Outbox.Builder.PREFIX;

    @TempDir
    static Path folder;

    private static EmbeddedPostgres postgres;
    private static MariaDb mariaDb;
    private static int number;

    /** A database of its own for each test. */
    record Place(Dialect dialect, String address) {
        DataSource source() {
            return Child.dataSource(address);
        }

        @Override
        public String toString() {
            return dialect.toString();
        }
    }

    @BeforeAll
    static void start() throws Exception {
        postgres = EmbeddedPostgres.builder().start();
        if (MariaDb.isInstalled()) {
            mariaDb = MariaDb.start(folder);
        }
    }

    @AfterAll
    static void stop() throws Exception {
        postgres.close();
        if (mariaDb != null) {
            mariaDb.close();
        }
    }

    static Stream<Place> shared() throws SQLException {
        List<Place> places = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection(postgres.getJdbcUrl("postgres", "postgres"));
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE d" + ++number);
        }
        places.add(new Place(Dialect.POSTGRESQL, postgres.getJdbcUrl("postgres", "d" + number)));
        if (mariaDb != null) {
            places.add(new Place(Dialect.MYSQL, mariaDb.address().replace("/outbox?", "/d" + ++number + "?")));
        }
        return places.stream();
    }

    static Stream<Place> all() throws SQLException {
        Place file = new Place(Dialect.SQLITE, "jdbc:sqlite:" + folder.resolve("s" + ++number + ".db"));
        return Stream.concat(Stream.of(file), shared());
    }

    private static Transactions open(Place place) {
        return open(place, place.source()::getConnection);
    }

    private static Transactions open(Place place, GroupCommit.ConnectionSource source) {
        if (place.dialect() == Dialect.SQLITE) {
            return new GroupCommit(source, () -> 1_000_000, "test");
        }
        DataSource pool = new SimpleDataSource() {
            @Override
            public Connection getConnection() throws SQLException {
                return source.open();
            }
        };
        return new HostTransactions(pool, place.dialect(), new TurnableClocks(1).clocks);
    }

    @ParameterizedTest
    @MethodSource("all")
    void isWholeAfterTheStartThatFollowsAFailureAtAnyStatement(Place place) throws Exception {
        FaultPoints faults = new FaultPoints(place.source()::getConnection);
        int failed = 0;
        boolean done = false;
        for (int call = 1; !done; call++) {
            faults.failAt(call, call % 2 == 0, true);
            try (Transactions transactions = open(place, faults)) {
                Schema.create(transactions, place.dialect(), PREFIX);
                done = true;
            } catch (OutboxException e) {
                failed++;
            }
        }
        faults.heal();
        assertThat(failed).isGreaterThan(8);
        try (Transactions transactions = open(place)) {
            Schema.create(transactions, place.dialect(), PREFIX);
            putsAndReads(transactions, place.dialect());
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void migratesWhatAnOlderVersionLeftPending(Place place) throws Exception {
        run(place, resource("schema-1-" + place.dialect().name().toLowerCase(java.util.Locale.ROOT) + ".sql"));
        String payload = new String(RecordCodec.freeze(Records.usage(7, 1)).payload(), StandardCharsets.UTF_8);
        run(
                place,
                "INSERT INTO fuzhi_outbox_entry (name, kind, record_key, version, op, payload, payload_bytes, digest,"
                        + " state, send_rank, due, attempts, alone, together, unknown_verdicts, lease_until, claim_no,"
                        + " enqueued_at) VALUES ('default', 'USAGE_REPORT', '" + Records.usageKey(7)
                        + "', 5, 'UPSERT', "
                        + bytes(place.dialect(), payload) + ", 10, '"
                        + RecordCodec.freeze(Records.usage(7, 1)).digest()
                        + "', 'PENDING', 90, 0, 0, 0, 0, 0, 0, 0, 1)");
        try (Transactions transactions = open(place)) {
            Schema.create(transactions, place.dialect(), PREFIX);
            OutboxStore store = new OutboxStore(transactions, place.dialect(), PREFIX, "default", "me", false);
            List<Claim> claims = store.claim(RecordKind.USAGE_REPORT, 10, 1 << 20, Duration.ofSeconds(90));
            assertThat(claims).hasSize(1);
            assertThat(new String(claims.get(0).record().payload(), StandardCharsets.UTF_8))
                    .isEqualTo(payload);
            assertThat(claims.get(0).mismatches()).isZero();
            putsAndReads(transactions, place.dialect());
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void worksOnANewerVersionAndLeavesItsStatesAlone(Place place) throws Exception {
        try (Transactions transactions = open(place)) {
            Schema.create(transactions, place.dialect(), PREFIX);
            putsAndReads(transactions, place.dialect());
            run(place, "UPDATE fuzhi_outbox_meta SET content = '99' WHERE item = 'schema'");
            run(place, "ALTER TABLE fuzhi_outbox_entry ADD COLUMN later INTEGER NOT NULL DEFAULT 0");
            run(place, "UPDATE fuzhi_outbox_entry SET state = 'TELEPORTED'");
            Schema.create(transactions, place.dialect(), PREFIX);
            Schema.require(transactions, place.dialect(), PREFIX);
            Ledger ledger = new Ledger(transactions, PREFIX, "default");
            assertThat(ledger.countStopped()).containsEntry(State.UNKNOWN, 1L);
            assertThat(ledger.find(RecordKind.USAGE_REPORT, Records.usageKey(1)).state())
                    .isEqualTo(State.UNKNOWN);
            assertThat(ledger.dead(null, null, 10)).isEmpty();
            OutboxStore store = new OutboxStore(transactions, place.dialect(), PREFIX, "default", "me", false);
            assertThat(store.claim(RecordKind.USAGE_REPORT, 10, 1 << 20, Duration.ofSeconds(90)))
                    .isEmpty();
        }
        assertThat(text(place, "SELECT content FROM fuzhi_outbox_meta WHERE item = 'schema'"))
                .isEqualTo("99");
    }

    @ParameterizedTest
    @MethodSource("all")
    void refusesTablesThatItCannotWorkOn(Place place) throws Exception {
        try (Transactions transactions = open(place)) {
            Schema.create(transactions, place.dialect(), PREFIX);
            run(place, "UPDATE fuzhi_outbox_meta SET content = '99'");
            assertThatThrownBy(() -> Schema.create(transactions, place.dialect(), PREFIX))
                    .isInstanceOfSatisfying(
                            OutboxException.class,
                            e -> assertThat(e.reason()).isEqualTo(OutboxException.Reason.UNSUITABLE))
                    .hasMessageContaining("升级");
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void printsStatementsThatMayBeRunAgainAndOnAnOlderVersion(Place place) throws Exception {
        if (place.dialect() != Dialect.SQLITE) { // whose file the SDK migrates itself
            run(place, resource("schema-1-" + place.dialect().name().toLowerCase(java.util.Locale.ROOT) + ".sql"));
        }
        run(place, Outbox.schema(place.dialect()));
        run(place, Outbox.schema(place.dialect()));
        try (Transactions transactions = open(place)) {
            Schema.require(transactions, place.dialect(), PREFIX);
            putsAndReads(transactions, place.dialect());
        }
    }

    @ParameterizedTest
    @MethodSource("shared")
    void isMadeOnceByNodesThatStartTogetherAndThenNeedsNoLock(Place place) throws Exception {
        ExecutorService nodes = Executors.newFixedThreadPool(8);
        try (Transactions transactions = open(place)) {
            List<CompletableFuture<Void>> starts = Stream.generate(() -> CompletableFuture.runAsync(
                            () -> Schema.create(transactions, place.dialect(), PREFIX), nodes))
                    .limit(8)
                    .toList();
            starts.forEach(CompletableFuture::join);
            putsAndReads(transactions, place.dialect());
            // A host writes and does not commit: whoever wanted to lock the table would wait for it.
            try (Connection host = place.source().getConnection();
                    Statement statement = host.createStatement()) {
                host.setAutoCommit(false);
                statement.execute("UPDATE fuzhi_outbox_entry SET due = due + 1");
                CompletableFuture.runAsync(() -> Schema.create(transactions, place.dialect(), PREFIX), nodes)
                        .get(10, java.util.concurrent.TimeUnit.SECONDS);
                host.rollback();
            }
        } finally {
            nodes.shutdownNow();
        }
    }

    private static void putsAndReads(Transactions transactions, Dialect dialect) {
        OutboxStore store = new OutboxStore(transactions, dialect, PREFIX, "default", "me", false);
        assertThat(store.put(List.of(RecordCodec.freeze(Records.usage(1, 1)))).queued())
                .isEqualTo(1);
        assertThat(new Ledger(transactions, PREFIX, "default").find(RecordKind.USAGE_REPORT, Records.usageKey(1)))
                .isNotNull();
    }

    private static String bytes(Dialect dialect, String text) {
        String hex = java.util.HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
        return dialect == Dialect.POSTGRESQL ? "'\\x" + hex + "'" : "x'" + hex + "'";
    }

    private static void run(Place place, String script) throws SQLException {
        try (Connection connection = place.source().getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : script.split(";\n", -1)) {
                if (!sql.isBlank()) {
                    statement.execute(sql);
                }
            }
        }
    }

    private static String text(Place place, String sql) throws SQLException {
        try (Connection connection = place.source().getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = SchemaTest.class.getResourceAsStream("/outbox/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
