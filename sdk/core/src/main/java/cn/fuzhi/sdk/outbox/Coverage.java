package cn.fuzhi.sdk.outbox;

import cn.fuzhi.sdk.model.DeadlineKind;
import cn.fuzhi.sdk.model.RecordKind;
import java.util.List;
import java.util.Map;

/** Which kinds of records a submission covers; the same as {@code deadlines.json} of the contract, which a test holds together. */
final class Coverage {
    private static final Map<DeadlineKind, List<RecordKind>> KINDS = Map.of(
            DeadlineKind.ANNUAL_PLAN, List.of(RecordKind.ANNUAL_PLAN),
            DeadlineKind.PAIRING_LIST, List.of(RecordKind.PAIRING),
            DeadlineKind.TIMETABLE, List.of(RecordKind.TIMETABLE, RecordKind.LESSON),
            DeadlineKind.USAGE, List.of(RecordKind.USAGE_REPORT, RecordKind.LESSON_SESSION),
            DeadlineKind.ANNUAL_SUMMARY, List.of(RecordKind.ANNUAL_SUMMARY),
            DeadlineKind.CASE_STUDY, List.of(RecordKind.CASE_STUDY));

    private Coverage() {}

    /** Returns the covered kinds; none for a kind of deadline that this version does not know. */
    static List<RecordKind> kinds(DeadlineKind deadline) {
        return KINDS.getOrDefault(deadline, List.of());
    }

    /** Whether some submission counts records of a kind. */
    static boolean covers(RecordKind kind) {
        return KINDS.values().stream().anyMatch(kinds -> kinds.contains(kind));
    }
}
