package cn.fuzhi.sdk.mock;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request whose sender and parameters were checked.
 *
 * @param id number of the request
 * @param call what came off the wire
 * @param operation operation of the contract
 * @param caller who calls
 * @param parameters path and query parameters, decoded
 * @param forced verdicts by key that faults ask for
 */
record Request(
        String id,
        Call call,
        Operation operation,
        Caller caller,
        Map<String, String> parameters,
        Map<String, String> forced) {

    @Nullable
    String parameter(String name) {
        return parameters.get(name);
    }

    /** A parameter that the contract requires, which was checked before. */
    String required(String name) {
        return java.util.Objects.requireNonNull(parameters.get(name), name);
    }

    String parameter(String name, String otherwise) {
        return parameters.getOrDefault(name, otherwise);
    }

    boolean flag(String name) {
        return "true".equals(parameters.get(name));
    }

    int limit() {
        return Integer.parseInt(parameter("limit", "100"));
    }

    /** The body as JSON, or the error that says where reading ended. */
    JsonNode json() {
        try {
            JsonNode body = Json.MAPPER.readTree(call.body());
            if (body == null || !body.isObject()) {
                throw Problem.of("BAD_REQUEST", "请求体不是对象。", "The body is not an object.");
            }
            return body;
        } catch (java.io.IOException e) {
            throw Problem.of("INVALID_JSON");
        }
    }

    /** Refuses a division outside the jurisdiction of the caller. */
    void requireJurisdiction(String code) {
        if (!caller.divisionCodes().contains(code) && !caller.bodyCodes().contains(code)) {
            throw Problem.of("OUT_OF_JURISDICTION");
        }
    }

    static boolean within(Caller caller, List<String> codes) {
        return codes.stream()
                .anyMatch(code -> caller.divisionCodes().contains(code)
                        || caller.bodyCodes().contains(code));
    }
}
