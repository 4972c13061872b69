package cn.fuzhi.sdk.forms;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes the column 开课时间: {@code 12月10日 9:00-10:00}, with or without a year, in half or full width, with the
 * spaces, dashes and words for the time of day that people use. The patterns are linear.
 */
final class LessonTimes {
    static final ZoneOffset BEIJING = ZoneOffset.ofHours(8);

    private static final String DAY = "(?:(20\\d{2})[-/.年])?(\\d{1,2})[-/.月](\\d{1,2})(?:[日号]|(?!\\d))";
    private static final String WEEKDAY = "(?:\\(?(?:星期|周|礼拜)([一二三四五六日天])\\)?)?";
    private static final String NOON = "(上午|下午|晚上|中午|早上|晚)?";
    private static final String TIME = NOON + "(\\d{1,2})(?::(?=\\d)|[时点])(\\d{2})?(?::(\\d{2}))?分?(半)?";
    private static final String DASH = "[-~\u2013\u2014\u2212\u2015至到]+";
    private static final Pattern LINE = Pattern.compile(
            DAY + "[, ]?" + WEEKDAY + "[,T ]?" + TIME + "(?:" + DASH + "(?:" + DAY + WEEKDAY + " ?)?" + TIME + ")?");

    /** "中午1点" is an hour after noon, "中午11点半" half an hour before. */
    private static final int EARLY_AFTERNOON = 3;

    private LessonTimes() {}

    /**
     * What stands in a cell.
     *
     * @param year the year, null when it is left out
     * @param start first day and start; its year is 2000 when none is written
     * @param endYear the year that is written beside the last day, null when it is left out
     * @param end end, null when only a start is written
     * @param weekday the day of the week that is written beside the date
     * @param afternoon whether an hour was read as one of the afternoon
     */
    record Span(
            @Nullable Integer year,
            int month,
            int day,
            LocalTime start,
            @Nullable Integer endYear,
            int endMonth,
            int endDay,
            @Nullable LocalTime end,
            @Nullable DayOfWeek weekday,
            boolean afternoon) {
        /** Puts the day into a year; null when that year has no such day. */
        @Nullable
        LocalDateTime startIn(int base) {
            LocalDate on = Dates.of(base, month, day);
            return on == null ? null : on.atTime(start);
        }

        @Nullable
        LocalDateTime endIn(int base) {
            LocalDate on = endMonth == 0
                    ? Dates.of(base, month, day)
                    : Dates.of(endYear != null ? endYear : endMonth < month ? base + 1 : base, endMonth, endDay);
            return on == null || end == null ? null : on.atTime(end);
        }
    }

    static @Nullable Span parse(String text) {
        String bare = closed(text);
        Matcher m = bare.length() > 80 ? null : LINE.matcher(bare);
        if (m == null || !m.matches()) {
            return null;
        }
        LocalTime start = time(m, 5, null);
        boolean hasEnd = m.group(15) != null;
        LocalTime end = hasEnd ? time(m, 14, m.group(5)) : null;
        if (start == null || (hasEnd && end == null)) {
            return null;
        }
        boolean other = m.group(11) != null;
        return new Span(
                m.group(1) == null ? null : Integer.valueOf(m.group(1)),
                Dates.number(m.group(2)),
                Dates.number(m.group(3)),
                start,
                m.group(10) == null ? null : Integer.valueOf(m.group(10)),
                other ? Dates.number(m.group(11)) : 0,
                other ? Dates.number(m.group(12)) : 0,
                end,
                weekday(m.group(4)),
                isLater(m.group(5)) || isLater(m.group(14)) || "中午".equals(m.group(5)));
    }

    /** Removes white space but one blank between two digits: 2022-12-1 09:00 must not become 12-109:00. */
    private static String closed(String text) {
        String half = Text.trim(Text.halfWidth(text));
        StringBuilder closed = new StringBuilder(half.length());
        boolean space = false;
        for (int i = 0; i < half.length(); i++) {
            char c = half.charAt(i);
            if (isSpace(c)) {
                space = true;
                continue;
            }
            if (space && isDigit(c) && isDigit(closed.charAt(closed.length() - 1))) {
                closed.append(' ');
            }
            closed.append(c);
            space = false;
        }
        return closed.toString();
    }

    private static boolean isSpace(char c) {
        return c == ' ' || (c >= '\t' && c <= '\r');
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** Groups from {@code first}: words for the time of day, hour, minute, second, half. */
    private static @Nullable LocalTime time(Matcher m, int first, @Nullable String inherited) {
        int hour = Dates.number(m.group(first + 1));
        int minute =
                m.group(first + 4) != null ? 30 : m.group(first + 2) == null ? 0 : Dates.number(m.group(first + 2));
        int second = m.group(first + 3) == null ? 0 : Dates.number(m.group(first + 3));
        String noon = m.group(first) == null ? inherited : m.group(first);
        if (noon != null && noon.startsWith("晚") && hour == 12) {
            // Midnight for some, a mistake for noon for others.
            return null;
        }
        if ((hour < 12 && isLater(noon)) || (hour <= EARLY_AFTERNOON && "中午".equals(noon))) {
            hour += 12;
        }
        return hour > 23 || minute > 59 || second > 59 ? null : LocalTime.of(hour, minute, second);
    }

    private static boolean isLater(@Nullable String noon) {
        return noon != null && (noon.equals("下午") || noon.startsWith("晚"));
    }

    private static @Nullable DayOfWeek weekday(@Nullable String text) {
        if (text == null) {
            return null;
        }
        int at = "一二三四五六日".indexOf(text);
        return DayOfWeek.of(at < 0 ? 7 : at + 1);
    }

    /** Writes the column as the form shows it; the year stands in a column of its own. */
    static String format(OffsetDateTime startAt, OffsetDateTime endAt) {
        OffsetDateTime start = startAt.withOffsetSameInstant(BEIJING);
        OffsetDateTime end = endAt.withOffsetSameInstant(BEIJING);
        String to = end.toLocalDate().equals(start.toLocalDate()) ? time(end) : day(end) + " " + time(end);
        return day(start) + " " + time(start) + "-" + to;
    }

    private static String day(OffsetDateTime at) {
        return at.getMonthValue() + "月" + at.getDayOfMonth() + "日";
    }

    private static String time(OffsetDateTime at) {
        String time = at.getHour() + ":" + twoDigits(at.getMinute());
        return at.getSecond() == 0 ? time : time + ":" + twoDigits(at.getSecond());
    }

    private static String twoDigits(int number) {
        return number < 10 ? "0" + number : String.valueOf(number);
    }

    /** Reads a full date and time such as {@code 2022-09-15 9:00}. */
    static @Nullable LocalDateTime instant(String text) {
        Span span = parse(text);
        return span == null || span.year() == null || span.end() != null ? null : span.startIn(span.year());
    }

    /** The years that a period touches, in their order. */
    static List<Integer> years(LocalDate start, LocalDate end) {
        List<Integer> years = new ArrayList<>(2);
        for (int year = start.getYear(); year <= end.getYear() && years.size() < 3; year++) {
            years.add(year);
        }
        return years;
    }
}
