package cn.fuzhi.sdk;

import cn.fuzhi.sdk.BatchReply.Disposition;
import cn.fuzhi.sdk.model.BatchResult;
import cn.fuzhi.sdk.model.PushRecord;
import cn.fuzhi.sdk.model.RecordKind;
import cn.fuzhi.sdk.model.Violation;
import cn.fuzhi.sdk.rules.RuleContext;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One push: cuts the records into batches and sends them, several at a time. The caller's thread checks the records and writes
 * them down; a worker compresses a batch, sends it and matches its results, while the caller fills the next one. Memory is bounded
 * by the batches in flight and two more, and every record that was added ends up in the tally. Used by one thread.
 */
final class Push {
    /** Batches that may be full before a worker has time for them, so that no worker waits until the caller's thread has woken up. */
    private static final int AHEAD = 1;

    private final Batches batches;
    private final Tally tally;
    private final boolean dryRun;
    private final Function<PushRecord, List<Violation>> check;
    /** Batches that may be full or on the way. */
    private final int most;

    private final Semaphore places;
    /** The last one that came back is filled next: a processor may still have its bytes at hand. */
    private final ConcurrentLinkedDeque<BatchBody> free = new ConcurrentLinkedDeque<>();

    /** Batches that may be overtaken. A worker that is done takes its batch away; only the caller's thread changes what is in one. */
    private final Set<BatchBody> flying = ConcurrentHashMap.newKeySet();

    /** The workers at a batch. It guards itself, the queue of full batches, and the count of workers. */
    private final @Nullable Thread[] busy;

    private final Queue<Full> waiting = new ArrayDeque<>();
    /** Workers that were called and have not found the queue empty. */
    private int called;

    private boolean interrupted;
    private @Nullable BatchBody filling;
    /** The keys of its own kind to which the batch that is filled refers. */
    private final Set<String> references = new HashSet<>();

    private @Nullable RecordKind kind;

    /** A batch that no record is added to any more. */
    private record Full(RecordKind kind, BatchBody body) {}

    /**
     * Starts a push.
     *
     * @param check returns the errors of a record, which is then not sent
     */
    Push(Batches batches, Tally tally, boolean dryRun, Function<PushRecord, List<Violation>> check) {
        this.batches = batches;
        this.tally = tally;
        this.dryRun = dryRun;
        this.check = check;
        this.most = batches.inFlight() + AHEAD;
        this.places = new Semaphore(most);
        this.busy = new Thread[batches.inFlight()];
    }

    /** All records of a collection, by rank; within a rank by kind, because a request takes one kind. */
    static PushReport all(
            Batches batches,
            RuleContext rules,
            Collection<? extends PushRecord> records,
            Progress progress,
            boolean dryRun) {
        List<PushRecord> ordered = Ordering.of(records);
        IdentityHashMap<PushRecord, List<Violation>> errors = new LocalCheck(rules).errors(ordered);
        Tally tally = new Tally(dryRun, true, progress);
        Push push = new Push(batches, tally, dryRun, record -> errors.getOrDefault(record, List.of()));
        try {
            ordered.forEach(push::add);
        } finally {
            push.settle();
        }
        PushReport report = tally.report();
        return dryRun ? new DryRun(ordered).excused(report) : report;
    }

    /** Any number of records of one kind, in the order given. */
    static PushReport stream(
            Batches batches,
            RuleContext rules,
            RecordKind kind,
            Stream<? extends PushRecord> records,
            Progress progress) {
        Tally tally = new Tally(false, false, progress);
        Push push = new Push(batches, tally, false, new LocalCheck(rules)::errors);
        try {
            records.forEachOrdered(record -> {
                if (!kind.equals(record.kind())) {
                    throw new IllegalArgumentException(
                            "不是 " + kind + " 记录 / not a record of this kind: " + record.kind());
                }
                push.add(record);
            });
        } finally {
            push.settle();
        }
        return tally.report();
    }

    /** Adds a record; kinds are sent one after the other, because later ones refer to earlier ones. */
    void add(PushRecord record) {
        RecordKind of = record.kind();
        if (!of.equals(kind)) {
            settle();
            kind = of;
        }
        String key = record.key();
        List<Violation> errors = check.apply(record);
        if (!errors.isEmpty()) {
            refuse(of, key, errors);
            return;
        }
        try {
            write(record, key);
        } catch (FuzhiException.Refused e) {
            refuse(of, key, e.violations());
        }
    }

    /** Writes a record; a second version of one key goes into a later batch, so that it cannot overtake the first. */
    private void write(PushRecord record, String key) {
        BatchBody body = filling();
        if (body.contains(key) || !body.add(record, key)) {
            submit(false);
            body = filling();
            body.add(record, key);
        }
        references.addAll(Ordering.references(record));
        if (body.isFull()) {
            submit(false);
        }
    }

    private BatchBody filling() {
        if (filling == null) {
            BatchLimits limits = batches.limits();
            BatchBody used = free.poll();
            if (used != null && used.limits().equals(limits)) {
                used.clear();
                filling = used;
            } else {
                filling = batches.body(limits);
            }
        }
        return filling;
    }

    /** Sends what is left and waits until everything has come back; a lone batch needs no worker. */
    void settle() {
        try {
            submit(places.availablePermits() == most);
        } finally {
            land();
        }
    }

    /** Waits until no worker is busy. An interrupt does not end the wait: it ends the calls that are waited for. */
    private void land() {
        try {
            places.acquire(most);
        } catch (InterruptedException e) {
            interrupted();
            places.acquireUninterruptibly(most);
        }
        places.release(most);
    }

    /** Ends the push: what is on the way is cancelled, and nothing that comes later is sent. */
    private void interrupted() {
        Thread.currentThread().interrupt();
        if (!interrupted) {
            interrupted = true;
            tally.failed(Explained.notTried("报送被中断", "the push was interrupted", null));
        }
        synchronized (busy) {
            for (Thread worker : busy) {
                if (worker != null) {
                    worker.interrupt();
                }
            }
        }
    }

    private void submit(boolean here) {
        BatchBody full = filling;
        RecordKind of = kind;
        filling = null;
        if (full == null || full.size() == 0 || of == null) {
            return;
        }
        if (flying.stream()
                .anyMatch(other -> full.sharesKeys(other) || references.stream().anyMatch(other::contains))) {
            // Two requests on the way at once may arrive in any order: the platform would keep the older version, or
            // not know the school of a teaching site yet.
            land();
        }
        references.clear();
        if (here || tally.hasFailed() || !enter()) {
            sendAll(of, full);
            free.push(full);
            return;
        }
        try {
            if (batches.inFlight() > 1) {
                flying.add(full);
            }
            hand(new Full(of, full));
        } catch (RuntimeException | Error e) {
            giveBack(full);
            throw e;
        }
    }

    /** Leaves a batch to the next worker that is free, and calls one more while fewer are at work than may be. */
    private void hand(Full batch) {
        synchronized (busy) {
            waiting.add(batch);
            if (called == batches.inFlight()) {
                return;
            }
            called++;
        }
        try {
            batches.workers().execute(this::work);
        } catch (RejectedExecutionException e) { // the client was closed, which the batch is told like any other
            if (isTakenBack(batch)) {
                sendAll(batch.kind(), batch.body());
                giveBack(batch.body());
            }
        } catch (Error e) { // the machine starts no more threads
            if (isTakenBack(batch)) {
                throw e;
            }
        }
    }

    /** Undoes the call of a worker that does not come; false when another one has the batch already. */
    private boolean isTakenBack(Full batch) {
        synchronized (busy) {
            called--;
            return waiting.remove(batch);
        }
    }

    /** Takes the place of a worker; false when interrupted, and then nothing is sent any more. */
    private boolean enter() {
        try {
            places.acquire();
            return true;
        } catch (InterruptedException e) {
            interrupted();
            return false;
        }
    }

    /** Sends one full batch after the other until there is none. */
    private void work() {
        replace(null, Thread.currentThread());
        for (Full batch = next(); batch != null; batch = next()) {
            try {
                sendAll(batch.kind(), batch.body());
            } catch (Throwable e) { // an Error, too, must reach the caller of the push and not end in a thread of ours
                tally.broken(e);
            } finally {
                giveBack(batch.body());
            }
        }
    }

    /** Frees the place of a batch, for which the caller of the push waits. */
    private void giveBack(BatchBody body) {
        try {
            flying.remove(body);
            free.push(body);
        } catch (OutOfMemoryError e) {
            tally.broken(e); // the buffer is lost, not the worker: others may wait for it
        } finally {
            places.release();
        }
    }

    /** The next full batch; null when the worker shall go. */
    private @Nullable Full next() {
        synchronized (busy) {
            // An interrupt was meant for the last batch, not for this one or for the next push that borrows the thread.
            Thread.interrupted();
            Full batch = waiting.poll();
            if (batch == null) {
                called--;
                replace(Thread.currentThread(), null);
            }
            return batch;
        }
    }

    /** Puts a worker into a place of `busy`, or takes it out. It needs no memory: a worker may come when there is none. */
    private void replace(@Nullable Thread old, @Nullable Thread next) {
        synchronized (busy) {
            int place = 0;
            while (busy[place] != old) {
                place++;
            }
            busy[place] = next;
        }
    }

    private void sendAll(RecordKind of, BatchBody body) {
        BatchBody rest = body;
        while (rest != null) {
            rest = send(of, rest);
        }
    }

    /** Sends a batch; what of it is to be sent again, or null. */
    private @Nullable BatchBody send(RecordKind of, BatchBody body) {
        if (tally.hasFailed()) {
            body.keys().forEach(key -> tally.unsent(of, key));
            return null;
        }
        try {
            BatchResult result = batches.push(of, body, dryRun);
            tally.add(of, body.match(result.results()));
            return null;
        } catch (Failed failed) {
            return recover(of, body, failed);
        }
    }

    /** Sends the halves of what was too large, and gives back the rest of what was refused because of some named records. */
    private @Nullable BatchBody recover(RecordKind of, BatchBody body, Failed failed) {
        if (failed.ruling().disposition() == Disposition.SPLIT) {
            if (body.size() == 1) {
                refuse(of, body.keys().get(0), List.of(tooLarge(body.keys().get(0))));
                return null;
            }
            batches.tooLarge(body, failed);
            // Halves at most, and no larger than what the platform is now known to take.
            int most = Math.min((body.size() + 1) / 2, batches.limits().items());
            for (int from = 0; from < body.size(); from += most) {
                sendAll(of, body.part(from, Math.min(from + most, body.size())));
            }
            return null;
        }
        List<Violation> named = Batches.named(failed, body);
        if (named.isEmpty()) {
            tally.failed(failed.shown());
            body.keys().forEach(key -> tally.unsent(of, key));
            return null;
        }
        return without(of, body, named);
    }

    private @Nullable BatchBody without(RecordKind of, BatchBody body, List<Violation> named) {
        Set<String> refused = new HashSet<>();
        named.forEach(violation -> refused.add(violation.key()));
        List<Integer> rest = new ArrayList<>();
        for (int i = 0; i < body.size(); i++) {
            String key = body.keys().get(i);
            if (!refused.contains(key)) {
                rest.add(i);
            } else {
                refuse(of, key, named.stream().filter(v -> key.equals(v.key())).toList());
            }
        }
        return rest.isEmpty() ? null : body.part(rest);
    }

    /** Counts a record as refused, by the platform or by our own check. */
    private void refuse(RecordKind of, String key, List<Violation> violations) {
        tally.add(of, List.of(ItemOutcome.refused(key, violations)));
    }

    private static Violation tooLarge(String key) {
        return Violation.builder()
                .key(key)
                .pointer("")
                .rule("PAYLOAD_TOO_LARGE")
                .severity(cn.fuzhi.sdk.model.Severity.ERROR)
                .message("单条记录超过平台允许的大小")
                .messageEn("the record alone is larger than the platform allows")
                .build();
    }
}
