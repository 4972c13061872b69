package cn.fuzhi.sdk.forms;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Repeats the value of cells that are merged over several rows in each of the rows, as people read them. */
final class MergedCells {
    private final List<Merge> merges;
    private final Map<Merge, RawCell> open = new HashMap<>();
    private int next;

    /**
     * @param merges merged cells sorted by their first row
     */
    MergedCells(List<Merge> merges) {
        this.merges = merges.stream().filter(Merge::tall).toList();
    }

    RawRow fill(RawRow row) {
        if (next == merges.size() && open.isEmpty()) {
            return row;
        }
        open.keySet().removeIf(merge -> merge.bottom() < row.number());
        List<RawCell> cells = row.cells();
        for (Map.Entry<Merge, RawCell> entry : open.entrySet()) {
            cells = with(cells, entry.getKey().left(), entry.getValue());
        }
        while (next < merges.size() && merges.get(next).top() <= row.number()) {
            Merge merge = merges.get(next++);
            RawCell cell = row.cell(merge.left());
            if (merge.top() == row.number() && !cell.isBlank()) {
                open.put(merge, cell.asMerged());
            }
        }
        return cells == row.cells() ? row : new RawRow(row.sheet(), row.number(), cells);
    }

    private static List<RawCell> with(List<RawCell> cells, int column, RawCell cell) {
        if (column < cells.size() && !cells.get(column).isBlank()) {
            return cells;
        }
        List<RawCell> filled = new ArrayList<>(cells);
        while (filled.size() <= column) {
            filled.add(RawCell.EMPTY);
        }
        filled.set(column, cell);
        return filled;
    }
}
