package cn.fuzhi.sdk.forms;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Repeats the value of cells that are merged over several rows in each of the rows, as people read them. */
final class MergedCells {
    private final List<Merge> merges;

    /** By column: two merged areas of one column are never open at once, so a row costs no more than it has columns. */
    private final Map<Integer, Open> open = new TreeMap<>();

    private int next;

    private record Open(int bottom, RawCell cell) {}

    /**
     * @param merges merged cells sorted by their first row
     */
    MergedCells(List<Merge> merges) {
        this.merges = merges.stream()
                .filter(merge -> merge.tall() && merge.left() < XlsxRows.COLUMNS)
                .toList();
    }

    RawRow fill(RawRow row) {
        if (next == merges.size() && open.isEmpty()) {
            return row;
        }
        List<RawCell> cells = row.cells();
        boolean copied = false;
        Iterator<Map.Entry<Integer, Open>> entries = open.entrySet().iterator();
        while (entries.hasNext()) {
            Map.Entry<Integer, Open> entry = entries.next();
            int column = entry.getKey();
            if (entry.getValue().bottom() < row.number()) {
                entries.remove();
            } else if (row.cell(column).isBlank()) {
                cells = copied ? cells : new ArrayList<>(cells);
                copied = true;
                while (cells.size() <= column) {
                    cells.add(RawCell.EMPTY);
                }
                cells.set(column, entry.getValue().cell());
            }
        }
        begin(row);
        return copied ? new RawRow(row.sheet(), row.number(), cells) : row;
    }

    private void begin(RawRow row) {
        while (next < merges.size() && merges.get(next).top() <= row.number()) {
            Merge merge = merges.get(next++);
            RawCell cell = row.cell(merge.left());
            if (merge.top() == row.number() && !cell.isBlank()) {
                open.put(merge.left(), new Open(merge.bottom(), cell.asMerged()));
            }
        }
    }
}
