package cn.fuzhi.sdk.forms;

import java.text.Normalizer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Compares texts as people do: full-width and half-width forms, spaces and line breaks make no difference. */
final class Text {
    private static final Pattern ESCAPE = Pattern.compile("_x([0-9A-Fa-f]{4})_");

    private Text() {}

    static boolean isBlank(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c > ' ' && c != '\u3000' && c != '\u00a0' && c != '\ufeff' && c != '\u200b') {
                return false;
            }
        }
        return true;
    }

    /** Removes white space at both ends, ASCII or full-width. */
    static String trim(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && isSpace(text.charAt(from))) {
            from++;
        }
        while (to > from && isSpace(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }

    static boolean isSpace(char c) {
        return c <= ' ' || c == '\u3000' || c == '\u00a0' || c == '\ufeff' || c == '\u200b';
    }

    /** Turns full-width letters, digits and punctuation into half-width ones; other characters stay. */
    static String halfWidth(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\u00a0' || (c >= '\u2000' && c < '\u3040') || c >= '\uf900') {
                return Normalizer.normalize(text, Normalizer.Form.NFKC);
            }
        }
        return text;
    }

    /** Half-width without any white space: the form in which titles and names are compared. */
    static String bare(String text) {
        if (isBare(text)) {
            return text;
        }
        String half = halfWidth(text);
        StringBuilder bare = new StringBuilder(half.length());
        for (int i = 0; i < half.length(); i++) {
            char c = half.charAt(i);
            if (!isSpace(c) && !Character.isWhitespace(c)) {
                bare.append(c);
            }
        }
        return bare.toString();
    }

    /** Most texts need no work: ASCII without blanks, and common Chinese characters. */
    private static boolean isBare(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c <= ' ' || c > '~') && (c < '\u4e00' || c > '\u9fff')) {
                return false;
            }
        }
        return true;
    }

    /** A title without what people add to it: brackets with explanations, stars, colons. */
    static String title(String text) {
        String bare = bare(text)
                .replace("*", "")
                .replace(":", "")
                .replace("\"", "")
                .replace("“", "")
                .replace("”", "");
        return bare.toLowerCase(java.util.Locale.ROOT);
    }

    /**
     * Writes a text as a workbook stores it (ECMA-376 part 1, 22.9.2.19): a carriage return as {@code _x000D_}, and what only looks
     * like such an escape with its underscore escaped.
     */
    static String stored(String text) {
        String escaped = text.indexOf("_x") < 0 ? text : ESCAPE.matcher(text).replaceAll("_x005F$0");
        return escaped.replace("\r", "_x000D_");
    }

    /** Reads a text as a workbook stores it. */
    static String read(String stored) {
        return stored.indexOf("_x") < 0
                ? stored
                : ESCAPE.matcher(stored)
                        .replaceAll(found ->
                                Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(found.group(1), 16))));
    }
}
