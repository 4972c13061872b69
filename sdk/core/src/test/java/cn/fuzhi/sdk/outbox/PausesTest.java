package cn.fuzhi.sdk.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class PausesTest {
    private long nanos = 1;
    private double chance;
    private final Pauses pauses = new Pauses(new Clocks(() -> Instant.EPOCH, () -> nanos, () -> chance));

    private void turn(Duration by) {
        nanos += by.toNanos();
    }

    /** Chance may let a program ask often within seconds; the number of its questions must not decide how long it is silent then. */
    @Test
    void waitsNoLongerThanTwiceAsLongAsThePlatformWasAway() {
        for (int i = 0; i < 12; i++) {
            pauses.failed("down");
            turn(pauses.untilFree());
        }
        turn(Duration.ofSeconds(1));
        chance = 1;
        pauses.failed("down");
        Duration away = Duration.ofNanos(nanos - 1);
        assertThat(away).isLessThan(Duration.ofSeconds(5));
        assertThat(pauses.untilFree())
                .isPositive()
                .isLessThanOrEqualTo(away.multipliedBy(2).plus(Duration.ofMillis(1250)));
    }

    @Test
    void waitsLongerTheLongerThePlatformIsAwayAndAtMostAMinute() {
        chance = 1;
        Duration before = Duration.ZERO;
        for (int i = 0; i < 40; i++) {
            pauses.failed("down");
            assertThat(pauses.untilFree()).isGreaterThanOrEqualTo(before);
            before = pauses.untilFree();
            turn(before);
        }
        assertThat(before).isEqualTo(Duration.ofMinutes(1).plusMillis(250));
    }

    @Test
    void beginsAnewAfterAnAnswer() {
        chance = 1;
        for (int i = 0; i < 8; i++) {
            pauses.failed("down");
            turn(pauses.untilFree());
        }
        pauses.answered(cn.fuzhi.sdk.model.RecordKind.SCHOOL);
        assertThat(pauses.untilFree()).isZero();
        pauses.failed("down");
        assertThat(pauses.untilFree()).isZero();
        pauses.failed("down");
        assertThat(pauses.untilFree()).isEqualTo(Duration.ofMillis(1250));
    }
}
