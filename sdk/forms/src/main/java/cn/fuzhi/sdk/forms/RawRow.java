package cn.fuzhi.sdk.forms;

import java.util.List;

/**
 * A row of a sheet as it stands there.
 *
 * @param sheet name of the sheet
 * @param number row number, from 1 as people see it
 * @param cells the cells from column A on; shorter than the sheet is wide when the rest is empty
 */
record RawRow(String sheet, int number, List<RawCell> cells) {
    RawCell cell(int column) {
        return column < cells.size() ? cells.get(column) : RawCell.EMPTY;
    }

    /** How many cells say something of their own, cells repeated by merging not counted. */
    int filled() {
        int count = 0;
        for (RawCell cell : cells) {
            if (!cell.merged() && !cell.isBlank()) {
                count++;
            }
        }
        return count;
    }

    String firstText() {
        for (RawCell cell : cells) {
            if (!cell.isBlank()) {
                return cell.text().strip();
            }
        }
        return "";
    }

    /** Column number from 1 of the first cell that says something, 0 in an empty row. */
    int firstPlace() {
        for (int i = 0; i < cells.size(); i++) {
            if (!cells.get(i).isBlank()) {
                return i + 1;
            }
        }
        return 0;
    }

    /** Names a cell as a spreadsheet does, {@code 课表!H7}. */
    static String place(String sheet, int row, int column) {
        StringBuilder letters = new StringBuilder();
        for (int rest = column + 1; rest > 0; rest = (rest - 1) / 26) {
            letters.insert(0, (char) ('A' + (rest - 1) % 26));
        }
        return sheet + "!" + letters + row;
    }
}
