package cn.fuzhi.sdk.rules;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.Set;

/**
 * The days that differ from the usual week: public holidays, and the weekend days on which schools work to make up for them.
 *
 * @param daysOff days without school, weekends need not be listed
 * @param makeUpDays weekend days that are working days
 */
public record Holidays(Set<LocalDate> daysOff, Set<LocalDate> makeUpDays) {
    /** Copies the sets. */
    public Holidays {
        daysOff = Set.copyOf(daysOff);
        makeUpDays = Set.copyOf(makeUpDays);
    }

    /**
     * Tells whether a day is free ({@code R-15}).
     *
     * @param day a day in Beijing
     * @return true for a holiday, and for a weekend day that is no make-up day
     */
    public boolean isFree(LocalDate day) {
        return daysOff.contains(day) || (isWeekend(day) && !makeUpDays.contains(day));
    }

    static boolean isWeekend(LocalDate day) {
        return day.getDayOfWeek() == DayOfWeek.SATURDAY || day.getDayOfWeek() == DayOfWeek.SUNDAY;
    }
}
