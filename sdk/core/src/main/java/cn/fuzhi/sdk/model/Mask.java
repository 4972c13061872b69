package cn.fuzhi.sdk.model;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Hides personal values wherever the SDK shows a record to people: logs, errors, {@code toString()}, exports. */
public final class Mask {
    private static final int SHOWN = 40;
    private static final Pattern LONG_NUMBER = Pattern.compile("(\\d{3})\\d{4,}(\\d{4}|\\d{3}[Xx])");

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
     * @return {@code 138****0000} or {@code 029-****0000}; a text that is no phone number shows nothing
     */
    public static @Nullable String phone(@Nullable String phone) {
        if (phone == null) {
            return null;
        }
        if (phone.length() < 8) {
            return "****";
        }
        int area = phone.indexOf('-');
        String head = area == 3 || area == 4 ? phone.substring(0, area + 1) : phone.substring(0, 3);
        return head + "****" + phone.substring(phone.length() - 4);
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
