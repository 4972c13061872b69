package cn.fuzhi.sdk.outbox;

import cn.fuzhi.sdk.model.Receipt;
import cn.fuzhi.sdk.model.RecordKind;
import cn.fuzhi.sdk.model.Review;
import java.util.List;

/**
 * What a host may want to hear. Every method has an empty default.
 *
 * <p>Called one after another from a thread of the outbox's own, after the change is durable. A call may use the outbox. What it
 * throws is counted and logged; a slow listener never slows delivery down.
 */
public interface OutboxListener {
    /**
     * The platform confirmed records. What becomes of a held record is told by {@link #reviewed}.
     *
     * @param kind their kind
     * @param keys their natural keys
     */
    default void delivered(RecordKind kind, List<String> keys) {}

    /**
     * A record became a dead letter, or is held for the province, whose decision is told by {@link #reviewed}.
     *
     * @param entry the record with cause and problem
     */
    default void stopped(OutboxEntry entry) {}

    /**
     * The province decided about a record: a returned plan, a confirmed pairing. Told at least once.
     *
     * @param kind kind of the record
     * @param key its natural key
     * @param review the decision with its comment
     */
    default void reviewed(RecordKind kind, String key, Review review) {}

    /**
     * The platform changed the natural key of a record, such as a school code. Told at least once.
     *
     * @param kind kind of the record
     * @param oldKey the key so far
     * @param key the key from now on
     */
    default void rekeyed(RecordKind kind, String oldKey, String key) {}

    /**
     * The platform lacks records whose bytes are gone here: enqueue them again.
     *
     * @param kind their kind
     * @param keys their natural keys, at most 1,000 a call
     */
    default void resendNeeded(RecordKind kind, List<String> keys) {}

    /**
     * A submission was accepted.
     *
     * @param receipt the signed receipt, which the outbox keeps as well
     */
    default void receipt(Receipt receipt) {}

    /**
     * Somebody should look. Told once until it is over; CONFLICT and DAMAGED once for each kind, and CHANGES_LOST once, until the
     * program starts again.
     *
     * @param alarm what is wrong
     * @param text one line in Chinese and English, without personal values
     */
    default void alarm(Alarm alarm, String text) {}

    /** What somebody should look at. */
    enum Alarm {
        /** Nothing is sent: credentials, certificate or address are wrong. */
        PAUSED,
        /** One kind is not sent: permission or configuration is wrong. */
        KIND_PAUSED,
        /** 70 or 90 % of the limit of rows or bytes is used, or the disk of the file is almost full. */
        FILLING,
        /** A record waits for longer than 24 hours. */
        OVERDUE,
        /** The platform has the same version of a record with other content: two programs write as one platform. */
        CONFLICT,
        /** A stored record does not have the bytes that were stored. */
        DAMAGED,
        /** The change feed no longer reaches back far enough; decisions may have been missed. */
        CHANGES_LOST
    }
}
