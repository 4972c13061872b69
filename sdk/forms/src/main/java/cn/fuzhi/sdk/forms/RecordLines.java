package cn.fuzhi.sdk.forms;

import cn.fuzhi.sdk.forms.Findings.Words;
import cn.fuzhi.sdk.model.PushRecord;
import cn.fuzhi.sdk.model.Violation;
import cn.fuzhi.sdk.model.Violations;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes a record of every line and checks it.
 *
 * @param <R> the record
 * @param <B> its builder
 */
final class RecordLines<R extends PushRecord, B> implements TableReader.Lines {
    private final List<Field<R, B>> fields;
    private final Supplier<B> builders;
    private final Function<B, R> build;
    private final BiConsumer<FormRow, R> sink;
    private final Map<String, R> seen = new HashMap<>();

    /** One collector for all records as long as nothing is found: it keeps its compiled checks. */
    private Violations violations = new Violations();

    RecordLines(List<Field<R, B>> fields, Supplier<B> builders, Function<B, R> build, BiConsumer<FormRow, R> sink) {
        this.fields = fields;
        this.builders = builders;
        this.build = build;
        this.sink = sink;
    }

    @Override
    public void line(FormRow row) {
        B builder = builders.get();
        for (Field<R, B> field : fields) {
            if (field.column().required() && row.isBlank(field.column())) {
                row.missing(field.column());
            } else {
                field.reader().accept(row, builder);
            }
        }
        R record = row.failed() ? null : build(row, builder);
        if (record != null) {
            check(row, record);
        }
        if (record != null && !row.failed() && isNew(row, record)) {
            sink.accept(row, record);
        }
    }

    private @Nullable R build(FormRow row, B builder) {
        try {
            return build.apply(builder);
        } catch (IllegalArgumentException e) {
            // The message names the missing fields, never a value.
            row.problem(
                    fields.get(0).column(),
                    String.valueOf(e.getMessage()),
                    "required values are missing",
                    "请补全本行",
                    "complete the row");
            return null;
        }
    }

    private void check(FormRow row, R record) {
        violations.enter(record);
        if (violations.found().isEmpty()) {
            return;
        }
        Violations found = violations;
        violations = new Violations();
        for (Violation violation : found.found()) {
            Column column = fields.stream()
                    .filter(field -> field.explains(String.valueOf(violation.pointer())))
                    .map(Field::column)
                    .filter(row::has)
                    .findFirst()
                    .orElse(null);
            row.add(Problems.of(violation, row.sheet(), row.number(), column == null ? 0 : row.at(column), column));
        }
    }

    private boolean isNew(FormRow row, R record) {
        R earlier = seen.putIfAbsent(record.key(), record);
        if (earlier == null) {
            return true;
        }
        Column column = fields.get(0).column();
        if (earlier.equals(record)) {
            row.warn(
                    column,
                    "X-03",
                    new Words("与前面一行完全相同，只保留一条", "the same as an earlier row, kept once", "请删除重复的行", "delete the row"));
        } else {
            row.problem(
                    column,
                    "与前面一行主键相同而内容不同（" + record.key() + "）",
                    "an earlier row has the same key and other content",
                    "请保留正确的一行",
                    "keep the right one");
        }
        return false;
    }
}
