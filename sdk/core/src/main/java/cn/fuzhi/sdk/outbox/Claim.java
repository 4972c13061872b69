package cn.fuzhi.sdk.outbox;

import cn.fuzhi.sdk.FrozenRecord;
import org.jspecify.annotations.Nullable;

/**
 * A row that this sender may send until its lease ends.
 *
 * @param record what is to be sent
 * @param version version of it
 * @param claimNo grows with every claim of the row; who has an older one settles nothing
 * @param attempts failed attempts that counted
 * @param alone failures of a request that held nothing but this row, while others went through
 * @param together how many rows a request with this one may hold, 0 for any number; halved while the culprit is looked for
 * @param unknownVerdicts how often the platform gave a verdict that this version does not know
 * @param waitingSince since when nothing here explains that a reference is unknown to the platform, micros, or null
 * @param mismatches how often the platform held something else than a submission states
 */
record Claim(
        FrozenRecord record,
        long version,
        long claimNo,
        int attempts,
        int alone,
        int together,
        int unknownVerdicts,
        @Nullable Long waitingSince,
        int mismatches) {
    String key() {
        return record.key();
    }

    Claim with(FrozenRecord changed, long changedVersion) {
        return new Claim(
                changed, changedVersion, claimNo, attempts, alone, together, unknownVerdicts, waitingSince, mismatches);
    }

    /** The row as the next claim of it has it. */
    Claim claimed() {
        return new Claim(
                record, version, claimNo + 1, attempts, alone, together, unknownVerdicts, waitingSince, mismatches);
    }

    /** One failed attempt more. */
    Claim failed() {
        return new Claim(
                record, version, claimNo, attempts + 1, alone, together, unknownVerdicts, waitingSince, mismatches);
    }

    Claim counting(int newAlone, int newTogether, int newUnknownVerdicts, @Nullable Long newWaitingSince) {
        return new Claim(
                record,
                version,
                claimNo,
                attempts,
                newAlone,
                newTogether,
                newUnknownVerdicts,
                newWaitingSince,
                mismatches);
    }

    /** One disagreement more. */
    Claim mismatched() {
        return new Claim(
                record, version, claimNo, attempts, alone, together, unknownVerdicts, waitingSince, mismatches + 1);
    }
}
