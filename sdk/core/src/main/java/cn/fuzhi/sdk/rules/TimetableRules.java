package cn.fuzhi.sdk.rules;

import cn.fuzhi.sdk.model.Rule;
import cn.fuzhi.sdk.model.Severity;
import cn.fuzhi.sdk.model.Timetable;
import cn.fuzhi.sdk.model.TimetableIssuerType;
import cn.fuzhi.sdk.model.TimetableState;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Rules on the head of a timetable, and on several of one issuer. */
final class TimetableRules {
    private static final long LONGEST_DAYS = 31;

    private TimetableRules() {}

    static void check(Timetable timetable, Check check) {
        period(timetable, check);
        if (timetable.issuerType().isKnown()) {
            boolean school = TimetableIssuerType.SCHOOL.equals(timetable.issuerType());
            CodeRules.schoolOrDivision(timetable.issuerCode(), school, "issuerCode", "发布单位代码", check);
            filedBy(timetable, school, check);
        }
        CodeRules.schoolYear(timetable.termCode(), "termCode", "学期", check);
    }

    /** */
    private static void filedBy(Timetable timetable, boolean school, Check check) {
        String issuer = timetable.issuerCode();
        if (!school && !issuer.equals(timetable.bodyCode())) {
            check.v.add(Rule.R_44, "bodyCode", "报送单位代码", "value", timetable.bodyCode(), "other", issuer);
        }
    }

    /** */
    private static void period(Timetable timetable, Check check) {
        long days = ChronoUnit.DAYS.between(timetable.periodStart(), timetable.periodEnd()) + 1;
        if (days < 1 || days > LONGEST_DAYS) {
            Severity severity = days < 1 ? Severity.ERROR : Severity.WARNING;
            check.v.add(Rule.R_16, severity, "periodEnd", "课表结束日期", "max", String.valueOf(LONGEST_DAYS));
        }
    }

    /** X-17, also against the timetables that are known already. */
    static void overlaps(List<Timetable> timetables, Check check) {
        Set<String> here = timetables.stream().map(Timetable::key).collect(Collectors.toSet());
        List<Timetable> all = new ArrayList<>(timetables);
        check.context.timetables.stream()
                .filter(timetable -> !here.contains(timetable.key()))
                .forEach(all::add);
        Span.sweep(
                all.stream()
                        .filter(TimetableRules::counts)
                        .map(TimetableRules::span)
                        .toList(),
                (earlier, later) -> {
                    boolean onLater = here.contains(later.key());
                    Timetable blamed = onLater ? later : earlier;
                    if (here.contains(blamed.key())) {
                        check.v.turnTo(blamed);
                        String other = (onLater ? earlier : later).key();
                        check.v.add(Rule.X_17, "periodStart", "课表开始日期", "other", other);
                    }
                });
    }

    /** Whether a timetable, which may have been read from a faulty message, says whose it is and for which days. */
    @SuppressWarnings("NullAway") // required values are never null in a record that was built
    static boolean hasPeriod(Timetable timetable) {
        return timetable.issuerCode() != null && timetable.periodStart() != null && timetable.periodEnd() != null;
    }

    private static boolean counts(Timetable timetable) {
        return hasPeriod(timetable)
                && !TimetableState.WITHDRAWN.equals(timetable.state())
                && !timetable.periodEnd().isBefore(timetable.periodStart());
    }

    private static Span<Timetable> span(Timetable timetable) {
        return new Span<>(
                timetable,
                timetable.issuerCode(),
                timetable.periodStart().toEpochDay(),
                timetable.periodEnd().toEpochDay() + 1,
                true);
    }
}
