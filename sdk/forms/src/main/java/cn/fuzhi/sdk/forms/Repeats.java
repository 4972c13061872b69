package cn.fuzhi.sdk.forms;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one of equal values: a teacher, a school, a time stand in many lines, and all records of a workbook are in memory. Half of
 * what a long timetable takes is saved, and the collector copies that much less. Used by one thread.
 */
final class Repeats {
    /** Where nothing repeats, more would only be looked up in vain. */
    private static final int MOST = 1 << 14;

    private final Map<Object, Object> values = new HashMap<>();

    /**
     * Gives the first of the values that are equal to this one.
     *
     * @param value an immutable value, or null
     * @param <T> its type, which equal values share
     * @return an equal value of the same type
     */
    @SuppressWarnings("unchecked")
    <T> @Nullable T one(@Nullable T value) {
        if (value == null) {
            return null;
        }
        Object known = values.get(value);
        if (known == null && values.size() < MOST) {
            values.put(value, value);
        }
        return known != null && known.getClass() == value.getClass() ? (T) known : value;
    }
}
