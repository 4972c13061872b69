package cn.fuzhi.sdk.forms;

import java.time.LocalDateTime;
import org.jspecify.annotations.Nullable;

/**
 * What stands in a cell, before anybody has interpreted it.
 *
 * @param kind what the file says it is
 * @param text the text; of a number its plain digits, of a date its ISO form, of a formula its stored result
 * @param date the date of a DATE, otherwise null
 * @param source how the value came there
 */
record RawCell(Kind kind, String text, @Nullable LocalDateTime date, Source source) {
    static final RawCell EMPTY = new RawCell(Kind.TEXT, "", null, Source.TYPED);

    enum Source {
        TYPED,
        /** Repeated from the first row of merged cells. */
        MERGED,
        /** The stored result of a formula. */
        FORMULA,
        /** CSV text whose first apostrophe was taken away. */
        UNQUOTED
    }

    enum Kind {
        TEXT,
        NUMBER,
        DATE,
        BOOLEAN,
        ERROR
    }

    static RawCell text(String text) {
        return text.isEmpty() ? EMPTY : new RawCell(Kind.TEXT, text, null, Source.TYPED);
    }

    RawCell from(Source other) {
        return isBlank() ? this : new RawCell(kind, text, date, other);
    }

    boolean merged() {
        return source == Source.MERGED;
    }

    RawCell asMerged() {
        return from(Source.MERGED);
    }

    boolean isBlank() {
        return Text.isBlank(text);
    }
}
