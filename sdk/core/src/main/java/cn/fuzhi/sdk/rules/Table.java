package cn.fuzhi.sdk.rules;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a bundled table: one row a line, cells divided by tabs, several values in one cell divided by bars. */
final class Table {
    private Table() {}

    static List<Row> read(String name) {
        try (InputStream in = Table.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the jar lacks " + name);
            }
            return new BufferedReader(new InputStreamReader(in, UTF_8))
                    .lines()
                    .map(line -> new Row(line.split("\t", -1)))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One line. */
    static final class Row {
        private final String[] cells;

        private Row(String[] cells) {
            this.cells = cells;
        }

        String text(int column) {
            return cells[column];
        }

        @Nullable
        String textOrNull(int column) {
            return cells[column].isEmpty() ? null : cells[column];
        }

        @Nullable
        Integer numberOrNull(int column) {
            return cells[column].isEmpty() ? null : Integer.valueOf(cells[column]);
        }

        List<String> list(int column) {
            return cells[column].isEmpty() ? List.of() : List.of(cells[column].split("\\|", -1));
        }
    }
}
