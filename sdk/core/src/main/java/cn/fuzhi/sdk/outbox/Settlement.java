package cn.fuzhi.sdk.outbox;

import cn.fuzhi.sdk.outbox.OutboxEntry.State;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a claimed row.
 *
 * @param claim the row, with the counters that it is to have from now on
 * @param state its new state
 * @param version its new version: that of the claim, or the platform's when it has a greater one
 * @param delay when PENDING, how long it waits
 * @param cause short reason of a dead letter, or null
 * @param problem one line in Chinese and English, values masked, or null
 * @param requestId the platform's request, or null
 */
record Settlement(
        Claim claim,
        State state,
        long version,
        Duration delay,
        @Nullable String cause,
        @Nullable String problem,
        @Nullable String requestId) {

    static Settlement delivered(Claim claim, long version, @Nullable String requestId) {
        return new Settlement(claim, State.DELIVERED, version, Duration.ZERO, null, null, requestId);
    }

    static Settlement stopped(
            Claim claim, State state, @Nullable String cause, @Nullable String problem, @Nullable String requestId) {
        return new Settlement(claim, state, claim.version(), Duration.ZERO, cause, problem, requestId);
    }

    /** Sent again later; nothing is counted. */
    static Settlement again(Claim claim, Duration delay, @Nullable String problem) {
        return new Settlement(claim, State.PENDING, claim.version(), delay, null, problem, null);
    }

    /** Sent again later; the attempt counts. */
    static Settlement failed(Claim claim, Duration delay, @Nullable String problem, @Nullable String requestId) {
        return new Settlement(claim.failed(), State.PENDING, claim.version(), delay, null, problem, requestId);
    }

    Settlement withVersion(long adopted) {
        return new Settlement(claim, state, adopted, delay, cause, problem, requestId);
    }

    Settlement counting(int alone, int together, int unknownVerdicts, @Nullable Long waitingSince) {
        Claim counted = claim.counting(alone, together, unknownVerdicts, waitingSince);
        return new Settlement(counted, state, version, delay, cause, problem, requestId);
    }

    /** Delivered under the version that was sent, so that nothing of the row but its state is new. */
    boolean isPlain() {
        return isDone() && version == claim.version();
    }

    /** The payload is of no more use: the platform has it. */
    boolean isDone() {
        return state == State.DELIVERED;
    }
}
