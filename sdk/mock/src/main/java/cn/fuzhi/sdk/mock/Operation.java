package cn.fuzhi.sdk.mock;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One operation of the contract.
 *
 * @param id its {@code operationId}
 * @param method HTTP method in capitals
 * @param segments parts of its path; a part in braces is a parameter
 * @param parameters resolved parameters
 * @param bodyType media type of its request body, null without one
 * @param bodySchema schema of its request body, null without one
 */
record Operation(
        String id,
        String method,
        List<String> segments,
        List<JsonNode> parameters,
        @Nullable String bodyType,
        @Nullable JsonNode bodySchema) {

    /** Values of the path parameters, or null when the path is not one of this operation. */
    @Nullable
    Map<String, String> match(List<String> path) {
        if (path.size() != segments.size()) {
            return null;
        }
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < path.size(); i++) {
            String segment = segments.get(i);
            if (segment.startsWith("{")) {
                values.put(segment.substring(1, segment.length() - 1), path.get(i));
            } else if (!segment.equals(path.get(i))) {
                return null;
            }
        }
        return values;
    }

    /** Counts the parts that are not parameters: the path with more of them wins over {@code {key}}. */
    long fixedSegments() {
        return segments.stream().filter(segment -> !segment.startsWith("{")).count();
    }

    boolean writes() {
        return !method.equals("GET");
    }
}
