package cn.fuzhi.sdk.mock;

import cn.fuzhi.sdk.model.RecordKind;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A pushed kind as the contract describes it ({@code x-kind}, {@code x-natural-key}, {@code x-scope} …).
 *
 * @param name value of {@code x-kind}
 * @param schemaName name of its schema
 * @param tag value of {@code x-tag}
 * @param path last part of its path
 * @param schema the schema itself
 */
record Kind(String name, String schemaName, String tag, String path, JsonNode schema) {
    private static final Pattern PART = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,39}");

    static Kind of(String schemaName, JsonNode schema) {
        return new Kind(
                schema.get("x-kind").asText(),
                schemaName,
                schema.get("x-tag").asText(),
                schema.get("x-path").asText(),
                schema);
    }

    RecordKind recordKind() {
        return RecordKind.of(name);
    }

    /** Joins the natural key of a record; a missing part is empty. */
    String key(JsonNode record) {
        List<String> parts = new ArrayList<>();
        schema.get("x-natural-key").forEach(field -> parts.add(part(record, field.asText())));
        String key = String.join("~", parts);
        JsonNode otherwise = schema.get("x-natural-key-else");
        return key.isEmpty() && otherwise != null ? part(record, otherwise.asText()) : key;
    }

    /** True when a text has as many parts as the natural key, each of the form of a part. */
    boolean fits(String key) {
        String[] parts = key.split("~", -1);
        return parts.length == schema.get("x-natural-key").size()
                && Arrays.stream(parts).allMatch(part -> PART.matcher(part).matches());
    }

    /** Body and period of the submission that covers a record, {@code body~period}; null when none does. */
    @Nullable
    String scope(JsonNode record) {
        JsonNode rule = schema.get("x-scope");
        if (rule == null) {
            return null;
        }
        String body = part(record, rule.get("body").asText());
        String period = rule.has("period")
                ? part(record, rule.get("period").asText())
                : lastPart(part(record, rule.get("periodOfKey").asText()));
        return body.isEmpty() || period.isEmpty() ? null : body + "~" + period;
    }

    /** The permission to write this kind, such as {@code usage-report:write}. */
    String writeScope() {
        return name.toLowerCase(Locale.ROOT).replace('_', '-') + ":write";
    }

    private static String part(JsonNode record, String field) {
        String value = Json.text(record, field);
        return value == null ? "" : value;
    }

    private static String lastPart(String key) {
        return key.substring(key.lastIndexOf('~') + 1);
    }
}
