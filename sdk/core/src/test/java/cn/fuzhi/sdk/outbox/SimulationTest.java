package cn.fuzhi.sdk.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * Runs {@link Simulation} for many seeds. Repeat one with {@code -Dsimulation.seed=N}, or run more with {@code -Dsimulation.seeds=N}.
 */
class SimulationTest {
    private static final int SEEDS = Integer.getInteger("simulation.seeds", 5000);
    private static final long ONLY = Long.getLong("simulation.seed", -1);

    @Test
    void endsWithWhatWasAcknowledgedLastWhateverHappensOnTheWay() throws SQLException {
        long crashes = 0;
        long freezes = 0;
        long late = 0;
        long start = System.nanoTime();
        long first = Math.max(0, ONLY);
        long end = ONLY < 0 ? SEEDS : ONLY + 1;
        try (OneConnection database = new OneConnection()) {
            for (long seed = first; seed < end; seed++) {
                Simulation simulation = new Simulation(seed, database);
                assertThat(simulation.run())
                        .as("repeat with -Dsimulation.seed=" + seed)
                        .isEmpty();
                crashes += simulation.crashes;
                freezes += simulation.freezes;
                late += simulation.lateRequests;
            }
        }
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        System.out.printf(
                "simulation: seeds=%d crashes=%d freezes=%d late=%d seconds=%d%n",
                end - first, crashes, freezes, late, took.toSeconds());
        assertThat(freezes).isPositive();
    }
}
