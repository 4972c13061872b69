package cn.fuzhi.sdk.outbox;

import cn.fuzhi.sdk.model.RecordKind;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * When this sender holds back, in memory only: after a restart one request finds out anew. Waits are on the clock that only runs
 * forward. Safe for use by several threads.
 */
final class Pauses {
    /** After a configuration error one request every five minutes finds out whether somebody has looked. */
    private static final Duration PROBE = Duration.ofMinutes(5);

    private static final Duration LONGEST = Duration.ofMinutes(1);

    private final Clocks clocks;
    private final Map<RecordKind, Pause> kinds = new HashMap<>();
    private @Nullable Pause all;
    private long hostUntil;
    private boolean hostPaused;
    private int failures;
    private long failingSince;
    private @Nullable String lastFailure;
    private int throttles;
    private long successes;

    private record Pause(long until, String why) {}

    Pauses(Clocks clocks) {
        this.clocks = clocks;
    }

    /** A request was answered with verdicts: whatever was wrong is over. */
    synchronized void answered(RecordKind kind) {
        all = null;
        kinds.remove(kind);
        hostPaused = false;
        failures = 0;
        lastFailure = null;
        throttles = 0;
        successes++;
    }

    /**
     * A request had no verdicts. From the second in a row on, nothing is sent before a wait that grows: one probe per wait, and none
     * is much longer than the platform has been away, nor than a minute, so that delivery goes on soon after it has come back.
     *
     * @param why what the request met
     * @return how many in a row
     */
    synchronized int failed(String why) {
        long now = clocks.nanos().getAsLong();
        failingSince = failures == 0 ? now : failingSince;
        lastFailure = why;
        failures++;
        if (failures > 1) {
            Duration most = Duration.ofSeconds(1).plusNanos(2 * (now - failingSince));
            holdHost(clocks.backoff(failures - 1, most.compareTo(LONGEST) < 0 ? most : LONGEST));
        }
        return failures;
    }

    /** No request was made, because something failed here. */
    synchronized void broken(String why) {
        lastFailure = why;
    }

    /** What the last request met, if it had no verdicts. */
    synchronized @Nullable String lastFailure() {
        return lastFailure;
    }

    /**
     * The platform is there and asks for patience.
     *
     * @param why what the request met
     * @return how often in a row, so that the waits grow
     */
    synchronized int throttled(String why) {
        lastFailure = why;
        return ++throttles;
    }

    synchronized void holdHost(Duration wait) {
        long until = clocks.nanos().getAsLong() + wait.toNanos();
        hostUntil = hostPaused ? Math.max(hostUntil, until) : until;
        hostPaused = true;
    }

    /** Returns true if that is news. */
    synchronized boolean holdKind(RecordKind kind, String why) {
        lastFailure = why;
        return kinds.put(kind, pause(why)) == null;
    }

    /** Returns true if that is news. */
    synchronized boolean holdAll(String why) {
        boolean news = all == null;
        lastFailure = why;
        all = pause(why);
        return news;
    }

    private Pause pause(String why) {
        return new Pause(clocks.nanos().getAsLong() + PROBE.toNanos(), why);
    }

    /** How long nothing at all may be sent. */
    synchronized Duration untilFree() {
        long now = clocks.nanos().getAsLong();
        long wait = hostPaused ? hostUntil - now : 0;
        return Duration.ofNanos(Math.max(0, all == null ? wait : Math.max(wait, all.until() - now)));
    }

    /** How long nothing of a kind may be sent. */
    synchronized Duration untilFree(RecordKind kind) {
        Pause pause = kinds.get(kind);
        return pause == null
                ? Duration.ZERO
                : Duration.ofNanos(Math.max(0, pause.until() - clocks.nanos().getAsLong()));
    }

    synchronized int failures() {
        return failures;
    }

    /** How many requests were answered with verdicts so far. */
    synchronized long successes() {
        return successes;
    }

    synchronized @Nullable String whyAll() {
        return all == null ? null : all.why();
    }

    synchronized Map<RecordKind, String> whyKinds() {
        Map<RecordKind, String> why = new HashMap<>();
        kinds.forEach((kind, pause) -> why.put(kind, pause.why()));
        return why;
    }

    /** Somebody has looked: the next request may go at once. */
    synchronized void end() {
        all = null;
        kinds.clear();
        hostPaused = false;
    }
}
