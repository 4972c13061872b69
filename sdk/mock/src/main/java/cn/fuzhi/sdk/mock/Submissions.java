package cn.fuzhi.sdk.mock;

import cn.fuzhi.sdk.model.Severity;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Compares what a submission states with what the platform holds, and issues a receipt when both agree.
 *
 * <p>Guarded by the lock of the platform.
 */
final class Submissions implements CrossRule {
    private final Contract contract;
    private final Ledger ledger;
    private final Calendar calendar;
    private final ReceiptBook receipts;
    private final MockClock clock;
    private final Map<String, List<String>> covers = new HashMap<>();
    private final Map<String, ObjectNode> outcomes = new HashMap<>();
    private final Map<String, Set<String>> acceptedLines = new HashMap<>();
    private final Map<String, String> refusedScopes = new HashMap<>();

    Submissions(Contract contract, Ledger ledger, Calendar calendar, ReceiptBook receipts, MockClock clock) {
        this.contract = contract;
        this.ledger = ledger;
        this.calendar = calendar;
        this.receipts = receipts;
        this.clock = clock;
        Json.tree(Contract.resource("data/deadlines.json")).properties().forEach(entry -> {
            List<String> kinds = new ArrayList<>();
            entry.getValue().forEach(kind -> kinds.add(kind.get("kind").asText()));
            covers.put(entry.getKey(), kinds);
        });
    }

    /** A submission needs a deadline of the calendar that is not closed. */
    @Override
    public void check(Candidate candidate) {
        if (!candidate.is("SUBMISSION")) {
            return;
        }
        JsonNode deadline = deadline(candidate.record());
        if (deadline == null) {
            candidate.findings().code("UNKNOWN_REFERENCE", Severity.ERROR, "/periodKey", "周期");
        } else if (Calendar.closed(deadline, clock.now())) {
            candidate.findings().code("DEADLINE_CLOSED", Severity.ERROR, "/periodKey", "周期");
        }
    }

    private @Nullable JsonNode deadline(JsonNode submission) {
        return calendar.find(
                submission.path("deadlineKind").asText(),
                submission.path("bodyCode").asText(),
                submission.path("periodKey").asText());
    }

    /** Remembers a refused record of a scope, for the count on the receipt; a later success clears it. */
    void note(Kind kind, String key, @Nullable String scope, boolean refused) {
        if (refused && scope != null && refusedScopes.size() < 100_000) {
            refusedScopes.put(kind.name() + "\t" + key, scope);
        } else {
            refusedScopes.remove(kind.name() + "\t" + key);
        }
    }

    /** Decides a submission that was stored. An accepted one keeps its receipt when it is sent again unchanged. */
    ObjectNode decide(Stored submission, boolean again, boolean dryRun) {
        ObjectNode decided = outcomes.get(submission.key());
        if (again && decided != null && decided.path("state").asText().equals("ACCEPTED")) {
            return decided;
        }
        JsonNode record = submission.record();
        List<Stored> covered = covered(record);
        ObjectNode outcome = compare(record, covered);
        boolean accepted = outcome.get("state").asText().equals("ACCEPTED");
        if (dryRun) {
            return outcome;
        }
        if (accepted) {
            ObjectNode receipt = receipts.issue(facts(submission, record, covered), clock.now());
            outcome.set("receiptNumber", receipt.get("receiptNumber"));
            outcome.set("receipt", receipt);
        }
        calendar.submitted(
                record.get("deadlineKind").asText(),
                record.get("bodyCode").asText(),
                record.get("periodKey").asText(),
                submission.key(),
                accepted ? "ACCEPTED" : "SUBMITTED");
        outcomes.put(submission.key(), outcome);
        return outcome;
    }

    @Nullable
    ObjectNode outcome(String key) {
        return outcomes.get(key);
    }

    private ObjectNode compare(JsonNode submission, List<Stored> covered) {
        String digest = Digests.ofSubmission(covered);
        boolean equal = submission.get("itemCount").asLong() == covered.size()
                && submission.get("digest").asText().equals(digest);
        return Json.object()
                .put("state", equal ? "ACCEPTED" : "MISMATCH")
                .put("statedCount", submission.get("itemCount").asLong())
                .put("platformCount", covered.size())
                .put("statedDigest", submission.get("digest").asText())
                .put("platformDigest", digest);
    }

    /** The records that a submission is about: of its kinds, its scope and its platform, without those it excludes. */
    private List<Stored> covered(JsonNode submission) {
        String scope = submission.get("bodyCode").asText() + "~"
                + submission.get("periodKey").asText();
        Set<String> excluded = new HashSet<>();
        submission
                .path("excluded")
                .forEach(entry -> excluded.add(
                        entry.get("kind").asText() + "\t" + entry.get("key").asText()));
        List<Stored> covered = new ArrayList<>();
        for (String kind : covers.getOrDefault(submission.get("deadlineKind").asText(), List.of())) {
            ledger.list(Objects.requireNonNull(contract.kind(kind), kind))
                    .filter(stored -> scope.equals(stored.scope()))
                    .filter(stored ->
                            stored.owner().equals(submission.get("platformCode").asText()))
                    .filter(stored -> !excluded.contains(kind + "\t" + stored.key()))
                    .forEach(covered::add);
        }
        return covered;
    }

    private ObjectNode facts(Stored stored, JsonNode submission, List<Stored> covered) {
        Set<String> lines = new HashSet<>();
        covered.forEach(entry -> lines.add(entry.kind().name() + "\t" + entry.line()));
        Set<String> before = acceptedLines.getOrDefault(stored.key(), Set.of());
        String scope = submission.get("bodyCode").asText() + "~"
                + submission.get("periodKey").asText();
        Set<String> kinds = Set.copyOf(covers.get(submission.get("deadlineKind").asText()));
        OffsetDateTime now = clock.now();
        ObjectNode facts = Json.object()
                .put("submissionKey", stored.key())
                .put("deadlineKind", submission.get("deadlineKind").asText())
                .put("bodyCode", submission.get("bodyCode").asText())
                .put("periodKey", submission.get("periodKey").asText())
                .put("platformCode", submission.get("platformCode").asText())
                .put("channel", stored.origin())
                .put("timeliness", Calendar.timeliness(Objects.requireNonNull(deadline(submission)), now))
                .put("acceptedCount", covered.size())
                .put("unchangedCount", lines.stream().filter(before::contains).count())
                .put("warningCount", covered.stream().filter(Stored::warned).count())
                .put(
                        "rejectedCount",
                        refusedScopes.entrySet().stream()
                                .filter(entry -> entry.getValue().equals(scope))
                                .filter(entry -> kinds.contains(entry.getKey()
                                        .substring(0, entry.getKey().indexOf('\t'))))
                                .count())
                .put("digest", submission.get("digest").asText());
        acceptedLines.put(stored.key(), lines);
        return facts;
    }
}
