package cn.fuzhi.sdk.rules;

import cn.fuzhi.sdk.model.Division;
import cn.fuzhi.sdk.model.DivisionLevel;
import cn.fuzhi.sdk.model.Mask;
import cn.fuzhi.sdk.model.Rule;
import cn.fuzhi.sdk.model.RuralBasis;
import cn.fuzhi.sdk.model.School;
import cn.fuzhi.sdk.model.SchoolStatus;
import cn.fuzhi.sdk.model.SchoolType;
import cn.fuzhi.sdk.model.UnitKind;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Rules on a school or teaching site. */
final class SchoolRules {
    private static final int LOCATION_LENGTH = 12;
    private static final int DIVISION_LENGTH = 6;

    private SchoolRules() {}

    static void check(School school, Check check) {
        required(school, check);
        if (school.schoolCode() != null) {
            Province.check(school.schoolCode(), "schoolCode", "学校标识码", check);
        }
        category(school.schoolCode(), school.schoolType(), check);
        location(school, check);
        site(school, check);
        CodeRules.creditCode(school.uscc(), "uscc", "统一社会信用代码", check);
    }

    /** R-01, as other fields demand. */
    private static void required(School school, Check check) {
        boolean site = UnitKind.TEACHING_SITE.equals(school.unitKind());
        boolean siteWithoutCode = site && isBlank(school.schoolCode());
        check.require(!site, school.schoolCode(), "schoolCode", "学校标识码");
        check.require(siteWithoutCode, school.siteCode(), "siteCode", "教学点代码");
        check.require(siteWithoutCode, school.parentSchoolCode(), "parentSchoolCode", "所属学校标识码");
        boolean designated = RuralBasis.DESIGNATED.equals(school.ruralBasis());
        check.require(designated, school.designationReason(), "designationReason", "认定理由");
        boolean continued = SchoolStatus.MERGED.equals(school.status()) || SchoolStatus.RECODED.equals(school.status());
        check.require(continued, school.successorCode(), "successorCode", "承继学校代码");
    }

    private static boolean isBlank(@Nullable String text) {
        return text == null || text.isBlank();
    }

    /** zones have no statistical codes of their own, and a place keeps the code of its old division for a while. */
    private static void location(School school, Check check) {
        String location = school.locationCode12();
        Divisions divisions = check.context.divisions;
        if (location == null) {
            return;
        }
        if (divisions == null) {
            check.notChecked(Rule.R_41, "没有提供行政区划表", "no divisions were given");
            return;
        }
        Optional<Division> division = divisions.find(school.divisionCode());
        boolean known = location.length() == LOCATION_LENGTH && division.isPresent();
        if (known && !DivisionLevel.FUNCTIONAL_ZONE.equals(division.get().level())) {
            String county = location.substring(0, DIVISION_LENGTH);
            String other = school.divisionCode();
            if (!divisions.currentOf(county).equals(divisions.currentOf(other))) {
                check.v.add(Rule.R_41, "locationCode12", "所在地统计用区划代码", "value", location, "other", other);
            }
        }
    }

    /** R-43; a code of the wrong form is R-06 by its pattern already. */
    private static void site(School school, Check check) {
        String code = school.siteCode();
        String parent = school.parentSchoolCode();
        if (code != null && parent != null && !code.startsWith(parent + "-")) {
            check.v.add(Rule.R_43, "siteCode", "教学点代码", "value", Mask.value(code), "other", Mask.value(parent));
        }
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
