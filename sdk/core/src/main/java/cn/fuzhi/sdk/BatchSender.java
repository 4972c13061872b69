package cn.fuzhi.sdk;

import cn.fuzhi.sdk.model.RecordKind;
import java.time.Duration;
import java.util.List;

/**
 * Sends one batch once. The caller owns the retry: nothing is repeated, and what happened comes back as a value.
 *
 * <p>{@code FuzhiClient} is the implementation; the outbox is the caller. Safe for use by several threads.
 */
public interface BatchSender {
    /**
     * Sends a batch.
     *
     * @param batch records of one kind, every key once
     * @return the verdicts, or why there are none; never null, and no exception for anything that the network or the platform does
     */
    BatchReply send(Batch batch);

    /**
     * A batch of frozen records of one kind.
     *
     * @param kind the kind, which gives the path
     * @param items 1 to 500 changes, every key once
     * @param timeout the call is cancelled after this time, so that it ends before the caller's lease does
     */
    record Batch(RecordKind kind, List<Item> items, Duration timeout) {
        /** Copies the list. */
        public Batch {
            items = List.copyOf(items);
        }
    }

    /**
     * One change with its version.
     *
     * @param record the frozen change; its payload is spliced into the request as it is
     * @param version version of the change, at least 1
     */
    record Item(FrozenRecord record, long version) {}
}
