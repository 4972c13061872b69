package cn.fuzhi.sdk.forms;

import java.time.LocalDateTime;
import org.jspecify.annotations.Nullable;

/**
 * What stands in a cell, before anybody has interpreted it.
 *
 * @param kind what the file says it is
 * @param text the text; of a number its plain digits, of a date its ISO form, of a formula its stored result
 * @param date the date of a DATE, otherwise null
 * @param merged whether the value was repeated from the first row of merged cells
 */
record RawCell(Kind kind, String text, @Nullable LocalDateTime date, boolean merged) {
    static final RawCell EMPTY = new RawCell(Kind.TEXT, "", null, false);

    enum Kind {
        TEXT,
        NUMBER,
        DATE,
        BOOLEAN,
        ERROR
    }

    static RawCell text(String text) {
        return text.isEmpty() ? EMPTY : new RawCell(Kind.TEXT, text, null, false);
    }

    RawCell asMerged() {
        return new RawCell(kind, text, date, true);
    }

    boolean isBlank() {
        return Text.isBlank(text);
    }
}
