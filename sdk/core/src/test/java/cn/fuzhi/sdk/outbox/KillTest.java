package cn.fuzhi.sdk.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills a program that enqueues and delivers, with SIGKILL, again and again; more rounds with {@code -Dkill.rounds=10000}. */
class KillTest {
    private static final int ROUNDS = Integer.getInteger("kill.rounds", 200);
    private static final long SEED = Long.getLong("kill.seed", 20220915);

    @TempDir
    Path folder;

    @Test
    void losesNothingAndNeverGoesBackHoweverOftenItIsKilled() throws Exception {
        Random random = new Random(SEED);
        String file = folder.resolve("outbox.db").toString();
        try (RemoteWitness witness = new RemoteWitness(SEED, 20)) {
            String port = String.valueOf(witness.port());
            for (int round = 0; round < ROUNDS; round++) {
                int before = witness.connectedCount();
                long acknowledged = witness.acknowledgements();
                Process child = Child.process(file, port, String.valueOf(random.nextLong()), "50", "100000", "true")
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
                // most are killed at work, some while they open the file
                if (round % 10 != 9) {
                    assertThat(witness.awaitConnected(before + 1, 60)).isTrue();
                    assertThat(witness.awaitAcknowledgements(acknowledged + random.nextInt(300), 60))
                            .isTrue();
                }
                child.waitFor(random.nextInt(40), TimeUnit.MILLISECONDS);
                child.destroyForcibly().waitFor();
            }
            Process last = Child.process(file, port, "1", "1", "1", "false")
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            assertThat(witness.awaitEmpty(1, 120)).isTrue();
            assertThat(last.waitFor(60, TimeUnit.SECONDS)).isTrue();
            System.out.printf(
                    "kill -9: rounds=%d acknowledged=%d sentTwice=%d ambiguous=%d lostAnswers=%d stale=%d%n",
                    ROUNDS,
                    witness.acknowledgements(),
                    witness.twice(),
                    witness.ambiguousItems.get(),
                    witness.lostAnswers.get(),
                    witness.stale.get());
            assertThat(witness.lost()).isEmpty();
            assertThat(witness.twice()).isLessThanOrEqualTo(witness.ambiguousItems.get());
            assertThat(witness.stale.get()).isZero();
            assertThat(witness.acknowledgedCount()).isPositive();
        }
    }
}
