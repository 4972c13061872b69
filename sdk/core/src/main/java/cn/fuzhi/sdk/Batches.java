package cn.fuzhi.sdk;

import cn.fuzhi.sdk.Failures.Safety;
import cn.fuzhi.sdk.model.BatchResult;
import cn.fuzhi.sdk.model.Capabilities;
import cn.fuzhi.sdk.model.RecordKind;
import cn.fuzhi.sdk.model.Severity;
import cn.fuzhi.sdk.model.Violation;
import com.fasterxml.jackson.databind.ObjectReader;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import okhttp3.HttpUrl;
import okhttp3.Request;

/** Sends batches: for a push with retries, for the outbox once. Safe for use by several threads. */
final class Batches implements BatchSender {
    private static final ObjectReader READER = Json.MAPPER.readerFor(BatchResult.class);
    private static final ObjectReader CAPABILITIES = Json.MAPPER.readerFor(Capabilities.class);
    private static final Duration MEMORY = Duration.ofHours(1);

    private final Pipeline pipeline;
    private final HttpUrl baseUrl;
    private final Ports ports;
    private final ExecutorService workers;
    private final int inFlight;
    private final BatchBody.Oddities oddities = new BatchBody.Oddities();
    private volatile Learned learned;

    Batches(Pipeline pipeline, HttpUrl baseUrl, Ports ports, ExecutorService workers, int inFlight) {
        this.pipeline = pipeline;
        this.baseUrl = baseUrl;
        this.ports = ports;
        this.workers = workers;
        this.inFlight = inFlight;
        this.learned = new Learned(BatchLimits.CONTRACT, ports.nanoTime(), false);
    }

    /**
     * Limits that a refusal has taught us; the platform may raise them again, so they are forgotten after an hour.
     *
     * @param asked whether the platform has been asked for its capabilities
     */
    private record Learned(BatchLimits limits, long since, boolean asked) {}

    ExecutorService workers() {
        return workers;
    }

    int inFlight() {
        return inFlight;
    }

    /** The limits of the next batch. */
    BatchLimits limits() {
        Learned now = learned;
        if (!now.limits().equals(BatchLimits.CONTRACT) && ports.nanoTime() - now.since() > MEMORY.toNanos()) {
            learned = new Learned(BatchLimits.CONTRACT, ports.nanoTime(), false);
            return BatchLimits.CONTRACT;
        }
        return now.limits();
    }

    BatchBody body(BatchLimits limits) {
        return new BatchBody(limits, oddities);
    }

    /**
     * Learns from a batch that the platform took for too large: what its capabilities say, or else half of what was refused.
     * Asked only now, because nearly every platform has the limits of the contract and a question before each push costs a request.
     */
    void tooLarge(BatchBody body, Failed failed) {
        Learned before = learned;
        BatchLimits limits = before.asked() ? before.limits() : told(before.limits());
        if (limits.items() >= body.size() && limits.bytes() >= body.length()) {
            limits = "BATCH_TOO_LARGE".equals(failed.shown().code())
                    ? limits.halved(body.size())
                    : limits.lighter(body.length());
        }
        learned = new Learned(limits, ports.nanoTime(), true);
    }

    private BatchLimits told(BatchLimits limits) {
        HttpUrl url = baseUrl.newBuilder().addPathSegments("v1/capabilities").build();
        Request request = new Request.Builder().url(url).build();
        try {
            Capabilities told =
                    pipeline.<Capabilities>repeat(PlainCalls.operation(request, ports, CAPABILITIES::readValue));
            return limits.within(told.maxBatchItems(), told.maxBatchBytes());
        } catch (Failed e) {
            // The refusal itself says enough to go on.
            return limits;
        }
    }

    BatchResult push(RecordKind kind, BatchBody body, boolean dryRun) throws Failed {
        return pipeline.repeat(operation(kind, body, dryRun));
    }

    @Override
    public BatchReply send(Batch batch) {
        BatchBody body = new BatchBody(new BatchLimits(batch.items().size(), Integer.MAX_VALUE), oddities);
        batch.items().forEach(item -> body.add(item.record(), item.version()));
        try {
            BatchResult result = pipeline.once(operation(batch.kind(), body, false), batch.timeout());
            return decided(result.requestId(), body.match(result.results()));
        } catch (Failed failed) {
            List<Violation> named = named(failed, body);
            return named.isEmpty() ? failed(failed) : refused(failed, body, named);
        }
    }

    private static BatchReply.Decided decided(
            @org.jspecify.annotations.Nullable String requestId, List<ItemOutcome> outcomes) {
        Map<String, ItemOutcome> byKey = new HashMap<>();
        outcomes.forEach(outcome -> byKey.put(outcome.key(), outcome));
        return new BatchReply.Decided(requestId, byKey);
    }

    /** The whole request was refused because of some records: those are decided, the others will be sent again. */
    private static BatchReply refused(Failed failed, BatchBody body, List<Violation> named) {
        Map<String, ItemOutcome> byKey = new HashMap<>();
        body.keys().forEach(key -> byKey.put(key, ItemOutcome.undecided(key)));
        for (Violation violation : named) {
            String key = violation.key();
            if (key != null) {
                List<Violation> own =
                        named.stream().filter(v -> key.equals(v.key())).toList();
                byKey.put(key, ItemOutcome.refused(key, own));
            }
        }
        return new BatchReply.Decided(failed.shown().requestId(), byKey);
    }

    private static BatchReply.Failed failed(Failed failed) {
        FuzhiException shown = failed.shown();
        String problem = shown.getMessage() == null ? "" : shown.getMessage();
        return new BatchReply.Failed(
                failed.ruling().disposition(),
                shown.retryAfter(),
                problem.lines().findFirst().orElse(""),
                shown.requestId());
    }

    /** The violations by which a refusal of the whole batch names records of it. */
    static List<Violation> named(Failed failed, BatchBody body) {
        if (failed.ruling().disposition() != BatchReply.Disposition.BISECT) {
            return List.of();
        }
        return failed.shown().violations().stream()
                .filter(violation -> !Severity.WARNING.equals(violation.severity()))
                .filter(violation -> violation.key() != null && body.contains(violation.key()))
                .toList();
    }

    private Operation<BatchResult> operation(RecordKind kind, BatchBody body, boolean dryRun) {
        HttpUrl.Builder url = baseUrl.newBuilder().addPathSegment("v1").addPathSegment(kind.path());
        if (dryRun) {
            url.addQueryParameter("dryRun", "true");
        }
        Request head = new Request.Builder()
                .url(url.build())
                .method("POST", Headers.EMPTY_BODY)
                .header(MessageSignature.IDEMPOTENCY_KEY, ports.uuid().toString())
                .build();
        return new Operation<>("push", Safety.KEYED, head, body.payload(), READER::readValue);
    }
}
