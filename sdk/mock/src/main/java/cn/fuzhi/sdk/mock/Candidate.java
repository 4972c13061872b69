package cn.fuzhi.sdk.mock;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record on its way in, as the rules across records see it.
 *
 * @param kind kind
 * @param key natural key
 * @param record content; its fields have passed the schema
 * @param references what it refers to
 * @param before what the platform holds under the key now, null for a new record
 * @param caller who sends it
 * @param findings where findings go
 */
record Candidate(
        Kind kind,
        String key,
        JsonNode record,
        List<Reference> references,
        @Nullable Stored before,
        Caller caller,
        Findings findings) {

    boolean is(String name) {
        return kind.name().equals(name);
    }

    /** A text field of the record, empty when absent. */
    String text(String field) {
        String value = Json.text(record, field);
        return value == null ? "" : value;
    }
}
