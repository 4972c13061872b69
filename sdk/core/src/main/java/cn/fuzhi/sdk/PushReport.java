package cn.fuzhi.sdk;

import cn.fuzhi.sdk.model.RecordKind;
import cn.fuzhi.sdk.model.Verdict;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What became of a push, record by record. A refused record is data here, never an exception.
 *
 * @param dryRun whether nothing was to be stored
 * @param counts number of records by verdict
 * @param undecidedCount records about which the platform said nothing that can be relied on: push them again
 * @param rows the outcomes: of a collection all of them, of a stream those that were not accepted, at most 10,000
 * @param omittedCount outcomes that were not accepted and had no more room in {@code rows}
 * @param failure why the push ended before its end, or null
 */
public record PushReport(
        boolean dryRun,
        Map<Verdict, Long> counts,
        long undecidedCount,
        List<Row> rows,
        long omittedCount,
        @Nullable FuzhiException failure) {
    /** Copies the collections. */
    public PushReport {
        counts = Map.copyOf(counts);
        rows = List.copyOf(rows);
    }

    /**
     * The outcome of one record.
     *
     * @param kind kind of the record
     * @param outcome what the platform decided; {@code REJECTED} with violations also when the SDK refused to send it
     */
    public record Row(RecordKind kind, ItemOutcome outcome) {}

    /**
     * Counts the records that the platform holds now as they were sent.
     *
     * @return CREATED, UPDATED, UNCHANGED and DELETED together
     */
    public long acceptedCount() {
        return counts.entrySet().stream()
                .filter(entry -> ItemOutcome.isAccepted(entry.getKey()))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /**
     * Counts all records that were given.
     *
     * @return records with and without a verdict
     */
    public long totalCount() {
        return undecidedCount
                + counts.values().stream().mapToLong(Long::longValue).sum();
    }

    /**
     * Tells whether nothing is left to do.
     *
     * @return true if the platform holds every record as it was sent
     */
    public boolean isComplete() {
        return failure == null && acceptedCount() == totalCount();
    }

    /**
     * Lists what was not accepted.
     *
     * @return the rows that are refused, held, stale, in conflict or undecided
     */
    public List<Row> notAccepted() {
        return rows.stream().filter(row -> !row.outcome().isAccepted()).toList();
    }

    @Override
    public String toString() {
        return "PushReport[total=" + totalCount() + ", accepted=" + acceptedCount() + ", counts=" + counts
                + ", undecided=" + undecidedCount + (dryRun ? ", dryRun" : "")
                + (failure == null ? "" : ", failure=" + failure.getClass().getSimpleName()) + "]";
    }
}
