package cn.fuzhi.sdk.outbox;

import java.util.List;

/**
 * What became of the wish to submit.
 *
 * @param key natural key of the submission
 * @param state whether it is queued
 * @param pending covered records that are still on their way; the submission waits for them by itself
 * @param blocking covered records that are refused, parked, held or to be enqueued again; not empty when {@code BLOCKED}
 */
public record SubmitReport(String key, State state, long pending, List<OutboxEntry> blocking) {
    /** Whether a submission is queued. */
    public enum State {
        /** It is durable and is sent once nothing that it covers is pending. */
        QUEUED,
        /** Nothing was stored: correct what blocks it, or submit without these records. */
        BLOCKED
    }

    /** Copies the list. */
    public SubmitReport {
        blocking = List.copyOf(blocking);
    }
}
