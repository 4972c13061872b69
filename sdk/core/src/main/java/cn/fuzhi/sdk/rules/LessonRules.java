package cn.fuzhi.sdk.rules;

import cn.fuzhi.sdk.model.DeliveryPlatform;
import cn.fuzhi.sdk.model.DeliveryPlatformKind;
import cn.fuzhi.sdk.model.Lesson;
import cn.fuzhi.sdk.model.LessonHostUnitType;
import cn.fuzhi.sdk.model.LessonReceiver;
import cn.fuzhi.sdk.model.LessonState;
import cn.fuzhi.sdk.model.Platform;
import cn.fuzhi.sdk.model.Rule;
import cn.fuzhi.sdk.model.School;
import cn.fuzhi.sdk.model.Severity;
import cn.fuzhi.sdk.model.Stage;
import cn.fuzhi.sdk.model.Timetable;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rules on one line of a timetable. */
final class LessonRules {
    private static final Duration SHORTEST = Duration.ofMinutes(10);
    private static final Duration LONGEST = Duration.ofHours(4);
    private static final Duration REFUSED_ABOVE = Duration.ofHours(8);
    private static final LocalTime EARLIEST = LocalTime.of(7, 0);
    private static final LocalTime LATEST = LocalTime.of(22, 0);

    private LessonRules() {}

    static void check(Lesson lesson, Check check) {
        required(lesson, check);
        times(lesson, check);
        stages(lesson, check);
        platform(lesson.deliveryPlatform(), check);
        period(lesson, check);
        CodeRules.schoolYear(lesson.pairingKey(), "pairingKey", "结对关系主键", check);
        CodeRules.link(lesson.joinUrl(), "joinUrl", "听课链接", check);
    }

    /** R-01, as other fields demand. */
    private static void required(Lesson lesson, Check check) {
        LessonHostUnitType type = lesson.hostUnit().type();
        boolean school = type == null || LessonHostUnitType.SCHOOL.equals(type);
        check.require(school, lesson.hostUnit().schoolCode(), "hostUnit/schoolCode", "主讲学校标识码");
        boolean moved = LessonState.RESCHEDULED.equals(lesson.state());
        check.require(moved, lesson.originalStartAt(), "originalStartAt", "原开课时间");
        check.require(!takesPlace(lesson), lesson.stateReason(), "stateReason", "状态原因");
    }

    static boolean takesPlace(Lesson lesson) {
        return !LessonState.CANCELLED.equals(lesson.state()) && !LessonState.NOT_HELD.equals(lesson.state());
    }

    private static void times(Lesson lesson, Check check) {
        OffsetDateTime start = lesson.startAt().withOffsetSameInstant(RuleContext.BEIJING);
        OffsetDateTime end = lesson.endAt().withOffsetSameInstant(RuleContext.BEIJING);
        if (end.isAfter(start)) {
            length(Duration.between(start, end), check);
            hours(start, end, check);
        } else {
            check.endsAfter(false, "endAt", "下课时间");
        }
        day(start.toLocalDate(), check);
    }

    /** The message rounds away from the bounds: 240 minutes and a half are told as 241. */
    private static void length(Duration length, Check check) {
        boolean tooLong = length.compareTo(LONGEST) > 0;
        if (tooLong || length.compareTo(SHORTEST) < 0) {
            long minutes = (tooLong ? length.plusMinutes(1).minusNanos(1) : length).toMinutes();
            check.v.add(
                    Rule.R_13,
                    length.compareTo(REFUSED_ABOVE) > 0 ? Severity.ERROR : Severity.WARNING,
                    "endAt",
                    "下课时间",
                    "value",
                    String.valueOf(minutes),
                    "min",
                    String.valueOf(SHORTEST.toMinutes()),
                    "max",
                    String.valueOf(LONGEST.toMinutes()));
        }
    }

    /** */
    private static void hours(OffsetDateTime start, OffsetDateTime end, Check check) {
        boolean sameDay = start.toLocalDate().equals(end.toLocalDate());
        if (start.toLocalTime().isBefore(EARLIEST)
                || !sameDay
                || end.toLocalTime().isAfter(LATEST)) {
            check.v.add(Rule.R_14, "startAt", "开课时间", "min", EARLIEST.toString(), "max", LATEST.toString());
        }
    }

    /** a plain weekend is found without a calendar, a holiday is not. */
    private static void day(LocalDate day, Check check) {
        Holidays calendar = check.context.calendar;
        if (calendar == null) {
            check.notChecked(Rule.R_15, "没有提供节假日历，只核对了周末", "no calendar was given, only plain weekends were found");
        }
        if (calendar == null ? Holidays.isWeekend(day) : calendar.isFree(day)) {
            check.v.add(Rule.R_15, "startAt", "开课时间", "value", day.toString());
        }
    }

    private static void stages(Lesson lesson, Check check) {
        StageRules.grades(lesson.grades(), lesson.stages(), check);
        StageRules.subject(lesson.subjectCode(), lesson.stages(), "subjectCode", check);
        offers(lesson.hostUnit().schoolCode(), lesson.stages(), "hostUnit/schoolCode", "主讲学校标识码", check);
        for (int i = 0; i < lesson.receivers().size(); i++) {
            LessonReceiver receiver = lesson.receivers().get(i);
            String at = "receivers/" + i;
            StageRules.grade(receiver.gradeCode(), lesson.stages(), at + "/gradeCode", "受援年级", check);
            offers(receiver.schoolCode(), lesson.stages(), at + "/schoolCode", "受援学校标识码", check);
        }
    }

    /** */
    private static void offers(@Nullable String code, List<Stage> stages, String field, String zhName, Check check) {
        if (code == null) {
            return;
        }
        School school = check.known.schools().get(code);
        List<Stage> offered = school == null ? List.of() : StageRules.offered(school);
        if (offered.isEmpty()) {
            check.notChecked(Rule.X_16, "没有提供有关学校的信息", "the schools concerned, or their types, were not given");
        } else if (Collections.disjoint(offered, stages)) {
            check.v.add(Rule.X_16, field, zhName, "value", code);
        }
    }

    /** */
    private static void platform(DeliveryPlatform delivery, Check check) {
        if (!DeliveryPlatformKind.LOCAL.equals(delivery.kind())) {
            return;
        }
        String code = delivery.platformCode();
        check.require(true, code, "deliveryPlatform/platformCode", "授课平台代码");
        if (code == null || code.isBlank()) {
            return;
        }
        Platform platform = check.known.platforms().get(code);
        if (platform == null && check.context.platforms == null) {
            check.notChecked(Rule.R_30, "没有提供已登记的平台", "the registered platforms were not given");
        } else if (platform == null || !Boolean.TRUE.equals(platform.liveCapable())) {
            check.v.add(Rule.R_30, "deliveryPlatform/platformCode", "授课平台代码", "value", code);
        }
    }

    /** the lesson begins and ends on days of its timetable. */
    private static void period(Lesson lesson, Check check) {
        Timetable timetable = check.known.timetables().get(lesson.timetableKey());
        if (timetable == null) {
            check.notChecked(
                    Rule.X_11, "课表不在本批数据和上下文中", "the timetable is neither among the records nor in the context");
            return;
        }
        OffsetDateTime start = lesson.startAt().withOffsetSameInstant(RuleContext.BEIJING);
        LocalDate last =
                lesson.endAt().withOffsetSameInstant(RuleContext.BEIJING).toLocalDate();
        if (start.toLocalDate().isBefore(timetable.periodStart()) || last.isAfter(timetable.periodEnd())) {
            check.v.add(Rule.X_11, "startAt", "开课时间", "value", start.toString(), "other", timetable.key());
        }
    }
}
