package cn.fuzhi.sdk.mock;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * The clock of a mock platform: it decides about deadlines, signatures, versions, quotas and the {@code Date} of answers.
 *
 * <p>At first it runs with the clock of the machine. It can be moved, and it can be stopped. All methods may be called from any
 * thread.
 */
public final class MockClock extends Clock {
    /** The zone of all days and deadlines of the contract, without daylight saving. */
    static final ZoneOffset BEIJING = ZoneOffset.ofHours(8);

    private final Clock machine;
    private volatile Setting setting = new Setting(null, Duration.ZERO);

    /** Stopped at an instant, or running with a distance to the machine's clock. */
    private record Setting(@Nullable Instant stoppedAt, Duration ahead) {}

    MockClock(Clock machine) {
        this.machine = machine;
    }

    /**
     * Tells the time of the platform.
     *
     * @return now
     */
    @Override
    public Instant instant() {
        Setting now = setting;
        return now.stoppedAt() != null ? now.stoppedAt() : machine.instant().plus(now.ahead());
    }

    /**
     * Stops the clock at an instant.
     *
     * @param instant the time from now on
     */
    public void stopAt(Instant instant) {
        setting = new Setting(instant, Duration.ZERO);
    }

    /**
     * Lets the clock run on from an instant.
     *
     * @param instant the time now
     */
    public synchronized void runFrom(Instant instant) {
        setting = new Setting(null, Duration.between(machine.instant(), instant));
    }

    /**
     * Moves the clock, whether it runs or stands.
     *
     * @param distance forward, or back when negative
     */
    public synchronized void advance(Duration distance) {
        Setting now = setting;
        setting = now.stoppedAt() != null
                ? new Setting(now.stoppedAt().plus(distance), Duration.ZERO)
                : new Setting(null, now.ahead().plus(distance));
    }

    /** Lets the clock run with that of the machine again. */
    public void followMachine() {
        setting = new Setting(null, Duration.ZERO);
    }

    @Override
    public ZoneId getZone() {
        return BEIJING;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return Clock.fixed(instant(), zone);
    }

    /** The clock of the machine, for what load is measured by: it runs on while this one stands. */
    Instant machineInstant() {
        return machine.instant();
    }

    /** Now in whole seconds with the offset of the contract. */
    OffsetDateTime now() {
        return instant().truncatedTo(ChronoUnit.SECONDS).atOffset(BEIJING);
    }

    /** The form of an instant in the contract; {@code toString} would leave out seconds that are zero. */
    static String text(OffsetDateTime instant) {
        return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(instant);
    }

    LocalDate today() {
        return now().toLocalDate();
    }
}
