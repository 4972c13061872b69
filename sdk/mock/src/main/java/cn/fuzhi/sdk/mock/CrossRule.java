package cn.fuzhi.sdk.mock;

/** A rule that needs more than the record itself: what the platform holds, who calls, what time it is. */
@FunctionalInterface
interface CrossRule {
    /** Checks a candidate, under the lock of the platform, and notes what is wrong in its findings. */
    void check(Candidate candidate);
}
