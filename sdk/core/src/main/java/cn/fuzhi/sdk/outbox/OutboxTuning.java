package cn.fuzhi.sdk.outbox;

import java.time.Duration;

/**
 * The options of an outbox that have good defaults: sizes and times. {@link Outbox.Builder} has the others.
 *
 * @param <B> the builder
 */
public abstract sealed class OutboxTuning<B extends OutboxTuning<B>> permits Outbox.Builder {
    final Options options = new Options();

    OutboxTuning() {}

    abstract B self();

    /**
     * Limits what may be pending; 2,000,000 records and 4 GiB otherwise. When it is reached, {@code enqueue} throws.
     *
     * @param records most pending records
     * @param bytes most bytes of their content
     * @return this builder
     */
    public B limits(long records, long bytes) {
        options.maxRows = records;
        options.maxBytes = bytes;
        return self();
    }

    /**
     * Sets how much room on the disk of a file enqueueing leaves free, 64 MiB otherwise. Below it {@code enqueue} throws, and what is
     * stored goes on being delivered.
     *
     * @param bytes zero or more
     * @return this builder
     */
    public B diskReserve(long bytes) {
        options.diskReserve = bytes;
        return self();
    }

    /**
     * Limits a request; 500 records and 900 KiB of content otherwise. The platform may teach a smaller number.
     *
     * @param records most records, at most 500
     * @param bytes most bytes of content; a single record may exceed it
     * @return this builder
     */
    public B batches(int records, long bytes) {
        options.batchRows = records;
        options.batchBytes = bytes;
        return self();
    }

    /**
     * Sets how long delivered records stay in the ledger, 400 days otherwise. Schools, pairings and platforms stay for ever. What a
     * submission may count stays until the platform has closed the period of one that was confirmed, or 400 days when there is none.
     *
     * @param value at least a day
     * @return this builder
     */
    public B retention(Duration value) {
        options.retention = value;
        return self();
    }

    /**
     * Keeps the content of delivered records, so that a reconciliation can send them again by itself. Personal data then stays
     * in the database.
     *
     * @param value true to keep it; false otherwise
     * @return this builder
     */
    public B keepPayload(boolean value) {
        options.keepPayload = value;
        return self();
    }

    /**
     * Sets how long a claimed record belongs to its sender, 90 s otherwise, and the longest time of a request, 30 s otherwise.
     *
     * @param value the lease, at least three times the call and two seconds longer
     * @param call the longest time of a request
     * @return this builder
     */
    public B lease(Duration value, Duration call) {
        options.lease = value;
        options.callTimeout = call;
        return self();
    }

    /**
     * Sets how long new records wait for company before they are sent; 200 ms otherwise.
     *
     * @param value zero or more
     * @return this builder
     */
    public B linger(Duration value) {
        options.linger = value;
        return self();
    }

    /**
     * Spreads the first delivery after a start, 60 s otherwise, because many programs start at the same hour.
     *
     * @param value the first delivery begins somewhere within this time; zero for at once
     * @return this builder
     */
    public B startJitter(Duration value) {
        options.startJitter = value;
        return self();
    }

    /**
     * Sets how often is looked for what other nodes or host transactions enqueued, 1 s otherwise, and how often the change feed is
     * read, 5 min otherwise.
     *
     * @param store how often to look into the store
     * @param changes how often to read the change feed; zero for never
     * @return this builder
     */
    public B poll(Duration store, Duration changes) {
        options.poll = store;
        options.changesEvery = changes;
        return self();
    }
}
