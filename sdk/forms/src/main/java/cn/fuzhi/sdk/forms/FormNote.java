package cn.fuzhi.sdk.forms;

import org.jspecify.annotations.Nullable;

/**
 * How something in a form was understood that could have been meant otherwise: a year that was added, a school name that became
 * a code, a row that was taken for the example. The same interpretation in many cells of a column is one note.
 *
 * @param sheet name of the sheet
 * @param row row number of the first place, from 1
 * @param column column number of the first place from 1, or 0 for the whole row
 * @param columnZh Chinese name of the column
 * @param count number of places
 * @param message how it was understood, in Chinese
 * @param messageEn how it was understood, in English
 */
public record FormNote(
        String sheet, int row, int column, @Nullable String columnZh, int count, String message, String messageEn) {
    /**
     * Names the first cell.
     *
     * @return such as {@code 课表!H7}
     */
    public String cell() {
        return row == 0 ? sheet : RawRow.place(sheet, row, Math.max(column - 1, 0));
    }

    @Override
    public String toString() {
        String places = count == 1 ? cell() : cell() + " 等 " + count + " 处/places";
        return places + (columnZh == null ? "" : " " + columnZh) + "：" + message + " / " + messageEn;
    }
}
