package cn.fuzhi.sdk.rules;

import cn.fuzhi.sdk.model.Lecturer;
import cn.fuzhi.sdk.model.Lesson;
import cn.fuzhi.sdk.model.Rule;
import cn.fuzhi.sdk.model.Severity;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Rules on several lessons: X-12 (a lecturer double-booked), X-14 (the same lesson twice), X-27 (a line twice). A lecturer is known by the host and
 * the local id; without one by the host and the name, which two teachers of a school may share.
 */
final class LessonOverlaps {
    private static final Duration NEAR = Duration.ofMinutes(5);

    private LessonOverlaps() {}

    static void check(List<Lesson> lessons, Check check) {
        doubleBooked(lessons, check);
        repeated(lessons, check);
        lines(lessons, check);
    }

    /** X-27, on lessons that take place. */
    private static void lines(List<Lesson> lessons, Check check) {
        Map<String, Lesson> byLine = new HashMap<>();
        for (Lesson lesson : lessons) {
            Lesson first = byLine.putIfAbsent(lesson.timetableKey() + '\t' + lesson.lineNo(), lesson);
            if (first != null) {
                check.v.turnTo(lesson);
                String line = String.valueOf(lesson.lineNo());
                check.v.add(Rule.X_27, "lineNo", "序号", "value", line, "other", first.key());
            }
        }
    }

    private static void doubleBooked(List<Lesson> lessons, Check check) {
        byLecturer(
                lessons,
                lesson -> "",
                LessonOverlaps::end,
                (earlier, later) -> doubleBooked(Severity.ERROR, earlier, later, check),
                (earlier, later) -> doubleBooked(Severity.WARNING, earlier, later, check));
    }

    private static void doubleBooked(Severity severity, Lesson earlier, Lesson later, Check check) {
        check.v.turnTo(later);
        check.v.add(Rule.X_12, severity, "startAt", "开课时间", "other", earlier.key());
    }

    private static void repeated(List<Lesson> lessons, Check check) {
        BiConsumer<Lesson, Lesson> found = (earlier, later) -> repeated(earlier, later, check);
        byLecturer(lessons, Lesson::courseName, lesson -> start(lesson) + NEAR.toSeconds() + 1, found, found);
    }

    private static void repeated(Lesson earlier, Lesson later, Check check) {
        Severity severity = start(earlier) == start(later) ? Severity.ERROR : Severity.WARNING;
        check.v.turnTo(later);
        check.v.add(
                Rule.X_14,
                severity,
                "startAt",
                "开课时间",
                "other",
                earlier.key(),
                "max",
                String.valueOf(NEAR.toMinutes()));
    }

    /** Two sweeps: by local id, and by name for the pairs of which one at least has no id. */
    private static void byLecturer(
            List<Lesson> lessons,
            Function<Lesson, String> what,
            ToLongFunction<Lesson> until,
            BiConsumer<Lesson, Lesson> sameId,
            BiConsumer<Lesson, Lesson> sameName) {
        Span.sweep(
                lessons.stream()
                        .filter(LessonOverlaps::hasId)
                        .map(lesson -> span(lesson, lesson.lecturer().localId(), what, until, true))
                        .toList(),
                sameId);
        Span.sweep(
                lessons.stream()
                        .map(lesson -> span(lesson, lesson.lecturer().name(), what, until, !hasId(lesson)))
                        .toList(),
                sameName);
    }

    private static Span<Lesson> span(
            Lesson lesson,
            @Nullable String who,
            Function<Lesson, String> what,
            ToLongFunction<Lesson> until,
            boolean meetsAll) {
        String group = host(lesson) + '\t' + who + '\t' + what.apply(lesson);
        return new Span<>(lesson, group, start(lesson), until.applyAsLong(lesson), meetsAll);
    }

    private static boolean hasId(Lesson lesson) {
        Lecturer lecturer = lesson.lecturer();
        return lecturer.localId() != null && !lecturer.localId().isBlank();
    }

    /** A unit that is no school has no code; its name within its division stands for it. */
    private static String host(Lesson lesson) {
        String code = lesson.hostUnit().schoolCode();
        return code != null
                ? code
                : lesson.hostDivisionCode() + lesson.hostUnit().name();
    }

    private static long start(Lesson lesson) {
        return lesson.startAt().toEpochSecond();
    }

    private static long end(Lesson lesson) {
        return lesson.endAt().toEpochSecond();
    }
}
