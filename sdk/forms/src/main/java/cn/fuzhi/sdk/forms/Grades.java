package cn.fuzhi.sdk.forms;

import cn.fuzhi.sdk.model.Grade;
import cn.fuzhi.sdk.model.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The columns 学段 and 年级, which have words for "all" and for "from … to". */
final class Grades {
    private static final List<Stage> ALL_STAGES =
            List.of(Stage.KINDERGARTEN, Stage.PRIMARY, Stage.JUNIOR, Stage.SENIOR);
    private static final Pattern ALL = Pattern.compile("(?:幼儿园[/、,]小学[/、,]初中[/、,]高中)?\\(?全学段\\)?");
    private static final Pattern ALL_GRADES = Pattern.compile("全年级|各年级|所有年级|不限|全部|全校");
    private static final Pattern RANGE =
            Pattern.compile("([\\d一二三四五六七八九]|1[0-2])(?:年级)?[-~\u2010-\u2015至到]([\\d一二三四五六七八九]|1[0-2])年级");
    private static final String NUMERALS = "一二三四五六七八九";

    private Grades() {}

    static List<Stage> stages(FormRow row, Column column) {
        String text = row.text(column);
        if (text == null) {
            return List.of();
        }
        // "小学全学段" is not all stages, and what else it means nobody knows.
        if (ALL.matcher(Text.bare(text)).matches()) {
            row.note(column, "全学段按幼儿园、小学、初中、高中读取", "all stages, read as kindergarten, primary, junior and senior");
            return ALL_STAGES;
        }
        List<Stage> stages = row.several(column, FormCodes.STAGE);
        return stages == null ? List.of() : stages;
    }

    static List<Grade> grades(FormRow row, Column column) {
        String text = row.text(column);
        if (text == null) {
            return List.of();
        }
        String bare = Text.bare(text);
        if (ALL_GRADES.matcher(bare).matches()) {
            row.note(column, "“全年级”按不限年级读取", "all grades, read as not limited");
            return List.of();
        }
        Matcher range = RANGE.matcher(bare);
        if (range.matches()) {
            return between(row, column, number(range.group(1)), number(range.group(2)));
        }
        List<Grade> grades = row.several(column, FormCodes.GRADE);
        return grades == null ? List.of() : grades;
    }

    private static List<Grade> between(FormRow row, Column column, int first, int last) {
        List<Grade> grades = new ArrayList<>();
        for (int number = first; number <= last; number++) {
            grades.add(Grade.of("G" + number));
        }
        if (grades.isEmpty()) {
            row.problem(column, "年级范围有误", "the range of grades is empty", "请写成 三年级、四年级", "list the grades");
        } else {
            row.note(column, "年级范围按 " + grades.size() + " 个年级读取", "a range was read as its grades");
        }
        return grades;
    }

    private static int number(String text) {
        int numeral = NUMERALS.indexOf(text);
        return numeral >= 0 ? numeral + 1 : Dates.number(text);
    }
}
