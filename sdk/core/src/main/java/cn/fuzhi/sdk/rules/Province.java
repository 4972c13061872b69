package cn.fuzhi.sdk.rules;

import cn.fuzhi.sdk.model.Lesson;
import cn.fuzhi.sdk.model.LessonSession;
import cn.fuzhi.sdk.model.Mask;
import cn.fuzhi.sdk.model.Pairing;
import cn.fuzhi.sdk.model.PairingScopeKind;
import cn.fuzhi.sdk.model.PushRecord;
import cn.fuzhi.sdk.model.Rule;
import org.jspecify.annotations.Nullable;

/** schools are those of Shaanxi; a school of another province may support one of them, and give it lessons. */
final class Province {
    private static final int LENGTH = 10;
    private static final String SHAANXI = "61";

    private Province() {}

    /** A code that must be of Shaanxi. A code of the wrong form is R-06 by the pattern already. */
    static void check(String code, String field, String zhName, Check check) {
        if (isElsewhere(code)) {
            check.v.add(Rule.R_07, field, zhName, "value", Mask.value(code));
        }
    }

    /** The code of a school that a record names. */
    static void reference(String code, String field, String zhName, @Nullable PushRecord record, Check check) {
        if (!isElsewhere(code)) {
            return;
        }
        String pointer = check.v.pointer(field);
        boolean gives = isHost(pointer, code, record);
        if (supports(pointer, record) || (gives && check.known.supportsFromElsewhere(code))) {
            return;
        }
        if (gives && check.context.pairings == null) {
            check.notChecked(
                    Rule.R_07,
                    "没有提供跨省结对关系，未核对外省学校能否主讲",
                    "the pairings were not given; whether a school of another province may give lessons was not checked");
        } else {
            check(code, field, zhName, check);
        }
    }

    private static boolean isElsewhere(String code) {
        return code.length() >= LENGTH
                && CodeRules.isDigits(code.substring(0, LENGTH), LENGTH)
                && !code.startsWith(SHAANXI, 2);
    }

    private static boolean supports(String pointer, @Nullable PushRecord record) {
        return "/supportingSchoolCode".equals(pointer)
                && record instanceof Pairing pairing
                && isAcrossProvinces(pairing);
    }

    static boolean isAcrossProvinces(Pairing pairing) {
        return PairingScopeKind.CROSS_PROVINCE.equals(pairing.scopeKind());
    }

    /** The host of a lesson, or of a session, where it is a participant, too. */
    private static boolean isHost(String pointer, String code, @Nullable PushRecord record) {
        return record instanceof Lesson
                ? "/hostUnit/schoolCode".equals(pointer)
                : record instanceof LessonSession session && code.equals(session.hostSchoolCode());
    }
}
