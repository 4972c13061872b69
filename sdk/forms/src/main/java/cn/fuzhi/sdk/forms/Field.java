package cn.fuzhi.sdk.forms;

import cn.fuzhi.sdk.model.OpenCode;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One column of a form and what it is in a record.
 *
 * @param column the column
 * @param pointers JSON pointers of the values that come from it, so that a broken rule can name the cell
 * @param value the cell of a record: text, number, date, or null
 * @param reader reads the cell into the builder
 * @param <R> the record
 * @param <B> its builder
 */
record Field<R, B>(Column column, List<String> pointers, Value<R> value, BiConsumer<FormRow, B> reader) {
    /** What a cell shows of a record. */
    interface Value<R> {
        @Nullable
        Object of(R record);
    }

    /** Takes a value into a builder. */
    interface Setter<B, V> {
        Object set(B builder, @Nullable V value);
    }

    static <R, B> Field<R, B> of(Column column, String pointer, Value<R> value, BiConsumer<FormRow, B> reader) {
        return new Field<>(column, List.of(pointer.split(" ")), value, reader);
    }

    static <R, B> Field<R, B> text(Column column, String pointer, Value<R> value, Setter<B, String> setter) {
        return of(column, pointer, value, (row, builder) -> setter.set(builder, row.text(column)));
    }

    static <R, B> Field<R, B> code(Column column, String pointer, Value<R> value, Setter<B, String> setter) {
        return of(column, pointer, value, (row, builder) -> setter.set(builder, row.code(column)));
    }

    static <R, B> Field<R, B> count(Column column, String pointer, Value<R> value, Setter<B, Long> setter) {
        return of(column, pointer, value, (row, builder) -> setter.set(builder, row.count(column)));
    }

    static <R, B> Field<R, B> integer(Column column, String pointer, Value<R> value, Setter<B, Integer> setter) {
        return of(column, pointer, value, (row, builder) -> setter.set(builder, row.integer(column)));
    }

    static <R, B> Field<R, B> decimal(Column column, String pointer, Value<R> value, Setter<B, BigDecimal> setter) {
        return of(column, pointer, value, (row, builder) -> setter.set(builder, row.decimal(column)));
    }

    static <R, B> Field<R, B> date(Column column, String pointer, Value<R> value, Setter<B, LocalDate> setter) {
        return of(column, pointer, value, (row, builder) -> setter.set(builder, row.date(column)));
    }

    static <R, B> Field<R, B> yesNo(Column column, String pointer, Value<R> value, Setter<B, Boolean> setter) {
        Column choice = column.choose(List.of("是", "否"));
        return of(choice, pointer, value, (row, builder) -> setter.set(builder, row.yesNo(choice)));
    }

    static <R, B, C extends OpenCode> Field<R, B> one(
            Column column, String pointer, Codes<C> codes, Value<R> value, Setter<B, C> setter) {
        Column choice = column.choose(codes.choices());
        return of(choice, pointer, value, (row, builder) -> setter.set(builder, row.one(choice, codes)));
    }

    static <R, B, C extends OpenCode> Field<R, B> several(
            Column column, String pointer, Codes<C> codes, Value<R> value, Setter<B, List<C>> setter) {
        return of(column, pointer, value, (row, builder) -> setter.set(builder, row.several(column, codes)));
    }

    /** The cell as it is written. */
    @Nullable
    Object written(R record) {
        Object plain = value.of(record);
        if (plain instanceof OpenCode code) {
            return Codes.name(code);
        }
        if (plain instanceof List<?> list) {
            return list.isEmpty()
                    ? null
                    : list.stream()
                            .map(item -> item instanceof OpenCode code ? Codes.name(code) : String.valueOf(item))
                            .collect(Collectors.joining("、"));
        }
        return plain instanceof Boolean yes ? yes ? "是" : "否" : plain;
    }

    boolean explains(String pointer) {
        return pointers.stream().anyMatch(own -> pointer.equals(own) || pointer.startsWith(own + "/"));
    }
}
