package cn.fuzhi.sdk.rules;

import cn.fuzhi.sdk.model.Lesson;
import cn.fuzhi.sdk.model.Pairing;
import cn.fuzhi.sdk.model.PushRecord;
import cn.fuzhi.sdk.model.RecordKind;
import cn.fuzhi.sdk.model.Rule;
import cn.fuzhi.sdk.model.Severity;
import cn.fuzhi.sdk.model.Timetable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Rules that compare records with one another. */
final class AcrossRecords {
    private AcrossRecords() {}

    static void check(Check check) {
        List<Lesson> lessons = new ArrayList<>();
        List<Pairing> pairings = new ArrayList<>();
        List<Timetable> timetables = new ArrayList<>();
        for (PushRecord record : distinct(check)) {
            if (record instanceof Lesson lesson) {
                if (LessonRules.takesPlace(lesson)) {
                    lessons.add(lesson);
                }
            } else if (record instanceof Pairing pairing) {
                pairings.add(pairing);
            } else if (record instanceof Timetable timetable) {
                timetables.add(timetable);
            }
        }
        PairingRules.overlaps(pairings, check);
        TimetableRules.overlaps(timetables, check);
        LessonOverlaps.check(lessons, check);
    }

    /** reports keys that come again, and returns the first record of every key. */
    private static List<PushRecord> distinct(Check check) {
        Map<RecordKind, Map<String, PushRecord>> seen = new HashMap<>();
        List<PushRecord> distinct = new ArrayList<>(check.complete.size());
        for (PushRecord record : check.complete) {
            PushRecord first =
                    seen.computeIfAbsent(record.kind(), kind -> new HashMap<>()).putIfAbsent(record.key(), record);
            if (first == null) {
                distinct.add(record);
            } else {
                Severity severity = first.equals(record) ? Severity.WARNING : Severity.ERROR;
                check.v.turnTo(record);
                check.v.add(Rule.X_03, severity, "", "记录", "value", record.key());
            }
        }
        return distinct;
    }
}
