package cn.fuzhi.sdk.mock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The operations that every pushed kind has, and the feed, digests and receipts over all kinds. */
final class Records {
    private final Contract contract;
    private final Limits limits;
    private final Ledger ledger;
    private final Intake intake;
    private final Submissions submissions;
    private final ReceiptBook receipts;
    private final MockClock clock;

    Records(
            Contract contract,
            Limits limits,
            Ledger ledger,
            Intake intake,
            Submissions submissions,
            ReceiptBook receipts,
            MockClock clock) {
        this.contract = contract;
        this.limits = limits;
        this.ledger = ledger;
        this.intake = intake;
        this.submissions = submissions;
        this.receipts = receipts;
        this.clock = clock;
    }

    /** Adds the operations to a table by operation id. */
    void addTo(Map<String, Function<Request, JsonNode>> operations) {
        for (Kind kind : contract.kinds()) {
            operations.put("push" + kind.tag(), request -> push(kind, request));
            operations.put("list" + kind.tag(), request -> list(kind, request));
            operations.put("get" + kind.schemaName(), request -> get(kind, request));
        }
        operations.put("getSubmissionOutcome", this::outcome);
        operations.put("listChanges", this::changes);
        operations.put("getDigests", this::digests);
        operations.put("getDigestEntries", this::digestEntries);
        operations.put("listReceipts", this::listReceipts);
        operations.put("getReceipt", this::receipt);
    }

    private JsonNode push(Kind kind, Request request) {
        if (!request.caller().may(kind.writeScope())) {
            throw Problem.of("SCOPE_MISSING", "", "The key id lacks " + kind.writeScope() + ".");
        }
        if (request.call().body().length > limits.batchBytes()) {
            throw Problem.of("PAYLOAD_TOO_LARGE");
        }
        List<BatchItem> items = BatchItem.readAll(request.call().body());
        if (items.isEmpty()) {
            throw Problem.of("BAD_REQUEST", "批次为空。", "The batch is empty.");
        }
        if (items.size() > limits.batchItems()) {
            throw Problem.of("BATCH_TOO_LARGE");
        }
        boolean dryRun = request.flag("dryRun");
        ObjectNode answer = Json.object().put("requestId", request.id()).put("dryRun", dryRun);
        var results = intake.take(new Intake.Batch(kind, items, request.caller(), "API", dryRun, request.forced()));
        answer.putArray("results").addAll(results);
        return answer;
    }

    private JsonNode list(Kind kind, Request request) {
        return Paging.byPlace(
                request,
                ledger.list(kind, Paging.start(request))
                        .filter(stored -> visible(stored, request.caller()))
                        .filter(stored -> Filters.match(request.parameters(), stored.record())));
    }

    private JsonNode get(Kind kind, Request request) {
        return visible(kind, request).entry();
    }

    /** The record that a request names, when the caller may see it. */
    private Stored visible(Kind kind, Request request) {
        Stored stored = ledger.any(kind, request.required("key"));
        if (stored == null || stored.deleted()) {
            throw Problem.of("NOT_FOUND");
        }
        if (!visible(stored, request.caller())) {
            throw Problem.of("OUT_OF_JURISDICTION");
        }
        return stored;
    }

    /** A caller sees what its platform owns and what names a division of its jurisdiction. */
    private static boolean visible(Stored stored, Caller caller) {
        return stored.owner().equals(caller.platformCode())
                || !Collections.disjoint(stored.areas(), caller.divisionCodes())
                || !Collections.disjoint(stored.areas(), caller.bodyCodes());
    }

    private JsonNode outcome(Request request) {
        ObjectNode outcome = submissions.outcome(
                visible(contract.needed("SUBMISSION"), request).key());
        if (outcome == null) {
            throw Problem.of("NOT_FOUND");
        }
        return outcome;
    }

    private JsonNode changes(Request request) {
        ledger.expireFeed(clock.now().minusDays(400));
        long after = Long.parseLong(request.required("after"));
        List<String> kinds = List.of(request.parameter("kinds", "").split(","));
        var feed = ledger.changes(after);
        if (feed == null) {
            throw Problem.of("CURSOR_EXPIRED");
        }
        ObjectNode page = Json.object();
        var items = page.putArray("items");
        long last = after;
        boolean more = false;
        while (feed.hasNext() && !more) {
            Ledger.Change change = feed.next();
            boolean wanted =
                    kinds.get(0).isEmpty() || kinds.contains(change.kind().name());
            if (wanted && visible(change.about(), request.caller())) {
                more = items.size() == request.limit();
                if (!more) {
                    items.add(change(change));
                }
            }
            last = more ? last : change.changeSeq();
        }
        return page.put("nextAfter", last).put("hasMore", more);
    }

    private static ObjectNode change(Ledger.Change change) {
        ObjectNode node = Json.object()
                .put("changeSeq", change.changeSeq())
                .put("kind", change.kind().name())
                .put("key", change.key())
                .put("op", change.op())
                .put("at", MockClock.text(change.at()));
        if (change.oldKey() != null) {
            node.put("oldKey", change.oldKey());
        }
        if (change.digest() != null) {
            node.put("version", change.version()).put("digest", change.digest());
        }
        if (change.op().equals("REVIEW")) {
            node.set("review", Json.MAPPER.valueToTree(change.review()));
        }
        return node;
    }

    private JsonNode digests(Request request) {
        Kind kind = kind(request);
        String scope = request.parameter("scope");
        return Digests.summary(kind, scope, own(kind, scope, request.caller()));
    }

    private JsonNode digestEntries(Request request) {
        Kind kind = kind(request);
        return Digests.entries(
                kind, request.required("bucket"), own(kind, request.parameter("scope"), request.caller()));
    }

    private Kind kind(Request request) {
        Kind kind = contract.kind(request.required("kind"));
        if (kind == null) {
            throw Problem.of("BAD_REQUEST", "记录种类不存在。", "There is no such kind.");
        }
        return kind;
    }

    private java.util.stream.Stream<Stored> own(Kind kind, @Nullable String scope, Caller caller) {
        return ledger.list(kind)
                .filter(stored -> stored.owner().equals(caller.platformCode()))
                .filter(stored -> scope == null || scope.equals(stored.scope()));
    }

    private JsonNode listReceipts(Request request) {
        return Paging.byKey(
                request,
                receipts.stream()
                        .filter(receipt -> Request.within(
                                request.caller(),
                                List.of(receipt.get("bodyCode").asText())))
                        .filter(receipt -> matches(request, receipt)),
                receipts::place,
                Comparator.reverseOrder());
    }

    private static boolean matches(Request request, ObjectNode receipt) {
        String day = receipt.get("receivedAt").asText().substring(0, 10);
        return List.of("deadlineKind", "bodyCode", "periodKey", "timeliness").stream()
                        .allMatch(field -> request.parameter(field) == null
                                || receipt.get(field).asText().equals(request.parameter(field)))
                && request.parameter("from", day).compareTo(day) <= 0
                && request.parameter("to", day).compareTo(day) >= 0;
    }

    private JsonNode receipt(Request request) {
        ObjectNode receipt = receipts.find(request.required("receiptNumber"));
        if (receipt == null) {
            throw Problem.of("NOT_FOUND");
        }
        request.requireJurisdiction(Objects.requireNonNull(Json.text(receipt, "bodyCode")));
        return receipt;
    }
}
