package cn.fuzhi.sdk.forms;

/**
 * Merged cells of a sheet.
 *
 * @param top first row, from 1
 * @param left first column, from 0
 * @param bottom last row, from 1
 * @param right last column, from 0
 */
record Merge(int top, int left, int bottom, int right) {
    boolean tall() {
        return bottom > top;
    }
}
