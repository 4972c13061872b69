package cn.fuzhi.sdk.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Runs {@link Simulation} for many seeds. Repeat one with {@code -Dsimulation.seed=N}, run more with {@code -Dsimulation.seeds=N},
 * or begin elsewhere with {@code -Dsimulation.from=N}.
 */
class SimulationTest {
    private static final int SEEDS = Integer.getInteger("simulation.seeds", 5000);
    private static final long FROM = Long.getLong("simulation.from", 0);
    private static final long ONLY = Long.getLong("simulation.seed", -1);
    private static final String AGAIN =
            "repeat it with: ./mvnw -pl sdk/core -am -Djacoco.skip=true -Dsurefire.failIfNoSpecifiedTests=false"
                    + " -Dtest=SimulationTest -Dsimulation.seed=";
    /** 5,000 seeds within 3 minutes: processor time, which other programs on the machine do not lengthen much. */
    private static final Duration MOST_PER_SEED = Duration.ofMinutes(3).dividedBy(5000);

    @Test
    @Tag("L07")
    @Tag("L12")
    @Tag("L14")
    @Tag("L28")
    @Tag("L29")
    @Tag("L30")
    @Tag("L32")
    @Tag("L39")
    @Tag("L41")
    @Timeout(value = 12, unit = TimeUnit.HOURS)
    void endsWithWhatWasAcknowledgedLastWhateverHappensOnTheWay() throws SQLException {
        Simulation.Counts counts = new Simulation.Counts();
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long start = threads.getCurrentThreadCpuTime();
        long first = ONLY < 0 ? FROM : ONLY;
        long end = ONLY < 0 ? FROM + SEEDS : ONLY + 1;
        try (OneConnection database = new OneConnection()) {
            for (long seed = first; seed < end; seed++) {
                Simulation simulation = new Simulation(seed, database, counts);
                assertThat(simulation.run()).as(AGAIN + seed).isEmpty();
            }
        }
        Duration took = Duration.ofNanos(threads.getCurrentThreadCpuTime() - start);
        System.out.printf("simulation: seeds=%d cpuSeconds=%d %s%n", end - first, took.toSeconds(), counts);
        if (ONLY < 0) {
            assertThat(took).isLessThan(MOST_PER_SEED.multipliedBy(SEEDS).plusSeconds(10));
            assertThat(counts.freezes).isPositive();
            assertThat(counts.jumps).isPositive();
            assertThat(counts.held).isPositive();
        }
    }
}
