package cn.fuzhi.sdk.outbox;

import cn.fuzhi.sdk.api.Resources;
import cn.fuzhi.sdk.model.DigestBucket;
import cn.fuzhi.sdk.model.DigestEntry;
import cn.fuzhi.sdk.model.Op;
import cn.fuzhi.sdk.model.RecordKind;
import cn.fuzhi.sdk.outbox.OutboxEntry.State;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Compares the ledger with what the platform holds, by the digests of 256 buckets, and looks into those that differ. The ledger is
 * walked in pages; what is in memory is a few buckets.
 */
final class Reconciliation {
    private static final int PAGE = 1000;
    private static final int AT_A_TIME = 16;
    private static final int BYTE = 0xff;
    private static final int BUCKETS = 256;

    private final Resources platform;
    private final Ledger ledger;
    private final Corrections corrections;
    private final Announcements announcements;

    Reconciliation(Resources platform, Ledger ledger, Corrections corrections, Announcements announcements) {
        this.platform = platform;
        this.ledger = ledger;
        this.corrections = corrections;
        this.announcements = announcements;
    }

    ReconcileReport compare(RecordKind kind, @Nullable String scope) {
        Map<String, DigestBucket> there = new HashMap<>();
        platform.digests().get(kind, scope).buckets().forEach(bucket -> there.put(bucket.bucket(), bucket));
        Digests here = new Digests();
        walk(kind, scope, here);
        Count count = new Count(kind, here.rows);
        List<String> differing = new ArrayList<>(here.differing(there));
        for (int from = 0; from < differing.size(); from += AT_A_TIME) {
            List<String> some = differing.subList(from, Math.min(differing.size(), from + AT_A_TIME));
            Map<String, Map<String, OutboxEntry>> rows = new HashMap<>();
            some.forEach(bucket -> rows.put(bucket, new TreeMap<>()));
            walk(kind, scope, entry -> {
                Map<String, OutboxEntry> wanted = rows.get(bucket(entry.key()));
                if (wanted != null) {
                    wanted.put(entry.key(), entry);
                }
            });
            some.forEach(bucket -> compareBucket(kind, scope, bucket, rows.getOrDefault(bucket, Map.of()), count));
        }
        return count.report();
    }

    private void walk(RecordKind kind, @Nullable String scope, Consumer<OutboxEntry> visitor) {
        String after = "";
        List<OutboxEntry> page;
        do {
            page = ledger.page(kind, scope, after, PAGE);
            page.forEach(visitor);
            after = page.isEmpty() ? after : page.get(page.size() - 1).key();
        } while (page.size() == PAGE);
    }

    private void compareBucket(
            RecordKind kind, @Nullable String scope, String bucket, Map<String, OutboxEntry> here, Count count) {
        Map<String, DigestEntry> there = new HashMap<>();
        platform.digests().entries(kind, bucket, scope).items().forEach(entry -> there.put(entry.key(), entry));
        List<OutboxEntry> lacking = new ArrayList<>();
        List<OutboxEntry> other = new ArrayList<>();
        for (OutboxEntry entry : here.values()) {
            DigestEntry held = there.remove(entry.key());
            if (entry.state() == State.DELIVERED) {
                sort(entry, held, lacking, other, count);
            }
        }
        count.unknown += there.size();
        resend(kind, lacking, false, count);
        resend(kind, other, true, count);
    }

    private static void sort(
            OutboxEntry entry,
            @Nullable DigestEntry held,
            List<OutboxEntry> lacking,
            List<OutboxEntry> other,
            Count count) {
        boolean deleted = Op.DELETE.equals(entry.op());
        if (held == null) {
            if (!deleted) {
                lacking.add(entry);
            }
        } else if (held.version() > entry.version()) {
            count.newer++;
        } else if (held.version() < entry.version()) {
            lacking.add(entry);
        } else if (deleted || !held.digest().equals(entry.digest())) {
            other.add(entry);
        }
    }

    private void resend(RecordKind kind, List<OutboxEntry> entries, boolean asNewest, Count count) {
        if (entries.isEmpty()) {
            return;
        }
        Corrections.Resent resent = corrections.resend(entries, asNewest);
        List<String> needed = resent.needed();
        count.needed += needed.size();
        count.resent += resent.again();
        for (int from = 0; from < needed.size(); from += PAGE) {
            List<String> some = List.copyOf(needed.subList(from, Math.min(needed.size(), from + PAGE)));
            announcements.tell(listener -> listener.resendNeeded(kind, some));
        }
    }

    private static String bucket(String key) {
        byte[] sha = Submissions.sha256().digest(key.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().toHexDigits(sha[0]);
    }

    /** The digests of the local buckets over {@code key TAB version TAB digest LF}; rows come in the order of their keys. */
    private static final class Digests implements Consumer<OutboxEntry> {
        private final Map<String, MessageDigest> sums = new HashMap<>(BUCKETS);
        private final Map<String, Long> counts = new HashMap<>(BUCKETS);
        private long rows;

        @Override
        public void accept(OutboxEntry entry) {
            String bucket = bucket(entry.key());
            if (entry.state() != State.DELIVERED) {
                return;
            }
            rows++;
            if (Op.DELETE.equals(entry.op())) {
                return;
            }
            String line = entry.key() + '\t' + entry.version() + '\t' + entry.digest() + '\n';
            sums.computeIfAbsent(bucket, none -> Submissions.sha256()).update(line.getBytes(StandardCharsets.UTF_8));
            counts.merge(bucket, 1L, Long::sum);
        }

        Set<String> differing(Map<String, DigestBucket> there) {
            Set<String> differing = new TreeSet<>();
            for (int i = 0; i < BUCKETS; i++) {
                String bucket = HexFormat.of().toHexDigits((byte) (i & BYTE));
                DigestBucket held = there.get(bucket);
                MessageDigest sum = sums.get(bucket);
                boolean same = sum == null ? held == null : (held != null && equal(sum, counts.get(bucket), held));
                if (!same) {
                    differing.add(bucket);
                }
            }
            return differing;
        }

        private static boolean equal(MessageDigest sum, @Nullable Long count, DigestBucket held) {
            return held.count().equals(count)
                    && held.digest().equals(HexFormat.of().formatHex(sum.digest()));
        }
    }

    private static final class Count {
        private final RecordKind kind;
        private final long compared;
        private long resent;
        private long needed;
        private long newer;
        private long unknown;

        Count(RecordKind kind, long compared) {
            this.kind = kind;
            this.compared = compared;
        }

        ReconcileReport report() {
            return new ReconcileReport(kind, compared, resent, needed, newer, unknown);
        }
    }
}
