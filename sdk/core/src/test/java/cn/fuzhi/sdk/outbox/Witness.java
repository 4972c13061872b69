package cn.fuzhi.sdk.outbox;

import cn.fuzhi.sdk.BatchReply;
import cn.fuzhi.sdk.BatchSender;
import cn.fuzhi.sdk.FrozenRecord;
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
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * A platform in memory that keeps the rule of the contract (only a greater version is applied) and remembers everything that it
 * applied, in order. Scripted answers come before it is asked, or after it has applied.
 *
 * <p>Versions alone cannot show that an older content came over a newer one, for the outbox gives them. So a test tells the contents
 * of each key in the order in which they were enqueued, and what is applied must keep that order.
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

    /** Is asked before a comparison. */
    Runnable digests = () -> {};

    private final Map<String, List<String>> enqueued = new HashMap<>();
    private final Map<String, Integer> places = new HashMap<>();
    private final Map<String, Long> naive = new HashMap<>();
    private final Set<String> wentBack = new TreeSet<>();
    private int requests;
    /** How many items a platform without the rule of versions would have applied once more, or over a newer version. */
    int naiveAgain;

    /** Tells a content that enqueue has stored, or may have stored. */
    synchronized void enqueued(FrozenRecord record) {
        enqueued.computeIfAbsent(record.kind() + "/" + record.key(), none -> new ArrayList<>())
                .add(content(record));
    }

    static String content(FrozenRecord record) {
        return record.op() + " " + record.digest();
    }

    /** Loses a record with everything that it knew of it, also in which order its contents came. */
    synchronized void forget(String id) {
        held.remove(id);
        places.remove(id);
    }

    /** Contents come in their order: each is the last one again or one that was enqueued later. */
    private void keepOrder(String id, FrozenRecord record) {
        List<String> order = enqueued.get(id);
        if (order == null) {
            return; // the test looks at something else
        }
        int last = places.getOrDefault(id, 0);
        int place = order.subList(last, order.size()).indexOf(content(record));
        if (place < 0) {
            wentBack.add(id);
        } else {
            places.put(id, last + place);
        }
    }

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
            applyNaively(item);
            ItemOutcome judged = judge.apply(item);
            outcomes.put(item.record().key(), judged == null ? apply(item) : judged);
        }
        BatchReply reply = new BatchReply.Decided("req-" + ++requests, outcomes);
        UnaryOperator<BatchReply> late = after.poll();
        return late == null ? reply : late.apply(reply);
    }

    private void applyNaively(Item item) {
        String id = item.record().kind() + "/" + item.record().key();
        Long before = naive.put(id, item.version());
        naiveAgain += before != null && before >= item.version() ? 1 : 0;
    }

    ItemOutcome apply(Item item) {
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
        keepOrder(id, item.record());
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

    /** The records of which an older content was applied after a newer one. */
    synchronized Set<String> wentBack() {
        return Set.copyOf(wentBack);
    }

    /** Whether any record was applied in an older version, or with an older content, after a newer one. */
    boolean everWentBack() {
        if (!wentBack.isEmpty()) {
            return true;
        }
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
            digests.run();
            Map<String, List<DigestEntry>> entries = new TreeMap<>();
            for (Held one : held.values()) {
                if (one.kind().equals(kind) && one.op().equals(Op.UPSERT)) {
                    entries.computeIfAbsent(sha(one.key()).substring(0, 2), none -> new ArrayList<>())
                            .add(entry(one));
                }
            }
            List<DigestBucket> buckets = new ArrayList<>();
            long count = 0;
            for (Map.Entry<String, List<DigestEntry>> bucket : entries.entrySet()) {
                count += bucket.getValue().size();
                buckets.add(DigestBucket.builder()
                        .bucket(bucket.getKey())
                        .count((long) bucket.getValue().size())
                        .digest(digest(bucket.getValue()))
                        .build());
            }
            return new DigestSummary(kind, scope, 256, count, buckets);
        }

        private List<DigestEntry> in(RecordKind kind, String bucket) {
            return held.values().stream()
                    .filter(one -> one.kind().equals(kind) && one.op().equals(Op.UPSERT))
                    .filter(one -> sha(one.key()).startsWith(bucket))
                    .map(Digests::entry)
                    .toList();
        }

        private static DigestEntry entry(Held one) {
            return DigestEntry.builder()
                    .key(one.key())
                    .version(one.version())
                    .digest(one.digest())
                    .build();
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
