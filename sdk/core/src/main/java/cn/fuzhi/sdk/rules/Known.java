package cn.fuzhi.sdk.rules;

import cn.fuzhi.sdk.model.Pairing;
import cn.fuzhi.sdk.model.Platform;
import cn.fuzhi.sdk.model.PushRecord;
import cn.fuzhi.sdk.model.School;
import cn.fuzhi.sdk.model.Timetable;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** What rules may look up: the context, and over it the records of the same check. */
final class Known {
    static final Known NOTHING = of(List.of(), RuleContext.none());

    private final Map<String, School> schools = new HashMap<>();
    private final Map<String, Platform> platforms = new HashMap<>();
    private final Map<String, Timetable> timetables = new HashMap<>();
    private final Set<String> supportingFromElsewhere = new HashSet<>();

    private Known() {}

    static Known of(Collection<? extends PushRecord> records, RuleContext context) {
        Known known = new Known();
        known.addAll(Objects.requireNonNullElse(context.schools, List.of()));
        known.addAll(Objects.requireNonNullElse(context.platforms, List.of()));
        known.addAll(Objects.requireNonNullElse(context.pairings, List.of()));
        known.addAll(context.timetables);
        known.addAll(records);
        return known;
    }

    private void addAll(Collection<? extends PushRecord> records) {
        for (PushRecord record : records) {
            if (record instanceof School school) {
                schools.put(school.key(), school);
            } else if (record instanceof Platform platform) {
                platforms.put(platform.key(), platform);
            } else if (record instanceof Pairing pairing) {
                if (Province.isAcrossProvinces(pairing)) {
                    supportingFromElsewhere.add(pairing.supportingSchoolCode());
                }
            } else if (record instanceof Timetable timetable && TimetableRules.hasPeriod(timetable)) {
                timetables.put(timetable.key(), timetable);
            }
        }
    }

    /** Whether a school of another province supports one of ours. */
    boolean supportsFromElsewhere(String schoolCode) {
        return supportingFromElsewhere.contains(schoolCode);
    }

    Map<String, School> schools() {
        return schools;
    }

    Map<String, Platform> platforms() {
        return platforms;
    }

    Map<String, Timetable> timetables() {
        return timetables;
    }
}
