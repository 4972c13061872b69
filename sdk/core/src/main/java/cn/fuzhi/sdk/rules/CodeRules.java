package cn.fuzhi.sdk.rules;

import cn.fuzhi.sdk.model.Division;
import cn.fuzhi.sdk.model.Mask;
import cn.fuzhi.sdk.model.Rule;
import cn.fuzhi.sdk.model.UsageReport;
import cn.fuzhi.sdk.model.UsageScopeType;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Rules on single values of a certain meaning: divisions, school codes, credit codes, links. */
final class CodeRules {
    private static final int DIVISION_LENGTH = 6;
    private static final int SCHOOL_LENGTH = 10;
    private static final String SHAANXI = "61";
    private static final Set<String> SECRETS =
            Set.of("sign", "signature", "sig", "pwd", "ticket", "auth", "apikey", "sessionid");

    private CodeRules() {}

    /** R-04, R-05. A code of the wrong form is R-04 by the pattern already. */
    static void division(String code, String field, String zhName, Check check) {
        Divisions divisions = check.context.divisions;
        if (divisions == null) {
            check.notChecked(Rule.R_04, "没有提供行政区划表", "no divisions were given");
            check.notChecked(Rule.R_05, "没有提供行政区划表", "no divisions were given");
        } else if (isDigits(code, DIVISION_LENGTH)) {
            Optional<Division> found = divisions.find(code);
            if (found.isEmpty()) {
                check.v.add(Rule.R_04, field, zhName, "value", code);
            } else if (Divisions.isAbolished(found.get())) {
                String successor =
                        divisions.successorOf(code).map(Division::code).orElse("—");
                check.v.add(Rule.R_05, field, zhName, "value", code, "successor", successor);
            }
        }
    }

    /** R-07. A code of the wrong form is R-06 by the pattern already. */
    static void province(String code, String field, String zhName, Check check) {
        boolean formed = code.length() >= SCHOOL_LENGTH && isDigits(code.substring(0, SCHOOL_LENGTH), SCHOOL_LENGTH);
        if (formed && !SHAANXI.equals(code.substring(2, 4))) {
            check.v.add(Rule.R_07, field, zhName, "value", Mask.value(code));
        }
    }

    /** R-09. A warning even when the form is wrong: units report codes that they cannot change. */
    static void creditCode(@Nullable String code, String field, String zhName, Check check) {
        if (code != null && !code.isEmpty() && !CreditCode.isValid(code)) {
            check.v.add(Rule.R_09, field, zhName);
        }
    }

    /** R-32, the second half: https is checked by the pattern. */
    static void link(@Nullable String url, String field, String zhName, Check check) {
        if (url != null && url.startsWith("https://") && carriesSecret(url)) {
            check.v.add(Rule.R_32, field, zhName);
        }
    }

    private static boolean carriesSecret(String url) {
        int path = url.indexOf('/', "https://".length());
        if (url.substring(0, path < 0 ? url.length() : path).contains("@")) {
            return true;
        }
        int query = url.indexOf('?');
        int from = query >= 0 ? query : url.indexOf('#');
        if (from < 0) {
            return false;
        }
        for (String parameter : url.substring(from + 1).split("[&;?#]", -1)) {
            if (isSecret(parameter.split("=", 2)[0].toLowerCase(Locale.ROOT))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isSecret(String name) {
        return name.contains("token") || name.contains("secret") || name.contains("passw") || SECRETS.contains(name);
    }

    /** A scope is a school or a division; each has the rules of its kind. */
    static void usage(UsageReport usage, Check check) {
        String code = usage.scopeCode();
        if (UsageScopeType.DIVISION.equals(usage.scopeType())) {
            schoolOrDivision(code, false, "scopeCode", "统计范围代码", check);
        } else if (UsageScopeType.SCHOOL.equals(usage.scopeType())) {
            schoolOrDivision(code, true, "scopeCode", "统计范围代码", check);
        }
        check.require(usage.periodKey() != null, usage.bodyCode(), "bodyCode", "报送单位代码");
        check.require(usage.bodyCode() != null, usage.periodKey(), "periodKey", "报送周期");
    }

    static void schoolOrDivision(String code, boolean school, String field, String zhName, Check check) {
        if (school == (code.length() == DIVISION_LENGTH)) {
            check.v.add(Rule.R_35, field, zhName, "value", Mask.value(code));
        } else if (school) {
            province(code, field, zhName, check);
        } else {
            division(code, field, zhName, check);
        }
    }

    private static boolean isDigits(String text, int length) {
        return text.length() == length && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
