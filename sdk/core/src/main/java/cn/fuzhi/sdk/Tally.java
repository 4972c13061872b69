package cn.fuzhi.sdk;

import cn.fuzhi.sdk.model.RecordKind;
import cn.fuzhi.sdk.model.Verdict;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts the outcomes of a push while its batches come back, in bounded memory when that is asked for. */
final class Tally {
    private static final Logger LOG = LoggerFactory.getLogger(FuzhiClient.class);

    /** Outcomes of a stream that are kept. */
    private static final int MOST_ROWS = 10_000;

    private final boolean dryRun;
    private final boolean everything;
    private final Progress progress;
    private final Map<Verdict, Long> counts = new HashMap<>();
    private final List<PushReport.Row> rows = new ArrayList<>();
    private long undecided;
    private long omitted;
    private long decided;
    private long accepted;
    private boolean complained;
    private @Nullable FuzhiException failure;
    private @Nullable Throwable broken;

    /**
     * Starts counting.
     *
     * @param everything whether accepted outcomes are kept too
     */
    Tally(boolean dryRun, boolean everything, Progress progress) {
        this.dryRun = dryRun;
        this.everything = everything;
        this.progress = progress;
    }

    synchronized void add(RecordKind kind, Iterable<ItemOutcome> outcomes) {
        outcomes.forEach(outcome -> count(kind, outcome));
        tell();
    }

    /** Counts a record that was not sent and has no verdict. */
    synchronized void unsent(RecordKind kind, String key) {
        count(kind, ItemOutcome.undecided(key));
    }

    synchronized void failed(FuzhiException reason) {
        if (failure == null) {
            failure = reason;
        } else if (failure != reason) {
            failure.addSuppressed(reason);
        }
    }

    /** A batch ended by something that is no answer of the platform: the client was closed, it has a fault, or the machine has. */
    synchronized void broken(Throwable reason) {
        if (broken == null) {
            broken = reason;
        }
    }

    synchronized boolean hasFailed() {
        return failure != null || broken != null;
    }

    /**
     * Ends the count.
     *
     * @throws FuzhiException when the push failed before anything was decided
     */
    synchronized PushReport report() {
        if (broken instanceof Error error) {
            throw error;
        }
        if (broken != null) {
            throw (RuntimeException) broken;
        }
        if (failure != null && decided == 0) {
            throw failure;
        }
        return new PushReport(dryRun, counts, undecided, rows, omitted, failure);
    }

    private void count(RecordKind kind, ItemOutcome outcome) {
        Verdict verdict = outcome.verdict();
        if (verdict == null || !outcome.isDecided()) {
            undecided++;
        } else {
            decided++;
            counts.merge(verdict, 1L, Long::sum);
        }
        boolean good = outcome.isAccepted();
        if (good) {
            accepted++;
        }
        if (everything || (!good && rows.size() < MOST_ROWS)) {
            rows.add(new PushReport.Row(kind, outcome));
        } else if (!good) {
            omitted++;
        }
    }

    private void tell() {
        try {
            progress.pushed(decided, accepted);
        } catch (Throwable e) { // an Error of a callback must not end the push either
            if (!complained) {
                complained = true;
                LOG.warn(
                        "进度回调抛出异常 / the progress callback throws: {}",
                        e.getClass().getName());
            }
        }
    }
}
