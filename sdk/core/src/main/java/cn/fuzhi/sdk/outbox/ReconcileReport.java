package cn.fuzhi.sdk.outbox;

import cn.fuzhi.sdk.model.RecordKind;

/**
 * How the local ledger compares with what the platform holds.
 *
 * @param kind the kind that was compared
 * @param compared delivered records here
 * @param resent records that the platform lacks, has older or has otherwise, and that are sent again
 * @param needed such records whose bytes are gone: they are {@code RESEND}, and the next enqueue of them is sent
 * @param newer records of which the platform has a greater version than the ledger; nothing was done
 * @param unknown records of this platform that only the platform knows; nothing was done
 */
public record ReconcileReport(RecordKind kind, long compared, long resent, long needed, long newer, long unknown) {
    /**
     * Tells whether both sides hold the same.
     *
     * @return true without any difference
     */
    public boolean isEqual() {
        return resent + needed + newer + unknown == 0;
    }
}
