package cn.fuzhi.sdk.forms;

import cn.fuzhi.sdk.model.Mask;
import cn.fuzhi.sdk.model.Timetable;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the column 开课时间 into start and end: the year comes from its own column, the cell, or the period of the timetable. */
final class LessonClock {
    private LessonClock() {}

    static void read(FormRow row, LessonLine line) {
        LocalDateTime date = row.cell(LessonColumns.START).date();
        String text = row.read(LessonColumns.START);
        if (date != null && date.toLocalTime().equals(LocalTime.MIDNIGHT)) {
            row.problem(
                    LessonColumns.START,
                    "日期单元格只有日期，没有上课时间",
                    "the date cell has no time of the day",
                    "请写成 12月10日 9:00-10:00",
                    "write it as 12月10日 9:00-10:00");
            return;
        }
        if (date != null) {
            row.note(LessonColumns.START, "按日期单元格读取开课时间", "the start was read from a date cell");
            take(row, line, date, end(row, date.toLocalDate()));
            return;
        }
        LessonTimes.Span span = text == null ? null : LessonTimes.parse(text);
        if (span == null) {
            if (text != null) {
                row.problem(
                        LessonColumns.START,
                        "开课时间无法识别：" + Mask.value(text),
                        "the time of the lesson cannot be read",
                        "请写成 12月10日 9:00-10:00",
                        "write it as 12月10日 9:00-10:00");
            }
            return;
        }
        Integer year = year(row, line.head, span);
        LocalDateTime start = year == null ? null : span.startIn(year);
        if (year == null || start == null) {
            if (!row.failed()) {
                row.problem(LessonColumns.START, "没有这一天", "there is no such day", "请核对日期", "check the date");
            }
            return;
        }
        warnings(row, span, start);
        LocalDateTime end = span.end() == null ? end(row, start.toLocalDate()) : span.endIn(year);
        take(row, line, start, end);
    }

    private static void warnings(FormRow row, LessonTimes.Span span, LocalDateTime start) {
        if (span.afternoon()) {
            row.note(
                    LessonColumns.START,
                    "“中午”“下午”“晚上”的时间按 24 小时制读取",
                    "hours of the afternoon were read in 24-hour form");
        }
        if (span.weekday() != null && span.weekday() != start.getDayOfWeek()) {
            row.warn(
                    LessonColumns.START,
                    "FORM",
                    new Findings.Words(
                            "日期与所写的星期不符，按日期读取",
                            "date and day of the week do not agree, the date counts",
                            "请核对日期和星期",
                            "check both"));
        }
    }

    /** The end from a column of its own, which stands in when the main column has only a start. */
    private static @Nullable LocalDateTime end(FormRow row, LocalDate on) {
        LocalDateTime date = row.cell(LessonColumns.END).date();
        if (date != null) {
            // A cell with a time and no day has the first day of the calendar.
            return date.getYear() < 2000 ? on.atTime(date.toLocalTime()) : date;
        }
        String text = row.read(LessonColumns.END);
        if (text == null) {
            row.problem(
                    LessonColumns.START,
                    "缺少下课时间",
                    "the end of the lesson is missing",
                    "请写成 12月10日 9:00-10:00",
                    "write start and end as 12月10日 9:00-10:00");
            return null;
        }
        LessonTimes.Span span = LessonTimes.parse(on.getMonthValue() + "月" + on.getDayOfMonth() + "日 " + text);
        LocalTime time = span == null ? null : span.start();
        if (time == null) {
            row.problem(LessonColumns.END, "下课时间无法识别", "the end cannot be read", "请写成 10:00", "write it as 10:00");
        }
        return time == null ? null : on.atTime(time);
    }

    private static @Nullable Integer year(FormRow row, Timetable head, LessonTimes.Span span) {
        if (!row.isBlank(LessonColumns.YEAR)) {
            Integer year = row.integer(LessonColumns.YEAR);
            if (year != null && (year < 2000 || year > 2100)) {
                row.problem(LessonColumns.YEAR, "年份有误", "not a year", "请填四位年份", "write four digits");
                return null;
            }
            return year;
        }
        if (span.year() != null) {
            return span.year();
        }
        List<Integer> years = LessonTimes.years(head.periodStart(), head.periodEnd());
        Integer year = years.stream()
                .filter(candidate -> inside(head, span.startIn(candidate)))
                .findFirst()
                .orElse(years.get(0));
        row.note(LessonColumns.START, "按课表起止日期补上年份 " + year, "the year " + year + " was taken from the period");
        return year;
    }

    private static boolean inside(Timetable head, @Nullable LocalDateTime at) {
        return at != null
                && !at.toLocalDate().isBefore(head.periodStart())
                && !at.toLocalDate().isAfter(head.periodEnd());
    }

    private static void take(FormRow row, LessonLine line, LocalDateTime start, @Nullable LocalDateTime end) {
        if (!inside(line.head, start)) {
            row.problem(
                    LessonColumns.START,
                    "开课日期 " + start.toLocalDate() + " 不在课表起止日期内（" + line.head.periodStart() + " 至 "
                            + line.head.periodEnd() + "）",
                    "the lesson is outside the period of the timetable",
                    "请核对日期，或改到相应的课表",
                    "check the date or move it to the right timetable");
        }
        if (end != null && !end.isAfter(start)) {
            row.problem(
                    LessonColumns.START, "结束时间应晚于开始时间", "the end is not after the start", "请核对时间", "check the times");
        }
        line.lesson
                .startAt(line.repeats.one(start.atOffset(LessonTimes.BEIJING)))
                .endAt(end == null ? null : line.repeats.one(end.atOffset(LessonTimes.BEIJING)));
    }
}
