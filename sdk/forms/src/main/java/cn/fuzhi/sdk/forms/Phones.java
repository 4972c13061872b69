package cn.fuzhi.sdk.forms;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Brings phone numbers into the form of the contract without changing a digit. */
final class Phones {
    private static final Pattern MOBILE = Pattern.compile("1\\d{10}");
    private static final Pattern SPACED_LANDLINE =
            Pattern.compile("\\(?(0\\d{2,3})\\)?[-\\s]*(\\d{3,4}[-\\s]?\\d{4})(?:[-\\s转]+(\\d{1,6}))?");

    private Phones() {}

    /** Removes spaces and dashes from a mobile number and joins a landline as {@code 029-80000000}. */
    static String tidy(String text) {
        if (MOBILE.matcher(text).matches()) {
            return text;
        }
        String half = Text.trim(Text.halfWidth(text)).replace("+86", "").replaceAll("[\u2010-\u2015\u2212]", "-");
        String digits = half.replaceAll("[-\\s]", "");
        if (MOBILE.matcher(digits).matches()) {
            return digits;
        }
        if (half.matches("0\\d{2,3}-?\\d{7,8}(-\\d{1,6})?")) {
            return half;
        }
        Matcher landline = SPACED_LANDLINE.matcher(half);
        if (landline.matches()) {
            String number = landline.group(1) + "-" + landline.group(2).replaceAll("[-\\s]", "");
            return landline.group(3) == null ? number : number + "-" + landline.group(3);
        }
        return half;
    }
}
