package cn.fuzhi.sdk;

import cn.fuzhi.sdk.model.Severity;
import cn.fuzhi.sdk.model.SubmissionOutcome;
import cn.fuzhi.sdk.model.Verdict;
import cn.fuzhi.sdk.model.Violation;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the platform decided about one record of a push.
 *
 * @param key natural key
 * @param verdict the verdict; null when the answer had none for this key, or two that contradict each other
 * @param version version that the platform stored or refused, or null
 * @param currentVersion version that the platform holds, or null
 * @param currentDigest digest that the platform holds, or null
 * @param violations why the record was refused
 * @param warnings what is odd but accepted
 * @param submission for a submission, how it compares with what the platform holds; otherwise null
 */
public record ItemOutcome(
        String key,
        @Nullable Verdict verdict,
        @Nullable Long version,
        @Nullable Long currentVersion,
        @Nullable String currentDigest,
        List<Violation> violations,
        List<Violation> warnings,
        @Nullable SubmissionOutcome submission) {
    /** Copies the lists, without the nulls that only a faulty answer has, and with texts that may be shown to people. */
    public ItemOutcome {
        violations = present(violations);
        warnings = present(warnings);
    }

    static List<Violation> present(List<Violation> findings) {
        return findings.isEmpty()
                ? List.of()
                : findings.stream()
                        .filter(Objects::nonNull)
                        .map(finding -> shown(finding, finding.severity()))
                        .toList();
    }

    /** A platform may repeat what a record says of a person, or send lines of a log: the texts are made fit to be shown. */
    static Violation shown(Violation finding, Severity severity) {
        return new Violation(
                finding.key(),
                finding.pointer() == null ? null : Explained.clean(finding.pointer()),
                finding.fieldZh() == null ? null : Explained.told(finding.fieldZh()),
                Explained.clean(finding.rule()),
                severity,
                Explained.told(finding.message()),
                finding.messageEn() == null ? null : Explained.told(finding.messageEn()),
                finding.hint() == null ? null : Explained.told(finding.hint()));
    }

    /**
     * Makes the outcome of a record about which the answer says nothing that can be relied on.
     *
     * @param key natural key
     * @return an outcome without a verdict: the record must be sent again
     */
    public static ItemOutcome undecided(String key) {
        return new ItemOutcome(key, null, null, null, null, List.of(), List.of(), null);
    }

    /** Makes the outcome of a record that was refused, by the platform as part of a whole batch or by our own check. */
    static ItemOutcome refused(String key, List<Violation> violations) {
        return new ItemOutcome(key, Verdict.REJECTED, null, null, null, violations, List.of(), null);
    }

    /**
     * Tells whether the platform gave a verdict that this version knows.
     *
     * @return false if the record must be sent again
     */
    public boolean isDecided() {
        return verdict != null && verdict.isKnown();
    }

    /**
     * Tells whether the platform holds the record now as it was sent.
     *
     * @return true for CREATED, UPDATED, UNCHANGED and DELETED
     */
    public boolean isAccepted() {
        return isAccepted(verdict);
    }

    static boolean isAccepted(@Nullable Verdict verdict) {
        return Verdict.CREATED.equals(verdict)
                || Verdict.UPDATED.equals(verdict)
                || Verdict.UNCHANGED.equals(verdict)
                || Verdict.DELETED.equals(verdict);
    }
}
