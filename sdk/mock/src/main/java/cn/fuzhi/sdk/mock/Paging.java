package cn.fuzhi.sdk.mock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/** Pages of {@code {items, nextCursor, hasMore}} with opaque cursors. */
final class Paging {
    private Paging() {}

    /** The place where the page of a request begins: 0 without a cursor. */
    static long start(Request request) {
        String cursor = request.parameter("cursor");
        if (cursor == null) {
            return 0;
        }
        try {
            String text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.US_ASCII);
            return Long.parseLong(text);
        } catch (IllegalArgumentException e) {
            throw Problem.of("BAD_REQUEST", "游标无效。", "The cursor is not one of this platform.");
        }
    }

    /** One page of a list that does not change while it is read. */
    static ObjectNode of(Request request, List<? extends JsonNode> all) {
        long from = start(request);
        return of(request, all.stream().skip(from), item -> item, item -> 0, from);
    }

    /** One page of a stream; the cursor is the place of the last item. */
    static <T> ObjectNode byPlace(
            Request request, Stream<T> items, Function<T, ? extends JsonNode> form, ToLongFunction<T> place) {
        return of(request, items, form, place, -1);
    }

    private static <T> ObjectNode of(
            Request request,
            Stream<T> items,
            Function<T, ? extends JsonNode> form,
            ToLongFunction<T> place,
            long offset) {
        ObjectNode page = Json.object();
        ArrayNode nodes = page.putArray("items");
        Iterator<T> rest = items.iterator();
        long last = offset;
        while (nodes.size() < request.limit() && rest.hasNext()) {
            T item = rest.next();
            nodes.add(form.apply(item));
            last = offset < 0 ? place.applyAsLong(item) : last + 1;
        }
        boolean more = rest.hasNext();
        if (more) {
            byte[] cursor = String.valueOf(last).getBytes(StandardCharsets.US_ASCII);
            page.put("nextCursor", Base64.getUrlEncoder().withoutPadding().encodeToString(cursor));
        }
        return page.put("hasMore", more);
    }
}
