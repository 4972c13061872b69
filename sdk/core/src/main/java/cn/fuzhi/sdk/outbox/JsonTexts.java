package cn.fuzhi.sdk.outbox;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The texts in frozen JSON, which has neither blanks nor line ends between its tokens. */
final class JsonTexts {
    private JsonTexts() {}

    /** Returns the values, without the names of properties; escapes stay as they are written. */
    static List<String> values(byte[] json) {
        List<String> values = new ArrayList<>();
        int at = 0;
        while (at < json.length) {
            if (json[at++] != '"') {
                continue;
            }
            int end = at;
            while (end < json.length && json[end] != '"') {
                end += json[end] == '\\' ? 2 : 1;
            }
            int stop = Math.min(end, json.length);
            if (stop + 1 >= json.length || json[stop + 1] != ':') {
                values.add(new String(json, at, stop - at, StandardCharsets.UTF_8));
            }
            at = stop + 1;
        }
        return values;
    }
}
