package cn.fuzhi.sdk.mock;

import cn.fuzhi.sdk.model.RecordKind;
import cn.fuzhi.sdk.model.Review;
import org.jspecify.annotations.Nullable;

/**
 * A record as the platform holds it, with what the platform keeps beside it.
 *
 * @param kind kind
 * @param key natural key
 * @param version version of the content
 * @param digest content tag
 * @param changeSeq place in the change feed
 * @param platformCode platform that owns the record
 * @param awaitsDecision true while the record is HELD: it counts nowhere until the province decided
 * @param review decision of the province, null while undecided
 * @param json the content as it was received
 */
public record HeldRecord(
        RecordKind kind,
        String key,
        long version,
        String digest,
        long changeSeq,
        String platformCode,
        boolean awaitsDecision,
        @Nullable Review review,
        String json) {

    /** Shows no content: it can be personal. */
    @Override
    public String toString() {
        return kind + " " + key + " version " + version + (review == null ? "" : " " + review.state());
    }
}
