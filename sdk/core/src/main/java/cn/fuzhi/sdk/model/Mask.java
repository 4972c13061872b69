package cn.fuzhi.sdk.model;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Hides personal values wherever the SDK shows a record to people: logs, errors, {@code toString()}, exports. */
public final class Mask {
    private static final int SHOWN = 40;
    /** Full-width digits, too: an input method makes them of an identity number. */
    private static final Pattern LONG_NUMBER =
            Pattern.compile("([0-9０-９]{3})[0-9０-９]{4,}([0-9０-９]{4}|[0-9０-９]{3}[XxＸｘ])");

    /** Mobile and landline numbers, and numbers as long as those of identity cards; of any width, with or without separators. */
    private static final Pattern PERSONAL =
            Pattern.compile("(?U)(?<![\\dA-Za-z])(?:(?:[+＋]?(?:86|８６)[-－ ]?)?[1１][3-9３-９]\\d[-－ ]?\\d{4}[-－ ]?\\d{4}"
                    + "|[(（]?[0０]\\d{2,3}[-－ )）]{1,2}\\d{7,8}|[0０]\\d{9,11}"
                    + "|\\d{17}[\\dXxＸｘ]|\\d{15})(?![\\dA-Za-z])");

    private static final Pattern MOBILE = Pattern.compile("(1[3-9][0-9])[0-9]{4}([0-9]{4})");
    private static final Pattern LANDLINE =
            Pattern.compile("(0[0-9]{2,3}-|0[0-9]{2})[0-9]{3,5}([0-9]{4})(?:-[0-9]{1,6})?");

    private Mask() {}

    /**
     * Masks the name of a person.
     *
     * @param name a name or null
     * @return the first character and two stars ({@code 王**}), or null for null
     */
    public static @Nullable String name(@Nullable String name) {
        if (name == null || name.isEmpty()) {
            return name;
        }
        return name.substring(0, name.offsetByCodePoints(0, 1)) + "**";
    }

    /**
     * Masks a phone number.
     *
     * @param phone a mobile or landline number, or null
     * @return {@code 138****0000} or {@code 029-****0000}, an extension left out; a text of any other form may hold a name, and
     *     shows nothing
     */
    public static @Nullable String phone(@Nullable String phone) {
        if (phone == null) {
            return null;
        }
        Matcher mobile = MOBILE.matcher(phone);
        Matcher number = mobile.matches() ? mobile : LANDLINE.matcher(phone);
        return number.matches() ? number.group(1) + "****" + number.group(2) : "****";
    }

    /**
     * Masks the numbers that look like those of a person in a text that others wrote: a platform may repeat what a record says.
     *
     * @param text any text
     * @return the text with three digits of each such number
     */
    public static String numbers(String text) {
        return PERSONAL.matcher(text).replaceAll(found -> found.group().substring(0, 3) + "****");
    }

    /**
     * Prepares a rejected value that is not personal for a message: one line, at most 40 characters, long numbers masked.
     *
     * @param value any text
     * @return a text that is safe to log
     */
    public static String value(String value) {
        StringBuilder shown = new StringBuilder();
        value.codePoints().limit(SHOWN).forEach(c -> {
            if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) {
                shown.append(String.format("\\u%04x", c));
            } else {
                shown.appendCodePoint(c);
            }
        });
        String line = value.codePointCount(0, value.length()) > SHOWN ? shown + "…" : shown.toString();
        return LONG_NUMBER.matcher(line).replaceAll(found -> found.group().length() >= 11 ? "$1****$2" : found.group());
    }
}
