package cn.fuzhi.sdk.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Kills a program that enqueues and delivers, with SIGKILL, again and again; more rounds with {@code -Dkill.rounds=10000}. */
class KillTest {
    private static final int ROUNDS = Integer.getInteger("kill.rounds", 200);
    private static final long SEED = Long.getLong("kill.seed", 20220915);
    /** Faults of the platform, each once in so many batches. */
    private static final RemoteWitness.Faults FAULTS = new RemoteWitness.Faults(20, 25, 50, 30);

    private static final int OPENING_MILLIS = 1500;
    private static final String ENDLESSLY = "1000000";

    @TempDir
    Path folder;

    private final Random random = new Random(SEED);

    @Test
    @Tag("L03")
    @Tag("L04")
    @Tag("L05")
    @Tag("L06")
    @Tag("L08")
    @Tag("L10")
    @Tag("L12")
    @Timeout(value = 12, unit = TimeUnit.HOURS)
    void losesNothingAndNeverGoesBackHoweverOftenItIsKilled() throws Exception {
        Path file = folder.resolve("outbox.db");
        try (RemoteWitness witness = new RemoteWitness(SEED, FAULTS)) {
            int whileOpening = 0;
            for (int round = 0; round < ROUNDS; round++) {
                int before = witness.connectedCount();
                Process child = child(file, witness, "r" + round, ENDLESSLY);
                try {
                    letLive(child, witness, round % 5 == 4);
                } finally {
                    child.destroyForcibly().waitFor();
                }
                whileOpening += witness.connectedCount() == before ? 1 : 0;
                assertThat(witness.awaitAllGone(60)).isTrue();
            }
            Process last = child(file, witness, "last", "0");
            try {
                assertThat(witness.awaitEmpty(1, 120)).isTrue();
                assertThat(last.waitFor(60, TimeUnit.SECONDS)).isTrue();
            } finally {
                last.destroyForcibly().waitFor();
            }
            System.out.printf("kill -9: rounds=%d killedWhileOpening=%d %s%n", ROUNDS, whileOpening, witness.counts());
            assertThat(witness.wrong()).isEmpty();
            assertThat(integrity(file)).isEqualTo("ok");
            assertThat(witness.appliedAgain()).isLessThanOrEqualTo(witness.ambiguous());
            // one program at a time sends, so even a naive platform sees each key in order
            assertThat(witness.naiveBack()).isZero();
            assertThat(witness.stale()).isZero();
            assertThat(witness.acknowledgements()).isPositive();
            assertThat(witness.inFlightAtKills()).isPositive();
            if (ROUNDS >= 200) {
                assertThat(whileOpening).isPositive();
            }
        }
    }

    /** Most are killed at work, some at any moment of their start: before, while and after they open the file. */
    private void letLive(Process child, RemoteWitness witness, boolean opening) throws InterruptedException {
        if (opening) {
            int most = 1 + random.nextInt(OPENING_MILLIS); // rather early, because a start is short on a fast machine
            child.waitFor(random.nextInt(most), TimeUnit.MILLISECONDS);
            return;
        }
        long acknowledged = witness.acknowledgements();
        boolean works = witness.awaitAcknowledgements(acknowledged + 1 + random.nextInt(300), 300);
        assertThat(works).as(() -> state(child)).isTrue();
        child.waitFor(random.nextInt(40), TimeUnit.MILLISECONDS);
    }

    private Process child(Path file, RemoteWitness witness, String name, String records) throws Exception {
        return ChildJvm.process(file.toString(), String.valueOf(witness.port()), name, records, "0")
                .redirectOutput(folder.resolve("said").toFile())
                .start();
    }

    /** What a program that does not do its work has said, and where its threads stand if it lives. */
    private String state(Process child) {
        try {
            if (child.isAlive()) {
                new ProcessBuilder("kill", "-QUIT", String.valueOf(child.pid()))
                        .start()
                        .waitFor();
                child.waitFor(2, TimeUnit.SECONDS);
            }
            return "alive=" + child.isAlive() + "\n" + Files.readString(folder.resolve("said"));
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String integrity(Path file) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("PRAGMA integrity_check")) {
            return rows.getString(1);
        }
    }
}
