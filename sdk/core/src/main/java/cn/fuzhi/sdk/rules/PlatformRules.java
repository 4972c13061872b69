package cn.fuzhi.sdk.rules;

import cn.fuzhi.sdk.model.AdminAccount;
import cn.fuzhi.sdk.model.Platform;
import cn.fuzhi.sdk.model.PlatformIntegrationState;
import cn.fuzhi.sdk.model.RoleGrant;
import cn.fuzhi.sdk.model.Rule;

/** Rules on a platform and on the accounts of its administrators. */
final class PlatformRules {
    private PlatformRules() {}

    static void check(Platform platform, Check check) {
        CodeRules.creditCode(platform.vendorUscc(), "vendorUscc", "供应商统一社会信用代码", check);
        CodeRules.creditCode(platform.supervisor().uscc(), "supervisor/uscc", "统一社会信用代码", check);
        CodeRules.creditCode(platform.operator().uscc(), "operator/uscc", "统一社会信用代码", check);
        CodeRules.creditCode(platform.user().uscc(), "user/uscc", "统一社会信用代码", check);
        boolean integrated = PlatformIntegrationState.INTEGRATED.equals(platform.integrationState());
        check.require(integrated, platform.integratedOn(), "integratedOn", "完成对接日期");
    }

    static void account(AdminAccount account, Check check) {
        for (int i = 0; i < account.grants().size(); i++) {
            grant(account.grants().get(i), "grants/" + i, check);
        }
    }

    /** a grant is for a division or for a school; R-11. */
    private static void grant(RoleGrant grant, String at, Check check) {
        check.require(grant.schoolCode() == null, grant.divisionCode(), at + "/divisionCode", "管辖区划代码");
        if (grant.schoolCode() != null && grant.divisionCode() != null) {
            check.v.add(Rule.R_40, at + "/schoolCode", "所属学校标识码", "other", "管辖区划代码", "otherEn", "divisionCode");
        }
        if (grant.validFrom() != null && grant.validTo() != null) {
            check.endsAfter(!grant.validTo().isBefore(grant.validFrom()), at + "/validTo", "截止日期");
        }
    }
}
