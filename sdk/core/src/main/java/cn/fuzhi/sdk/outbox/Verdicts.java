package cn.fuzhi.sdk.outbox;

import cn.fuzhi.sdk.ItemOutcome;
import cn.fuzhi.sdk.model.SubmissionOutcome;
import cn.fuzhi.sdk.model.SubmissionState;
import cn.fuzhi.sdk.model.Verdict;
import cn.fuzhi.sdk.model.Violation;
import cn.fuzhi.sdk.outbox.OutboxEntry.State;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a verdict of the platform makes of a row: the one table. */
final class Verdicts {
    static final String STALE = "STALE";
    static final String CONFLICT = "CONFLICT";
    static final String UNKNOWN_VERDICT = "UNKNOWN_VERDICT";
    static final String UNKNOWN_REFERENCE = "UNKNOWN_REFERENCE";
    static final String MISMATCH = "MISMATCH";
    /** The province has refused a held record. */
    static final String REVIEW = "REVIEW";

    private static final int TRIES = 3;
    private static final long GREATEST = (1L << 53) - 1;
    private static final int SHOWN = 5;
    private static final Duration REFERENCE_WAIT = Duration.ofHours(24);

    private final Clocks clocks;
    private final References references;

    /** Whether something here explains that the platform does not know a reference yet. */
    interface References {
        /** Returns by key since when nothing does, and for how long; a null time while something does. */
        Map<String, Wait> waiting(List<Claim> claims);
    }

    /**
     * How long a row waits for a record that the platform does not know.
     *
     * @param since since when nothing undelivered here explains it, micros, or null
     * @param elapsed how long that is
     */
    record Wait(@Nullable Long since, Duration elapsed) {}

    Verdicts(Clocks clocks, References references) {
        this.clocks = clocks;
        this.references = references;
    }

    /** What becomes of the rows of one batch, whose outcomes are found by their keys. */
    List<Settlement> settlements(List<Claim> claims, Map<String, ItemOutcome> outcomes, @Nullable String requestId) {
        List<Claim> waiting = claims.stream()
                .filter(claim -> lacksOnlyReferences(outcomes.get(claim.key())))
                .toList();
        Map<String, Wait> waits = waiting.isEmpty() ? Map.of() : references.waiting(waiting);
        return claims.stream()
                .map(claim -> {
                    ItemOutcome outcome = outcomes.get(claim.key());
                    ItemOutcome clear = outcome == null ? ItemOutcome.undecided(claim.key()) : outcome;
                    return settlement(claim, clear, waits.get(claim.key()), requestId);
                })
                .toList();
    }

    private static boolean lacksOnlyReferences(@Nullable ItemOutcome outcome) {
        return outcome != null
                && Verdict.REJECTED.equals(outcome.verdict())
                && !outcome.violations().isEmpty()
                && outcome.violations().stream().allMatch(violation -> UNKNOWN_REFERENCE.equals(violation.rule()));
    }

    private Settlement settlement(Claim claim, ItemOutcome outcome, @Nullable Wait wait, @Nullable String requestId) {
        Verdict verdict = outcome.verdict();
        if (verdict == null) {
            String text = "平台未返回该记录的结果 / the answer had no clear result for this record";
            return Settlement.failed(claim, clocks.backoff(claim.attempts() + 1), text, requestId);
        }
        if (isMismatch(outcome.submission())) {
            return mismatch(claim, Objects.requireNonNull(outcome.submission()), requestId);
        }
        if (outcome.isAccepted()) {
            return Settlement.delivered(claim, claim.version(), requestId);
        }
        if (Verdict.HELD.equals(verdict)) {
            return Settlement.stopped(claim, State.HELD, null, text(claim, outcome.violations()), requestId);
        }
        if (Verdict.REJECTED.equals(verdict)) {
            return rejected(claim, outcome.violations(), wait, requestId);
        }
        if (Verdict.STALE.equals(verdict)) {
            return stale(claim, outcome, requestId);
        }
        if (Verdict.CONFLICT.equals(verdict)) {
            return conflict(claim, requestId);
        }
        return unknown(claim, requestId);
    }

    private Settlement rejected(
            Claim claim, List<Violation> violations, @Nullable Wait wait, @Nullable String requestId) {
        String text = text(claim, violations);
        if (wait != null && (wait.since() == null || wait.elapsed().compareTo(REFERENCE_WAIT) < 0)) {
            Duration delay = clocks.backoff(claim.attempts() + 1);
            return Settlement.failed(claim, delay, text, requestId)
                    .counting(claim.alone(), claim.together(), claim.unknownVerdicts(), wait.since());
        }
        String cause = violations.isEmpty() ? "REJECTED" : violations.get(0).rule();
        return Settlement.stopped(claim, State.REJECTED, cause, text, requestId);
    }

    /**
     * The platform has a greater version. With our bytes it is ours, from before a restart. With others nobody can tell here which is
     * right: after a restored backup the pending row is the older one. The next enqueue of the key wins, because it counts on from the
     * platform's version. What no version may be is not adopted, or nothing could ever count on from it.
     */
    private static Settlement stale(Claim claim, ItemOutcome outcome, @Nullable String requestId) {
        long there = outcome.currentVersion() == null ? claim.version() : outcome.currentVersion();
        long adopted = Math.max(Math.min(there, GREATEST - 1), claim.version());
        String digest = claim.record().digest();
        if (digest != null && digest.equals(outcome.currentDigest())) {
            return Settlement.delivered(claim, adopted, requestId);
        }
        String text = "平台已有更新的版本，未覆盖；请核对后重新 enqueue 或以最新版重发"
                + " / the platform has a newer version and was not overwritten; check, then enqueue again or requeue as newest";
        return Settlement.stopped(claim, State.PARKED, STALE, text, requestId).withVersion(adopted);
    }

    private static Settlement conflict(Claim claim, @Nullable String requestId) {
        String text = "平台上同一版本的内容不同：可能有两个程序以同一平台身份写入"
                + " / the platform has the same version with other content: two programs may write as one platform";
        return Settlement.stopped(claim, State.PARKED, CONFLICT, text, requestId);
    }

    private Settlement unknown(Claim claim, @Nullable String requestId) {
        String text =
                "平台返回了本版本 SDK 不认识的结果，请升级 SDK / the platform gave a verdict that this SDK does not know: upgrade it";
        int seen = claim.unknownVerdicts() + 1;
        if (seen >= TRIES) {
            return Settlement.stopped(claim, State.PARKED, UNKNOWN_VERDICT, text, requestId);
        }
        return Settlement.failed(claim, clocks.backoff(claim.attempts() + 1), text, requestId)
                .counting(claim.alone(), claim.together(), seen, claim.waitingSince());
    }

    static boolean isMismatch(@Nullable SubmissionOutcome outcome) {
        return outcome != null && SubmissionState.MISMATCH.equals(outcome.state());
    }

    /** Both sides are compared and what the platform lacks is sent again; then the submission is stated anew. */
    private Settlement mismatch(Claim claim, SubmissionOutcome outcome, @Nullable String requestId) {
        String text = "与平台数据不一致：本地 " + outcome.statedCount() + " 条，平台 " + outcome.platformCount() + " 条" + " / "
                + outcome.statedCount() + " records here and " + outcome.platformCount() + " there do not agree";
        if (claim.mismatches() + 1 >= TRIES) {
            return Settlement.stopped(claim, State.PARKED, MISMATCH, text, requestId);
        }
        // A new version, because the platform has seen this one with what it stated.
        return Settlement.failed(claim.mismatched(), clocks.backoff(claim.mismatches() + 1), text, requestId)
                .withVersion(claim.version() + 1);
    }

    /** Rule, place and text of the first few violations. The platform masks values or not; here they are masked. */
    private static String text(Claim claim, List<Violation> violations) {
        String text = violations.stream()
                .limit(SHOWN)
                .map(v -> v.rule() + " " + (v.pointer() == null ? "" : v.pointer() + " ") + v.message()
                        + (v.messageEn() == null ? "" : " / " + v.messageEn()))
                .collect(Collectors.joining("; "));
        return Redaction.masked(text, claim.record().kind(), claim.record().payload());
    }
}
