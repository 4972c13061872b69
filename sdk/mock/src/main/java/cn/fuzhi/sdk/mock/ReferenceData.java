package cn.fuzhi.sdk.mock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What callers pull and the platform does not compute: divisions, bodies, code sets, calendar, and itself. */
final class ReferenceData {
    private final Contract contract;
    private final Limits limits;
    private final Divisions divisions;
    private final Calendar calendar;
    private final ReceiptBook receipts;
    private final MockClock clock;
    private final List<JsonNode> codeSets = Contract.data("code-sets.json");

    ReferenceData(
            Contract contract,
            Limits limits,
            Divisions divisions,
            Calendar calendar,
            ReceiptBook receipts,
            MockClock clock) {
        this.contract = contract;
        this.limits = limits;
        this.divisions = divisions;
        this.calendar = calendar;
        this.receipts = receipts;
        this.clock = clock;
    }

    /** Adds the operations to a table by operation id. */
    void addTo(Map<String, Function<Request, JsonNode>> operations) {
        operations.put("listDivisions", request -> list(request, divisions.all(), "code"));
        operations.put("getDivision", request -> one(divisions.all(), "code", request.required("divisionCode")));
        operations.put("listReportingBodies", request -> list(request, divisions.bodies(), "code"));
        operations.put("getReportingBody", request -> one(divisions.bodies(), "code", request.required("bodyCode")));
        operations.put("listCodeSets", request -> list(request, codeSets, "name"));
        operations.put("getCodeSet", this::codeSet);
        operations.put("listDeadlines", this::deadlines);
        operations.put("getCapabilities", request -> capabilities());
        operations.put("getServerTime", request -> time());
        operations.put("getHealth", request -> Json.object().put("status", "UP"));
        operations.put("getWhoAmI", this::whoAmI);
    }

    private static JsonNode list(Request request, List<JsonNode> all, String key) {
        return Paging.byKey(
                request,
                all.stream().filter(entry -> Filters.match(request.parameters(), entry)),
                entry -> entry.get(key).asText());
    }

    private static JsonNode one(List<JsonNode> all, String field, String value) {
        return all.stream()
                .filter(entry -> value.equals(Json.text(entry, field)))
                .findFirst()
                .orElseThrow(() -> Problem.of("NOT_FOUND"));
    }

    private JsonNode codeSet(Request request) {
        JsonNode set = one(codeSets, "name", request.required("name"));
        String version = request.parameter("version");
        if (version != null && !version.equals(Json.text(set, "version"))) {
            throw Problem.of("NOT_FOUND");
        }
        return set;
    }

    private JsonNode deadlines(Request request) {
        Map<String, String> filters = new java.util.HashMap<>(request.parameters());
        String from = filters.remove("from");
        String to = filters.remove("to");
        return Paging.byKey(
                request,
                calendar.at(clock.now()).stream()
                        .filter(deadline -> Request.within(
                                request.caller(),
                                List.of(deadline.get("bodyCode").asText())))
                        .filter(deadline -> Filters.match(filters, deadline))
                        .filter(deadline -> from == null || day(deadline).compareTo(from) >= 0)
                        .filter(deadline -> to == null || day(deadline).compareTo(to) <= 0),
                ReferenceData::order);
    }

    private static String order(ObjectNode deadline) {
        return String.join(
                "~",
                deadline.get("dueAt").asText(),
                deadline.get("kind").asText(),
                deadline.get("bodyCode").asText(),
                deadline.get("periodKey").asText());
    }

    private static String day(ObjectNode deadline) {
        return deadline.get("dueAt").asText().substring(0, 10);
    }

    private JsonNode capabilities() {
        ObjectNode capabilities = Json.object()
                .put("contractVersion", contract.version())
                .put("maxBatchItems", limits.batchItems())
                .put("maxBatchBytes", limits.batchBytes())
                .put("maxPageSize", Limits.PAGE)
                .put("rateLimitPerSecond", limits.requestsPerSecond())
                .put("idempotencyDays", 7)
                .put("clockSkewSeconds", SignatureCheck.WINDOW.toSeconds());
        capabilities.putArray("signatureAlgorithms").add("hmac-sha256").add("hmac-sm3");
        capabilities
                .putArray("receiptKeys")
                .addObject()
                .put("keyId", ReceiptBook.KEY_ID)
                .put("publicKeyBase64", receipts.publicKey())
                .put("validFrom", "2022-01-01T00:00:00+08:00");
        capabilities.putArray("features").add("packages").add("attachments");
        return capabilities;
    }

    private JsonNode time() {
        return Json.object()
                .put("serverTime", MockClock.text(clock.now()))
                .put("epochMillis", clock.instant().toEpochMilli())
                .put("timeZone", "Asia/Shanghai");
    }

    private JsonNode whoAmI(Request request) {
        Caller caller = request.caller();
        ObjectNode who = Json.object().put("keyId", caller.keyId()).put("platformCode", caller.platformCode());
        caller.bodyCodes().forEach(who.putArray("bodyCodes")::add);
        caller.divisionCodes().forEach(who.putArray("divisionCodes")::add);
        var scopes = who.putArray("scopes");
        if (caller.may("*")) {
            contract.kinds().forEach(kind -> scopes.add(kind.writeScope()));
            scopes.add("report:read");
        } else {
            caller.scopes().forEach(scopes::add);
        }
        return who;
    }
}
