package cn.fuzhi.sdk.mock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The way of every request of the contract: who calls, which operation, are its parameters right, was it answered before; then
 * the operation itself, under the lock of the platform.
 */
final class Gateway {
    private static final String WHOLE = "… (GET /__fuzhi/arrived)";

    private final Contract contract;
    private final Catalogue catalogue;
    private final Registry registry;
    private final SignatureCheck signatures;
    private final Idempotency idempotency;
    private final Quota quota;
    private final Faults faults;
    private final Journal journal;
    private final MockClock clock;
    private final boolean allowUnsigned;
    private final ReentrantLock lock;
    private final Map<String, Function<Request, JsonNode>> operations;
    private final AtomicLong numbers = new AtomicLong();

    Gateway(Parts parts, Map<String, Function<Request, JsonNode>> operations) {
        this.contract = parts.contract();
        this.catalogue = parts.catalogue();
        this.registry = parts.registry();
        this.signatures = parts.signatures();
        this.idempotency = parts.idempotency();
        this.quota = parts.quota();
        this.faults = parts.faults();
        this.journal = parts.journal();
        this.clock = parts.clock();
        this.allowUnsigned = parts.allowUnsigned();
        this.lock = parts.lock();
        this.operations = Map.copyOf(operations);
    }

    /** What the gateway is made of. */
    record Parts(
            Contract contract,
            Catalogue catalogue,
            Registry registry,
            SignatureCheck signatures,
            Idempotency idempotency,
            Quota quota,
            Faults faults,
            Journal journal,
            MockClock clock,
            boolean allowUnsigned,
            ReentrantLock lock) {}

    /** What is known of a request while it is worked on. */
    private static final class Course {
        final String requestId;
        final Call call;
        final List<Faults.Armed> striking = new ArrayList<>();

        @Nullable
        Operation operation;

        @Nullable
        Problem problem;

        /** What waits until the answer has left. */
        Runnable left = () -> {};

        Course(String requestId, Call call) {
            this.requestId = requestId;
            this.call = call;
        }
    }

    /** Answers a request, whatever it is. */
    Reply answer(Call call) {
        Course course = new Course(String.format("req-%tY%<tm%<td-%06d", clock.now(), numbers.incrementAndGet()), call);
        Reply reply;
        try {
            reply = strikeOrServe(course);
        } catch (Problem problem) {
            reply = problemReply(course, problem);
        } catch (RuntimeException bug) {
            reply = problemReply(course, bug(bug));
        }
        note(course, reply);
        return reply.whenLeft(course.left)
                .header("Fuzhi-Request-Id", course.requestId)
                .header(
                        "Date",
                        java.time.format.DateTimeFormatter.RFC_1123_DATE_TIME.format(
                                clock.now().withOffsetSameInstant(java.time.ZoneOffset.UTC)));
    }

    /** A failure of the platform's own: named in the journal, without its message, which may repeat a value. */
    private static Problem bug(RuntimeException bug) {
        StackTraceElement[] trace = bug.getStackTrace();
        String place = trace.length == 0 ? "" : " at " + trace[0];
        return Problem.of("INTERNAL", "", bug.getClass().getName() + place + ".");
    }

    private Reply strikeOrServe(Course course) {
        course.operation = route(course.call);
        String operationId = course.operation == null ? "" : course.operation.id();
        course.striking.addAll(faults.strike(operationId, () -> keys(course)));
        FaultEffects effects = new FaultEffects(catalogue, clock, course.striking);
        Reply instead = effects.insteadOfApplying();
        if (instead != null) {
            return effects.onTheWay(finished(course, instead));
        }
        Reply reply;
        try {
            reply = serve(course, effects.forcedVerdicts(() -> keys(course)));
        } catch (Problem problem) {
            reply = problemReply(course, problem);
        } catch (RuntimeException bug) {
            reply = problemReply(course, bug(bug));
        }
        return effects.onTheWay(finished(course, effects.afterApplying(reply)));
    }

    /** Completes the problem of a fault, which knows neither path nor request. */
    private Reply finished(Course course, Reply reply) {
        String code = reply.headers().get(FaultEffects.CODE);
        if (code == null) {
            return reply;
        }
        Reply problem = problemReply(course, Problem.of(code));
        Map<String, String> headers = new HashMap<>(problem.headers());
        headers.putAll(reply.headers());
        headers.remove(FaultEffects.CODE);
        byte[] body = problem.body();
        if (reply.status() != problem.status()) {
            body = Json.bytes(((ObjectNode) Json.tree(body)).put("status", reply.status()));
        }
        return new Reply(reply.status(), headers, body, reply.journey(), reply.left());
    }

    private Reply serve(Course course, Map<String, String> forced) {
        Call call = course.call;
        if (!call.wire().problem().isEmpty()) {
            throw Problem.of(call.wire().problem());
        }
        Caller caller = identify(call);
        quota.take(caller.keyId());
        Operation operation = course.operation;
        if (operation == null) {
            throw missing(call);
        }
        Map<String, String> parameters = parameters(operation, call);
        requireMedia(operation, call);
        Request request = new Request(course.requestId, call, operation, caller, parameters, forced);
        return operation.writes() ? once(course, request) : run(request);
    }

    private Caller identify(Call call) {
        String keyId = SignatureCheck.keyId(call);
        if (keyId == null) {
            if (call.header("Signature-Input") == null && allowUnsigned && Loopback.is(call.client())) {
                return registry.first();
            }
            throw Problem.of(
                    "SIGNATURE_INVALID",
                    "请求未签名。",
                    "The request has no Signature-Input with the label fuzhi and a keyid.");
        }
        Caller caller = registry.find(keyId);
        if (caller == null) {
            throw Problem.of("APP_KEY_UNKNOWN");
        }
        if (!caller.enabled()) {
            throw Problem.of("APP_KEY_DISABLED");
        }
        signatures.verify(call, caller);
        return caller;
    }

    private @Nullable Operation route(Call call) {
        return contract.on(call.path()).stream()
                .filter(operation -> operation.method().equals(call.method()))
                .findFirst()
                .orElse(null);
    }

    private Problem missing(Call call) {
        var methods = contract.methods(call.path());
        return methods.isEmpty()
                ? Problem.of("NOT_FOUND", "", "The contract has no such path.")
                : Problem.of("METHOD_NOT_ALLOWED").header("Allow", String.join(", ", methods));
    }

    private Map<String, String> parameters(Operation operation, Call call) {
        Map<String, String> values = new HashMap<>(call.query());
        values.putAll(Objects.requireNonNull(operation.match(call.path())));
        requireKnown(operation, call);
        Findings findings = new Findings(catalogue, null);
        for (JsonNode parameter : operation.parameters()) {
            String name = parameter.get("name").asText();
            boolean header = parameter.get("in").asText().equals("header");
            String value = header ? call.header(name) : values.get(name);
            if (value == null && parameter.path("required").asBoolean()) {
                throw Problem.of("BAD_REQUEST", "缺少参数 " + name + "。", "The parameter " + name + " is missing.");
            }
            if (value != null) {
                String zh = parameter.path("x-zh-name").asText(name);
                new SchemaWalk(contract, findings)
                        .value(parameter.get("schema"), typed(parameter.get("schema"), value), "/" + name, zh);
            }
        }
        if (findings.refuses()) {
            throw Problem.of("BAD_REQUEST", findings.errors());
        }
        return values;
    }

    /** A misspelt filter that is ignored answers everything, and one that is applied answers nothing: both mislead. */
    private static void requireKnown(Operation operation, Call call) {
        Set<String> unknown = new TreeSet<>(call.query().keySet());
        operation
                .parameters()
                .forEach(parameter -> unknown.remove(parameter.get("name").asText()));
        if (!unknown.isEmpty()) {
            String names = String.join(", ", unknown);
            throw Problem.of("BAD_REQUEST", "没有查询参数 " + names + "。", "There is no query parameter " + names + ".");
        }
    }

    private JsonNode typed(JsonNode wrapper, String value) {
        return switch (contract.resolve(wrapper).path("type").asText()) {
            case "integer" ->
                value.matches("-?\\d{1,18}") ? LongNode.valueOf(Long.parseLong(value)) : new TextNode(value);
            case "boolean" ->
                value.matches("true|false") ? BooleanNode.valueOf(value.equals("true")) : new TextNode(value);
            case "array" -> Json.MAPPER.valueToTree(List.of(value.split(",")));
            default -> new TextNode(value);
        };
    }

    private static void requireMedia(Operation operation, Call call) {
        if (!List.of("", "gzip", "identity").contains(call.wire().encoding())) {
            throw Problem.of("UNSUPPORTED_MEDIA", "", "Content-Encoding can only be gzip.");
        }
        if (operation.bodyType() == null) {
            return;
        }
        String type = Objects.requireNonNullElse(call.header("Content-Type"), "");
        String plain = type.replaceFirst("\\s*;.*", "").toLowerCase(Locale.ROOT);
        if (!plain.equals(operation.bodyType())) {
            throw Problem.of("UNSUPPORTED_MEDIA", "", "Content-Type must be " + operation.bodyType() + ".");
        }
    }

    /** Works on a request once. Its key is busy until the answer has left: who repeats it earlier gets IN_PROGRESS. */
    private Reply once(Course course, Request request) {
        Call call = request.call();
        String key = Objects.requireNonNullElse(call.header("Idempotency-Key"), "");
        String content = call.method() + " " + call.rawPath() + "?" + call.rawQuery() + " "
                + call.wire().sha256();
        Reply before = idempotency.open(request.caller(), key, content);
        if (before != null) {
            return before;
        }
        course.left = () -> idempotency.close(request.caller(), key, null);
        Reply reply;
        try {
            reply = run(request);
        } catch (Problem problem) {
            Reply refusal = problemReply(request.id(), call, problem);
            course.left = () -> idempotency.close(request.caller(), key, refusal);
            throw problem;
        }
        course.left = () -> idempotency.close(request.caller(), key, reply);
        return reply;
    }

    private Reply run(Request request) {
        Function<Request, JsonNode> operation =
                operations.get(request.operation().id());
        if (operation == null) {
            throw Problem.of(
                    "INTERNAL",
                    "",
                    "The mock does not implement " + request.operation().id() + ".");
        }
        lock.lock();
        try {
            return Reply.json(200, operation.apply(request));
        } finally {
            lock.unlock();
        }
    }

    /** The natural keys that a request is about, for faults that name some. */
    private static Collection<String> keys(Course course) {
        Operation operation = course.operation;
        if (operation == null) {
            return List.of();
        }
        if (operation.method().equals("GET") || !operation.id().startsWith("push")) {
            return Objects.requireNonNull(operation.match(course.call.path())).values();
        }
        try {
            return BatchItem.readAll(course.call.body()).stream()
                    .map(BatchItem::key)
                    .toList();
        } catch (Problem unreadable) {
            return List.of();
        }
    }

    private Reply problemReply(Course course, Problem problem) {
        course.problem = problem;
        return problemReply(course.requestId, course.call, problem);
    }

    private Reply problemReply(String requestId, Call call, Problem problem) {
        Catalogue.Entry entry = catalogue.error(problem.code());
        String path = call.rawPath();
        ObjectNode body = Json.object()
                .put(
                        "type",
                        "https://platform.example.invalid/problems/"
                                + problem.code().toLowerCase(Locale.ROOT).replace('_', '-'))
                .put("title", entry.detail().replace("。", ""))
                .set("status", IntNode.valueOf(entry.status()));
        body.put("detail", shorten(entry.detail() + problem.more()))
                .put("instance", path.length() > 500 ? path.substring(0, 500) : path)
                .put("code", problem.code())
                .put("detailEn", shorten((entry.detailEn() + " " + problem.moreEn()).trim()))
                .put("requestId", requestId)
                .put("responsible", entry.responsible());
        if (!problem.violations().isEmpty()) {
            body.set("violations", Json.MAPPER.valueToTree(problem.violations()));
        }
        body.put("retryable", entry.retryable());
        if (problem.code().equals("CLOCK_SKEW")) {
            body.put("serverTime", MockClock.text(clock.now()));
        }
        Reply reply = Reply.of(entry.status(), "application/problem+json", Json.bytes(body));
        if (retryHinted(entry.status())) {
            reply = reply.header("Fuzhi-Retry", entry.retryable() ? "yes" : "no");
        }
        for (Map.Entry<String, String> header : problem.headers().entrySet()) {
            reply = reply.header(header.getKey(), header.getValue());
        }
        return reply;
    }

    /** The contract lets these answers say whether to repeat the request. */
    private static boolean retryHinted(int status) {
        return status == 409 || status == 429 || status >= 500;
    }

    private static String shorten(String text) {
        return text.length() > 1_000 ? text.substring(0, 1_000 - WHOLE.length()) + WHOLE : text;
    }

    private void note(Course course, Reply reply) {
        Call call = course.call;
        Problem problem = course.problem;
        String explanation = problem == null ? null : problem.moreEn();
        if (problem != null && !problem.violations().isEmpty()) {
            explanation += problem.violations();
        }
        journal.add(new Arrival(
                clock.instant(),
                course.requestId,
                call.method(),
                call.rawPath() + (call.rawQuery() == null ? "" : "?" + call.rawQuery()),
                course.operation == null ? null : course.operation.id(),
                SignatureCheck.keyId(call),
                call.wire().length(),
                reply.status(),
                problem == null ? null : problem.code(),
                explanation,
                course.striking.stream().map(armed -> armed.fault().toString()).toList()));
    }
}
