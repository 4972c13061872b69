package cn.fuzhi.sdk.forms;

import cn.fuzhi.sdk.model.Severity;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong in one place of a form, for the clerk who filled it in. Personal values are masked.
 *
 * @param severity an ERROR keeps the row out of the records, a WARNING does not
 * @param sheet name of the sheet; of a CSV file its name
 * @param row row number from 1, or 0 when the sheet as a whole is meant
 * @param column column number from 1, or 0 when the row as a whole is meant
 * @param columnZh Chinese name of the column
 * @param rule number of the broken rule such as {@code R-10}, or {@code FORM} when the cell cannot be read
 * @param message what is wrong, in Chinese, without a full stop
 * @param messageEn what is wrong, in English, without a full stop
 * @param hint what to do, in Chinese
 * @param hintEn what to do, in English
 */
public record CellProblem(
        Severity severity,
        String sheet,
        int row,
        int column,
        @Nullable String columnZh,
        String rule,
        String message,
        String messageEn,
        String hint,
        String hintEn) {
    /** Takes messages of rules, which are whole sentences, as well as those of forms, which are not. */
    public CellProblem {
        message = without(message, "。");
        messageEn = without(messageEn, ".");
    }

    private static String without(String text, String stop) {
        return text.endsWith(stop) ? text.substring(0, text.length() - stop.length()) : text;
    }

    /**
     * Names the cell as a spreadsheet does.
     *
     * @return such as {@code 课表!H7}, or the sheet alone when no single cell is meant
     */
    public String cell() {
        return row == 0 ? sheet : RawRow.place(sheet, row, Math.max(column - 1, 0));
    }

    /**
     * Tells whether the row is kept out of the records.
     *
     * @return true for an error
     */
    public boolean isError() {
        return Severity.ERROR.equals(severity);
    }

    @Override
    public String toString() {
        String name = columnZh == null ? "" : " " + columnZh;
        return cell() + name + " " + rule + "：" + message + "。" + hint + " / " + messageEn + "; " + hintEn;
    }
}
