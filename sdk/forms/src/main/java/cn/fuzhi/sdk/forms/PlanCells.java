package cn.fuzhi.sdk.forms;

import java.util.ArrayList;
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
    private @Nullable String section;

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
    record Place(int row, int column, RawCell cell) {}

    String sheet() {
        return sheet;
    }

    int found() {
        return values.size();
    }

    /** Takes the cells of a row; labels that stand in several rows are told apart by the label before them. */
    void add(RawRow row) {
        String label = null;
        String leading = "";
        List<Place> loose = new ArrayList<>();
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
                section = cell.merged() || i > 0 ? section : next;
                values.putIfAbsent(label, new Place(row.number(), i + 2, RawCell.EMPTY));
                inline(cell, label, place);
            } else if (label != null
                    && values.containsKey(label)
                    && values.get(label).cell().isBlank()) {
                values.put(label, place);
                loose.add(place);
            } else {
                loose.add(place);
            }
        }
        if (section != null && !loose.isEmpty()) {
            sections.computeIfAbsent(section, key -> new ArrayList<>()).add(loose);
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

    /** The rows of a section, such as 重点工作, each with its cells. */
    List<List<Place>> section(String label) {
        return sections.getOrDefault(label, List.of());
    }
}
