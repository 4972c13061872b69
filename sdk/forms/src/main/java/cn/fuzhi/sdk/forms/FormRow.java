package cn.fuzhi.sdk.forms;

import cn.fuzhi.sdk.forms.Findings.Words;
import cn.fuzhi.sdk.model.Mask;
import cn.fuzhi.sdk.model.OpenCode;
import cn.fuzhi.sdk.model.Rule;
import cn.fuzhi.sdk.model.Severity;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One line of a table, read column by column. A value that cannot be read is a problem and null; an empty one is null; what was
 * interpreted is a note.
 */
final class FormRow {
    private static final Pattern HAN_WITH_SPACES =
            Pattern.compile("[\\p{IsHan}xX×*·]+(?:[\\s\u3000]+[\\p{IsHan}xX×*·]+)+");
    private static final Pattern LOST_DIGITS = Pattern.compile("\\d(\\.\\d+)?[eE]\\+?\\d+");
    private static final Pattern LIST_SEPARATORS = Pattern.compile("[、,;/\\s&+|]+");
    private static final Pattern PHONE = Pattern.compile("1[3-9]\\d{9}|0\\d{2,3}-?\\d{7,8}(-\\d{1,6})?");
    private static final Pattern NUMBER = Pattern.compile("(\\d{1,15}|\\d{1,3}(?:,\\d{3}){1,4})(\\.\\d{1,6})?");

    private static final Pattern UNIT = Pattern.compile("(?<=\\d)[所个次节人元]$");

    /** A number cell keeps fifteen digits, so more of them are not those that were typed. */
    private static final int EXACT_DIGITS = 15;

    private final RawRow row;
    private final Map<Column, Integer> places;
    private final FormContext context;
    private final Findings findings;
    private int errors;

    FormRow(RawRow row, Map<Column, Integer> places, FormContext context, Findings findings) {
        this.row = row;
        this.places = places;
        this.context = context;
        this.findings = findings;
    }

    FormContext context() {
        return context;
    }

    int number() {
        return row.number();
    }

    String sheet() {
        return row.sheet();
    }

    boolean failed() {
        return errors > 0;
    }

    int errors() {
        return errors;
    }

    boolean has(Column column) {
        return places.containsKey(column);
    }

    RawCell cell(Column column) {
        Integer place = places.get(column);
        return place == null ? RawCell.EMPTY : row.cell(place);
    }

    boolean isBlank(Column column) {
        return cell(column).isBlank();
    }

    void problem(Column column, String message, String messageEn, String hint, String hintEn) {
        errors++;
        findings.problem(
                row.sheet(), row.number(), at(column), column.title(), new Words(message, messageEn, hint, hintEn));
    }

    void warn(Column column, String rule, Words words) {
        findings.problem(new CellProblem(
                Severity.WARNING,
                row.sheet(),
                row.number(),
                at(column),
                column.title(),
                rule,
                words.message(),
                words.messageEn(),
                words.hint(),
                words.hintEn()));
    }

    void add(CellProblem problem) {
        errors += problem.isError() ? 1 : 0;
        findings.problem(problem);
    }

    void note(Column column, String message, String messageEn) {
        findings.note(row.sheet(), row.number(), at(column), column.title(), message, messageEn);
    }

    /** Column number from 1, 0 when the sheet lacks the column. */
    int at(Column column) {
        return places.getOrDefault(column, -1) + 1;
    }

    void missing(Column column) {
        problem(column, column.title() + "不能为空", column.title() + " is empty", "请填写" + column.title(), "fill it in");
    }

    /** What stands in the cell without white space at its ends, whatever kind of cell it is; a formula error is a problem. */
    @Nullable
    String read(Column column) {
        RawCell cell = cell(column);
        if (cell.isBlank()) {
            return null;
        }
        if (cell.kind() == RawCell.Kind.ERROR) {
            problem(
                    column,
                    "单元格是公式错误值，或公式没有保存结果",
                    "the cell holds a formula error, or a formula without a stored result",
                    "请改为正确的文字或数字",
                    "replace it by a value");
            return null;
        }
        switch (cell.source()) {
            case MERGED -> note(column, "合并单元格的内容用于所合并的每一行", "the value of merged cells counts for each of their rows");
            case FORMULA -> note(column, "公式单元格按其保存的结果读取", "of a formula its stored result was read");
            case UNQUOTED -> note(column, "去掉了文字前的一个撇号", "one apostrophe before the text was removed");
            case TYPED -> {}
        }
        return Text.trim(cell.text());
    }

    /** A text; what a spreadsheet program may have made of a typed text is noted, or a problem where it cannot be undone. */
    @Nullable
    String text(Column column) {
        String text = read(column);
        if (text == null) {
            return null;
        }
        switch (cell(column).kind()) {
            case DATE -> {
                problem(
                        column,
                        "应为文字，单元格却是日期",
                        "the column is for text, the cell is a date",
                        "请把该单元格设为文本格式后重新填写",
                        "format the cell as text and type it again");
                return null;
            }
            case NUMBER -> {
                if (text.chars().filter(Character::isDigit).count() > EXACT_DIGITS) {
                    problem(
                            column,
                            "数字超过 15 位，表格软件可能已改变末几位",
                            "a number of more than 15 digits, the last ones may have been changed",
                            "请把该列设为文本格式后重新填写",
                            "format the column as text and type it again");
                    return null;
                }
                note(column, "数字单元格按文本读取", "a number was read as text");
            }
            case BOOLEAN -> note(column, "逻辑值按“是”“否”读取", "a logical value was read as 是 or 否");
            default -> {}
        }
        return text;
    }

    /** A code or number that is text: digits stay as they are, also when the cell is a number. */
    @Nullable
    String code(Column column) {
        String text = text(column);
        if (text == null) {
            return null;
        }
        String half = Text.bare(text);
        if (lostDigits(half)) {
            problem(
                    column,
                    "数字被存成科学计数法，末几位可能已丢失",
                    "the number is in scientific notation, digits may be lost",
                    "请把该列设为文本格式后重新填写",
                    "format the column as text and type it again");
            return null;
        }
        if (!half.equals(text)) {
            note(column, "去掉空格，全角字符改为半角", "spaces were removed and full-width characters made half-width");
        }
        return half;
    }

    private static boolean lostDigits(String text) {
        return (text.indexOf('E') > 0 || text.indexOf('e') > 0)
                && LOST_DIGITS.matcher(text).matches();
    }

    /** Name of a person; spaces that only align Chinese characters are removed. */
    @Nullable
    String name(Column column) {
        String text = text(column);
        if (text != null
                && (text.indexOf(' ') > 0 || text.indexOf('\u3000') > 0)
                && HAN_WITH_SPACES.matcher(text).matches()) {
            note(column, "去掉姓名中间的空格", "spaces within the name were removed");
            return text.replaceAll("[\\s\u3000]+", "");
        }
        return text;
    }

    @Nullable
    String phone(Column column) {
        String text = cell(column).kind() == RawCell.Kind.NUMBER ? read(column) : text(column);
        if (text == null) {
            return null;
        }
        if (lostDigits(Text.bare(text))) {
            return code(column);
        }
        String tidy = Phones.tidy(text);
        if (!PHONE.matcher(tidy).matches()) {
            errors++;
            Rule rule = Rule.R_10;
            findings.problem(new CellProblem(
                    rule.severity(),
                    row.sheet(),
                    row.number(),
                    at(column),
                    column.title(),
                    rule.number(),
                    rule.message().replace("{field}", column.title()),
                    rule.messageEn().replace("{fieldEn}", column.title()),
                    rule.hint(),
                    "write 11 digits, or a landline with its area code"));
            return null;
        }
        if (cell(column).kind() == RawCell.Kind.NUMBER) {
            note(column, "号码存成了数字，按文本读取", "a phone number stored as a number was read as text");
        } else if (!tidy.equals(text)) {
            note(column, "号码中的空格、括号或全角字符已规整", "spaces, brackets or full-width characters in the number were tidied");
        }
        return tidy;
    }

    @Nullable
    Long count(Column column) {
        BigDecimal number = number(column);
        if (number == null) {
            return null;
        }
        if (number.stripTrailingZeros().scale() <= 0) {
            return number.longValueExact();
        }
        problem(
                column,
                "应为非负整数",
                "not a whole number",
                "请只填数字，没有数据请留空",
                "write digits only, leave it empty when unknown");
        return null;
    }

    @Nullable
    Integer integer(Column column) {
        Long count = count(column);
        if (count != null && count > Integer.MAX_VALUE) {
            problem(column, "数字过大", "the number is too large", "请核对数字", "check the number");
            return null;
        }
        return count == null ? null : Integer.valueOf(count.intValue());
    }

    @Nullable
    BigDecimal decimal(Column column) {
        return number(column);
    }

    /** Commas may only group three digits: "1，2" is two numbers, not twelve. */
    private @Nullable BigDecimal number(Column column) {
        String text = read(column);
        if (text == null) {
            return null;
        }
        String half = UNIT.matcher(Text.bare(text)).replaceFirst("");
        boolean numeric =
                cell(column).kind() == RawCell.Kind.TEXT || cell(column).kind() == RawCell.Kind.NUMBER;
        if (!numeric || !NUMBER.matcher(half).matches()) {
            problem(
                    column,
                    "应为非负数字",
                    "not a number",
                    "请只填数字，没有数据请留空",
                    "write digits only, leave it empty when unknown");
            return null;
        }
        String digits = half.replace(",", "");
        if (!digits.equals(text)) {
            note(column, "去掉数字中的空格、千分位逗号和数字后的单位，全角数字改为半角", "spaces, commas, a unit and full-width digits were tidied");
        }
        return new BigDecimal(digits);
    }

    @Nullable
    LocalDate date(Column column) {
        RawCell cell = cell(column);
        LocalDateTime date = cell.date();
        String text = read(column);
        if (date != null) {
            return date.toLocalDate();
        }
        LocalDate parsed = text == null ? null : Dates.parse(text);
        if (text != null && parsed == null) {
            problem(
                    column,
                    "日期无法识别：" + Mask.value(text),
                    "not a date",
                    "请写成 2022-09-15 或 2022年9月15日",
                    "write it as 2022-09-15");
        }
        return parsed;
    }

    @Nullable
    Boolean yesNo(Column column) {
        String text = read(column);
        if (text == null) {
            return null;
        }
        switch (Text.bare(text).toLowerCase(java.util.Locale.ROOT)) {
            case "是", "有", "固定", "√", "true", "1", "y", "yes" -> {
                return true;
            }
            case "否", "无", "不固定", "×", "false", "0", "n", "no" -> {
                return false;
            }
            default -> {
                problem(column, "应填“是”或“否”", "neither 是 nor 否", "请从下拉列表选择", "choose from the list");
                return null;
            }
        }
    }

    <T extends OpenCode> @Nullable T one(Column column, Codes<T> codes) {
        String text = text(column);
        return text == null ? null : find(column, text, codes);
    }

    /** Several codes in one cell, separated as people do. */
    <T extends OpenCode> @Nullable List<T> several(Column column, Codes<T> codes) {
        String text = text(column);
        if (text == null) {
            return null;
        }
        T whole = codes.official(text);
        if (whole != null) {
            return List.of(whole);
        }
        List<T> found = new ArrayList<>();
        for (String part : LIST_SEPARATORS.split(Text.halfWidth(text), -1)) {
            T code = part.isEmpty() ? null : find(column, part, codes);
            if (code != null && !found.contains(code)) {
                found.add(code);
            }
        }
        return found;
    }

    <T extends OpenCode> @Nullable T find(Column column, String text, Codes<T> codes) {
        T official = codes.official(text);
        if (official != null) {
            return official;
        }
        T usual = codes.usual(text);
        if (usual != null) {
            note(column, "“" + Mask.value(text) + "”按“" + Codes.name(usual) + "”读取", "read as " + usual.value());
            return usual;
        }
        T unlisted = codes.unlisted(text);
        if (unlisted == null) {
            problem(
                    column,
                    "“" + Mask.value(text) + "”不在代码表中",
                    "the value is not in the code list",
                    "可填：" + codes.choices().stream().limit(12).collect(Collectors.joining("、")),
                    "use one of the names of the list");
        }
        return unlisted;
    }
}
