package cn.fuzhi.sdk.forms;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Tells dates from other numbers by their cell format, which is the only difference in a workbook. */
final class DateFormats {
    private static final Pattern NOT_A_PLACEHOLDER = Pattern.compile("\"[^\"]*\"|\\[[^\\]]*\\]|\\\\.|_.|;@");
    private static final Pattern PLACEHOLDER = Pattern.compile("[yYmMdDhHsS]");

    private DateFormats() {}

    static boolean isDate(@Nullable Integer id, @Nullable String format) {
        if (format == null || format.isEmpty()) {
            return id != null && isBuiltIn(id);
        }
        String plain = NOT_A_PLACEHOLDER.matcher(format).replaceAll("");
        boolean general = plain.equalsIgnoreCase("general");
        return !general && PLACEHOLDER.matcher(plain).find();
    }

    /** ECMA-376 part 1, 18.8.30: also the formats that only Chinese versions use. */
    private static boolean isBuiltIn(int id) {
        return (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58);
    }
}
