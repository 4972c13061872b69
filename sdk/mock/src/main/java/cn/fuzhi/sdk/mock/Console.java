package cn.fuzhi.sdk.mock;

import cn.fuzhi.sdk.model.Deadline;
import cn.fuzhi.sdk.model.RecordKind;
import cn.fuzhi.sdk.model.ReviewState;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * The control API below {@code /__fuzhi/} for programs that are not in Java, the contract and its documentation page. It answers
 * only callers on the machine itself.
 */
final class Console {
    static final String PATH = "/__fuzhi";
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html;charset=utf-8",
            "css", "text/css",
            "js", "text/javascript;charset=utf-8",
            "yaml", "application/yaml;charset=utf-8",
            "txt", "text/plain;charset=utf-8");

    private static final String LINK =
            "<a href=\"curl.html\" style=\"color:#fff;margin-right:18px\">用 curl 试一试 / first steps with curl</a>";

    private final MockPlatform platform;

    Console(MockPlatform platform) {
        this.platform = platform;
    }

    static boolean owns(Call call) {
        return call.rawPath().equals("/") || call.rawPath().startsWith(PATH);
    }

    Reply answer(Call call) {
        if (!Loopback.is(call.client())) {
            return error(403, "the control API answers only the machine itself");
        }
        String path =
                call.rawPath().substring(Math.min(PATH.length(), call.rawPath().length()));
        try {
            return switch (call.method() + " " + path) {
                case "GET /state" -> Reply.json(200, platform.summary());
                case "GET /arrived" -> list(platform.arrived());
                case "GET /refused" -> list(platform.refused());
                case "GET /clock" -> clock();
                case "PUT /clock", "POST /clock" -> move(Json.MAPPER.readTree(call.body()));
                case "GET /faults" ->
                    list(platform.faults().all().stream().map(Fault::toString).toList());
                case "POST /faults" -> arm(Json.MAPPER.readTree(call.body()));
                case "DELETE /faults" -> cleared();
                case "POST /review" -> review(Json.MAPPER.readTree(call.body()));
                case "POST /forget" -> forget(Json.MAPPER.readTree(call.body()));
                case "POST /forget-answers" -> forgetAnswers();
                case "POST /secret" -> secret(Json.MAPPER.readTree(call.body()));
                case "PUT /key", "POST /key" -> key(Json.MAPPER.readTree(call.body()));
                case "POST /keys" -> addKey(Json.MAPPER.readTree(call.body()));
                case "POST /deadlines" -> deadline(Json.MAPPER.readTree(call.body()));
                case "GET /certificate.pem" -> certificate();
                case "POST /reset" -> reset();
                case "GET /openapi.yaml" -> resource("openapi.yaml");
                default -> call.method().equals("GET") ? page(path) : error(404, "no such operation");
            };
        } catch (IllegalArgumentException | DateTimeException | IOException e) {
            return error(400, String.valueOf(e.getMessage()));
        } catch (RuntimeException bug) {
            return error(500, bug.toString());
        }
    }

    private static Reply list(List<?> entries) {
        ObjectNode answer = Json.object();
        ArrayNode items = answer.putArray("items");
        entries.forEach(entry -> items.add(Json.MAPPER.<JsonNode>valueToTree(entry)));
        return Reply.json(200, answer);
    }

    private Reply clock() {
        return Reply.json(
                200, Json.object().put("now", MockClock.text(platform.clock().now())));
    }

    private Reply move(JsonNode body) {
        if (body.has("stopAt")) {
            platform.clock()
                    .stopAt(OffsetDateTime.parse(body.get("stopAt").asText()).toInstant());
        } else if (body.has("runFrom")) {
            platform.clock()
                    .runFrom(OffsetDateTime.parse(body.get("runFrom").asText()).toInstant());
        } else if (body.has("advance")) {
            platform.clock().advance(Duration.parse(body.get("advance").asText()));
        } else {
            platform.clock().followMachine();
        }
        return clock();
    }

    private Reply arm(JsonNode body) {
        platform.faults().add(fault(body));
        return list(platform.faults().all().stream().map(Fault::toString).toList());
    }

    /** A fault from JSON, such as {@code {"effect":"status","status":503,"times":2,"on":["pushSchools"]}}. */
    static Fault fault(JsonNode body) {
        Duration duration = Duration.ofMillis(body.path("millis").asLong(1_000));
        Fault fault = switch (body.path("effect").asText().toLowerCase(Locale.ROOT)) {
            case "answer" ->
                Fault.answer(
                        body.path("status").asInt(200),
                        body.path("contentType").asText("application/json"),
                        body.path("body").asText());
            case "status" -> Fault.status(body.path("status").asInt(500));
            case "problem" -> Fault.problem(body.path("code").asText());
            case "latency" -> Fault.latency(duration);
            case "dribble" -> Fault.dribble(duration);
            case "reset-before" -> Fault.resetBefore();
            case "reset-midway" -> Fault.resetMidway();
            case "reset-after" -> Fault.resetAfter();
            case "truncated" -> Fault.truncated();
            case "html" -> Fault.html();
            case "empty" -> Fault.emptyAnswer();
            case "shuffled" -> Fault.shuffledResults();
            case "missing" -> Fault.missingResult();
            case "duplicated" -> Fault.duplicatedResult();
            case "contradictory" -> Fault.contradictoryResult();
            case "foreign" -> Fault.foreignResult();
            case "verdict" ->
                Fault.verdict(cn.fuzhi.sdk.model.Verdict.of(body.path("verdict").asText()));
            case "quota" -> Fault.quota(body.path("requests").asInt(1), duration);
            case "maintenance" -> Fault.maintenance(duration);
            default -> throw new IllegalArgumentException("unknown effect " + body.path("effect"));
        };
        return limited(fault, body);
    }

    private static Fault limited(Fault begun, JsonNode body) {
        Fault fault = body.path("afterApplying").asBoolean() ? begun.afterApplying() : begun;
        for (Map.Entry<String, JsonNode> header : body.path("headers").properties()) {
            fault = fault.header(header.getKey(), header.getValue().asText());
        }
        if (body.has("on")) {
            fault = fault.on(texts(body.get("on")));
        }
        if (body.has("keys")) {
            fault = fault.forKey(texts(body.get("keys")));
        }
        if (body.has("lasting")) {
            fault = fault.lasting(Duration.parse(body.get("lasting").asText()));
        }
        return fault.times(body.path("times").asInt(Integer.MAX_VALUE))
                .afterFirst(body.path("afterFirst").asInt(0))
                .probability(
                        body.path("probability").asDouble(1), body.path("seed").asLong(0));
    }

    private static String[] texts(JsonNode list) {
        String[] texts = new String[list.size()];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = list.get(i).asText();
        }
        return texts;
    }

    private Reply cleared() {
        platform.faults().clear();
        return list(List.of());
    }

    private Reply review(JsonNode body) {
        RecordKind kind = RecordKind.of(body.path("kind").asText());
        String key = body.path("key").asText();
        platform.review(
                kind,
                key,
                ReviewState.of(body.path("state").asText()),
                body.path("comment").asText(""));
        return Reply.json(200, platform.summary());
    }

    /** {@code {"kind":…,"key":…}} loses one record, {@code {"since":…}} everything from a time on. */
    private Reply forget(JsonNode body) {
        if (body.has("since")) {
            platform.forgetSince(
                    OffsetDateTime.parse(body.get("since").asText()).toInstant());
        } else {
            RecordKind kind = RecordKind.of(text(body, "kind"));
            String key = text(body, "key");
            if (platform.find(kind, key).isEmpty()) {
                throw new IllegalArgumentException("the platform holds no " + kind + " " + key);
            }
            platform.forget(kind, key);
        }
        return Reply.json(200, platform.summary());
    }

    private Reply forgetAnswers() {
        platform.forgetAnswers();
        return Reply.json(200, platform.summary());
    }

    private Reply secret(JsonNode body) {
        platform.rotateSecret(
                text(body, "secret").getBytes(StandardCharsets.UTF_8),
                body.path("keepOld").asBoolean());
        return Reply.json(200, platform.summary());
    }

    private Reply key(JsonNode body) {
        platform.enableKey(body.path("enabled").asBoolean(true));
        return Reply.json(200, platform.summary());
    }

    private Reply addKey(JsonNode body) {
        MockOptions key = MockPlatform.builder()
                .key(text(body, "id"), text(body, "secret").getBytes(StandardCharsets.UTF_8))
                .platform(text(body, "platform"));
        if (body.has("bodies")) {
            key.bodies(texts(body.get("bodies")));
        }
        if (body.has("scopes")) {
            key.scopes(texts(body.get("scopes")));
        }
        platform.addKey(key);
        return Reply.json(200, platform.summary());
    }

    private Reply deadline(JsonNode body) throws IOException {
        platform.addDeadline(Json.MAPPER.treeToValue(body, Deadline.class));
        return Reply.json(200, body);
    }

    private static String text(JsonNode body, String field) {
        String text = Json.text(body, field);
        if (text == null || text.isEmpty()) {
            throw new IllegalArgumentException(field + " is missing");
        }
        return text;
    }

    private Reply certificate() {
        String pem = platform.certificatePem();
        return pem == null
                ? error(404, "without HTTPS there is no certificate")
                : Reply.of(200, "application/x-pem-file", pem.getBytes(StandardCharsets.US_ASCII));
    }

    private Reply reset() {
        platform.reset();
        return Reply.json(200, platform.summary());
    }

    private Reply page(String path) {
        if (path.isEmpty() || path.equals("/")) {
            return Reply.of(302, "text/plain", new byte[0]).header("Location", PATH + "/docs/index.html");
        }
        if (path.equals("/docs/index.html")) {
            String page = new String(Contract.resource("docs/index.html"), StandardCharsets.UTF_8);
            return html(page.replace("<nav></nav>", "<nav>" + LINK + "</nav>"));
        }
        if (path.equals("/docs/curl.html")) {
            return html(firstSteps().replace("http://localhost:8080", platform.baseUrl()));
        }
        boolean docs = path.matches("/docs/[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)+");
        return docs && Contract.has(path.substring(1)) ? resource(path.substring(1)) : error(404, "no such page");
    }

    private static Reply html(String page) {
        return Reply.of(200, "text/html;charset=utf-8", page.getBytes(StandardCharsets.UTF_8));
    }

    /** The page that goes with the mock, not with the contract. */
    private static String firstSteps() {
        try (InputStream in = Console.class.getResourceAsStream("curl.html")) {
            return new String(
                    Objects.requireNonNull(in, "curl.html lies beside this class")
                            .readAllBytes(),
                    StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Reply resource(String name) {
        String extension = name.substring(name.lastIndexOf('.') + 1);
        return Reply.of(200, TYPES.getOrDefault(extension, "text/plain;charset=utf-8"), Contract.resource(name));
    }

    private static Reply error(int status, String message) {
        return Reply.json(status, Json.object().put("error", message));
    }
}
