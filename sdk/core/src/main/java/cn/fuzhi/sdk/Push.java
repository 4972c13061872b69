package cn.fuzhi.sdk;

import cn.fuzhi.sdk.BatchReply.Disposition;
import cn.fuzhi.sdk.model.BatchResult;
import cn.fuzhi.sdk.model.PushRecord;
import cn.fuzhi.sdk.model.RecordKind;
import cn.fuzhi.sdk.model.Violation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One push: cuts the records into batches and sends them, several at a time. A worker does all of a batch: check, write, compress,
 * send, match. Memory is bounded by the batches in flight. Used by one thread.
 */
final class Push {
    private final Batches batches;
    private final Tally tally;
    private final boolean dryRun;
    private final Supplier<Function<PushRecord, List<Violation>>> checks;
    private final Semaphore places;
    private final ConcurrentLinkedQueue<Lane> free = new ConcurrentLinkedQueue<>();
    private final LinkedBlockingDeque<Future<?>> running = new LinkedBlockingDeque<>();
    private List<PushRecord> chunk = new ArrayList<>();
    private @Nullable RecordKind kind;

    /**
     * Starts a push.
     *
     * @param checks makes a check for one worker: it returns the errors of a record, which is then not sent
     */
    Push(Batches batches, Tally tally, boolean dryRun, Supplier<Function<PushRecord, List<Violation>>> checks) {
        this.batches = batches;
        this.tally = tally;
        this.dryRun = dryRun;
        this.checks = checks;
        this.places = new Semaphore(batches.inFlight());
    }

    /** What one worker needs, kept from batch to batch. */
    private record Lane(BatchBody body, Function<PushRecord, List<Violation>> check) {}

    /** Adds a record; kinds are sent one after the other, because later ones refer to earlier ones. */
    void add(PushRecord record) {
        if (!record.kind().equals(kind)) {
            settle();
            kind = record.kind();
        }
        chunk.add(record);
        if (chunk.size() == BatchBody.MAX_ITEMS) {
            submit(false);
        }
    }

    /** Sends what is left and waits until everything has come back; a lone batch needs no worker. */
    void settle() {
        submit(places.availablePermits() == batches.inFlight());
        try {
            places.acquire(batches.inFlight());
            places.release(batches.inFlight());
        } catch (InterruptedException e) {
            interrupted();
        }
        running.clear();
    }

    private void interrupted() {
        Thread.currentThread().interrupt();
        running.forEach(batch -> batch.cancel(true));
        tally.failed(Explained.notTried("报送被中断", "the push was interrupted", null));
    }

    private void submit(boolean here) {
        List<PushRecord> records = chunk;
        RecordKind of = kind;
        if (records.isEmpty() || of == null) {
            return;
        }
        chunk = new ArrayList<>(BatchBody.MAX_ITEMS);
        if (here || batches.inFlight() == 1) {
            send(of, records);
            return;
        }
        try {
            places.acquire();
        } catch (InterruptedException e) {
            interrupted();
            records.forEach(record -> tally.unsent(of, record.key()));
            return;
        }
        running.removeIf(Future::isDone);
        try {
            running.add(batches.workers().submit(() -> work(of, records)));
        } catch (RejectedExecutionException e) {
            places.release();
            throw new IllegalStateException("客户端已关闭 / the client is closed", e);
        }
    }

    private void work(RecordKind of, List<PushRecord> records) {
        try {
            send(of, records);
        } catch (RuntimeException e) {
            tally.broken(e);
        } finally {
            places.release();
        }
    }

    private void send(RecordKind of, List<PushRecord> records) {
        Lane lane = free.poll();
        if (lane == null) {
            lane = new Lane(batches.body(), checks.get());
        }
        for (PushRecord record : records) {
            List<Violation> errors = lane.check().apply(record);
            if (errors.isEmpty()) {
                write(of, lane.body(), record);
            } else {
                refuse(of, record.key(), errors);
            }
        }
        flush(of, lane.body());
        free.add(lane);
    }

    /** Writes a record; a second version of one key goes into a later batch, so that it cannot overtake the first. */
    private void write(RecordKind of, BatchBody body, PushRecord record) {
        String key = record.key();
        if (body.contains(key) || !body.add(record, key)) {
            flush(of, body);
            body.add(record, key);
        }
    }

    private void flush(RecordKind of, BatchBody body) {
        if (body.size() > 0) {
            sendAll(of, body);
            body.clear();
        }
    }

    private void sendAll(RecordKind of, BatchBody body) {
        if (tally.hasFailed()) {
            body.keys().forEach(key -> tally.unsent(of, key));
            return;
        }
        try {
            BatchResult result = batches.push(of, body, dryRun);
            tally.add(of, body.match(result.results()));
        } catch (Failed failed) {
            recover(of, body, failed);
        }
    }

    /** Sends the halves of what was too large, and the rest of what was refused because of some named records. */
    private void recover(RecordKind of, BatchBody body, Failed failed) {
        if (failed.ruling().disposition() == Disposition.SPLIT) {
            if (body.size() == 1) {
                refuse(of, body.keys().get(0), List.of(tooLarge(body.keys().get(0))));
                return;
            }
            int half = body.size() / 2;
            sendAll(of, body.part(IntStream.range(0, half).boxed().toList()));
            sendAll(of, body.part(IntStream.range(half, body.size()).boxed().toList()));
            return;
        }
        List<Violation> named = Batches.named(failed, body);
        if (named.isEmpty()) {
            tally.failed(failed.shown());
            body.keys().forEach(key -> tally.unsent(of, key));
            return;
        }
        sendWithout(of, body, named);
    }

    private void sendWithout(RecordKind of, BatchBody body, List<Violation> named) {
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
        if (!rest.isEmpty()) {
            sendAll(of, body.part(rest));
        }
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
