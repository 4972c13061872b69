package cn.fuzhi.sdk;

/**
 * How large a batch may be: what the contract allows, or less when the platform has said so.
 *
 * @param items most items
 * @param bytes most bytes before compression
 */
record BatchLimits(int items, int bytes) {
    /** What the contract allows; a platform may allow less, never more. */
    static final BatchLimits CONTRACT = new BatchLimits(BatchBody.MAX_ITEMS, BatchBody.MAX_BYTES);

    /** A single record that is too large must not shrink all batches to one record. */
    private static final int FEWEST_BYTES = 16 << 10;

    /** What the platform says of itself, as far as it makes sense. */
    BatchLimits within(
            @org.jspecify.annotations.Nullable Integer maxItems, @org.jspecify.annotations.Nullable Integer maxBytes) {
        return new BatchLimits(
                maxItems == null || maxItems < 1 ? items : Math.min(items, maxItems),
                maxBytes == null || maxBytes < 1 ? bytes : Math.min(bytes, maxBytes));
    }

    /** Half of a batch that had too many items. */
    BatchLimits halved(int refusedItems) {
        return new BatchLimits(Math.max(1, Math.min(items, refusedItems / 2)), bytes);
    }

    /** Half of a request that had too many bytes. */
    BatchLimits lighter(int refusedBytes) {
        return new BatchLimits(items, Math.min(bytes, Math.max(FEWEST_BYTES, refusedBytes / 2)));
    }
}
