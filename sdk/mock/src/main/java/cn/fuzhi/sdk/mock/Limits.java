package cn.fuzhi.sdk.mock;

/**
 * The limits that the platform announces in its capabilities, and keeps.
 *
 * @param batchItems most items of a batch
 * @param batchBytes most bytes of a batch before compression
 * @param requestsPerSecond requests per second and key id
 */
record Limits(int batchItems, int batchBytes, int requestsPerSecond) {
    static final Limits USUAL = new Limits(500, 1024 * 1024, 1_000);
    /** Largest page. */
    static final int PAGE = 1_000;
    /** Largest part of an attachment. */
    static final int PART = 8 * 1024 * 1024;
    /** Largest offline package, and largest body at all, before and after inflating. */
    static final int BODY = 50 * 1024 * 1024;
}
