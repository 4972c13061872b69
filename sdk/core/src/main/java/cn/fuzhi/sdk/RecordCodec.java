package cn.fuzhi.sdk;

import cn.fuzhi.sdk.model.Checked;
import cn.fuzhi.sdk.model.Mask;
import cn.fuzhi.sdk.model.Op;
import cn.fuzhi.sdk.model.PushRecord;
import cn.fuzhi.sdk.model.RecordKind;
import cn.fuzhi.sdk.model.Rule;
import cn.fuzhi.sdk.model.Violation;
import cn.fuzhi.sdk.model.Violations;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Turns records into the bytes that are stored and sent, and JSON into records.
 *
 * <p>The bytes are deterministic: properties in the order of the contract, nothing absent written, times with their offset. The
 * same record always has the same digest. All methods may be called from any thread.
 */
public final class RecordCodec {
    private static final int LARGEST = 1 << 20;

    private RecordCodec() {}

    /**
     * Checks a record by the constraints of its fields and freezes it.
     *
     * @param record any pushed record
     * @return the change that stores it
     * @throws FuzhiException.Refused that lists every error; warnings do not stop a record
     */
    public static FrozenRecord freeze(PushRecord record) {
        return Freezer.freeze(record, true);
    }

    /**
     * Checks records by the constraints of their fields and freezes them: all or none.
     *
     * @param records pushed records
     * @return the changes that store them, in the same order
     * @throws FuzhiException.Refused that lists every error of every record; warnings do not stop a record
     */
    public static List<FrozenRecord> freezeAll(Collection<? extends PushRecord> records) {
        Violations violations = new Violations();
        records.forEach(violations::enter);
        if (violations.hasErrors()) {
            throw refused(violations.found());
        }
        List<FrozenRecord> frozen = new ArrayList<>(records.size());
        records.forEach(record -> frozen.add(freezeChecked(record)));
        return frozen;
    }

    /**
     * Freezes the removal of a record.
     *
     * @param kind kind of the record
     * @param key its natural key
     * @return the change that removes it
     */
    public static FrozenRecord freezeDeletion(RecordKind kind, String key) {
        return FrozenRecord.of(kind, key, Op.DELETE, null, null, null);
    }

    /** Freezes a record that somebody has checked already. */
    static FrozenRecord freezeChecked(PushRecord record) {
        return Freezer.freeze(record, false);
    }

    /**
     * Reads a record from JSON, strictly: a number for a text, a time without an offset, a property twice or trailing text is an
     * error; an unknown property is ignored; an unknown code is kept.
     *
     * @param type the record class, such as {@code School.class}, or another type of the contract
     * @param json UTF-8 JSON of one record, at most 1 MiB; a byte order mark is skipped
     * @param <T> the record
     * @return the record, whose fields are not checked yet
     * @throws FuzhiException.Refused that points to the place which cannot be read, without its value
     */
    public static <T extends Checked> T parse(Class<T> type, byte[] json) {
        return read(type, text(json));
    }

    /**
     * Reads a record from JSON as {@link #parse(Class, byte[])} does, and tells about the properties that were ignored, which are
     * mis-spelt or belong to a newer contract.
     *
     * @param type the record class
     * @param json UTF-8 JSON of one record, at most 1 MiB
     * @param warnings is given an {@code R-39} with the JSON pointer of each property whose content was ignored
     * @param <T> the record
     * @return the record, whose fields are not checked yet
     * @throws FuzhiException.Refused that points to the place which cannot be read, without its value
     */
    public static <T extends Checked> T parse(Class<T> type, byte[] json, Consumer<Violation> warnings) {
        String text = text(json);
        T record = read(type, text);
        JsonNode kept = Json.MAPPER.valueToTree(record);
        new UnknownProperties(warnings).compare(read(JsonNode.class, text), kept);
        return record;
    }

    /**
     * Writes a value of the contract, for whoever keeps it, such as a receipt.
     *
     * @param value any generated value
     * @return UTF-8 JSON that {@link #parse} reads
     */
    public static byte[] write(Checked value) {
        try {
            return Json.MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a generated value can always be written", e);
        }
    }

    /**
     * Computes the digest of frozen bytes.
     *
     * @param payload the bytes
     * @return SHA-256 in lower-case hex
     */
    public static String digest(byte[] payload) {
        return HexFormat.of().formatHex(Freezer.sha256().digest(payload));
    }

    private static <T> T read(Class<T> type, String text) {
        try {
            T value = Json.MAPPER.readValue(text, type);
            if (value == null) {
                throw notJson();
            }
            return value;
        } catch (JsonMappingException e) {
            throw refused(List.of(unreadable(e)));
        } catch (IOException e) {
            throw notJson();
        }
    }

    /** Decoded here and not by the parser, which guesses UTF-16 and UTF-32 and accepts halves of surrogate pairs. */
    private static String text(byte[] json) {
        if (json.length > LARGEST) {
            throw new FuzhiException.Refused(
                    FuzhiException.Details.of("记录超过 1 MiB", "the record is larger than 1 MiB"), null);
        }
        boolean mark = json.length >= 3 && json[0] == (byte) 0xef && json[1] == (byte) 0xbb && json[2] == (byte) 0xbf;
        int start = mark ? 3 : 0;
        ByteBuffer bytes = ByteBuffer.wrap(json, start, json.length - start);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            throw notJson();
        }
    }

    private static FuzhiException.Refused notJson() {
        return new FuzhiException.Refused(
                FuzhiException.Details.of("内容不是合法的 JSON 记录", "the content is not a JSON record"), null);
    }

    static FuzhiException.Refused refused(List<Violation> violations) {
        return new FuzhiException.Refused(
                new FuzhiException.Details(
                        0,
                        "VALIDATION_FAILED",
                        "记录未通过校验，未发送",
                        "the records break rules and were not sent",
                        null,
                        false,
                        null,
                        violations),
                null);
    }

    /** What cannot be written went past the check; the cause may hold a value and is not kept. */
    static FuzhiException.Refused unwritable(IOException e) {
        Violation place = e instanceof JsonMappingException mapping ? unreadable(mapping) : finding(Rule.R_31, "", "");
        return refused(List.of(place));
    }

    /** The cause of a mapping error holds the value, so only its place is kept. */
    private static Violation unreadable(JsonMappingException e) {
        String pointer = e.getPath().stream()
                .map(step ->
                        "/" + (step.getFieldName() == null ? String.valueOf(step.getIndex()) : step.getFieldName()))
                .collect(Collectors.joining());
        boolean time = e instanceof com.fasterxml.jackson.databind.exc.InvalidFormatException format
                && OffsetDateTime.class.equals(format.getTargetType());
        return finding(time ? Rule.R_12 : Rule.R_35, pointer, pointer.substring(pointer.lastIndexOf('/') + 1));
    }

    static Violation finding(Rule rule, String pointer, String property) {
        return Violation.builder()
                .pointer(pointer)
                .fieldZh(property)
                .rule(rule.number())
                .severity(rule.severity())
                .message(fill(rule.message(), property))
                .messageEn(fill(rule.messageEn(), property))
                .hint(rule.hint())
                .build();
    }

    private static String fill(String template, String property) {
        String shown = Mask.value(property);
        return template.replace("{field}", shown).replace("{fieldEn}", shown).replace("{value}", "***");
    }
}
