/**
 * The durable outbox: the desired state of each record, kept on disk until the platform has it.
 *
 * <p>Start with {@link cn.fuzhi.sdk.outbox.Outbox#builder()}. The way of one record:
 *
 * <pre>
 * Outbox.enqueue(records)          RecordCodec freezes: validated, deterministic bytes, digest, scope
 *   └ Fill.admit                   full → throws; nothing is ever dropped
 *     └ Transactions.write         one commit; SQLite: GroupCommit puts the calls of many threads into one fsync
 *       └ OutboxStore.put          one upsert per record: version = max(previous + 1, database clock); same bytes as
 *                                  the newest version → nothing to do
 * Relay.runOnce()                  one thread, or a test itself
 *   ├ OutboxStore.claim            rows of one kind that are due; a lease and a claim number      (one transaction)
 *   ├ Delivery                     lease renewed, digest checked, BatchSender.send once           (no transaction)
 *   │   └ Verdicts                 what the platform said → what becomes of the row               (the one table)
 *   └ OutboxStore.settle           … WHERE claim number and version; the only place where a sent row changes state
 * </pre>
 *
 * <p>A row is {@code PENDING} until it is {@code DELIVERED}, {@code HELD} (the province decides), {@code REJECTED} or
 * {@code PARKED} (somebody must look: {@link cn.fuzhi.sdk.outbox.DeadLetters}), and {@code RESEND} when the platform turned out
 * to lack it and its bytes are gone. A new enqueue makes it {@code PENDING} again.
 *
 * <p>Three fences keep an older version from winning, however late a sender wakes up: the lease, which is on the clock of the
 * database; the claim number, without which nothing is settled; and the version, by which the platform refuses what is older.
 */
@NullMarked
package cn.fuzhi.sdk.outbox;

import org.jspecify.annotations.NullMarked;
