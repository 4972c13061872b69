package cn.fuzhi.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The rate of one key id: even, halved when the platform throttles, recovering, and never wasted. */
class PaceTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    private final FakePorts ports = new FakePorts();

    @Test
    void oneRequestGoesInEachPeriod() {
        Pace pace = new Pace(0.5, ports);
        assertThat(pace.reserve(LONG)).isZero();
        long granted = 0;
        for (int i = 0; i < 4; i++) {
            long before = System.nanoTime();
            Duration wait = pace.reserve(LONG);
            long latest = System.nanoTime() + wait.toNanos();
            if (granted != 0) {
                assertThat(Duration.ofNanos(latest - granted)).isGreaterThanOrEqualTo(Duration.ofSeconds(2));
            }
            granted = before + wait.toNanos();
        }
    }

    @Test
    void aPlaceThatCannotBeUsedIsNotTaken() {
        Pace pace = new Pace(0.1, ports);
        assertThat(pace.reserve(LONG)).isZero();
        for (int i = 0; i < 1000; i++) {
            assertThat(pace.reserve(Duration.ofNanos(1))).isNull();
        }
        assertThat(pace.reserve(Duration.ofSeconds(10))).isNotNull();
    }

    @Test
    @Tag("S24")
    void throttlingHalvesTheRateDownToTheFloorAndItRecoversStepByStep() {
        Pace pace = new Pace(20, ports);
        assertThat(pace.slowDown()).isEqualTo(10);
        assertThat(pace.slowDown()).isEqualTo(5);
        for (int i = 0; i < 10; i++) {
            pace.slowDown();
        }
        assertThat(pace.slowDown()).isEqualTo(0.5);
        ports.pass(Duration.ofSeconds(31));
        pace.reserve(LONG);
        assertThat(pace.slowDown()).as("3.5 per second again").isEqualTo(1.75);
        ports.pass(Duration.ofMinutes(10));
        pace.reserve(LONG);
        assertThat(pace.slowDown()).as("not above the rate that was set").isEqualTo(10);
        assertThat(new Pace(0.2, ports).slowDown())
                .as("a rate below the floor is not raised")
                .isEqualTo(0.2);
        assertThat(new Pace(0, ports).reserve(Duration.ZERO)).isZero();
    }
}
