package cn.fuzhi.sdk.forms;

import java.io.IOException;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import org.dhatim.fastexcel.BorderStyle;
import org.dhatim.fastexcel.PaperSize;
import org.dhatim.fastexcel.StyleSetter;
import org.dhatim.fastexcel.Workbook;
import org.dhatim.fastexcel.Worksheet;
import org.jspecify.annotations.Nullable;

/** Writes one table as issued: a heading over the official columns, the titles, the lines, the note; ours stand to the right. */
final class SheetWriter {
    private static final int FLUSH_ROWS = 500;
    private static final int LIST_CHARS = 250;

    /** Empty lines below the last one that have the drop-down lists, too. */
    private static final int LIST_ROWS = 1_000;

    private static final double TITLE_HEIGHT = 32;
    private static final double LINE_HEIGHT = 15;
    private static final double LARGEST_HEIGHT = 400;

    /** What a cell keeps free at both sides. */
    private static final double MARGIN = 0.5;

    private static final String OURS = "DDEBF7";
    private static final String HEADER = "F2F2F2";

    private final Worksheet sheet;
    private final List<Column> columns;
    private final int official;
    private final @Nullable String[] formats;
    private int row;
    private int unstyled;
    private int firstLine;

    SheetWriter(Workbook workbook, String name, List<Column> columns) {
        this.sheet = workbook.newWorksheet(name);
        this.columns = columns;
        this.formats = new @Nullable String[columns.size()];
        this.official =
                Math.max(1, (int) columns.stream().filter(Column::official).count());
        for (int i = 0; i < columns.size(); i++) {
            sheet.width(i, columns.get(i).width());
        }
        sheet.pageOrientation("landscape");
        sheet.paperSize(PaperSize.A4_PAPER);
        sheet.setFitToPage(true);
        sheet.fitToWidth((short) 1);
        sheet.fitToHeight((short) 0);
    }

    /** The number of the annex and the heading, merged over the official columns. */
    SheetWriter heading(@Nullable String annex, String title) {
        if (annex != null) {
            sheet.value(row, 0, annex);
            sheet.style(row++, 0).fontName("黑体").fontSize(14).set();
        }
        sheet.value(row, 0, Text.stored(title));
        sheet.range(row, 0, row, official - 1).merge();
        sheet.range(row, 0, row, official - 1)
                .style()
                .fontName("方正小标宋简体")
                .fontSize(18)
                .bold()
                .horizontalAlignment("center")
                .verticalAlignment("center")
                .set();
        sheet.rowHeight(row++, 36);
        return this;
    }

    SheetWriter titles() {
        for (int i = 0; i < columns.size(); i++) {
            sheet.value(row, i, columns.get(i).title());
            bordered(row, i)
                    .bold()
                    .horizontalAlignment("center")
                    .fillColor(i < official ? HEADER : OURS)
                    .set();
        }
        sheet.rowHeight(
                row,
                Math.max(
                        TITLE_HEIGHT, height(columns.stream().map(Column::title).toList())));
        row++;
        sheet.freezePane(0, row);
        sheet.repeatRows(row - 1);
        unstyled = row;
        firstLine = row;
        return this;
    }

    private void choices(int column) {
        List<String> values = columns.get(column).choices();
        String list = String.join(",", values);
        if (!values.isEmpty() && list.length() <= LIST_CHARS) {
            // No error message: several values in one cell, or a value from a newer list, must stay possible.
            sheet.range(firstLine, column, row + LIST_ROWS, column)
                    .validateWithListByFormula("\"" + list + "\"")
                    .showErrorMessage(false);
        }
    }

    /** One line; values are texts, numbers, dates or null. A text is always written as a text, so it is never a formula. */
    SheetWriter line(List<? extends @Nullable Object> values) throws IOException {
        for (int i = 0; i < columns.size(); i++) {
            cell(i, values.get(i));
        }
        double height = height(values);
        if (height > LINE_HEIGHT) {
            sheet.rowHeight(row, height);
        }
        row++;
        if (row - unstyled == FLUSH_ROWS) {
            styleLines();
            sheet.flush();
        }
        return this;
    }

    /** Not every program makes a row as high as its text when it opens the file, and what does not fit is cut on paper. */
    private double height(List<? extends @Nullable Object> values) {
        int most = 1;
        for (int i = 0; i < columns.size(); i++) {
            if (values.get(i) instanceof String text) {
                most = Math.max(most, lines(text, columns.get(i).width() - MARGIN));
            }
        }
        return Math.min(most * LINE_HEIGHT, LARGEST_HEIGHT);
    }

    /** How many lines a text takes; a Chinese character is as wide as two digits. */
    private static int lines(String text, double width) {
        int lines = 1;
        double used = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            double wide = c < '\u2e80' ? 1 : 2;
            used += wide;
            if (c == '\n' || used > width) {
                lines++;
                used = c == '\n' ? 0 : wide;
            }
        }
        return lines;
    }

    private void cell(int column, @Nullable Object value) {
        if (value instanceof LocalDate day) {
            sheet.value(row, column, day);
            formats[column] = "yyyy-mm-dd";
        } else if (value instanceof Number number) {
            sheet.value(row, column, number);
            formats[column] = number instanceof BigDecimal ? "0.######" : "0";
        } else if (value != null) {
            sheet.value(row, column, Text.stored(value.toString()));
        }
    }

    /** Styles many lines of a column at once, which is much quicker than cell by cell; a column has values of one type. */
    private void styleLines() {
        if (row > unstyled) {
            for (int i = 0; i < columns.size(); i++) {
                sheet.range(unstyled, i, row - 1, i)
                        .style()
                        .borderStyle(BorderStyle.THIN)
                        .wrapText(true)
                        .verticalAlignment("center")
                        .horizontalAlignment("center")
                        .format(formats[i] == null ? "@" : formats[i])
                        .set();
            }
        }
        unstyled = row;
    }

    private StyleSetter bordered(int line, int column) {
        StyleSetter style = sheet.style(line, column);
        style.borderStyle(BorderStyle.THIN)
                .wrapText(true)
                .verticalAlignment("center")
                .horizontalAlignment("center");
        return style;
    }

    /** The note below the table, merged over the official columns. */
    SheetWriter note(String text) {
        styleLines();
        sheet.value(row, 0, text);
        sheet.range(row, 0, row, official - 1).merge();
        sheet.range(row, 0, row, official - 1)
                .style()
                .wrapText(true)
                .verticalAlignment("center")
                .set();
        sheet.rowHeight(row++, 32);
        unstyled = row;
        return this;
    }

    /** Ends the sheet; printed are the official columns only, so that paper looks like the form. */
    void finish() throws IOException {
        styleLines();
        for (int i = 0; i < columns.size(); i++) {
            choices(i);
        }
        sheet.addNamedRange(sheet.range(0, 0, row - 1, official - 1), "_xlnm.Print_Area");
        sheet.finish();
    }
}
