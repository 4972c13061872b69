package cn.fuzhi.sdk.model;

/** What is measured and refused in any text, whatever its field. */
final class FreeText {
    private static final int ID_LENGTH = 18;
    private static final int[] ID_WEIGHTS = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    private static final String ID_CHECK = "10X98765432";

    private FreeText() {}

    /** Counts code points between leading and trailing white space, ASCII or full-width. */
    static int length(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && isSpace(text.charAt(from))) {
            from++;
        }
        while (to > from && isSpace(text.charAt(to - 1))) {
            to--;
        }
        return text.codePointCount(from, to);
    }

    private static boolean isSpace(char c) {
        return c <= ' ' || c == '\u3000';
    }

    /** Whether a text holds a control character, half a surrogate pair, or an ID number with a valid check character. */
    static boolean isForbidden(String text) {
        int digits = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isForbidden(text, i, c)) {
                return true;
            }
            if (digits == ID_LENGTH - 1 && (isDigit(c) || c == 'X' || c == 'x') && isId(text, i)) {
                return true;
            }
            digits = isDigit(c) ? Math.min(digits + 1, ID_LENGTH - 1) : 0;
        }
        return false;
    }

    private static boolean isForbidden(String text, int i, char c) {
        if (c < ' ') {
            return c != '\n' && c != '\r' && c != '\t';
        }
        if (Character.isHighSurrogate(c)) {
            return i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1));
        }
        if (Character.isLowSurrogate(c)) {
            return i == 0 || !Character.isHighSurrogate(text.charAt(i - 1));
        }
        boolean control = c >= '\u007f' && c <= '\u009f';
        boolean direction = (c >= '\u202a' && c <= '\u202e') || (c >= '\u2066' && c <= '\u2069');
        return control || direction;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /**
     * GB 11643: region, day of birth, serial number; the weighted sum of the first 17 digits modulo 11 gives the check
     * character. Without a look at the day, every eleventh long number would pass for one.
     */
    private static boolean isId(String text, int last) {
        int sum = 0;
        int first = last - ID_LENGTH + 1;
        int century = number(text, first + 6);
        int month = number(text, first + 10);
        int day = number(text, first + 12);
        if (century < 18 || century > 20 || month < 1 || month > 12 || day < 1 || day > 31) {
            return false;
        }
        for (int i = 0; i < ID_WEIGHTS.length; i++) {
            sum += ID_WEIGHTS[i] * (text.charAt(first + i) - '0');
        }
        return ID_CHECK.charAt(sum % 11) == Character.toUpperCase(text.charAt(last));
    }

    private static int number(String text, int from) {
        return (text.charAt(from) - '0') * 10 + text.charAt(from + 1) - '0';
    }

    /**
     * Whether a name or phone is visibly made up: two masking characters in a row ({@code 王xx}, {@code 张**}) or the word
     * 测试. Written out, because a matcher for each name would be garbage for each record.
     */
    static boolean isPlaceholder(String text) {
        for (int i = 1; i < text.length(); i++) {
            if (isMask(text.charAt(i)) && isMask(text.charAt(i - 1))) {
                return true;
            }
        }
        return text.contains("测试");
    }

    private static boolean isMask(char c) {
        return c == 'x' || c == 'X' || c == '×' || c == '*' || c == '＊';
    }
}
