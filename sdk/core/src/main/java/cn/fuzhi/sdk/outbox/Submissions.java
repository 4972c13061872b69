package cn.fuzhi.sdk.outbox;

import cn.fuzhi.sdk.FrozenRecord;
import cn.fuzhi.sdk.FuzhiException;
import cn.fuzhi.sdk.RecordCodec;
import cn.fuzhi.sdk.ReportPackage;
import cn.fuzhi.sdk.model.DeadlineKind;
import cn.fuzhi.sdk.model.Receipt;
import cn.fuzhi.sdk.model.RecordKind;
import cn.fuzhi.sdk.model.Submission;
import cn.fuzhi.sdk.model.SubmissionExclusion;
import cn.fuzhi.sdk.model.SubmissionExclusionReason;
import cn.fuzhi.sdk.outbox.OutboxEntry.State;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * States what was reported for a deadline. A submission is stored as a draft; its count and digest are computed in the transaction
 * that claims it, from what is delivered then.
 */
final class Submissions implements OutboxStore.Preparation {
    static final String BLOCKED = "BLOCKED";
    private static final ZoneOffset BEIJING = ZoneOffset.ofHours(8);
    /** What the contract lets a submission name. */
    private static final int MOST_LEFT_OUT = 5000;

    private static final int MARK = 12;
    private static final String NOT_YET = "0".repeat(64);
    private static final long LOOK_AGAIN = Duration.ofSeconds(1).toNanos() / 1000;

    private final Transactions transactions;
    private final Ledger ledger;
    private final String name;
    private final String table;
    private final String receipts;
    private final Predicate<String> isBeingCompared;
    private final Queue<String> blocked = new ConcurrentLinkedQueue<>();

    /**
     * Makes the submissions of one outbox.
     *
     * @param isBeingCompared whether one, given by its key, waits until what disagreed has been compared
     */
    Submissions(
            Transactions transactions, Ledger ledger, String prefix, String name, Predicate<String> isBeingCompared) {
        this.isBeingCompared = isBeingCompared;
        this.transactions = transactions;
        this.ledger = ledger;
        this.name = name;
        this.table = prefix + "entry";
        this.receipts = prefix + "receipt";
    }

    /** Stores a draft, unless something that it covers is stopped and not left out on purpose. */
    SubmitReport submit(OutboxStore store, Submission draft, Collection<OutboxEntry> without) {
        List<RecordKind> kinds = ReportPackage.coveredKinds(draft.deadlineKind());
        if (kinds.isEmpty()) {
            throw new IllegalArgumentException(
                    "本版本 SDK 不认识的报送事项 / a kind of deadline that this SDK does not know: " + draft.deadlineKind());
        }
        String scope = scope(draft);
        FrozenRecord frozen = RecordCodec.freeze(
                draft.toBuilder().excluded(exclusions(without)).build());
        return transactions.write(tx -> {
            List<OutboxEntry> blocking = notLeftOut(ledger.stoppedIn(tx, kinds, scope), marks(exclusions(without)));
            long pending = ledger.pendingIn(tx, kinds, scope);
            if (!blocking.isEmpty()) {
                return new SubmitReport(draft.key(), SubmitReport.State.BLOCKED, pending, blocking);
            }
            store.put(tx, List.of(frozen));
            return new SubmitReport(draft.key(), SubmitReport.State.QUEUED, pending, List.of());
        });
    }

    static Submission draft(String platformCode, DeadlineKind kind, String bodyCode, String periodKey, Instant at) {
        return Submission.builder()
                .platformCode(platformCode)
                .deadlineKind(kind)
                .bodyCode(bodyCode)
                .periodKey(periodKey)
                .itemCount(0L)
                .digest(NOT_YET)
                .statedAt(at.atOffset(BEIJING))
                .build();
    }

    private static String scope(Submission submission) {
        return submission.bodyCode() + "~" + submission.periodKey();
    }

    private static List<OutboxEntry> notLeftOut(List<OutboxEntry> stopped, Set<String> allowed) {
        return stopped.stream()
                .filter(entry -> !allowed.contains(mark(entry.kind(), entry.key())))
                .toList();
    }

    /** Under what it is noted which records the host allowed a submission to leave out. */
    static String without(String submissionKey) {
        return "without~" + submissionKey;
    }

    private static Set<String> marks(List<SubmissionExclusion> excluded) {
        return excluded.stream().map(one -> mark(one.kind(), one.key())).collect(Collectors.toSet());
    }

    /** Tells a record from others in a few letters, of which a note has room for as many as a submission may leave out. */
    private static String mark(RecordKind kind, String key) {
        return RecordCodec.digest((kind + "\t" + key).getBytes(StandardCharsets.UTF_8))
                .substring(0, MARK);
    }

    private static List<SubmissionExclusion> exclusions(Collection<OutboxEntry> entries) {
        List<SubmissionExclusion> exclusions = new ArrayList<>();
        for (OutboxEntry entry : entries) {
            exclusions.add(SubmissionExclusion.builder()
                    .kind(entry.kind())
                    .key(entry.key())
                    .reason(reason(entry.state()))
                    .build());
        }
        return exclusions;
    }

    private static SubmissionExclusionReason reason(State state) {
        return switch (state) {
            case REJECTED -> SubmissionExclusionReason.REJECTED;
            case PARKED -> SubmissionExclusionReason.PARKED;
            case HELD -> SubmissionExclusionReason.HELD;
            default -> SubmissionExclusionReason.WITHHELD;
        };
    }

    @Override
    public @Nullable Claim prepare(Tx tx, Claim claim) throws SQLException {
        byte[] payload = claim.record().payload();
        if (payload == null
                || !RecordCodec.digest(payload).equals(claim.record().digest())) {
            return claim; // damaged: found out and parked before it is sent
        }
        Submission stated = RecordCodec.parse(Submission.class, payload);
        List<RecordKind> kinds = ReportPackage.coveredKinds(stated.deadlineKind());
        if (isBeingCompared.test(claim.key()) || ledger.pendingIn(tx, kinds, scope(stated)) > 0) {
            String wait = "UPDATE " + table + " SET due = ? WHERE name = ? AND kind = ? AND record_key = ?";
            tx.update(wait, tx.now() + LOOK_AGAIN, name, RecordKind.SUBMISSION.value(), claim.key());
            return null;
        }
        List<OutboxEntry> stopped = ledger.stoppedIn(tx, kinds, scope(stated));
        // What was stated names what was given up, too, but not what the host allowed and is delivered for now.
        String item = without(claim.key());
        String noted = ledger.note(tx, item);
        String digest = RecordCodec.digest(payload);
        Set<String> allowed = noted != null && noted.startsWith(digest)
                ? Set.copyOf(List.of(noted.substring(digest.length()).strip().split(" ")))
                : marks(stated.excluded());
        List<OutboxEntry> blocking = notLeftOut(stopped, allowed);
        if (!blocking.isEmpty()) {
            park(tx, claim, blocking);
            return null;
        }
        List<OutboxEntry> leftOut = new ArrayList<>(stopped);
        ledger.discardedIn(tx, kinds, scope(stated)).stream()
                .limit(Math.max(0, MOST_LEFT_OUT - stopped.size()))
                .forEach(leftOut::add);
        Claim next = restated(tx, claim, stated, kinds, leftOut);
        if (!next.equals(claim)) {
            ledger.note(tx, item, noted, next.record().digest() + " " + String.join(" ", allowed));
        }
        return next;
    }

    /** Something that it covers was stopped after it was queued; nobody has said that it may be left out. */
    private void park(Tx tx, Claim claim, List<OutboxEntry> blocking) throws SQLException {
        String text =
                "报送范围内有 " + blocking.size() + " 条记录未送达（首条 " + blocking.get(0).key()
                        + "），请处理后重新报送，或注明不计入 / covered records are not delivered; correct them and submit again, or submit without them";
        String sql = "UPDATE " + table + " SET state = 'PARKED', cause = ?, problem = ?"
                + " WHERE name = ? AND kind = ? AND record_key = ?";
        tx.update(sql, BLOCKED, text, name, RecordKind.SUBMISSION.value(), claim.key());
        blocked.add(claim.key());
    }

    /** Returns the next submission that was parked while it was being claimed, or null. */
    @Nullable
    String nextBlocked() {
        return blocked.poll();
    }

    private Claim restated(Tx tx, Claim claim, Submission stated, List<RecordKind> kinds, List<OutboxEntry> leftOut)
            throws SQLException {
        Sum sum = new Sum();
        ledger.deliveredIn(tx, kinds, scope(stated), sum);
        Instant now = Instant.EPOCH.plusNanos(TimeUnit.MICROSECONDS.toNanos(tx.now()));
        Submission next = stated.toBuilder()
                .itemCount(sum.count)
                .digest(sum.hex())
                .excluded(exclusions(leftOut))
                .statedAt(OffsetDateTime.ofInstant(now, BEIJING))
                .build();
        if (next.toBuilder().statedAt(stated.statedAt()).build().equals(stated)) {
            return claim; // the same statement, byte by byte, under the same version
        }
        // A draft was never sent; anything else may have been, and one version must never have two contents.
        boolean draft = NOT_YET.equals(stated.digest());
        long version = draft ? claim.version() : Math.max(claim.version() + 1, tx.now());
        return stored(tx, claim, next, version);
    }

    private Claim stored(Tx tx, Claim claim, Submission next, long version) throws SQLException {
        FrozenRecord frozen;
        try {
            frozen = RecordCodec.freeze(next);
        } catch (FuzhiException e) {
            return claim; // more exclusions than the contract allows: the platform will say so about the draft
        }
        byte[] payload = frozen.payload();
        String sql = "UPDATE " + table + " SET payload = ?, payload_bytes = ?, digest = ?, version = ?"
                + " WHERE name = ? AND kind = ? AND record_key = ?";
        tx.update(
                sql,
                payload,
                payload == null ? 0 : payload.length,
                frozen.digest(),
                version,
                name,
                RecordKind.SUBMISSION.value(),
                claim.key());
        return claim.with(frozen, version);
    }

    /** Whether a receipt can be kept; one that no contract allows must not keep what it confirms from being written down. */
    @SuppressWarnings("ConstantValue") // Jackson puts null where a property is absent.
    static boolean isWhole(Receipt receipt) {
        return isCode(receipt.submissionKey()) && isCode(receipt.receiptNumber()) && receipt.receivedAt() != null;
    }

    private static boolean isCode(@Nullable String text) {
        return text != null && text.equals(OutboxStore.code(text));
    }

    /** Keeps a receipt; the same one may come twice. */
    void keep(Receipt receipt) {
        String there =
                "SELECT COUNT(*) FROM " + receipts + " WHERE name = ? AND submission_key = ? AND receipt_number = ?";
        String insert = "INSERT INTO " + receipts
                + " (name, submission_key, receipt_number, received_at, content) VALUES (?, ?, ?, ?, ?)";
        transactions.change(tx -> {
            if (tx.number(there, name, receipt.submissionKey(), receipt.receiptNumber()) == 0) {
                long at = TimeUnit.SECONDS.toMicros(receipt.receivedAt().toEpochSecond());
                byte[] content = RecordCodec.write(receipt);
                tx.update(insert, name, receipt.submissionKey(), receipt.receiptNumber(), at, content);
            }
        });
    }

    /** Reads the kept receipts of a submission, newest first. */
    List<Receipt> receipts(String submissionKey) {
        if (!Tx.isCode(submissionKey)) {
            return List.of();
        }
        String sql = "SELECT content FROM " + receipts
                + " WHERE name = ? AND submission_key = ? ORDER BY received_at DESC, receipt_number DESC";
        return transactions.read(tx -> {
            List<Receipt> found = new ArrayList<>();
            try (ResultSet rows = tx.bind(sql, name, submissionKey).executeQuery()) {
                while (rows.next()) {
                    found.add(RecordCodec.parse(Receipt.class, rows.getBytes(1)));
                }
            }
            return found;
        });
    }

    /** Count and digest over the lines {@code kind TAB key TAB version TAB digest LF}. */
    private static final class Sum implements Ledger.Line {
        private final MessageDigest sha = sha256();
        private long count;

        @Override
        public void on(String kind, String key, long version, String digest) {
            count++;
            sha.update((kind + '\t' + key + '\t' + version + '\t' + digest + '\n').getBytes(StandardCharsets.UTF_8));
        }

        String hex() {
            return HexFormat.of().formatHex(sha.digest());
        }
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
