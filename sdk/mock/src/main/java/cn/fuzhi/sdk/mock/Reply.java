package cn.fuzhi.sdk.mock;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An answer, and what is to happen to it on the way.
 *
 * @param status HTTP status
 * @param headers header fields
 * @param body the bytes
 * @param journey what happens on the way
 * @param left what is to be done when it leaves, or cannot
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared, and nobody writes into the bytes.
record Reply(int status, Map<String, String> headers, byte[] body, Journey journey, Runnable left) {

    /** Where the connection breaks. */
    enum Cut {
        NEVER,
        BEFORE_ANSWER,
        WITHIN_ANSWER,
        AFTER_ANSWER
    }

    /**
     * What happens to an answer on the way.
     *
     * @param latency time before the first byte
     * @param dribble time over which the body is spread
     * @param cut where the connection breaks
     */
    record Journey(Duration latency, Duration dribble, Cut cut) {
        static final Journey STRAIGHT = new Journey(Duration.ZERO, Duration.ZERO, Cut.NEVER);
    }

    private static void nothing() {}

    static Reply json(int status, JsonNode body) {
        return of(status, "application/json", Json.bytes(body));
    }

    static Reply of(int status, String type, byte[] body) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", type);
        return new Reply(status, headers, body, Journey.STRAIGHT, Reply::nothing);
    }

    Reply header(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Reply(status, more, body, journey, left);
    }

    Reply withBody(byte[] bytes) {
        return new Reply(status, headers, bytes, journey, left);
    }

    Reply withJourney(Journey other) {
        return new Reply(status, headers, body, other, left);
    }

    Reply whenLeft(Runnable task) {
        return new Reply(status, headers, body, journey, task);
    }
}
