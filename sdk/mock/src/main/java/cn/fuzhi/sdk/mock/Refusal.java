package cn.fuzhi.sdk.mock;

import cn.fuzhi.sdk.model.RecordKind;
import cn.fuzhi.sdk.model.Verdict;
import cn.fuzhi.sdk.model.Violation;
import java.time.Instant;
import java.util.List;

/**
 * An item that was not applied, and why.
 *
 * @param at when, by the clock of the platform
 * @param kind kind of the record
 * @param key natural key as it was stated
 * @param verdict REJECTED, STALE, CONFLICT or HELD
 * @param violations what stands against it; values are masked
 */
public record Refusal(Instant at, RecordKind kind, String key, Verdict verdict, List<Violation> violations) {
    /** Copies the list. */
    public Refusal {
        violations = List.copyOf(violations);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(at + " " + kind + " " + key + " " + verdict);
        violations.forEach(violation -> text.append("\n    ")
                .append(violation.rule())
                .append(' ')
                .append(violation.pointer())
                .append(": ")
                .append(violation.message())
                .append(" / ")
                .append(violation.messageEn()));
        return text.toString();
    }
}
