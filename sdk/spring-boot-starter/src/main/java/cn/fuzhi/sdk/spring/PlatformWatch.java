package cn.fuzhi.sdk.spring;

import cn.fuzhi.sdk.FuzhiException;
import cn.fuzhi.sdk.api.DeadlinesApi;
import cn.fuzhi.sdk.api.Resources;
import cn.fuzhi.sdk.model.Deadline;
import cn.fuzhi.sdk.model.DeadlineState;
import cn.fuzhi.sdk.model.Health;
import cn.fuzhi.sdk.model.HealthStatus;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks the platform how it is and what is due next, at most once a minute and never longer than the asker is willing to wait: a
 * health check must answer while the platform does not.
 */
final class PlatformWatch {
    private static final long FRESH = Duration.ofMinutes(1).toNanos();

    private final Resources platform;
    private final LongSupplier nanos;
    private final Duration patience;
    private CompletableFuture<Answer> asked = CompletableFuture.completedFuture(Answer.UNKNOWN);
    private Answer last = Answer.UNKNOWN;
    private @Nullable Long askedAt;

    PlatformWatch(Resources platform, LongSupplier nanos, Duration patience) {
        this.platform = platform;
        this.nanos = nanos;
        this.patience = patience;
    }

    /**
     * What the platform said.
     *
     * @param reachable whether it answers and takes records, {@code UP} or {@code DEGRADED}; null while it is not known
     * @param text its state, or why it could not be asked
     * @param next the open deadline that is due first, or null
     * @param overdue the overdue deadline that was due first, or null
     */
    record Answer(
            @Nullable Boolean reachable,
            String text,
            @Nullable Deadline next,
            @Nullable Deadline overdue) {
        static final Answer UNKNOWN = new Answer(null, "等待平台应答 / waiting for the platform", null, null);
    }

    /** The newest answer. */
    Answer answer() throws InterruptedException {
        CompletableFuture<Answer> question = ask();
        try {
            return keep(question.get(patience.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            return lastKnown();
        } catch (ExecutionException e) {
            return keep(new Answer(false, String.valueOf(e.getCause()), null, null));
        }
    }

    private synchronized CompletableFuture<Answer> ask() {
        long now = nanos.getAsLong();
        if (asked.isDone() && (askedAt == null || now - askedAt > FRESH)) {
            askedAt = now;
            asked = CompletableFuture.supplyAsync(this::look, PlatformWatch::onItsOwnThread);
        }
        return asked;
    }

    /** One thread for one question a minute; nothing to be closed. */
    private static void onItsOwnThread(Runnable question) {
        Thread thread = new Thread(question, "fuzhi-health");
        thread.setDaemon(true);
        thread.start();
    }

    private synchronized Answer keep(Answer answer) {
        last = answer;
        return answer;
    }

    private synchronized Answer lastKnown() {
        return last;
    }

    private Answer look() {
        Health health;
        try {
            health = platform.service().health();
        } catch (FuzhiException e) {
            return new Answer(false, String.valueOf(e.getMessage()), null, null);
        }
        boolean works = HealthStatus.UP.equals(health.status()) || HealthStatus.DEGRADED.equals(health.status());
        String text = health.status().value();
        try {
            return new Answer(works, text, first(DeadlineState.OPEN), first(DeadlineState.OVERDUE));
        } catch (FuzhiException e) {
            // A key may be allowed to push and not to read deadlines: the platform is no less reachable for that.
            return new Answer(works, text + "；截止时间未知 / deadlines unknown: " + e.getMessage(), null, null);
        }
    }

    private @Nullable Deadline first(DeadlineState state) {
        DeadlinesApi.Query query =
                DeadlinesApi.Query.builder().state(state).limit(1).build();
        List<Deadline> found = platform.deadlines().list(query).items();
        return found.isEmpty() ? null : found.get(0);
    }
}
