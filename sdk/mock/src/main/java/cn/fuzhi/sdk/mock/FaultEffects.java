package cn.fuzhi.sdk.mock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the faults that strike one request do to it: instead of applying it, after applying it, and on the way back. */
final class FaultEffects {
    /** Header by which an answer asks the gateway for the problem of a code; it never leaves the platform. */
    static final String CODE = "Fuzhi-Problem-Code";

    private static final String PAGE = "<!DOCTYPE html><html><head><title>网关</title></head><body>请先登录</body></html>";

    /** What a status means when a test names no code. */
    private static final Map<Integer, String> USUAL_CODES = Map.ofEntries(
            Map.entry(400, "BAD_REQUEST"),
            Map.entry(401, "SIGNATURE_INVALID"),
            Map.entry(403, "SCOPE_MISSING"),
            Map.entry(404, "NOT_FOUND"),
            Map.entry(405, "METHOD_NOT_ALLOWED"),
            Map.entry(409, "STATE_CONFLICT"),
            Map.entry(410, "CURSOR_EXPIRED"),
            Map.entry(413, "PAYLOAD_TOO_LARGE"),
            Map.entry(415, "UNSUPPORTED_MEDIA"),
            Map.entry(422, "VALIDATION_FAILED"),
            Map.entry(429, "RATE_LIMITED"),
            Map.entry(503, "MAINTENANCE"),
            Map.entry(504, "TIMEOUT"));

    private final Catalogue catalogue;
    private final MockClock clock;
    private final List<Faults.Armed> striking;

    FaultEffects(Catalogue catalogue, MockClock clock, List<Faults.Armed> striking) {
        this.catalogue = catalogue;
        this.clock = clock;
        this.striking = striking;
    }

    /** The answer of a fault that keeps the request from being applied; null when there is none. */
    @Nullable
    Reply insteadOfApplying() {
        for (Faults.Armed armed : striking) {
            if (!armed.fault().applied()) {
                return answer(armed);
            }
        }
        return null;
    }

    private Reply answer(Faults.Armed armed) {
        Fault fault = armed.fault();
        Reply reply = switch (fault.effect()) {
            case ANSWER -> scripted(fault);
            case HTML -> Reply.of(200, "text/html;charset=utf-8", PAGE.getBytes(StandardCharsets.UTF_8));
            case QUOTA ->
                coded(429, "RATE_LIMITED")
                        .header("Retry-After", seconds(armed))
                        .header("RateLimit", "\"key\";r=0;t=" + seconds(armed));
            case MAINTENANCE -> coded(503, "MAINTENANCE").header("Retry-After", seconds(armed));
            case RESET_BEFORE -> Reply.of(200, "application/json", new byte[0]);
            default -> throw new IllegalStateException(fault + " needs an applied request");
        };
        for (Map.Entry<String, String> header : fault.headers().entrySet()) {
            reply = reply.header(header.getKey(), header.getValue());
        }
        return reply;
    }

    private String seconds(Faults.Armed armed) {
        return String.valueOf(armed.secondsLeft(clock.instant()));
    }

    private Reply scripted(Fault fault) {
        String code = fault.text("code");
        if (code != null) {
            return coded(catalogue.error(code).status(), code);
        }
        int status = fault.number("status", 500);
        String body = fault.text("body");
        if (body != null) {
            return Reply.of(status, Objects.requireNonNull(fault.text("type")), body.getBytes(StandardCharsets.UTF_8));
        }
        return status >= 400
                ? coded(status, USUAL_CODES.getOrDefault(status, "INTERNAL"))
                : Reply.of(status, "text/plain", new byte[0]);
    }

    private static Reply coded(int status, String code) {
        return Reply.of(status, "application/problem+json", new byte[0]).header(CODE, code);
    }

    /** Verdicts that a fault forces on items; without keys of its own it means all of the batch. */
    Map<String, String> forcedVerdicts(Supplier<Collection<String>> keys) {
        Map<String, String> forced = new HashMap<>();
        for (Faults.Armed armed : striking) {
            String verdict = armed.fault().text("verdict");
            if (verdict != null) {
                Collection<String> meant = armed.fault().keys().isEmpty()
                        ? keys.get()
                        : armed.fault().keys();
                meant.forEach(key -> forced.put(key, verdict));
            }
        }
        return forced;
    }

    /** Spoils the answer of a request that was applied. */
    Reply afterApplying(Reply applied) {
        Reply reply = applied;
        for (Faults.Armed armed : striking) {
            if (armed.fault().applied()) {
                reply = spoil(armed, reply);
            }
        }
        return reply;
    }

    private Reply spoil(Faults.Armed armed, Reply reply) {
        return switch (armed.fault().effect()) {
            case ANSWER, HTML, QUOTA, MAINTENANCE -> answer(armed);
            case TRUNCATED -> reply.withBody(Arrays.copyOf(reply.body(), reply.body().length / 2));
            case EMPTY -> reply.withBody(new byte[0]);
            case SHUFFLED, MISSING, DUPLICATED, CONTRADICTORY, FOREIGN -> twist(armed.fault(), reply);
            default -> reply;
        };
    }

    private static Reply twist(Fault fault, Reply reply) {
        if (reply.status() != 200) {
            return reply;
        }
        JsonNode body = Json.tree(reply.body());
        if (!(body.get("results") instanceof ArrayNode results) || results.isEmpty()) {
            return reply;
        }
        ObjectNode meant = (ObjectNode) results.get(0);
        for (JsonNode result : results) {
            if (fault.keys().contains(result.get("key").asText())) {
                meant = (ObjectNode) result;
            }
        }
        twist(fault, results, meant);
        return reply.withBody(Json.bytes(body));
    }

    private static void twist(Fault fault, ArrayNode results, ObjectNode meant) {
        List<JsonNode> entries = new ArrayList<>();
        results.forEach(entries::add);
        switch (fault.effect()) {
            case SHUFFLED -> {
                Collections.reverse(entries);
                Collections.shuffle(entries.subList(0, entries.size() / 2), new Random(fault.seed()));
            }
            case MISSING -> entries.remove(meant);
            case DUPLICATED -> entries.add(meant.deepCopy());
            case CONTRADICTORY -> {
                boolean refused = meant.get("result").asText().equals("REJECTED");
                entries.add(meant.deepCopy().put("result", refused ? "CREATED" : "REJECTED"));
            }
            default -> entries.add(meant.deepCopy().put("key", "0000000000"));
        }
        results.removeAll().addAll(entries);
    }

    /** Delays and cuts. */
    Reply onTheWay(Reply reply) {
        Reply.Journey journey = reply.journey();
        for (Faults.Armed armed : striking) {
            Fault fault = armed.fault();
            journey = switch (fault.effect()) {
                case LATENCY -> new Reply.Journey(fault.duration("duration"), journey.dribble(), journey.cut());
                case DRIBBLE -> new Reply.Journey(journey.latency(), fault.duration("duration"), journey.cut());
                case RESET_BEFORE -> cut(journey, Reply.Cut.BEFORE_ANSWER);
                case RESET_MIDWAY -> cut(journey, Reply.Cut.WITHIN_ANSWER);
                case RESET_AFTER -> cut(journey, Reply.Cut.AFTER_ANSWER);
                default -> journey;
            };
        }
        return reply.withJourney(journey);
    }

    private static Reply.Journey cut(Reply.Journey journey, Reply.Cut cut) {
        return new Reply.Journey(journey.latency(), journey.dribble(), cut);
    }
}
