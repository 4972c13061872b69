package cn.fuzhi.sdk.forms;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads days as people write them; two-digit years and anything else that could be two days are not read. */
final class Dates {
    private static final String SEPARATOR = "\\s*[-/.年]\\s*";
    private static final Pattern FULL =
            Pattern.compile("(20\\d{2})" + SEPARATOR + "(\\d{1,2})\\s*[-/.月]\\s*(\\d{1,2})\\s*[日号]?");
    private static final Pattern COMPACT = Pattern.compile("(20\\d{2})(\\d{2})(\\d{2})");

    private Dates() {}

    /** Reads 2022-09-15, 2022/9/15, 2022.9.15, 2022年9月15日 or 20220915, in half or full width. */
    static @Nullable LocalDate parse(String text) {
        String half = Text.trim(Text.halfWidth(text));
        Matcher matcher = FULL.matcher(half);
        if (!matcher.matches()) {
            matcher = COMPACT.matcher(half);
        }
        return matcher.matches()
                ? of(number(matcher.group(1)), number(matcher.group(2)), number(matcher.group(3)))
                : null;
    }

    static @Nullable LocalDate of(int year, int month, int day) {
        try {
            return LocalDate.of(year, month, day);
        } catch (DateTimeException e) {
            return null;
        }
    }

    static int number(String digits) {
        return Integer.parseInt(digits);
    }
}
