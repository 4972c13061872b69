package cn.fuzhi.sdk.mock;

import cn.fuzhi.sdk.model.Review;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.OffsetDateTime;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A record as the platform holds it, or what is left of a deleted one: its version, so that an older one cannot come back.
 *
 * @param kind kind
 * @param key natural key
 * @param version version of the content
 * @param digest content tag; null for a deleted record
 * @param json the bytes as they were received; null for a deleted record
 * @param owner platform that owns the record
 * @param scope {@code body~period} of the submission that covers it
 * @param bodyCode reporting body, derived from the division
 * @param areas divisions that the record is about; of a deleted one those that it was about
 * @param origin API, PACKAGE or MANUAL
 * @param held true while the province has to decide whether it counts
 * @param warned true when it was taken with warnings
 * @param createdAt first stored
 * @param updatedAt last changed
 * @param changeSeq place in the change feed; 0 until it is stored
 * @param review decision of the province
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared, and nobody writes into the bytes.
record Stored(
        Kind kind,
        String key,
        long version,
        @Nullable String digest,
        byte @Nullable [] json,
        String owner,
        @Nullable String scope,
        @Nullable String bodyCode,
        Set<String> areas,
        String origin,
        boolean held,
        boolean warned,
        OffsetDateTime createdAt,
        OffsetDateTime updatedAt,
        long changeSeq,
        @Nullable Review review) {

    boolean deleted() {
        return json == null;
    }

    /** True for what counts: in digests, lists and submissions. */
    boolean counts() {
        return !deleted() && !held;
    }

    JsonNode record() {
        return Json.tree(Objects.requireNonNull(json, "a deleted record has no content"));
    }

    /** The line that digests and submissions are computed over, without its kind. */
    String line() {
        return key + "\t" + version + "\t" + digest + "\n";
    }

    Stored at(long seq) {
        return new Stored(
                kind, key, version, digest, json, owner, scope, bodyCode, areas, origin, held, warned, createdAt,
                updatedAt, seq, review);
    }

    Stored reviewed(Review decision, boolean stillHeld) {
        return new Stored(
                kind, key, version, digest, json, owner, scope, bodyCode, areas, origin, stillHeld, warned, createdAt,
                updatedAt, changeSeq, decision);
    }

    /** The entry that a query answers. */
    ObjectNode entry() {
        ObjectNode meta = Json.object().put("version", version);
        if (digest != null) {
            meta.put("digest", digest);
        }
        meta.put("changeSeq", changeSeq)
                .put("createdAt", MockClock.text(createdAt))
                .put("updatedAt", MockClock.text(updatedAt))
                .put("platformCode", owner)
                .put("dataOrigin", origin);
        if (bodyCode != null) {
            meta.put("reportingBodyCode", bodyCode);
        }
        ObjectNode entry = Json.object().put("key", key);
        entry.set("record", record());
        entry.set("meta", meta);
        if (review != null) {
            entry.set("review", Json.MAPPER.valueToTree(review));
        }
        return entry;
    }
}
