package cn.fuzhi.sdk.rules;

import cn.fuzhi.sdk.model.Division;
import cn.fuzhi.sdk.model.Mask;
import cn.fuzhi.sdk.model.Rule;
import cn.fuzhi.sdk.model.UsageReport;
import cn.fuzhi.sdk.model.UsageScopeType;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Rules on single values of a certain meaning: divisions, school codes, credit codes, links. */
final class CodeRules {
    private static final int DIVISION_LENGTH = 6;
    private static final Set<String> SECRETS = Set.of("sign", "sig", "pwd", "ticket", "auth", "sid");
    private static final Set<String> SECRET_PARTS = Set.of(
            "token",
            "secret",
            "passw",
            "signature",
            "credential",
            "apikey",
            "authkey",
            "accesskey",
            "sessionid",
            "sessid");

    /** Of the query, of the fragment, or of a segment of the path, where servlet containers put their sessions. */
    private static final Pattern PARAMETER = Pattern.compile("[?&#;]([^?&#;=/]*)");

    private static final Pattern SEPARATOR = Pattern.compile("[^a-z0-9]");
    private static final Pattern YEARS = Pattern.compile("([0-9]{4})-([0-9]{4})");

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
        return PARAMETER.matcher(url).results().anyMatch(parameter -> isSecret(parameter.group(1)));
    }

    /** Compared without case and separators: {@code auth_key}, {@code AuthKey} and {@code auth-key} are one name. */
    private static boolean isSecret(String parameter) {
        String name = SEPARATOR.matcher(parameter.toLowerCase(Locale.ROOT)).replaceAll("");
        return SECRETS.contains(name) || SECRET_PARTS.stream().anyMatch(name::contains);
    }

    /** R-45: a school year, with or without its term, is of two years that follow one another. */
    static void schoolYear(@Nullable String years, String field, String zhName, Check check) {
        Matcher matcher = YEARS.matcher(years == null ? "" : years);
        if (matcher.lookingAt() && Integer.parseInt(matcher.group(1)) + 1 != Integer.parseInt(matcher.group(2))) {
            check.v.add(Rule.R_45, field, zhName, "value", matcher.group());
        }
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
            Province.check(code, field, zhName, check);
        } else {
            division(code, field, zhName, check);
        }
    }

    static boolean isDigits(String text, int length) {
        return text.length() == length && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
