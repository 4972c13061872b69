package cn.fuzhi.sdk;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What became of a batch that was sent once. */
public sealed interface BatchReply {
    /**
     * The platform answered item by item.
     *
     * @param requestId the platform's number of the request
     * @param outcomes the outcome of each key that was sent; {@link ItemOutcome#isDecided()} is false where the answer was
     *     missing or contradictory
     */
    record Decided(@Nullable String requestId, Map<String, ItemOutcome> outcomes) implements BatchReply {
        /** Copies the map. */
        public Decided {
            outcomes = Map.copyOf(outcomes);
        }
    }

    /**
     * The batch as a whole has no verdicts.
     *
     * @param disposition what a caller that must not lose anything does now
     * @param retryAfter the wait that the platform asked for, or null
     * @param problem one line in Chinese and English without personal values
     * @param requestId the platform's number of the request, or null
     */
    record Failed(
            Disposition disposition,
            @Nullable Duration retryAfter,
            String problem,
            @Nullable String requestId) implements BatchReply {}

    /** What to do with a batch that has no verdicts; the column "outbox" of the classification table. */
    enum Disposition {
        /** Send again later; the attempt counts. */
        RETRY,
        /** Send again later; the attempt does not count against the records. */
        RETRY_UNCOUNTED,
        /** Nothing was sent, because this program holds back by itself; send again soon, nothing was learnt about the platform. */
        NOT_TRIED,
        /** Send nothing to this host before {@code retryAfter}; the attempt does not count. */
        PAUSE_HOST,
        /** Send nothing of this kind until somebody has looked; alarm; the attempt does not count. */
        PAUSE_KIND,
        /** Send nothing at all until somebody has looked; alarm; the attempt does not count. */
        PAUSE_ALL,
        /** Too large: halve the batch and remember the size; a single item is refused. */
        SPLIT,
        /** Refused without saying which item: halve until the poison is alone. */
        BISECT
    }
}
