package cn.fuzhi.sdk.mock;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request as it came off the wire.
 *
 * @param method HTTP method in capitals
 * @param scheme {@code http} or {@code https}
 * @param rawPath path as it was sent, without the query
 * @param rawQuery query as it was sent without its question mark, null without one
 * @param headers header fields by lower-case name; several of one name are joined by a comma
 * @param body the body after inflating
 * @param wire what was seen before inflating
 * @param client address of the caller
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared, and nobody writes into the bytes.
record Call(
        String method,
        String scheme,
        String rawPath,
        @Nullable String rawQuery,
        Map<String, String> headers,
        byte[] body,
        Wire wire,
        String client) {

    /**
     * Facts about the bytes as they were sent.
     *
     * @param length number of bytes
     * @param sha256 their SHA-256 in base64
     * @param sha512 their SHA-512 in base64
     * @param encoding value of Content-Encoding, empty without one
     * @param problem code of the error that ended the reading, empty when all went well
     */
    record Wire(long length, String sha256, String sha512, String encoding, String problem) {}

    @Nullable
    String header(String name) {
        return headers.get(name.toLowerCase(Locale.ROOT));
    }

    List<String> path() {
        List<String> segments = new ArrayList<>();
        for (String segment : rawPath.substring(1).split("/", -1)) {
            segments.add(decode(segment));
        }
        return segments;
    }

    /** The query as names and values, decoded; of a repeated name all values, joined by commas. */
    Map<String, String> query() {
        Map<String, String> values = new LinkedHashMap<>();
        if (rawQuery != null && !rawQuery.isEmpty()) {
            Arrays.stream(rawQuery.split("&")).filter(pair -> !pair.isEmpty()).forEach(pair -> {
                int equals = pair.indexOf('=');
                String name = decode(equals < 0 ? pair : pair.substring(0, equals));
                String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
                values.merge(name, value, (one, other) -> one + "," + other);
            });
        }
        return values;
    }

    private static String decode(String text) {
        try {
            return java.net.URLDecoder.decode(text, java.nio.charset.StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw Problem.of("BAD_REQUEST", "路径或查询参数编码有误。", "A percent escape in the path or query is broken.");
        }
    }
}
