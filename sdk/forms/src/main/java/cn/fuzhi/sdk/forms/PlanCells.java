package cn.fuzhi.sdk.forms;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The cells of a form that is no table: labels anywhere, each with its value to its right or behind a colon. */
final class PlanCells {
    private final String sheet;
    private final Map<String, String> labels = new HashMap<>();
    private final Map<String, Place> values = new LinkedHashMap<>();
    private final Map<String, List<List<Place>>> sections = new HashMap<>();
    private final List<Place> unread = new ArrayList<>();
    private @Nullable String section;
    private boolean empty = true;

    PlanCells(String sheet, List<String> labels) {
        this.sheet = sheet;
        labels.forEach(label -> this.labels.put(Text.title(label), label));
    }

    /**
     * A value and where it stands.
     *
     * @param row row number from 1
     * @param column column number from 1
     * @param cell the cell; of a value behind a colon only the value
     */
    record Place(int row, int column, RawCell cell) {
        /** The cell as a line of a table with this one column, so that it is read like any other cell. */
        FormRow row(String sheet, Column as, FormContext context, Findings findings) {
            List<RawCell> cells = new ArrayList<>(Collections.nCopies(column - 1, RawCell.EMPTY));
            cells.add(cell);
            return new FormRow(new RawRow(sheet, row, cells), Map.of(as, column - 1), context, findings);
        }
    }

    String sheet() {
        return sheet;
    }

    boolean isEmpty() {
        return empty;
    }

    int found() {
        return values.size();
    }

    /** Takes the cells of a row; labels that stand in several rows are told apart by the label before them. */
    void add(RawRow row) {
        empty &= row.filled() == 0;
        String label = null;
        String leading = "";
        boolean first = true;
        List<Place> listed = new ArrayList<>();
        for (int i = 0; i < row.cells().size(); i++) {
            RawCell cell = row.cell(i);
            if (cell.isBlank()) {
                continue;
            }
            String next = label(cell.text());
            Place place = new Place(row.number(), i + 1, cell);
            if (next != null) {
                label = next.equals(PlanLabels.PHONE) ? leading + next : next;
                leading = next;
                section = first && !cell.merged() ? next : section;
                values.putIfAbsent(label, new Place(row.number(), i + 2, RawCell.EMPTY));
                inline(cell, label, place);
            } else {
                value(label, place, listed);
            }
            first = false;
        }
        if (!listed.isEmpty()) {
            sections.computeIfAbsent(String.valueOf(section), key -> new ArrayList<>())
                    .add(listed);
        }
    }

    /** A cell that is no label: an entry of a list, the value of the label before it, or text that belongs nowhere. */
    private void value(@Nullable String label, Place place, List<Place> listed) {
        boolean list =
                section != null && PlanLabels.LISTS.contains(section) && (label == null || label.equals(section));
        Place own = label == null ? null : values.get(label);
        boolean awaited = own != null && own.cell().isBlank();
        if (awaited) {
            values.put(label, place);
        }
        if (list) {
            listed.add(place);
        } else if (!awaited && section != null && !place.cell().merged()) {
            unread.add(place);
        }
    }

    private @Nullable String label(String text) {
        String title = Text.title(text);
        String known = labels.get(title);
        int colon = Text.bare(text).indexOf(':');
        return known == null && colon > 0
                ? labels.get(Text.title(Text.bare(text).substring(0, colon)))
                : known;
    }

    /** "单位（公章）：汉中市教育局" in one cell. */
    private void inline(RawCell cell, String label, Place place) {
        String text = cell.text();
        int colon = Math.max(text.indexOf('：'), text.indexOf(':'));
        if (colon > 0 && !Text.isBlank(text.substring(colon + 1))) {
            values.put(label, new Place(place.row(), place.column(), RawCell.text(text.substring(colon + 1))));
        }
    }

    /** The value of a label: null when the label is not there, an empty cell when it has no value. */
    @Nullable
    Place value(String label) {
        return values.get(label);
    }

    /** Texts below the first label that are neither labels nor their values. */
    List<Place> unread() {
        return unread;
    }

    /** The rows of a section, such as 重点工作, each with its cells. */
    List<List<Place>> section(String label) {
        return sections.getOrDefault(label, List.of());
    }
}
