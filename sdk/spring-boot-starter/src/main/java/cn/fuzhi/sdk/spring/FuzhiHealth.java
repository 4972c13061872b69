package cn.fuzhi.sdk.spring;

import cn.fuzhi.sdk.FuzhiClient;
import cn.fuzhi.sdk.model.Deadline;
import cn.fuzhi.sdk.outbox.Outbox;
import cn.fuzhi.sdk.outbox.OutboxException;
import cn.fuzhi.sdk.outbox.OutboxStatus;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;

/**
 * The health of reporting, in no words of Spring Boot, because its two lines have different types for it.
 *
 * <p>{@code DOWN} only when the outbox cannot keep records. What somebody should look at, but which loses nothing, is
 * {@code DEGRADED}, which is no reason for a load balancer to take the program away: the platform cannot be reached, nothing or one
 * kind is not sent, there are dead letters or records to be enqueued again, a deadline is overdue, or a record waits for longer than a day.
 */
final class FuzhiHealth {
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration OVERDUE = Duration.ofHours(24);

    private final PlatformWatch platform;
    private final @Nullable Supplier<OutboxStatus> outbox;

    FuzhiHealth(PlatformWatch platform, @Nullable Supplier<OutboxStatus> outbox) {
        this.platform = platform;
        this.outbox = outbox;
    }

    static FuzhiHealth of(FuzhiClient client, ObjectProvider<Outbox> outbox) {
        Outbox known = outbox.getIfAvailable();
        return new FuzhiHealth(
                new PlatformWatch(client, System::nanoTime, PATIENCE), known == null ? null : known::status);
    }

    /**
     * How it is.
     *
     * @param status {@code UP}, {@code DEGRADED} or {@code DOWN}
     * @param details what is known, for people; without personal data and secrets
     */
    record Report(String status, Map<String, Object> details) {}

    Report report() {
        Map<String, Object> details = new LinkedHashMap<>();
        try {
            boolean well = outbox == null || describe(outbox.get(), details);
            well &= describe(platform.answer(), details);
            return new Report(well ? "UP" : "DEGRADED", details);
        } catch (OutboxException e) {
            details.put("outbox", String.valueOf(e.getMessage()));
            return new Report("DOWN", details);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Report("UNKNOWN", details);
        }
    }

    private static boolean describe(OutboxStatus outbox, Map<String, Object> details) {
        details.put("pending", outbox.pending());
        details.put("held", outbox.held());
        details.put("deadLetters", outbox.rejected() + outbox.parked());
        details.put("resend", outbox.resend());
        Duration oldest = outbox.oldestPending();
        if (oldest != null) {
            details.put("oldestPending", oldest.toString());
        }
        if (outbox.pausedBy() != null) {
            details.put("paused", outbox.pausedBy());
        }
        if (outbox.lastFailure() != null) {
            details.put("lastFailure", outbox.lastFailure());
        }
        outbox.pausedKinds().forEach((kind, why) -> details.put("paused " + kind.value(), why));
        boolean waitsTooLong = oldest != null && oldest.compareTo(OVERDUE) > 0;
        boolean stands = outbox.pausedBy() != null || !outbox.pausedKinds().isEmpty();
        return !waitsTooLong && !stands && outbox.rejected() + outbox.parked() + outbox.resend() == 0;
    }

    private static boolean describe(PlatformWatch.Answer platform, Map<String, Object> details) {
        details.put("platform", platform.text());
        Deadline next = platform.next();
        if (next != null) {
            details.put("nextDeadline", text(next));
        }
        Deadline overdue = platform.overdue();
        if (overdue != null) {
            details.put("overdue", text(overdue));
        }
        return !Boolean.FALSE.equals(platform.reachable()) && overdue == null;
    }

    private static String text(Deadline deadline) {
        return deadline.kind().value() + " " + deadline.bodyCode() + " " + deadline.periodKey() + " → "
                + deadline.dueAt();
    }
}
