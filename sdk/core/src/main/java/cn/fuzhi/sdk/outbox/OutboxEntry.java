package cn.fuzhi.sdk.outbox;

import cn.fuzhi.sdk.model.Op;
import cn.fuzhi.sdk.model.RecordKind;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One record as the outbox knows it, without its content.
 *
 * @param kind kind of the record
 * @param key natural key
 * @param version version of the newest change
 * @param op upsert or deletion
 * @param scope what a submission covers, {@code bodyCode~periodKey}, or null
 * @param digest SHA-256 of the newest bytes in lower-case hex; null for a deletion
 * @param state where it stands
 * @param attempts failed attempts that counted
 * @param cause short reason of a dead letter, such as {@code R-19}, {@code STALE} or {@code DAMAGED}; otherwise null
 * @param problem the last problem in one line, values masked, or null
 * @param enqueuedAt when the newest version was enqueued, by the clock of the database
 * @param deliveredAt when the platform confirmed it, or null
 * @param requestId the platform's request under which it was decided, or null
 */
public record OutboxEntry(
        RecordKind kind,
        String key,
        long version,
        Op op,
        @Nullable String scope,
        @Nullable String digest,
        State state,
        int attempts,
        @Nullable String cause,
        @Nullable String problem,
        Instant enqueuedAt,
        @Nullable Instant deliveredAt,
        @Nullable String requestId) {
    /** Where a record stands. */
    public enum State {
        /** Still to be confirmed by the platform. */
        PENDING,
        /** The platform holds the newest version. */
        DELIVERED,
        /** The platform has it and the province has still to decide about it. */
        HELD,
        /** The platform refused it: a dead letter, to be corrected and enqueued again. */
        REJECTED,
        /** It is not sent any more until somebody has looked: a dead letter. */
        PARKED,
        /** The platform lacks it and its bytes are gone: it must be enqueued again. */
        RESEND,
        /** Somebody gave a dead letter up; what is left tells from which version the key counts on. */
        DISCARDED,
        /** A newer SDK on the same database put it into a state that this one does not know, and leaves alone. */
        UNKNOWN
    }
}
