package cn.fuzhi.sdk.mock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What the province publishes and callers acknowledge: bulletins, security notices, commendations. At first the examples of the contract. */
final class Notices {
    private static final List<String> STATES = List.of("ISSUED", "ACKNOWLEDGED", "RESOLVED");

    private final Contract contract;
    private final Catalogue catalogue;
    private final MockClock clock;
    private final Map<String, ObjectNode> bulletins = new LinkedHashMap<>();
    private final Map<String, ObjectNode> securityNotices = new LinkedHashMap<>();
    private final Map<String, ObjectNode> commendations = new LinkedHashMap<>();

    Notices(Contract contract, Catalogue catalogue, MockClock clock, String platformCode) {
        this.contract = contract;
        this.catalogue = catalogue;
        this.clock = clock;
        ObjectNode bulletin = example("Bulletin");
        bulletin.remove("acknowledgedAt");
        bulletins.put(bulletin.get("bulletinNo").asText(), bulletin);
        ObjectNode notice =
                example("SecurityNotice").put("platformCode", platformCode).put("state", "ISSUED");
        notice.remove(List.of("acknowledgedAt", "resolvedAt", "measuresText"));
        securityNotices.put(notice.get("noticeNo").asText(), notice);
        ObjectNode commendation = example("Commendation");
        commendations.put(commendation.get("commendationKey").asText(), commendation);
    }

    private ObjectNode example(String schema) {
        return contract.schema(schema).get("example").deepCopy();
    }

    /** Adds the operations to a table by operation id. */
    void addTo(Map<String, Function<Request, JsonNode>> operations) {
        operations.put("listBulletins", this::listBulletins);
        operations.put("getBulletin", request -> one(bulletins, request.required("bulletinNo")));
        operations.put("acknowledgeBulletin", this::acknowledgeBulletin);
        operations.put("listSecurityNotices", request -> list(request, securityNotices, "noticeNo"));
        operations.put("getSecurityNotice", request -> one(securityNotices, request.required("noticeNo")));
        operations.put("acknowledgeSecurityNotice", this::answerNotice);
        operations.put("listCommendations", request -> list(request, commendations, "commendationKey"));
        operations.put("getCommendation", request -> one(commendations, request.required("commendationKey")));
    }

    private static JsonNode list(Request request, Map<String, ObjectNode> all, String key) {
        return Paging.byKey(
                request,
                all.values().stream().filter(entry -> Filters.match(request.parameters(), entry)),
                entry -> entry.path(key).asText(),
                Comparator.reverseOrder());
    }

    private JsonNode listBulletins(Request request) {
        String from = request.parameter("from", "");
        return Paging.byKey(
                request,
                bulletins.values().stream()
                        .filter(bulletin -> bulletin.get("issuedOn").asText().compareTo(from) >= 0)
                        .filter(bulletin -> !request.flag("unacknowledged") || !bulletin.has("acknowledgedAt")),
                bulletin -> bulletin.get("bulletinNo").asText());
    }

    private static ObjectNode one(Map<String, ObjectNode> all, String key) {
        ObjectNode found = all.get(key);
        if (found == null) {
            throw Problem.of("NOT_FOUND");
        }
        return found;
    }

    private JsonNode acknowledgeBulletin(Request request) {
        ObjectNode bulletin = one(bulletins, request.required("bulletinNo"));
        JsonNode body = checked(request, "Acknowledgement");
        request.requireJurisdiction(body.get("bodyCode").asText());
        if (!bulletin.has("acknowledgedAt")) {
            bulletin.put("acknowledgedAt", MockClock.text(clock.now()));
        }
        return bulletin;
    }

    private JsonNode answerNotice(Request request) {
        ObjectNode notice = one(securityNotices, request.required("noticeNo"));
        JsonNode body = checked(request, "SecurityNoticeResponse");
        String next = body.get("state").asText();
        int place = STATES.indexOf(next);
        if (place < 1 || place < STATES.indexOf(notice.get("state").asText())) {
            throw Problem.of("STATE_CONFLICT");
        }
        if (next.equals("RESOLVED") && !body.has("measuresText")) {
            throw Problem.of("VALIDATION_FAILED", "请填写处置措施。", "RESOLVED needs measuresText.");
        }
        String at = MockClock.text(clock.now());
        notice.put("state", next).put(next.equals("RESOLVED") ? "resolvedAt" : "acknowledgedAt", at);
        if (body.has("measuresText")) {
            notice.set("measuresText", body.get("measuresText"));
        }
        return notice;
    }

    /** The body of a request, checked against its schema. */
    private JsonNode checked(Request request, String schema) {
        JsonNode body = request.json();
        Findings findings = new Findings(catalogue, null);
        new SchemaWalk(contract, findings).check(contract.schema(schema), body);
        if (findings.refuses()) {
            throw Problem.of("VALIDATION_FAILED", findings.errors());
        }
        return body;
    }
}
