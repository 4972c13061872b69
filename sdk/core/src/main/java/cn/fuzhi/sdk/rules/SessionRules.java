package cn.fuzhi.sdk.rules;

import cn.fuzhi.sdk.model.LessonSession;
import cn.fuzhi.sdk.model.Rule;
import cn.fuzhi.sdk.model.SessionParticipant;
import cn.fuzhi.sdk.model.SessionParticipantRole;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Rules on a session that was held. */
final class SessionRules {
    private static final Duration LONGEST = Duration.ofHours(8);
    private static final double TOLERANCE_SECONDS = 60;
    private static final int MOST_PER_CLASS = 100;

    private SessionRules() {}

    static void check(LessonSession session, Check check) {
        times(session, check);
        future(session, check);
        schools(session.participants(), check);
        for (int i = 0; i < session.participants().size(); i++) {
            perClass(session.participants().get(i), i, check);
        }
        viewers(session.viewerPeakCount(), session.viewCount(), check);
        StageRules.grades(session.grades(), session.stages(), check);
        StageRules.subject(session.subjectCode(), session.stages(), "subjectCode", check);
        check.require(session.periodKey() != null, session.bodyCode(), "bodyCode", "报送单位代码");
        check.require(session.bodyCode() != null, session.periodKey(), "periodKey", "报送周期");
    }

    /** on length and duration. */
    private static void times(LessonSession session, Check check) {
        Duration length = Duration.between(session.actualStartAt(), session.actualEndAt());
        if (length.isNegative() || length.isZero()) {
            check.endsAfter(false, "actualEndAt", "实际下课时间");
            return;
        }
        long stated = Duration.ofMinutes(session.durationMinutes()).toSeconds();
        if (length.compareTo(LONGEST) > 0 || Math.abs(length.toSeconds() - stated) > TOLERANCE_SECONDS) {
            wrong(session, "durationMinutes", "时长（分钟）", check);
        }
    }

    /** R-27 on the future. */
    private static void future(LessonSession session, Check check) {
        Instant latest = check.context.latest;
        if (latest == null) {
            check.notChecked(Rule.R_27, "没有提供当前日期，未核对是否为将来时间", "no day was given; the future was not checked");
        } else if (session.actualEndAt().toInstant().isAfter(latest)) {
            wrong(session, "actualEndAt", "实际下课时间", check);
        }
    }

    private static void wrong(LessonSession session, String field, String zhName, Check check) {
        check.v.add(Rule.R_27, field, zhName, "value", String.valueOf(session.durationMinutes()));
    }

    /** */
    private static void viewers(@Nullable Integer peak, @Nullable Integer views, Check check) {
        if (peak != null && views != null && peak > views) {
            String value = peak.toString();
            check.v.add(Rule.R_42, "viewerPeakCount", "最高同时在线人数", "value", value, "max", views.toString());
        }
    }

    /** */
    private static void schools(List<SessionParticipant> participants, Check check) {
        Set<String> seen = new HashSet<>();
        int hosts = 0;
        boolean twice = false;
        for (SessionParticipant participant : participants) {
            twice |= !seen.add(participant.schoolCode());
            hosts += SessionParticipantRole.HOST.equals(participant.role()) ? 1 : 0;
        }
        if (twice || hosts != 1) {
            check.v.add(Rule.R_28, "participants", "参与学校");
        }
    }

    /** */
    private static void perClass(SessionParticipant participant, int index, Check check) {
        Integer pupils = participant.studentCount();
        Integer classes = participant.classCount();
        if (pupils != null && classes != null && classes > 0 && pupils > (long) MOST_PER_CLASS * classes) {
            // Rounded up: 201 pupils in two classes are more than 100, and the message must not say 100.
            String value = String.valueOf((pupils + classes - 1L) / classes);
            String at = "participants/" + index + "/studentCount";
            check.v.add(Rule.R_29, at, "学生数", "value", value, "max", String.valueOf(MOST_PER_CLASS));
        }
    }
}
