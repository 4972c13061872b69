package cn.fuzhi.sdk.mock;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Divisions and reporting bodies as the contract lists them: jurisdiction is data, never a code prefix. Immutable. */
final class Divisions {
    private final Map<String, JsonNode> divisions = new LinkedHashMap<>();
    private final Map<String, JsonNode> bodies = new LinkedHashMap<>();

    Divisions() {
        Contract.data("divisions.json")
                .forEach(division -> divisions.put(division.get("code").asText(), division));
        Contract.data("reporting-bodies.json")
                .forEach(body -> bodies.put(body.get("code").asText(), body));
    }

    List<JsonNode> all() {
        return List.copyOf(divisions.values());
    }

    List<JsonNode> bodies() {
        return List.copyOf(bodies.values());
    }

    @Nullable
    JsonNode find(String code) {
        return divisions.get(code);
    }

    @Nullable
    JsonNode body(String code) {
        return bodies.get(code);
    }

    /** The body that reports for a division; null for the province and for an unknown code. */
    @Nullable
    String bodyOf(String code) {
        JsonNode division = divisions.get(code);
        return division == null ? null : Json.text(division, "reportingBodyCode");
    }

    /** All divisions for which a body, county or zone reports: those of the body, or the division alone. */
    Set<String> resolve(String code) {
        Set<String> codes = new LinkedHashSet<>();
        codes.add(code);
        JsonNode body = bodies.get(code);
        if (body != null) {
            body.get("divisionCodes").forEach(division -> codes.add(division.asText()));
        }
        return codes;
    }

    /** All divisions of an area of a report: of the whole province, of a body, or the division alone. */
    Set<String> area(String code) {
        JsonNode division = divisions.get(code);
        return division != null && "PROVINCE".equals(Json.text(division, "level"))
                ? new LinkedHashSet<>(divisions.keySet())
                : resolve(code);
    }
}
