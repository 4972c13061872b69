package cn.fuzhi.sdk.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the generated records share: copies, keys, the missing values of a builder, and their text. */
final class Values {
    private static final char JOINT = '~';

    private Values() {}

    /** Copies a list; a null element, which only a faulty message contains, is kept for {@code check} to report. */
    static <T> List<T> copy(@Nullable List<T> list) {
        if (list == null || list.isEmpty()) {
            return List.of();
        }
        return indexOfNull(list) < 0 ? List.copyOf(list) : Collections.unmodifiableList(new ArrayList<>(list));
    }

    static int indexOfNull(List<?> list) {
        for (int i = 0; i < list.size(); i++) {
            if (list.get(i) == null) {
                return i;
            }
        }
        return -1;
    }

    /** One part of a natural key; the generated records join the parts by an expression, which allocates nothing else. */
    static String part(@Nullable Object value) {
        return value == null ? "" : value.toString();
    }

    static @Nullable String scope(@Nullable Object body, @Nullable Object period) {
        return body == null || period == null ? null : part(body) + JOINT + part(period);
    }

    static @Nullable String lastPart(@Nullable String key) {
        return key == null ? null : key.substring(key.lastIndexOf(JOINT) + 1);
    }

    /** Collects the required values that a builder lacks, so that one error names all of them. */
    static final class Required {
        private final String record;
        private final List<String> missing = new ArrayList<>();

        Required(String record) {
            this.record = record;
        }

        @SuppressWarnings("NullAway") // a null ends in check(), before anyone sees it
        <T> T of(@Nullable T value, String field, String zhName) {
            if (value == null) {
                missing.add(zhName + " (" + field + ")");
            }
            return value;
        }

        /** A list that may be empty must still be given; one that may not is missing when it is. */
        <T> List<T> of(@Nullable List<T> values, String field, String zhName, int min) {
            if (values == null || values.size() < Math.min(min, 1)) {
                missing.add(zhName + " (" + field + ")");
            }
            return copy(values);
        }

        void check() {
            if (!missing.isEmpty()) {
                String fields = String.join(", ", missing);
                throw new IllegalArgumentException(record + " 缺少必填字段 / lacks required fields: " + fields);
            }
        }
    }

    /** The text of a record: what is absent is left out. */
    static final class Text {
        private final StringBuilder text;
        private String separator = "";

        Text(String record) {
            text = new StringBuilder(record).append('[');
        }

        Text add(String name, @Nullable Object value) {
            if (value != null && !Objects.equals(value, List.of())) {
                text.append(separator).append(name).append('=').append(value);
                separator = ", ";
            }
            return this;
        }

        @Override
        public String toString() {
            return text + "]";
        }
    }
}
