package cn.fuzhi.sdk.forms;

import cn.fuzhi.sdk.model.Grade;
import cn.fuzhi.sdk.model.LessonReceiver;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The receiving schools in one cell: {@code 2161000002/一年级/一年级1班/28人；2161000003}. Grade, class and number of pupils may be
 * left out; a name may stand for the code. A separator within the name of a class has a backslash before it.
 */
final class Receivers {
    private static final String ITEMS = "；;、，,\n";
    private static final String PARTS = "/";
    private static final Pattern SEPARATOR = Pattern.compile("[\\\\/；;、，,\n]");
    private static final Pattern CODE = Pattern.compile("\\d{10}(-\\d{2,3})?");
    private static final Pattern PUPILS = Pattern.compile("(\\d{1,6})人?");

    private Receivers() {}

    static @Nullable String format(List<LessonReceiver> receivers) {
        return receivers.isEmpty()
                ? null
                : receivers.stream().map(Receivers::format).collect(Collectors.joining("；"));
    }

    private static String format(LessonReceiver receiver) {
        boolean plain =
                receiver.gradeCode() == null && receiver.className() == null && receiver.expectedStudentCount() == null;
        return plain
                ? receiver.schoolCode()
                : String.join(
                        "/",
                        receiver.schoolCode(),
                        receiver.gradeCode() == null ? "" : Codes.name(receiver.gradeCode()),
                        receiver.className() == null
                                ? ""
                                : SEPARATOR.matcher(receiver.className()).replaceAll("\\\\$0"),
                        receiver.expectedStudentCount() == null ? "" : receiver.expectedStudentCount() + "人");
    }

    static List<LessonReceiver> read(FormRow row, Column column) {
        String text = row.text(column);
        List<LessonReceiver> receivers = new ArrayList<>();
        if (text == null) {
            return receivers;
        }
        for (String item : split(text, ITEMS)) {
            if (!Text.isBlank(item)) {
                LessonReceiver receiver = one(row, column, split(Text.trim(item), PARTS));
                if (receiver != null) {
                    receivers.add(receiver);
                }
            }
        }
        return receivers;
    }

    /** Splits where no backslash stands before the separator; backslashes stay. */
    private static List<String> split(String text, String separators) {
        List<String> parts = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '\\') {
                i++;
            } else if (separators.indexOf(text.charAt(i)) >= 0) {
                parts.add(text.substring(from, i));
                from = i + 1;
            }
        }
        parts.add(text.substring(from));
        return parts;
    }

    private static @Nullable LessonReceiver one(FormRow row, Column column, List<String> parts) {
        String first = Text.trim(parts.get(0));
        String bare = Text.bare(first);
        String code = CODE.matcher(bare).matches() ? bare : Named.lookUp(row, column, first, null);
        if (code == null || parts.size() > 4) {
            if (code != null) {
                row.problem(
                        column,
                        "受援学校写法有误",
                        "too many parts",
                        "请写成：标识码/年级/班级/人数，学校之间用分号",
                        "write code/grade/class/pupils");
            }
            return null;
        }
        LessonReceiver.Builder receiver = LessonReceiver.builder().schoolCode(code);
        for (int i = 1; i < parts.size(); i++) {
            part(row, column, receiver, Text.trim(parts.get(i)), parts.size() == 4 ? i : 0);
        }
        return receiver.build();
    }

    /** By its place when all four parts are there, otherwise by what it looks like. */
    private static void part(FormRow row, Column column, LessonReceiver.Builder receiver, String part, int place) {
        if (part.isEmpty()) {
            return;
        }
        Grade grade = place > 1 ? null : FormCodes.GRADE.official(part);
        boolean pupils = (place == 0 || place == 3) && PUPILS.matcher(part).matches();
        if (place == 1 && grade == null) {
            receiver.gradeCode(row.find(column, part, FormCodes.GRADE));
        } else if (grade != null) {
            receiver.gradeCode(grade);
        } else if (pupils) {
            receiver.expectedStudentCount(Dates.number(part.replace("人", "")));
        } else if (place == 3) {
            row.problem(column, "人数应为数字", "the number of pupils is not a number", "请写成 28人", "write digits");
        } else {
            receiver.className(part.replaceAll("\\\\(.)", "$1"));
        }
    }
}
