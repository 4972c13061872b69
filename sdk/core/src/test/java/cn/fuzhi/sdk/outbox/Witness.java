package cn.fuzhi.sdk.outbox;

import cn.fuzhi.sdk.BatchReply;
import cn.fuzhi.sdk.BatchSender;
import cn.fuzhi.sdk.ItemOutcome;
import cn.fuzhi.sdk.api.ChangesApi;
import cn.fuzhi.sdk.api.DigestsApi;
import cn.fuzhi.sdk.api.Resources;
import cn.fuzhi.sdk.model.Change;
import cn.fuzhi.sdk.model.ChangePage;
import cn.fuzhi.sdk.model.DigestBucket;
import cn.fuzhi.sdk.model.DigestEntries;
import cn.fuzhi.sdk.model.DigestEntry;
import cn.fuzhi.sdk.model.DigestSummary;
import cn.fuzhi.sdk.model.Op;
import cn.fuzhi.sdk.model.RecordKind;
import cn.fuzhi.sdk.model.Verdict;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * A platform in memory that keeps the rule of the contract (only a greater version is applied) and remembers everything that it
 * applied, in order. Scripted answers come before it is asked, or after it has applied.
 */
final class Witness implements BatchSender, Resources {
    /** What the platform holds of one record. */
    record Held(RecordKind kind, String key, long version, String digest, Op op, String payload) {}

    final Map<String, Held> held = new TreeMap<>();
    final List<Held> applied = new ArrayList<>();
    final List<Batch> batches = new ArrayList<>();
    final List<Change> changes = new ArrayList<>();
    /** Each is asked for one batch, before the platform sees it; null lets it through. */
    final Deque<Function<Batch, BatchReply>> before = new ArrayDeque<>();
    /** Each changes one answer, after the platform has applied the batch. */
    final Deque<UnaryOperator<BatchReply>> after = new ArrayDeque<>();
    /** Decides about items before the version rule; null lets the item through. */
    Function<Item, ItemOutcome> judge = item -> null;
    /** Answers every batch while it is set; null answers let it through. */
    Function<Batch, BatchReply> always = batch -> null;

    private int requests;

    @Override
    public synchronized BatchReply send(Batch batch) {
        batches.add(batch);
        Function<Batch, BatchReply> scripted = before.poll();
        BatchReply early = scripted == null ? always.apply(batch) : scripted.apply(batch);
        if (early != null) {
            return early;
        }
        Map<String, ItemOutcome> outcomes = new HashMap<>();
        for (Item item : batch.items()) {
            ItemOutcome judged = judge.apply(item);
            outcomes.put(item.record().key(), judged == null ? apply(item) : judged);
        }
        BatchReply reply = new BatchReply.Decided("req-" + ++requests, outcomes);
        UnaryOperator<BatchReply> late = after.poll();
        return late == null ? reply : late.apply(reply);
    }

    private ItemOutcome apply(Item item) {
        String id = item.record().kind() + "/" + item.record().key();
        Held there = held.get(id);
        String digest = String.valueOf(item.record().digest());
        if (there != null && there.version() > item.version()) {
            return outcome(item, Verdict.STALE, there);
        }
        if (there != null && there.version() == item.version()) {
            return outcome(item, there.digest().equals(digest) ? Verdict.UNCHANGED : Verdict.CONFLICT, there);
        }
        Held now = new Held(
                item.record().kind(),
                item.record().key(),
                item.version(),
                digest,
                item.record().op(),
                text(item.record().payload()));
        held.put(id, now);
        applied.add(now);
        Verdict verdict =
                now.op().equals(Op.DELETE) ? Verdict.DELETED : there == null ? Verdict.CREATED : Verdict.UPDATED;
        return outcome(item, verdict, now);
    }

    private static String text(byte[] payload) {
        return payload == null ? null : new String(payload, StandardCharsets.UTF_8);
    }

    static ItemOutcome outcome(Item item, Verdict verdict, Held there) {
        return new ItemOutcome(
                item.record().key(),
                verdict,
                item.version(),
                there == null ? null : there.version(),
                there == null ? null : there.digest(),
                List.of(),
                List.of(),
                null);
    }

    Held held(RecordKind kind, String key) {
        return held.get(kind + "/" + key);
    }

    /** Whether any record was applied in an older version after a newer one. */
    boolean everWentBack() {
        Map<String, Long> last = new HashMap<>();
        for (Held one : applied) {
            Long before = last.put(one.kind() + "/" + one.key(), one.version());
            if (before != null && before >= one.version()) {
                return true;
            }
        }
        return false;
    }

    static BatchReply failed(BatchReply.Disposition disposition) {
        return new BatchReply.Failed(disposition, null, "测试故障 / scripted fault", null);
    }

    @Override
    public <T> T api(Class<T> type) {
        if (type == DigestsApi.class) {
            return type.cast(new Digests());
        }
        if (type == ChangesApi.class) {
            return type.cast((ChangesApi) (after, kinds, limit) -> changesAfter(after, limit));
        }
        throw new UnsupportedOperationException("not part of this witness: " + type);
    }

    private synchronized ChangePage changesAfter(Long after, Integer limit) {
        List<Change> some = changes.stream()
                .filter(change -> change.changeSeq() > after)
                .limit(limit)
                .toList();
        long next = some.isEmpty() ? after : some.get(some.size() - 1).changeSeq();
        boolean more = changes.stream().anyMatch(change -> change.changeSeq() > next);
        return new ChangePage(some, next, more);
    }

    /** Digests as the contract defines them, computed here on their own. */
    private final class Digests implements DigestsApi {
        @Override
        public DigestEntries entries(RecordKind kind, String bucket, String scope) {
            return new DigestEntries(kind, bucket, in(kind, bucket));
        }

        @Override
        public DigestSummary get(RecordKind kind, String scope) {
            List<DigestBucket> buckets = new ArrayList<>();
            long count = 0;
            for (int i = 0; i < 256; i++) {
                String bucket = String.format("%02x", i);
                List<DigestEntry> entries = in(kind, bucket);
                if (!entries.isEmpty()) {
                    count += entries.size();
                    buckets.add(DigestBucket.builder()
                            .bucket(bucket)
                            .count((long) entries.size())
                            .digest(digest(entries))
                            .build());
                }
            }
            return new DigestSummary(kind, scope, 256, count, buckets);
        }

        private List<DigestEntry> in(RecordKind kind, String bucket) {
            return held.values().stream()
                    .filter(one -> one.kind().equals(kind) && one.op().equals(Op.UPSERT))
                    .filter(one -> sha(one.key()).startsWith(bucket))
                    .map(one -> DigestEntry.builder()
                            .key(one.key())
                            .version(one.version())
                            .digest(one.digest())
                            .build())
                    .toList();
        }

        private static String digest(List<DigestEntry> entries) {
            StringBuilder lines = new StringBuilder();
            entries.forEach(entry -> lines.append(entry.key())
                    .append('\t')
                    .append(entry.version())
                    .append('\t')
                    .append(entry.digest())
                    .append('\n'));
            return sha(lines.toString());
        }

        private static String sha(String text) {
            try {
                byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                return HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
            } catch (NoSuchAlgorithmException e) {
                throw new AssertionError(e);
            }
        }
    }
}
