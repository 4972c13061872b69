package cn.fuzhi.sdk.mock;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** The error catalogue of the contract ({@code data/errors.json}). Immutable. */
final class Catalogue {
    private static final Set<String> CODES = Set.copyOf(new Catalogue().errors.keySet());

    private final Map<String, Entry> errors = new LinkedHashMap<>();

    /** One error code: status, texts and who can remove the cause. */
    record Entry(
            String code,
            int status,
            boolean itemLevel,
            String detail,
            String detailEn,
            String remedy,
            String responsible,
            boolean retryable) {}

    Catalogue() {
        Contract.data("errors.json").forEach(node -> errors.put(node.get("code").asText(), entry(node)));
    }

    static boolean knows(String code) {
        return CODES.contains(code);
    }

    Entry error(String code) {
        return Objects.requireNonNull(errors.get(code), () -> code + " is not in the error catalogue");
    }

    Map<String, Entry> errors() {
        return Map.copyOf(errors);
    }

    private static Entry entry(JsonNode node) {
        return new Entry(
                node.get("code").asText(),
                node.get("status").asInt(),
                node.get("itemLevel").asBoolean(),
                node.get("detail").asText(),
                node.get("detailEn").asText(),
                node.get("remedy").asText(),
                node.get("responsible").asText(),
                node.get("retryable").asBoolean());
    }
}
