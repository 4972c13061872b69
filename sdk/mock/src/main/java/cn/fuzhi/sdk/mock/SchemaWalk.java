package cn.fuzhi.sdk.mock;

import cn.fuzhi.sdk.model.Mask;
import cn.fuzhi.sdk.model.Rule;
import cn.fuzhi.sdk.model.Severity;
import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Checks a JSON value against a schema of the contract and collects, in the same walk, what the value refers to.
 *
 * <p>It knows exactly the part of JSON Schema that the contract allows itself (no oneOf, no nullable, no inline objects), which
 * is why every finding can carry the rule number and the Chinese name of the field. One instance checks one value.
 */
final class SchemaWalk {
    private static final ZoneOffset BEIJING = ZoneOffset.ofHours(8);
    /** ASCII white space, which includes control characters, and the full-width space. */
    private static final Pattern SPACE_AROUND = Pattern.compile("^[\\x00- \\u3000]+|[\\x00- \\u3000]+$");

    private static final Map<String, Pattern> PATTERNS = new ConcurrentHashMap<>();
    /** What every code of the contract looks like, and those of later ones. */
    private static final Pattern CODE = Pattern.compile("[A-Z0-9_]{1,40}");

    private final Contract contract;
    private final Findings findings;
    private final List<Reference> references = new ArrayList<>();

    SchemaWalk(Contract contract, Findings findings) {
        this.contract = contract;
        this.findings = findings;
    }

    List<Reference> references() {
        return references;
    }

    /** Checks a whole record or body. */
    void check(JsonNode schema, JsonNode value) {
        object(contract.resolve(schema), value, "", "");
    }

    /** Checks one value, for example that of a parameter. */
    void value(JsonNode wrapper, JsonNode value, String pointer, String zh) {
        JsonNode schema = contract.resolve(wrapper);
        switch (schema.path("type").asText()) {
            case "object" -> object(schema, value, pointer, zh);
            case "array" -> array(wrapper, value, pointer, zh);
            case "string" -> string(wrapper, schema, value, pointer, zh);
            case "boolean" -> expect(value.isBoolean(), wrapper, pointer, zh);
            default -> number(wrapper, schema, value, pointer, zh);
        }
        refer(wrapper, value, pointer, zh);
    }

    private void object(JsonNode schema, JsonNode value, String pointer, String zh) {
        if (!value.isObject()) {
            findings.rule(Rule.R_35, pointer, zh, "value", "…");
            return;
        }
        JsonNode properties = schema.path("properties");
        Set<String> required = new java.util.HashSet<>();
        schema.path("required").forEach(field -> required.add(field.asText()));
        properties.properties().forEach(property -> {
            String field = property.getKey();
            JsonNode child = value.get(field);
            String childZh = property.getValue().path("x-zh-name").asText(field);
            if (isMissing(child, required.contains(field))) {
                findings.rule(Rule.R_01, pointer + "/" + field, childZh);
            } else if (child != null && !child.isNull()) {
                value(property.getValue(), child, pointer + "/" + field, childZh);
            }
        });
        value.fieldNames().forEachRemaining(field -> {
            if (!properties.has(field)) {
                findings.code("UNKNOWN_PROPERTY", Severity.WARNING, pointer + "/" + Mask.value(field), field);
            }
        });
    }

    /** A text of white space is missing where it is required; elsewhere it is held to length and pattern like any other. */
    private static boolean isMissing(@Nullable JsonNode value, boolean required) {
        return required
                && (value == null
                        || value.isNull()
                        || (value.isTextual() && trimmed(value.asText()).isEmpty()));
    }

    private static String trimmed(String text) {
        return SPACE_AROUND.matcher(text).replaceAll("");
    }

    private void array(JsonNode schema, JsonNode value, String pointer, String zh) {
        if (!value.isArray()) {
            findings.rule(Rule.R_35, pointer, zh, "value", "…");
            return;
        }
        int min = schema.path("minItems").asInt(0);
        int max = schema.path("maxItems").asInt(Integer.MAX_VALUE);
        if (value.size() < min || value.size() > max) {
            findings.rule(Rule.R_36, pointer, zh, "min", String.valueOf(min), "max", String.valueOf(max));
        }
        for (int i = 0; i < value.size(); i++) {
            value(schema.get("items"), value.get(i), pointer + "/" + i, zh);
        }
    }

    private void string(JsonNode wrapper, JsonNode schema, JsonNode value, String pointer, String zh) {
        if (!value.isTextual()) {
            findings.rule(Rule.R_35, pointer, zh, "value", "…");
            return;
        }
        String text = value.asText();
        if (schema.has("enum")) {
            code(wrapper, schema, text, pointer, zh);
        } else {
            length(schema, text, pointer, zh);
            format(schema, text, pointer, zh);
            pattern(wrapper, schema, text, pointer, zh);
        }
    }

    private void code(JsonNode wrapper, JsonNode schema, String text, String pointer, String zh) {
        for (JsonNode known : schema.get("enum")) {
            if (known.asText().equals(text)) {
                return;
            }
        }
        String set = schema.path("x-zh-name").asText(zh);
        String setEn = contract.name(wrapper, "enum");
        Rule rule = text.isBlank() || CODE.matcher(text).matches() ? Rule.R_03 : Rule.R_35;
        findings.rule(rule, pointer, zh, "value", Mask.value(text), "set", set, "setEn", setEn);
    }

    private void length(JsonNode schema, String text, String pointer, String zh) {
        String trimmed = trimmed(text);
        int length = trimmed.codePointCount(0, trimmed.length());
        int min = schema.path("minLength").asInt(0);
        int max = schema.path("maxLength").asInt(Integer.MAX_VALUE);
        if (length < min || length > max) {
            findings.rule(Rule.R_02, pointer, zh, "min", String.valueOf(min), "max", String.valueOf(max));
        }
    }

    private void format(JsonNode schema, String text, String pointer, String zh) {
        try {
            switch (schema.path("format").asText()) {
                case "date" -> LocalDate.parse(text);
                case "date-time" -> {
                    if (!OffsetDateTime.parse(text).getOffset().equals(BEIJING)) {
                        findings.rule(Rule.R_12, pointer, zh);
                    }
                }
                default -> {
                    // The contract has no other format that limits a text.
                }
            }
        } catch (DateTimeException e) {
            boolean instant = schema.path("format").asText().equals("date-time");
            findings.rule(instant ? Rule.R_12 : Rule.R_35, pointer, zh, "value", "…");
        }
    }

    private void pattern(JsonNode wrapper, JsonNode schema, String text, String pointer, String zh) {
        String pattern = schema.path("pattern").asText("");
        if (!pattern.isEmpty()
                && !PATTERNS.computeIfAbsent(pattern, Pattern::compile)
                        .matcher(text)
                        .find()) {
            findings.rule(rule(wrapper, Rule.R_35), pointer, zh, "value", Mask.value(text));
        }
    }

    private void number(JsonNode wrapper, JsonNode schema, JsonNode value, String pointer, String zh) {
        boolean integer = schema.path("type").asText().equals("integer");
        if (integer ? !value.isIntegralNumber() : !value.isNumber()) {
            findings.rule(rule(wrapper, Rule.R_37), pointer, zh, bounds(schema));
            return;
        }
        BigDecimal number = value.decimalValue();
        boolean low =
                schema.has("minimum") && number.compareTo(schema.get("minimum").decimalValue()) < 0;
        boolean high =
                schema.has("maximum") && number.compareTo(schema.get("maximum").decimalValue()) > 0;
        if (low || high) {
            findings.rule(rule(wrapper, Rule.R_37), pointer, zh, bounds(schema));
        } else if (schema.has("multipleOf")
                && !isMultiple(number, schema.get("multipleOf").decimalValue())) {
            String step = schema.get("multipleOf").asText();
            findings.rule(Rule.R_46, pointer, zh, "value", "…", "step", step);
        }
    }

    /** Scales are compared first: dividing 1E-1000000000 would take a billion digits. */
    private static boolean isMultiple(BigDecimal number, BigDecimal step) {
        return number.stripTrailingZeros().scale() <= step.scale()
                && number.remainder(step).signum() == 0;
    }

    private static String[] bounds(JsonNode schema) {
        return new String[] {
            "value",
            "…",
            "min",
            schema.path("minimum").asText("…"),
            "max",
            schema.path("maximum").asText("…")
        };
    }

    private void expect(boolean holds, JsonNode wrapper, String pointer, String zh) {
        if (!holds) {
            findings.rule(rule(wrapper, Rule.R_35), pointer, zh, "value", "…");
        }
    }

    private static Rule rule(JsonNode wrapper, Rule otherwise) {
        return wrapper.has("x-rule") ? Rule.of(wrapper.get("x-rule").asText()) : otherwise;
    }

    private void refer(JsonNode wrapper, JsonNode value, String pointer, String zh) {
        String target = wrapper.path("x-ref").asText("");
        if (target.isEmpty()) {
            return;
        }
        if (value.isTextual()) {
            references.add(new Reference(target, pointer, zh, value.asText()));
        }
        for (int i = 0; value.isArray() && i < value.size(); i++) {
            references.add(
                    new Reference(target, pointer + "/" + i, zh, value.get(i).asText()));
        }
    }
}
