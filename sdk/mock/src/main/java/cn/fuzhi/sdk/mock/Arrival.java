package cn.fuzhi.sdk.mock;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request that arrived, and how it was answered. No body and no header is kept: nothing personal, no signature.
 *
 * @param at when, by the clock of the platform
 * @param requestId number of the request, as in {@code Fuzhi-Request-Id}
 * @param method HTTP method
 * @param path path with query
 * @param operationId operation of the contract, null when there is none
 * @param keyId key id of the signature, null for an unsigned request
 * @param bytes bytes of the body as sent
 * @param status status of the answer that the platform made
 * @param code code of the error catalogue, null for a success
 * @param explanation why it was refused, in English; null for a success
 * @param faults names of the faults that struck
 */
public record Arrival(
        Instant at,
        String requestId,
        String method,
        String path,
        @Nullable String operationId,
        @Nullable String keyId,
        long bytes,
        int status,
        @Nullable String code,
        @Nullable String explanation,
        List<String> faults) {

    @Override
    public String toString() {
        String line = at + " " + requestId + " " + method + " " + path + " (" + bytes + " bytes) -> " + status;
        line += code == null ? "" : " " + code;
        line += faults.isEmpty() ? "" : " faults " + faults;
        return explanation == null ? line : line + "\n    " + explanation.replace("\n", "\n    ");
    }
}
