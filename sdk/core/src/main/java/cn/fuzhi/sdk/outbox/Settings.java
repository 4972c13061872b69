package cn.fuzhi.sdk.outbox;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The options of an outbox, checked.
 *
 * @param name separates the outboxes of several counties in one database
 * @param prefix begins the names of the tables
 * @param platformCode platform in whose name is submitted, or null to ask the platform
 * @param lease how long claimed rows belong to their sender
 * @param callTimeout longest time of one request
 * @param batchRows most records of a request
 * @param batchBytes most bytes of payload of a request
 * @param maxRows most pending records
 * @param maxBytes most bytes of pending payload
 * @param diskReserve bytes on the disk that enqueueing leaves free
 * @param retention how long delivered records stay in the ledger
 * @param linger how long new records wait for company
 * @param startJitter the first delivery begins somewhere within this time
 * @param poll how often a node looks for what others enqueued
 * @param changesEvery how often the change feed is read; zero for never
 * @param keepPayload whether delivered records keep their bytes
 */
record Settings(
        String name,
        String prefix,
        @Nullable String platformCode,
        Duration lease,
        Duration callTimeout,
        int batchRows,
        long batchBytes,
        long maxRows,
        long maxBytes,
        long diskReserve,
        Duration retention,
        Duration linger,
        Duration startJitter,
        Duration poll,
        Duration changesEvery,
        boolean keepPayload) {}
