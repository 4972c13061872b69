package cn.fuzhi.sdk.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import cn.fuzhi.sdk.RecordCodec;
import cn.fuzhi.sdk.model.RecordKind;
import cn.fuzhi.sdk.model.UsageReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lets every single call to the database fail in turn, in every way, and looks whether a promise is broken. */
class FaultPointsTest {
    private static final int POINTS = 400;

    @TempDir
    Path folder;

    @Test
    void keepsItsPromiseWhicheverCallFails() throws Exception {
        int points = 0;
        boolean more = true;
        for (int k = 1; more && k < POINTS; k++) {
            more = false;
            for (int way = 0; way < 4; way++) {
                more |= survives(k, (way & 1) == 1, (way & 2) == 2);
                points++;
            }
        }
        System.out.println("fault points: " + points);
        assertThat(more).as("the scenario has fewer calls than were tried").isFalse();
    }

    /** Returns false when the scenario ended before the call that was to fail. */
    private boolean survives(int call, boolean after, boolean forEver) throws Exception {
        Path path = folder.resolve("f" + call + after + forEver + ".db");
        TurnableClocks time = new TurnableClocks(call);
        Witness witness = new Witness();
        SqliteFile file = SqliteFile.take(path);
        FaultPoints faults = new FaultPoints(file);
        GroupCommit commits = new GroupCommit(faults, () -> time.clocks.nanos().getAsLong() / 1000, "test");
        Schema.create(commits, Dialect.SQLITE, Outbox.Builder.PREFIX);
        Options options = new Options();
        options.changesEvery = Duration.ZERO;
        Machine machine = new Machine(
                commits,
                file,
                Dialect.SQLITE,
                options.settings(),
                new Machine.Ends(witness, witness, new OutboxListener() {}, Runnable::run, time.clocks));
        String about = "call " + call + (after ? " after" : " before") + (forEver ? " for ever" : " once");
        faults.failAt(call, after, forEver);
        Set<String> possible = new HashSet<>();
        for (int value = 1; value <= 3; value++) {
            enqueue(machine, Records.usage(1, value), possible);
            run(machine, time);
        }
        boolean reached = faults.calls() >= call;
        faults.heal();
        for (int i = 0; i < 300 && machine.ledger().countPending() > 0; i++) {
            run(machine, time);
            time.turn(Duration.ofSeconds(10));
        }
        assertThat(machine.ledger().countPending()).as(about).isZero();
        assertThat(machine.ledger().countStopped()).as(about).isEmpty();
        Witness.Held held = witness.held(RecordKind.USAGE_REPORT, Records.usageKey(1));
        assertThat(possible).as(about).contains(held == null ? "nothing" : held.digest());
        assertThat(witness.everWentBack()).as(about).isFalse();
        machine.close(Duration.ofSeconds(1));
        Files.deleteIfExists(path);
        return reached;
    }

    private static void enqueue(Machine machine, UsageReport record, Set<String> possible) {
        String digest = RecordCodec.freeze(record).digest();
        try {
            machine.put(List.of(RecordCodec.freeze(record)));
            possible.clear();
            possible.add(digest);
        } catch (OutboxException e) {
            possible.add(digest);
            possible.add("nothing");
        }
    }

    private static void run(Machine machine, TurnableClocks time) {
        try {
            for (int i = 0; i < 5; i++) {
                machine.relay().runOnce();
                time.turn(Duration.ofMillis(300));
            }
        } catch (OutboxException e) {
            time.turn(Duration.ofSeconds(1)); // as the thread of a relay does
        }
    }
}
