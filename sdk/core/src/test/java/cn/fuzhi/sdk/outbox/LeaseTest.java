package cn.fuzhi.sdk.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import cn.fuzhi.sdk.BatchReply.Disposition;
import cn.fuzhi.sdk.model.RecordKind;
import cn.fuzhi.sdk.outbox.OutboxEntry.State;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may send a row, and until when: on tables that others use as well, and on a file that one program has for itself. */
class LeaseTest {
    private static final RecordKind USAGE = RecordKind.USAGE_REPORT;
    private static final Duration LEASE = Duration.ofSeconds(90);

    @TempDir
    Path folder;

    private Bench bench;

    private OutboxStore shared() throws SQLException {
        bench = Bench.on(folder);
        bench.shared = new OneConnection();
        bench.shared.begin(bench.time.clocks::micros);
        return bench.open().machine.store();
    }

    private OutboxStore alone() {
        bench = Bench.on(folder).open();
        return bench.machine.store();
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private static List<Claim> claim(OutboxStore store) {
        return store.claim(USAGE, 500, 1 << 20, LEASE);
    }

    private State state(int number) {
        return bench.entry(USAGE, Records.usageKey(number)).state();
    }

    @Test
    void letsGoOfWhatWasEnqueuedAnewWhenItRenewsALease() throws SQLException {
        OutboxStore store = shared();
        bench.enqueue(Records.usage(1, 1));
        List<Claim> claims = claim(store);
        bench.enqueue(Records.usage(1, 2));
        assertThat(claim(store)).isEmpty();
        assertThat(store.renew(claims, LEASE)).isEmpty();
        assertThat(claim(store)).hasSize(1);
    }

    @Test
    void doesNotSettleWhatAnotherClaimHasTaken() throws SQLException {
        OutboxStore store = shared();
        bench.outbox.enqueue(Records.usages(2, 1));
        List<Claim> first = claim(store);
        bench.time.turn(LEASE.plusSeconds(1));
        List<Claim> second = claim(store);
        assertThat(second).hasSize(2);
        assertThat(store.settle(delivered(first)).written()).isEmpty();
        assertThat(store.renew(first, LEASE)).isEmpty();
        assertThat(store.renew(second, LEASE)).hasSize(2);
        assertThat(state(0)).isEqualTo(State.PENDING);
    }

    /** As after a commit whose outcome nobody heard of. */
    @Test
    void writesAResultDownASecondTimeOnlyWhileNothingElseHasHappened() throws SQLException {
        OutboxStore store = shared();
        bench.outbox.enqueue(Records.usages(4, 1));
        List<Claim> claims = claim(store);
        List<Settlement> results = List.of(
                Settlement.delivered(claims.get(0), claims.get(0).version() + 7, "req"),
                Settlement.stopped(claims.get(1), State.HELD, null, null, "req"),
                Settlement.stopped(claims.get(2), State.REJECTED, "R-19", null, "req"),
                Settlement.failed(claims.get(3), Duration.ofHours(1), null, "req"));
        assertThat(store.settle(results).written()).hasSize(4);
        assertThat(store.settle(results).written()).containsExactlyInAnyOrderElementsOf(results);
        decide(claims.get(1));
        DeadLetters dead = bench.machine.deadLetters();
        dead.requeue(dead.list(null, null, 9), DeadLetters.Requeue.AS_IT_IS);
        assertThat(store.settle(results).written()).containsExactlyInAnyOrder(results.get(0), results.get(3));
        assertThat(state(0)).isEqualTo(State.DELIVERED);
        assertThat(state(1)).isEqualTo(State.DELIVERED);
        assertThat(state(2)).isEqualTo(State.PENDING);
        assertThat(state(3)).isEqualTo(State.PENDING);
    }

    private void decide(Claim claim) {
        Corrections.Decision accepted = new Corrections.Decision(USAGE, claim.key(), claim.version(), true, null);
        Corrections corrections =
                new Corrections(bench.shared, Dialect.SQLITE, Outbox.Builder.PREFIX, "default", false);
        assertThat(corrections.decide(List.of(accepted))).isEmpty();
    }

    private static List<Settlement> delivered(List<Claim> claims) {
        return claims.stream()
                .map(claim -> Settlement.delivered(claim, claim.version(), "late"))
                .toList();
    }

    @Test
    void sendsNothingWithALeaseThatRanOutWhileItStoodStill() throws SQLException {
        OutboxStore store = shared();
        bench.outbox.enqueue(Records.usages(2, 1));
        List<Integer> taken = new ArrayList<>();
        bench.witness.before.add(batch -> {
            // the first request takes longer than the lease, and meanwhile somebody else takes the rows
            bench.time.turn(LEASE.plusSeconds(1));
            taken.add(claim(store).size());
            return Witness.failed(Disposition.BISECT);
        });
        bench.machine.relay().runOnce();
        assertThat(taken).containsExactly(2);
        assertThat(bench.witness.batches).hasSize(1);
    }

    @Test
    void writesNothingToTakeRowsOfAFileOfItsOwn() throws SQLException {
        OutboxStore store = alone();
        bench.outbox.enqueue(Records.usages(3, 1));
        try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + bench.file);
                Statement statement = other.createStatement()) {
            long before = changes(statement);
            List<Claim> claims = claim(store);
            assertThat(store.renew(claims, LEASE)).hasSize(3);
            assertThat(changes(statement)).isEqualTo(before);
            assertThat(store.settle(delivered(claims)).written()).hasSize(3);
            assertThat(changes(statement)).isNotEqualTo(before);
        }
    }

    /** A number that differs when somebody else has written in between. */
    private static long changes(Statement statement) throws SQLException {
        try (ResultSet rows = statement.executeQuery("PRAGMA data_version")) {
            return rows.getLong(1);
        }
    }

    @Test
    void doesNotSendFromAFileWhatWasReplacedOrErasedWhileItsBatchWasHalved() {
        OutboxStore store = alone();
        bench.outbox.enqueue(Records.usages(3, 1));
        List<Claim> claims = claim(store);
        bench.enqueue(Records.usage(1, 2));
        bench.outbox.erase(USAGE, Records.usageKey(2));
        assertThat(store.renew(claims, LEASE)).extracting(Claim::key).containsExactly(Records.usageKey(0));
        assertThat(store.settle(delivered(claims)).written()).hasSize(1);
        assertThat(state(1)).isEqualTo(State.PENDING);
        bench.drain();
        assertThat(bench.witness.held(USAGE, Records.usageKey(1)).version())
                .isGreaterThan(claims.get(1).version());
    }
}
