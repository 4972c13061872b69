package cn.fuzhi.sdk.mock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Comparator;
import java.util.Iterator;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Pages of {@code {items, nextCursor, hasMore}} with opaque cursors. A cursor names the last item of its page, not how many came
 * before, so that what is added or removed meanwhile neither repeats nor hides another item.
 */
final class Paging {
    private Paging() {}

    /** The place in the feed where the page of a request begins: 0 without a cursor. */
    static long start(Request request) {
        String after = after(request);
        if (after.isEmpty()) {
            return 0;
        }
        if (!after.matches("[1-9]\\d{0,17}")) {
            throw unknownCursor();
        }
        return Long.parseLong(after);
    }

    /** One page of a list, ordered by a key that no two items share. */
    static <T extends JsonNode> ObjectNode byKey(Request request, Stream<T> items, Function<T, String> key) {
        return byKey(request, items, key, Comparator.naturalOrder());
    }

    /** One page of a list, in the order of a key that no two items share. */
    static <T extends JsonNode> ObjectNode byKey(
            Request request, Stream<T> items, Function<T, String> key, Comparator<String> order) {
        String after = after(request);
        Stream<T> rest = items.sorted(Comparator.comparing(key, order))
                .dropWhile(item -> !after.isEmpty() && order.compare(key.apply(item), after) <= 0);
        return page(request, rest, item -> item, key);
    }

    /** One page of records that come in the order of their places in the feed, after the place of the cursor. */
    static ObjectNode byPlace(Request request, Stream<Stored> records) {
        return page(request, records, Stored::entry, stored -> String.valueOf(stored.changeSeq()));
    }

    private static <T> ObjectNode page(
            Request request, Stream<T> items, Function<T, ? extends JsonNode> form, Function<T, String> key) {
        ObjectNode page = Json.object();
        ArrayNode nodes = page.putArray("items");
        Iterator<T> rest = items.iterator();
        String last = "";
        while (nodes.size() < request.limit() && rest.hasNext()) {
            T item = rest.next();
            nodes.add(form.apply(item));
            last = key.apply(item);
        }
        boolean more = rest.hasNext();
        if (more) {
            byte[] cursor = last.getBytes(StandardCharsets.UTF_8);
            page.put("nextCursor", Base64.getUrlEncoder().withoutPadding().encodeToString(cursor));
        }
        return page.put("hasMore", more);
    }

    private static String after(Request request) {
        String cursor = request.parameter("cursor");
        if (cursor == null) {
            return "";
        }
        try {
            String text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
            if (!text.isEmpty()) {
                return text;
            }
        } catch (IllegalArgumentException e) {
            // Refused below like an empty one.
        }
        throw unknownCursor();
    }

    private static Problem unknownCursor() {
        return Problem.of("BAD_REQUEST", "游标无效。", "The cursor is not one of this platform.");
    }
}
