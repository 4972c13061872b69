package cn.fuzhi.sdk.outbox;

import cn.fuzhi.sdk.model.RecordKind;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the outbox is doing, for a health check.
 *
 * @param pending records that are still to be confirmed
 * @param pendingBytes their stored bytes
 * @param held records about which the province has still to decide
 * @param rejected dead letters that the platform refused
 * @param parked dead letters that wait for somebody to look
 * @param resend records that must be enqueued again
 * @param oldestPending how long the oldest pending record waits, or null when none does
 * @param delivered records that this program delivered since it started
 * @param pausedBy why nothing is sent at all, or null
 * @param lastFailure what the last request met, if it brought no verdicts, such as a platform that cannot be reached; else null
 * @param pausedKinds kinds that are not sent now, with the reason
 * @param lostCallbacks listener calls that failed or were left out because the listener was too slow
 */
public record OutboxStatus(
        long pending,
        long pendingBytes,
        long held,
        long rejected,
        long parked,
        long resend,
        @Nullable Duration oldestPending,
        long delivered,
        @Nullable String pausedBy,
        @Nullable String lastFailure,
        Map<RecordKind, String> pausedKinds,
        long lostCallbacks) {
    /** Copies the map. */
    public OutboxStatus {
        pausedKinds = Map.copyOf(pausedKinds);
    }
}
