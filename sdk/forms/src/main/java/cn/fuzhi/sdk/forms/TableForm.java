package cn.fuzhi.sdk.forms;

import cn.fuzhi.sdk.model.PushRecord;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.dhatim.fastexcel.Workbook;
import org.jspecify.annotations.Nullable;

/**
 * A form that is one table with one record a line; the public forms are made of it.
 *
 * @param <R> the record
 * @param <B> its builder
 */
record TableForm<R extends PushRecord, B>(
        FormContext context, String sheet, List<Field<R, B>> fields, Supplier<B> builders, Function<B, R> build) {
    List<Column> columns() {
        return fields.stream().map(Field::column).toList();
    }

    FormResult<R> read(FormFile file) {
        Findings findings = new Findings();
        List<R> records = new ArrayList<>();
        TableReader reader = new TableReader(context, findings);
        try (RowSource source = file.rows()) {
            int tables = reader.read(
                    source,
                    columns(),
                    sheet -> false,
                    new RecordLines<>(fields, builders, build, (row, record) -> records.add(record)));
            if (tables == 0) {
                reader.nothingFound(file.name(), columns());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new FormResult<>(records, findings.problems(), findings.notes(), findings.problemCount());
    }

    void write(Collection<? extends R> records, String title, @Nullable String note, OutputStream out)
            throws IOException {
        Workbook workbook = new Workbook(out, "fuzhi-sdk-forms", null);
        SheetWriter writer =
                new SheetWriter(workbook, sheet, columns()).heading(null, title).titles();
        for (R record : records) {
            writer.line(cells(record));
        }
        if (note != null) {
            writer.note(note);
        }
        writer.finish();
        workbook.finish();
    }

    void writeCsv(Collection<? extends R> records, Charset charset, OutputStream out) throws IOException {
        CsvSheet csv = new CsvSheet(out, charset);
        csv.titles(columns());
        for (R record : records) {
            csv.line(cells(record));
        }
        csv.finish();
    }

    private List<@Nullable Object> cells(R record) {
        List<@Nullable Object> cells = new ArrayList<>(fields.size());
        for (Field<R, B> field : fields) {
            cells.add(field.written(record));
        }
        return cells;
    }
}
