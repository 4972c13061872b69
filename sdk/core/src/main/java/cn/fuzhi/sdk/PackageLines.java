package cn.fuzhi.sdk;

import cn.fuzhi.sdk.BatchSender.Item;
import cn.fuzhi.sdk.model.Op;
import cn.fuzhi.sdk.model.PushRecord;
import cn.fuzhi.sdk.model.RecordKind;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * {@code data.jsonl}: one change a line, its frozen bytes spliced in as they are, so that a package and a push carry the same bytes
 * and digests.
 *
 * <pre>
 * {"op":"UPSERT","kind":"SCHOOL","key":"2161000001","version":1663207200000000,"digest":"…","record":{…}}
 * {"op":"DELETE","kind":"SCHOOL","key":"2161000009","version":1663207200000001}
 * </pre>
 */
final class PackageLines {
    private PackageLines() {}

    static byte[] write(List<Item> items) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Item item : items) {
            FrozenRecord record = item.record();
            byte[] payload = record.payload();
            text(
                    out,
                    "{\"op\":" + quoted(record.op().value()) + ",\"kind\":"
                            + quoted(record.kind().value()) + ",\"key\":" + quoted(record.key()) + ",\"version\":"
                            + item.version());
            if (payload != null) {
                text(out, ",\"digest\":" + quoted(String.valueOf(record.digest())) + ",\"record\":");
                out.writeBytes(payload);
            }
            text(out, "}\n");
        }
        return out.toByteArray();
    }

    private static void text(ByteArrayOutputStream out, String text) {
        out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String quoted(String text) {
        try {
            return Json.WRITER.writeValueAsString(text);
        } catch (IOException e) {
            throw new IllegalStateException("a text can always be written", e);
        }
    }

    static List<Item> read(byte[] data) {
        List<Item> items = new ArrayList<>();
        int from = 0;
        for (int at = 0; at < data.length; at++) {
            if (data[at] == '\n') {
                items.add(line(Arrays.copyOfRange(data, from, at), items.size() + 1));
                from = at + 1;
            }
        }
        if (from < data.length) {
            items.add(line(Arrays.copyOfRange(data, from, data.length), items.size() + 1));
        }
        return items;
    }

    private static Item line(byte[] line, int number) {
        Map<String, String> texts = new HashMap<>();
        long version = 0;
        byte[] record = null;
        try (JsonParser json = Json.MAPPER.getFactory().createParser(line)) {
            require(json.nextToken() == JsonToken.START_OBJECT, number);
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                JsonToken value = json.nextToken();
                if (value == JsonToken.START_OBJECT && "record".equals(name)) {
                    int start = (int) json.currentTokenLocation().getByteOffset();
                    json.skipChildren();
                    record = Arrays.copyOfRange(
                            line, start, (int) json.currentLocation().getByteOffset());
                } else if (value == JsonToken.VALUE_NUMBER_INT && "version".equals(name)) {
                    version = json.getLongValue();
                } else {
                    require(value == JsonToken.VALUE_STRING, number);
                    texts.put(name, json.getText());
                }
            }
            require(json.currentToken() == JsonToken.END_OBJECT && json.nextToken() == null, number);
        } catch (IOException e) {
            throw damaged(number);
        }
        require(version >= 1, number);
        return new Item(frozen(texts, record, number), version);
    }

    private static FrozenRecord frozen(Map<String, String> texts, byte @Nullable [] payload, int number) {
        String op = texts.get("op");
        String kind = texts.get("kind");
        String key = texts.get("key");
        String digest = texts.get("digest");
        if (op == null || kind == null || key == null) {
            throw damaged(number);
        }
        if (payload == null) {
            require(Op.DELETE.value().equals(op), number);
            return FrozenRecord.of(RecordKind.of(kind), key, Op.DELETE, null, null, null);
        }
        require(Op.UPSERT.value().equals(op) && RecordCodec.digest(payload).equals(digest), number);
        return FrozenRecord.of(RecordKind.of(kind), key, Op.UPSERT, scope(kind, key, payload, number), payload, digest);
    }

    /** A kind of a newer contract has no scope here; the key of a known one must be that of its record. */
    private static @Nullable String scope(String kind, String key, byte[] payload, int number) {
        RecordKind known = RecordKind.of(kind);
        if (!known.isKnown()) {
            return null;
        }
        PushRecord record = RecordCodec.parse(known.type(), payload);
        require(Objects.equals(record.key(), key), number);
        return record.scope();
    }

    private static void require(boolean holds, int number) {
        if (!holds) {
            throw damaged(number);
        }
    }

    private static FuzhiException damaged(int number) {
        return PackageZip.refused(
                "data.jsonl 第 " + number + " 行有误或与摘要不符", "line " + number + " of data.jsonl is damaged");
    }
}
