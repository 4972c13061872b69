package cn.fuzhi.sdk.forms;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.dhatim.fastexcel.Workbook;
import org.dhatim.fastexcel.Worksheet;

/** Writes the values of a file again, with a comment at every cell that has a problem. */
final class MarkedCopy {
    private static final String ERROR = "FFC7CE";
    private static final String WARNING = "FFEB9C";
    private static final int FLUSH_ROWS = 500;
    private static final double WIDTH = 16;
    private static final int WIDE = 40;

    private MarkedCopy() {}

    static void write(FormFile file, FormResult<?> result, OutputStream out) throws IOException {
        try (RowSource source = file.rows()) {
            Workbook workbook = new Workbook(out, "fuzhi-sdk-forms", null);
            Set<String> names =
                    source.sheets().stream().map(RowSource.SheetRows::name).collect(Collectors.toSet());
            boolean first = true;
            for (RowSource.SheetRows sheet : source.sheets()) {
                if (!sheet.hidden()) {
                    boolean leading = first;
                    first = false;
                    // What concerns the file as a whole stands at the top of its first sheet.
                    NavigableMap<Integer, List<CellProblem>> marks = result.problems().stream()
                            .filter(problem -> problem.sheet().equals(sheet.name())
                                    || (leading && !names.contains(problem.sheet())))
                            .collect(Collectors.groupingBy(
                                    problem -> Math.max(problem.row(), 1), TreeMap::new, Collectors.toList()));
                    sheet(workbook.newWorksheet(sheet.name()), sheet.rows(), marks);
                }
            }
            workbook.finish();
        }
    }

    private static void sheet(Worksheet sheet, Iterator<RawRow> rows, NavigableMap<Integer, List<CellProblem>> marks)
            throws IOException {
        for (int i = 0; i < WIDE; i++) {
            sheet.width(i, WIDTH);
        }
        int written = 0;
        while (rows.hasNext()) {
            RawRow row = rows.next();
            markUpTo(sheet, row.number() - 1, marks);
            for (int i = 0; i < row.cells().size(); i++) {
                value(sheet, row.number() - 1, i, row.cell(i));
            }
            markUpTo(sheet, row.number(), marks);
            if (++written % FLUSH_ROWS == 0) {
                sheet.flush();
            }
        }
        markUpTo(sheet, Integer.MAX_VALUE, marks);
        sheet.finish();
    }

    /** A problem can stand in a row that the file leaves out, such as a missing heading; rows are written in their order. */
    private static void markUpTo(Worksheet sheet, int row, NavigableMap<Integer, List<CellProblem>> marks) {
        while (!marks.isEmpty() && marks.firstKey() <= row) {
            Map.Entry<Integer, List<CellProblem>> next = marks.pollFirstEntry();
            mark(sheet, next.getKey() - 1, next.getValue());
        }
    }

    private static void value(Worksheet sheet, int row, int column, RawCell cell) {
        if (cell.isBlank()) {
            return;
        }
        if (cell.date() != null) {
            sheet.value(row, column, cell.date());
            sheet.style(row, column).format("yyyy-mm-dd hh:mm").set();
        } else if (cell.kind() == RawCell.Kind.NUMBER) {
            sheet.value(row, column, new java.math.BigDecimal(cell.text()));
            sheet.style(row, column).format("0.######").set();
        } else {
            sheet.value(row, column, Text.stored(cell.text()));
            sheet.style(row, column).wrapText(true).set();
        }
    }

    private static void mark(Worksheet sheet, int row, List<CellProblem> problems) {
        Map<Integer, List<CellProblem>> cells =
                problems.stream().collect(Collectors.groupingBy(problem -> Math.max(problem.column(), 1) - 1));
        cells.forEach((column, here) -> {
            sheet.comment(
                    row,
                    column,
                    here.stream()
                            .map(problem -> problem.message() + "。" + problem.hint())
                            .collect(Collectors.joining("\n")));
            boolean error = here.stream().anyMatch(CellProblem::isError);
            sheet.style(row, column).fillColor(error ? ERROR : WARNING).set();
        });
    }
}
