package cn.fuzhi.sdk.mock;

import cn.fuzhi.sdk.model.Mask;
import cn.fuzhi.sdk.model.PushRecord;
import cn.fuzhi.sdk.model.Rule;
import cn.fuzhi.sdk.model.Severity;
import cn.fuzhi.sdk.model.Violation;
import cn.fuzhi.sdk.rules.RuleContext;
import cn.fuzhi.sdk.rules.RuleReport;
import cn.fuzhi.sdk.rules.Rules;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes batches of changes: checks every item by itself, applies what passes, and tells what became of each.
 *
 * <p>Guarded by the lock of the platform.
 */
final class Intake {
    private final Contract contract;
    private final Catalogue catalogue;
    private final Ledger ledger;
    private final Divisions divisions;
    private final Areas areas;
    private final Submissions submissions;
    private final MockClock clock;
    private final List<CrossRule> rules;
    private final BiConsumer<Kind, ObjectNode> refusals;

    Intake(
            Contract contract,
            Catalogue catalogue,
            Ledger ledger,
            Divisions divisions,
            Submissions submissions,
            MockClock clock,
            List<CrossRule> rules,
            BiConsumer<Kind, ObjectNode> refusals) {
        this.contract = contract;
        this.catalogue = catalogue;
        this.ledger = ledger;
        this.areas = new Areas(contract, ledger);
        this.divisions = divisions;
        this.submissions = submissions;
        this.clock = clock;
        this.rules = rules;
        this.refusals = refusals;
    }

    /**
     * One batch.
     *
     * @param kind kind of all items
     * @param items the items
     * @param caller who sends them
     * @param origin API, PACKAGE or MANUAL
     * @param dryRun true to take everything back afterwards
     * @param forced verdicts by key that a fault asks for, whatever the item says
     */
    record Batch(
            Kind kind,
            List<BatchItem> items,
            Caller caller,
            String origin,
            boolean dryRun,
            Map<String, String> forced) {}

    /** Works through a batch and answers one result per key. */
    List<ObjectNode> take(Batch batch) {
        List<ObjectNode> results = new ArrayList<>();
        if (batch.dryRun()) {
            ledger.trial(() -> results.addAll(takeAll(batch)));
        } else {
            results.addAll(takeAll(batch));
        }
        return results;
    }

    /** Works through batches that refer to each other; a dry run takes all of them back, and only at the end. */
    List<ObjectNode> takeTogether(List<Batch> batches, boolean dryRun) {
        List<ObjectNode> results = new ArrayList<>();
        Runnable work = () -> batches.forEach(batch -> results.addAll(takeAll(batch)));
        if (dryRun) {
            ledger.trial(work);
        } else {
            work.run();
        }
        return results;
    }

    private List<ObjectNode> takeAll(Batch batch) {
        Map<String, List<BatchItem>> byKey = new LinkedHashMap<>();
        batch.items()
                .forEach(item -> byKey.computeIfAbsent(item.key(), key -> new ArrayList<>())
                        .add(item));
        Map<String, ObjectNode> results = new LinkedHashMap<>();
        byKey.keySet().forEach(key -> results.put(key, Json.object()));
        List<List<BatchItem>> waiting = new ArrayList<>();
        for (List<BatchItem> twins : byKey.values()) {
            if (refersInto(batch.kind(), twins.get(0), byKey)) {
                waiting.add(twins);
            } else {
                takeOne(
                        batch,
                        twins,
                        Objects.requireNonNull(results.get(twins.get(0).key())));
            }
        }
        waiting.forEach(twins -> takeOne(
                batch, twins, Objects.requireNonNull(results.get(twins.get(0).key()))));
        return List.copyOf(results.values());
    }

    /** True when an item names another item of its batch: a teaching site its school, for example. */
    private static boolean refersInto(Kind kind, BatchItem item, Map<String, List<BatchItem>> batch) {
        if (!kind.name().equals("SCHOOL") || item.record() == null) {
            return false;
        }
        String parent = item.record().path("parentSchoolCode").asText("");
        return batch.containsKey(parent)
                || batch.containsKey(item.record().path("successorCode").asText(""));
    }

    private void takeOne(Batch batch, List<BatchItem> twins, ObjectNode result) {
        BatchItem item = twins.get(0);
        Findings findings = new Findings(catalogue, item.key());
        form(batch, item, findings);
        boolean same = twins.stream().allMatch(twin -> identical(item, twin));
        if (twins.size() > 1) {
            findings.rule(Rule.X_03, same ? Severity.WARNING : Severity.ERROR, "", "记录键", "value", item.key());
        }
        result.put("key", item.key());
        if (item.version() != null) {
            result.put("version", item.version());
        }
        String forced = batch.forced().get(item.key());
        if (forced != null) {
            result.put("result", forced);
        } else {
            decide(batch, item, findings, result);
        }
        attach(result, "violations", findings.errors());
        attach(result, "warnings", findings.warnings());
        boolean refused = !List.of("CREATED", "UPDATED", "UNCHANGED", "DELETED")
                .contains(result.get("result").asText());
        if (refused && !batch.dryRun()) {
            refusals.accept(batch.kind(), result);
        }
        if (!batch.dryRun()) {
            String scope = item.record() == null || !item.record().isObject()
                    ? null
                    : batch.kind().scope(item.record());
            submissions.note(batch.kind(), item.key(), scope, refused);
        }
    }

    /** Version, digest and key of an item, by the schema of the item; what it does not know is a warning. */
    private void form(Batch batch, BatchItem item, Findings findings) {
        ObjectNode schema = contract.schema(batch.kind().schemaName() + "Item").deepCopy();
        schema.withObject("/properties").remove("record");
        ObjectNode envelope = item.envelope().deepCopy();
        if (batch.origin().equals("PACKAGE")) {
            envelope.remove("kind");
        }
        new SchemaWalk(contract, findings).check(schema, envelope);
        if (!batch.kind().fits(item.key())) {
            findings.rule(Rule.R_38, "/key", "记录键", "value", Mask.value(item.key()));
        }
    }

    private static boolean identical(BatchItem one, BatchItem other) {
        return one.op().equals(other.op())
                && Objects.equals(one.version(), other.version())
                && Objects.equals(one.record(), other.record());
    }

    private static void attach(ObjectNode result, String field, List<Violation> violations) {
        if (!violations.isEmpty()) {
            result.set(field, Json.MAPPER.valueToTree(violations));
        }
    }

    private void decide(Batch batch, BatchItem item, Findings findings, ObjectNode result) {
        Stored before = ledger.any(batch.kind(), item.key());
        List<Reference> references = findings.refuses() ? List.of() : envelope(batch, item, before, findings);
        if (findings.refuses()) {
            result.put("result", "REJECTED");
            return;
        }
        String digest = item.deletes() ? null : digest(item);
        String verdict = byVersion(item, digest, before, findings, result);
        if (verdict == null && !item.deletes()) {
            content(batch, item, references, before, findings);
            verdict = findings.refuses() ? "REJECTED" : null;
        }
        if (verdict != null) {
            result.put("result", verdict);
            repeat(batch, verdict, before, result);
            return;
        }
        apply(batch, item, digest, before, findings, references, result);
    }

    /** A repeated submission is told its outcome again. */
    private void repeat(Batch batch, String verdict, @Nullable Stored before, ObjectNode result) {
        if (verdict.equals("UNCHANGED") && before != null && !before.deleted()) {
            result.put("version", before.version());
            if (before.held()) {
                result.put("result", "HELD");
            }
            if (batch.kind().name().equals("SUBMISSION")) {
                result.set("submission", submissions.decide(before, true, batch.dryRun()));
            }
        }
    }

    /** Checks op, key and owner. */
    private List<Reference> envelope(Batch batch, BatchItem item, @Nullable Stored before, Findings findings) {
        String platform = batch.caller().platformCode();
        if (before != null && !before.deleted() && !before.owner().equals(platform)) {
            findings.code("OWNED_BY_OTHER_PLATFORM", Severity.ERROR, "", "记录");
        }
        if (item.deletes()) {
            return List.of();
        }
        if (!item.op().equals("UPSERT")) {
            findings.rule(Rule.R_35, "/op", "操作", "value", Mask.value(item.op()));
        } else if (item.record() == null || !item.record().isObject()) {
            findings.rule(Rule.R_01, "/record", "记录");
        } else {
            return record(batch, item, findings);
        }
        return List.of();
    }

    private List<Reference> record(Batch batch, BatchItem item, Findings findings) {
        Kind kind = batch.kind();
        var record = Objects.requireNonNull(item.record());
        if (!kind.key(record).equals(item.key())) {
            findings.code("KEY_MISMATCH", Severity.ERROR, "", "记录键");
        }
        String owner = Json.text(record, "platformCode");
        boolean keyed = kind.schema().get("x-natural-key").toString().contains("platformCode");
        if (keyed
                && owner != null
                && !owner.equals(batch.caller().platformCode())
                && !kind.name().equals("PLATFORM")) {
            findings.code("OWNED_BY_OTHER_PLATFORM", Severity.ERROR, "/platformCode", "平台代码");
        }
        SchemaWalk walk = new SchemaWalk(contract, findings);
        walk.check(kind.schema(), record);
        return walk.references();
    }

    private static String digest(BatchItem item) {
        return item.digest() != null ? item.digest() : Digests.hex(Objects.requireNonNull(item.json()));
    }

    /** Decides by version and digest alone where they suffice: null means that the content decides. */
    private static @Nullable String byVersion(
            BatchItem item, @Nullable String digest, @Nullable Stored before, Findings findings, ObjectNode result) {
        if (before == null) {
            return null;
        }
        boolean sameContent =
                item.deletes() ? before.deleted() : !before.deleted() && Objects.equals(before.digest(), digest);
        if (item.version() == null) {
            return sameContent ? "UNCHANGED" : null;
        }
        if (item.version() > before.version()) {
            return null;
        }
        if (item.version() == before.version() && sameContent) {
            return "UNCHANGED";
        }
        result.put("currentVersion", before.version());
        if (before.digest() != null) {
            result.put("currentDigest", before.digest());
        }
        if (item.version() < before.version()) {
            return "STALE";
        }
        findings.code("VERSION_CONFLICT", Severity.ERROR, "", "版本号");
        return "CONFLICT";
    }

    /** The rules inside a record and those across records. */
    private void content(
            Batch batch, BatchItem item, List<Reference> references, @Nullable Stored before, Findings findings) {
        var record = Objects.requireNonNull(item.record());
        typed(batch.kind(), item).ifPresent(typed -> {
            RuleReport report = Rules.check(List.of(typed), context());
            report.errors().forEach(findings::addIfNew);
            report.warnings().forEach(findings::addIfNew);
        });
        Stored visible = before == null || before.deleted() ? null : before;
        Candidate candidate =
                new Candidate(batch.kind(), item.key(), record, references, visible, batch.caller(), findings);
        rules.forEach(rule -> rule.check(candidate));
    }

    private RuleContext context() {
        return RuleContext.builder()
                .divisions(cn.fuzhi.sdk.rules.Divisions.bundled())
                .now(clock.now())
                .build();
    }

    private static java.util.Optional<PushRecord> typed(Kind kind, BatchItem item) {
        try {
            return java.util.Optional.of(
                    Json.MAPPER.treeToValue(item.record(), kind.recordKind().type()));
        } catch (JsonProcessingException e) {
            // The walk over the schema has said already what is wrong with a record that cannot be read.
            return java.util.Optional.empty();
        }
    }

    private void apply(
            Batch batch,
            BatchItem item,
            @Nullable String digest,
            @Nullable Stored before,
            Findings findings,
            List<Reference> references,
            ObjectNode result) {
        long version =
                item.version() != null ? item.version() : Math.max(before == null ? 1 : before.version() + 1, micros());
        Stored next = stored(batch, item, digest, version, before, findings, references);
        Stored stored = ledger.put(next, item.deletes() ? "DELETE" : "UPSERT");
        rekey(before, stored);
        boolean fresh = before == null || before.deleted();
        result.put("version", version)
                .put("result", item.deletes() ? "DELETED" : next.held() ? "HELD" : fresh ? "CREATED" : "UPDATED");
        if (batch.kind().name().equals("SUBMISSION") && !item.deletes()) {
            result.set("submission", submissions.decide(stored, false, batch.dryRun()));
        }
    }

    private Stored stored(
            Batch batch,
            BatchItem item,
            @Nullable String digest,
            long version,
            @Nullable Stored before,
            Findings findings,
            List<Reference> references) {
        var now = clock.now();
        JsonNode record = item.deletes() ? null : item.record();
        return new Stored(
                batch.kind(),
                item.key(),
                version,
                digest,
                record == null ? null : item.json(),
                batch.caller().platformCode(),
                record == null ? null : batch.kind().scope(record),
                record == null ? null : body(record),
                record != null ? areas.of(record, references) : before == null ? Set.of() : before.areas(),
                batch.origin(),
                findings.holds(),
                !findings.warnings().isEmpty(),
                before == null ? now : before.createdAt(),
                now,
                0,
                null);
    }

    /** A school that got another code says so once, with both codes, so that followers of the feed can move what they hold. */
    private void rekey(@Nullable Stored before, Stored after) {
        if (after.deleted() || !after.kind().name().equals("SCHOOL")) {
            return;
        }
        JsonNode record = after.record();
        boolean known = before != null
                && !before.deleted()
                && before.record().path("status").asText().equals("RECODED");
        if (record.path("status").asText().equals("RECODED") && !known) {
            ledger.rekey(after, record.path("successorCode").asText());
        }
    }

    private @Nullable String body(JsonNode record) {
        for (String field : List.of("divisionCode", "bodyCode", "reportingBodyCode", "countyCode", "scopeCode")) {
            String code = Json.text(record, field);
            String body = code == null ? null : divisions.bodyOf(code);
            if (body != null) {
                return body;
            }
        }
        return null;
    }

    private long micros() {
        var now = clock.instant();
        return now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
    }
}
