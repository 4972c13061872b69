package cn.fuzhi.sdk.mock;

import cn.fuzhi.sdk.model.PushRecord;
import cn.fuzhi.sdk.model.RecordKind;
import cn.fuzhi.sdk.model.ReviewState;
import cn.fuzhi.sdk.model.Verdict;
import cn.fuzhi.sdk.model.Violation;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;

/** Everything that a platform remembers, put together; {@link MockPlatform#reset()} makes a new one. */
final class State {
    private static final int JOURNAL = 1_000;
    private static final Set<ReviewState> ACCEPTING =
            Set.of(ReviewState.ACCEPTED, ReviewState.ACCEPTED_WITH_WARNINGS, ReviewState.CONFIRMED);

    private final Contract contract = Contract.bundled();
    private final ReentrantLock lock = new ReentrantLock();
    private final MockClock clock;
    private final Ledger ledger = new Ledger();
    private final Registry registry = new Registry();
    private final Faults faults;
    private final Journal journal = new Journal(JOURNAL);
    private final Idempotency idempotency;
    private final Calendar calendar = new Calendar();
    private final Gateway gateway;
    private final Intake intake;

    State(MockOptions options) {
        clock = new MockClock(options.machine());
        faults = new Faults(clock);
        idempotency = new Idempotency(clock);
        Divisions divisions = new Divisions();
        Catalogue catalogue = new Catalogue();
        registry.add(options.caller(divisions));
        Contract.data("calendar-2022.json").forEach(calendar::add);
        ReceiptBook receipts = new ReceiptBook(contract);
        Submissions submissions = new Submissions(contract, ledger, calendar, receipts, clock);
        Reports reports = new Reports(contract, ledger, divisions, clock);
        Attachments attachments = new Attachments(contract, catalogue, clock);
        PairingRules pairings = new PairingRules(contract, ledger, divisions);
        List<CrossRule> rules = List.of(
                new ReferenceRules(contract, ledger, divisions, attachments::isComplete),
                new StateRules(),
                new SchoolRules(contract, ledger),
                pairings,
                new LessonRules(contract, ledger, pairings, clock),
                new ReportingRules(contract, ledger, divisions, reports, calendar),
                submissions);
        intake = new Intake(contract, catalogue, ledger, divisions, submissions, clock, rules, this::refused);
        Map<String, Function<Request, JsonNode>> operations = new HashMap<>();
        new Records(contract, options.limits(), ledger, intake, submissions, receipts, clock).addTo(operations);
        reports.addTo(operations);
        new Statistics(contract, ledger, divisions, reports, clock).addTo(operations);
        new Notices(contract, catalogue, clock, registry.first().platformCode()).addTo(operations);
        attachments.addTo(operations);
        new Packages(contract, intake).addTo(operations);
        new ReferenceData(contract, options.limits(), divisions, calendar, receipts, clock).addTo(operations);
        gateway = new Gateway(
                new Gateway.Parts(
                        contract,
                        catalogue,
                        registry,
                        new SignatureCheck(clock, options.authority()),
                        idempotency,
                        new Quota(clock, options.limits().requestsPerSecond()),
                        faults,
                        journal,
                        clock,
                        options.unsignedAllowed(),
                        lock),
                operations);
    }

    Reply answer(Call call) {
        return gateway.answer(call);
    }

    <T> T locked(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    /** Takes one record in the name of the first key. */
    ObjectNode push(Kind kind, JsonNode record) {
        BatchItem item = BatchItem.upsert(kind.key(record), Json.bytes(record), record);
        return intake.take(new Intake.Batch(kind, List.of(item), registry.first(), "MANUAL", false, Map.of()))
                .get(0);
    }

    private void refused(Kind kind, ObjectNode result) {
        List<Violation> violations = new ArrayList<>();
        result.path("violations")
                .forEach(violation -> violations.add(Json.MAPPER.convertValue(violation, Violation.class)));
        journal.add(new Refusal(
                clock.instant(),
                kind.recordKind(),
                result.get("key").asText(),
                Verdict.of(result.get("result").asText()),
                violations));
    }

    Kind kind(RecordKind kind) {
        Kind known = contract.kind(kind.value());
        if (known == null) {
            throw new IllegalArgumentException("the contract has no kind " + kind);
        }
        return known;
    }

    Kind kind(Class<? extends PushRecord> type) {
        return contract.kinds().stream()
                .filter(kind -> kind.recordKind().type().equals(type))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(type + " is no pushed record"));
    }

    static boolean accepts(ReviewState decision) {
        return ACCEPTING.contains(decision);
    }

    static HeldRecord held(Stored stored) {
        return new HeldRecord(
                stored.kind().recordKind(),
                stored.key(),
                stored.version(),
                Objects.requireNonNull(stored.digest()),
                stored.changeSeq(),
                stored.owner(),
                stored.held(),
                stored.review(),
                stored.record().toString());
    }

    MockClock clock() {
        return clock;
    }

    Ledger ledger() {
        return ledger;
    }

    Calendar calendar() {
        return calendar;
    }

    Registry registry() {
        return registry;
    }

    Faults faults() {
        return faults;
    }

    Journal journal() {
        return journal;
    }

    Idempotency idempotency() {
        return idempotency;
    }
}
