package cn.fuzhi.sdk.mock;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Answers that are kept under the idempotency key of their request. Bounded; thread-safe. */
final class Idempotency {
    private static final int ANSWERS = 100_000;
    private static final long BYTES = 64L * 1024 * 1024;
    private static final Duration KEPT = Duration.ofDays(7);
    private static final Pattern UUID =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");

    private final MockClock clock;
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private long bytes;

    private record Entry(
            String content, Instant at, @Nullable Reply answer) {}

    Idempotency(MockClock clock) {
        this.clock = clock;
    }

    /** Opens a request: null when it has to be worked on, otherwise the answer that it got before. */
    synchronized @Nullable Reply open(Caller caller, String key, String content) {
        if (!UUID.matcher(key).matches()) {
            throw Problem.of("BAD_REQUEST", "Idempotency-Key 不是 UUID。", "Idempotency-Key is not a UUID.");
        }
        String id = caller.keyId() + " " + key;
        Entry entry = entries.get(id);
        if (entry != null && entry.at().plus(KEPT).isBefore(clock.instant())) {
            drop(id);
            entry = null;
        }
        if (entry == null) {
            entries.put(id, new Entry(content, clock.instant(), null));
            return null;
        }
        if (!entry.content().equals(content)) {
            throw Problem.of("IDEMPOTENCY_MISMATCH");
        }
        if (entry.answer() == null) {
            throw Problem.of("IN_PROGRESS").header("Retry-After", "1");
        }
        return entry.answer();
    }

    /** Closes a request when its answer has left. Answers of the platform's own failure are not kept: the request can be repeated. */
    synchronized void close(Caller caller, String key, @Nullable Reply answer) {
        String id = caller.keyId() + " " + key;
        Entry entry = entries.get(id);
        drop(id);
        if (answer == null || answer.status() >= 500 || entry == null) {
            return;
        }
        entries.put(id, new Entry(entry.content(), entry.at(), answer));
        bytes += answer.body().length;
        while (entries.size() > ANSWERS || bytes > BYTES) {
            drop(entries.keySet().iterator().next());
        }
    }

    /** Forgets all answers, as a platform does that was restored from a backup. */
    synchronized void clear() {
        entries.clear();
        bytes = 0;
    }

    private void drop(String id) {
        Entry entry = entries.remove(id);
        if (entry != null && entry.answer() != null) {
            bytes -= entry.answer().body().length;
        }
    }
}
