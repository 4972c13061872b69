package cn.fuzhi.sdk.mock;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One item of a batch. The bytes of its record are kept as they were received: they are stored, and their digest counts when the
 * sender gave none.
 *
 * @param op UPSERT, DELETE or something else
 * @param key natural key as stated
 * @param version version as stated, null when absent or none that can be
 * @param digest content tag as stated, null when absent
 * @param json bytes of the record, null when absent
 * @param record the record, null when absent
 * @param envelope everything of the item but its record, as stated
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared, and nobody writes into the bytes.
record BatchItem(
        String op,
        String key,
        @Nullable Long version,
        @Nullable String digest,
        byte @Nullable [] json,
        @Nullable JsonNode record,
        ObjectNode envelope) {
    /** The largest integer that every JSON reader keeps: 2^53 - 1. */
    private static final long LARGEST = 9_007_199_254_740_991L;

    /** An item without an envelope of its own, for records that come from within. */
    static BatchItem upsert(String key, byte[] json, JsonNode record) {
        ObjectNode envelope = Json.object().put("op", "UPSERT").put("key", key);
        return new BatchItem("UPSERT", key, null, null, json, record, envelope);
    }

    boolean deletes() {
        return op.equals("DELETE");
    }

    /** Reads the body of a push: {@code {"items":[…]}}. */
    static List<BatchItem> readAll(byte[] body) {
        try (JsonParser parser = Json.MAPPER.getFactory().createParser(body)) {
            List<BatchItem> items = null;
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw malformed("the body is not an object", "请求体不是对象。");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean itemsField = parser.currentName().equals("items");
                JsonToken start = parser.nextToken();
                if (itemsField && start == JsonToken.START_ARRAY) {
                    items = readItems(parser, body);
                } else {
                    parser.skipChildren();
                }
            }
            if (parser.nextToken() != null || items == null) {
                throw malformed("the body needs one array named items", "请求体应有一个 items 数组。");
            }
            return items;
        } catch (JsonProcessingException e) {
            var place = e.getLocation();
            String where = place == null ? "" : " (line " + place.getLineNr() + ", column " + place.getColumnNr() + ")";
            throw Problem.of("INVALID_JSON", "", "Reading failed" + where + ".");
        } catch (IOException e) {
            throw Problem.of("INVALID_JSON");
        }
    }

    private static List<BatchItem> readItems(JsonParser parser, byte[] body) throws IOException {
        List<BatchItem> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                throw malformed("an item is not an object", "items 中有一项不是对象。");
            }
            items.add(readItem(parser, body));
        }
        return items;
    }

    /** Reads one item; the parser stands at its opening brace. */
    static BatchItem readItem(JsonParser parser, byte[] body) throws IOException {
        ObjectNode envelope = Json.object();
        byte[] json = null;
        JsonNode record = null;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            JsonToken start = parser.nextToken();
            if (field.equals("record") && start != JsonToken.VALUE_NULL) {
                int from = (int) parser.currentTokenLocation().getByteOffset();
                record = Json.TREES.<JsonNode>readValue(parser);
                json = Arrays.copyOfRange(
                        body, from, (int) parser.currentLocation().getByteOffset());
            } else {
                envelope.set(field, Json.TREES.<JsonNode>readValue(parser));
            }
        }
        JsonNode version = envelope.path("version");
        boolean usable = version.isIntegralNumber()
                && version.canConvertToLong()
                && version.asLong() >= 1
                && version.asLong() <= LARGEST;
        String key = Json.text(envelope, "key");
        if (key == null || key.isEmpty()) {
            throw malformed("an item has no key", "有一项没有 key。");
        }
        String op = Json.text(envelope, "op");
        return new BatchItem(
                op == null ? "" : op,
                key,
                usable ? (Long) version.asLong() : null,
                Json.text(envelope, "digest"),
                json,
                record,
                envelope);
    }

    private static Problem malformed(String en, String zh) {
        return Problem.of("BAD_REQUEST", zh, Character.toUpperCase(en.charAt(0)) + en.substring(1) + ".");
    }
}
