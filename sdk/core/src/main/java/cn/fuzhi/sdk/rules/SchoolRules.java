package cn.fuzhi.sdk.rules;

import cn.fuzhi.sdk.model.Rule;
import cn.fuzhi.sdk.model.RuralBasis;
import cn.fuzhi.sdk.model.School;
import cn.fuzhi.sdk.model.SchoolStatus;
import cn.fuzhi.sdk.model.SchoolType;
import cn.fuzhi.sdk.model.UnitKind;
import org.jspecify.annotations.Nullable;

/** Rules on a school or teaching site. */
final class SchoolRules {
    private SchoolRules() {}

    static void check(School school, Check check) {
        required(school, check);
        if (school.schoolCode() != null) {
            CodeRules.province(school.schoolCode(), "schoolCode", "学校标识码", check);
        }
        category(school.schoolCode(), school.schoolType(), check);
        CodeRules.creditCode(school.uscc(), "uscc", "统一社会信用代码", check);
    }

    /** R-01, as other fields demand. */
    private static void required(School school, Check check) {
        boolean site = UnitKind.TEACHING_SITE.equals(school.unitKind());
        boolean siteWithoutCode = site && school.schoolCode() == null;
        check.require(!site, school.schoolCode(), "schoolCode", "学校标识码");
        check.require(siteWithoutCode, school.siteCode(), "siteCode", "教学点代码");
        check.require(siteWithoutCode, school.parentSchoolCode(), "parentSchoolCode", "所属学校标识码");
        boolean designated = RuralBasis.DESIGNATED.equals(school.ruralBasis());
        check.require(designated, school.designationReason(), "designationReason", "认定理由");
        boolean continued = SchoolStatus.MERGED.equals(school.status()) || SchoolStatus.RECODED.equals(school.status());
        check.require(continued, school.successorCode(), "successorCode", "承继学校代码");
    }

    /** both codes begin with the category; classes attached to another school (types ending in 9) have that school's. */
    private static void category(@Nullable String code, @Nullable SchoolType type, Check check) {
        if (code == null
                || code.length() < 2
                || type == null
                || !type.isKnown()
                || type.value().endsWith("9")) {
            return;
        }
        if (!type.value().startsWith(code.substring(0, 2))) {
            check.v.add(Rule.R_08, "schoolType", "办学类型", "value", type.value());
        }
    }
}
