package cn.fuzhi.sdk.outbox;

/**
 * What an enqueue did.
 *
 * @param queued records that are durable now and will be sent
 * @param unchanged records whose newest version has the same bytes and is delivered or on its way: nothing to do
 */
public record EnqueueReport(int queued, int unchanged) {}
