package cn.fuzhi.sdk.model;

import java.util.BitSet;

/** What is measured and refused in any text, whatever its field. */
final class FreeText {
    private static final char FIRST_IDEOGRAPH = '\u4e00';
    private static final int LONGEST_CODE = 40;
    private static final int ID_LENGTH = 18;
    private static final int[] ID_WEIGHTS = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    private static final String ID_CHECK = "10X98765432";

    private static final BitSet PROVINCES = new BitSet();

    static {
        int[][] ranges = {{11, 15}, {21, 23}, {31, 37}, {41, 46}, {50, 54}, {61, 65}, {71, 71}, {81, 83}, {91, 91}};
        for (int[] range : ranges) {
            PROVINCES.set(range[0], range[1] + 1);
        }
    }

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

    /** Whether a text says nothing: for the rules it is the same as an absent one. */
    static boolean isBlank(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isSpace(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /** Whether a text has the form of the contract's codes: up to 40 capital letters, digits and underscores. */
    static boolean isCode(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '_') {
                return false;
            }
        }
        return text.length() <= LONGEST_CODE;
    }

    private static boolean isSpace(char c) {
        return c <= ' ' || c == '\u3000';
    }

    /** Whether a text holds a control character, half a surrogate pair, or an ID number with a valid check character. */
    static boolean isForbidden(String text) {
        int digits = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= FIRST_IDEOGRAPH && c < Character.MIN_SURROGATE) {
                digits = 0; // most of most texts, and neither a digit nor anything that is refused
                continue;
            }
            if (isForbidden(text, i, c)) {
                return true;
            }
            boolean digit = digit(c) >= 0;
            if (digits == ID_LENGTH - 1 && (digit || isTen(c)) && isId(text, i)) {
                return true;
            }
            digits = digit ? Math.min(digits + 1, ID_LENGTH - 1) : 0;
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

    /** The value of a digit, ASCII or full-width, or -1. */
    private static int digit(char c) {
        if (c >= '\uff10' && c <= '\uff19') {
            return c - '\uff10';
        }
        return c >= '0' && c <= '9' ? c - '0' : -1;
    }

    /** The check character for ten, in four forms. */
    private static boolean isTen(char c) {
        return c == 'X' || c == 'x' || c == '\uff38' || c == '\uff58';
    }

    /**
     * GB 11643: region, day of birth, serial number; the weighted sum of the first 17 digits modulo 11 gives the check
     * character. Without a look at region and day, every eleventh long number would pass for one; with it one of 40,000.
     */
    private static boolean isId(String text, int last) {
        int first = last - ID_LENGTH + 1;
        int century = number(text, first + 6);
        if (PROVINCES.get(number(text, first)) && (century == 19 || century == 20)) {
            return isDayAndCheck(text, first, last);
        }
        return false;
    }

    private static boolean isDayAndCheck(String text, int first, int last) {
        int sum = 0;
        int month = number(text, first + 10);
        int day = number(text, first + 12);
        if (month < 1 || month > 12 || day < 1 || day > 31) {
            return false;
        }
        for (int i = 0; i < ID_WEIGHTS.length; i++) {
            sum += ID_WEIGHTS[i] * digit(text.charAt(first + i));
        }
        char check = text.charAt(last);
        return ID_CHECK.charAt(sum % 11) == (isTen(check) ? 'X' : (char) ('0' + digit(check)));
    }

    private static int number(String text, int from) {
        return digit(text.charAt(from)) * 10 + digit(text.charAt(from + 1));
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
