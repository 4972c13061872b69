package cn.fuzhi.sdk.forms;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where the columns of a table stand in a sheet: found by their titles, whatever their order and whatever stands above.
 *
 * @param row number of the last row of titles
 * @param places column index from 0 by column
 * @param unknown titles that belong to no column
 * @param twice titles that stand there twice; the first counts
 * @param above texts above the titles, such as the heading
 */
record Header(
        int row, Map<Column, Integer> places, Map<Integer, String> unknown, List<String> twice, List<String> above) {
    /** Finds the titles among the first rows of a sheet; null when they are not there. */
    static @Nullable Header find(List<RawRow> rows, List<Column> columns) {
        Map<String, Column> titles = titles(columns);
        int best = -1;
        int most = 1;
        for (int i = 0; i < rows.size(); i++) {
            int matched = matches(rows.get(i), titles);
            if (matched > most) {
                most = matched;
                best = i;
            }
        }
        long wanted = columns.stream().filter(Column::required).count();
        return best < 0 || most * 2L < wanted ? null : of(rows, best, titles);
    }

    /** The first row with at least two titles, whether they are enough or not. */
    static @Nullable RawRow nearest(List<RawRow> rows, List<Column> columns) {
        Map<String, Column> titles = titles(columns);
        return rows.stream()
                .filter(row -> matches(row, titles) >= 2)
                .findFirst()
                .orElse(null);
    }

    private static Map<String, Column> titles(List<Column> columns) {
        Map<String, Column> titles = new HashMap<>();
        for (Column column : columns) {
            titles.put(Text.title(column.title()), column);
            column.aliases().forEach(alias -> titles.putIfAbsent(Text.title(alias), column));
        }
        return titles;
    }

    private static int matches(RawRow row, Map<String, Column> titles) {
        return (int) row.cells().stream()
                .map(cell -> match(cell, titles))
                .filter(java.util.Objects::nonNull)
                .distinct()
                .count();
    }

    /** Exact, or without an explanation in brackets behind it. */
    private static @Nullable Column match(RawCell cell, Map<String, Column> titles) {
        if (cell.isBlank() || cell.text().length() > 60) {
            return null;
        }
        String title = Text.title(cell.text());
        Column column = titles.get(title);
        int bracket = title.indexOf('(');
        return column != null || bracket <= 0 ? column : titles.get(title.substring(0, bracket));
    }

    private static Header of(List<RawRow> rows, int best, Map<String, Column> titles) {
        RawRow row = rows.get(best);
        Map<Column, Integer> places = new LinkedHashMap<>();
        Map<Integer, String> unknown = new LinkedHashMap<>();
        List<String> twice = new ArrayList<>();
        for (int i = 0; i < row.cells().size(); i++) {
            RawCell cell = row.cell(i);
            Column column = match(cell, titles);
            if (column != null && places.putIfAbsent(column, i) != null) {
                twice.add(cell.text().strip());
            } else if (column == null && !cell.isBlank()) {
                unknown.put(i, cell.text().strip());
            }
        }
        int last = row.number();
        if (best + 1 < rows.size() && secondLine(rows.get(best + 1), places, unknown, titles)) {
            last = rows.get(best + 1).number();
        }
        List<String> above = rows.subList(0, best).stream()
                .flatMap(up -> up.cells().stream())
                .filter(cell -> !cell.isBlank() && !cell.merged())
                .map(RawCell::text)
                .toList();
        return new Header(last, places, unknown, twice, above);
    }

    /** Titles in two lines: the second line has nothing but titles, its own or those merged with the first. */
    private static boolean secondLine(
            RawRow row, Map<Column, Integer> places, Map<Integer, String> unknown, Map<String, Column> titles) {
        Map<Column, Integer> more = new LinkedHashMap<>();
        for (int i = 0; i < row.cells().size(); i++) {
            Column column = match(row.cell(i), titles);
            if (column == null && !row.cell(i).isBlank()) {
                return false;
            }
            if (column != null) {
                more.put(column, i);
            }
        }
        if (more.isEmpty()) {
            return false;
        }
        more.forEach((column, place) -> {
            places.putIfAbsent(column, place);
            unknown.remove(place);
        });
        return true;
    }

    Set<Column> missing(List<Column> columns) {
        return columns.stream()
                .filter(column -> column.required() && !places.containsKey(column))
                .collect(Collectors.toCollection(java.util.LinkedHashSet::new));
    }
}
