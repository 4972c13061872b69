package cn.fuzhi.sdk;

import cn.fuzhi.sdk.model.PushRecord;
import cn.fuzhi.sdk.model.RecordKind;
import cn.fuzhi.sdk.model.Severity;
import cn.fuzhi.sdk.model.Verdict;
import cn.fuzhi.sdk.model.Violation;
import cn.fuzhi.sdk.model.Violations;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the answers of a dry run as those of one report. The platform stores nothing on the way, so it does not know the new school
 * of a pairing that is checked with it: such a refusal says nothing against the report when the school itself is accepted.
 */
final class DryRun {
    private static final String UNKNOWN_REFERENCE = "UNKNOWN_REFERENCE";

    /** All versions of a record by what it is: an answer does not say of which it is. */
    private final Map<String, List<PushRecord>> records = new HashMap<>();

    DryRun(List<PushRecord> records) {
        for (PushRecord record : records) {
            this.records
                    .computeIfAbsent(identity(record.kind(), record.key()), none -> new ArrayList<>())
                    .add(record);
        }
    }

    private static String identity(RecordKind kind, String key) {
        return kind + "\t" + key;
    }

    private static String identity(PushReport.Row row) {
        return identity(row.kind(), row.outcome().key());
    }

    /** The report in which records count as accepted that lack nothing but accepted records of the same call. */
    PushReport excused(PushReport report) {
        List<PushReport.Row> rows = new ArrayList<>(report.rows());
        Map<Verdict, Long> counts = new HashMap<>(report.counts());
        Set<String> accepted = new HashSet<>();
        Map<Integer, List<String>> lacking = new LinkedHashMap<>();
        for (int i = 0; i < rows.size(); i++) {
            PushReport.Row row = rows.get(i);
            if (row.outcome().isAccepted()) {
                accepted.add(identity(row));
            } else if (isUnknown(row.outcome())) {
                lacking.put(i, lacking(row));
            }
        }
        boolean more = true;
        while (more) {
            more = lacking.entrySet().removeIf(one -> {
                PushReport.Row row = rows.get(one.getKey());
                boolean excused = accepted.containsAll(one.getValue());
                if (excused) {
                    Verdict instead = row.outcome().currentVersion() == null ? Verdict.CREATED : Verdict.UPDATED;
                    rows.set(one.getKey(), new PushReport.Row(row.kind(), excused(row.outcome(), instead)));
                    counts.merge(Verdict.REJECTED, -1L, Long::sum);
                    counts.merge(instead, 1L, Long::sum);
                    accepted.add(identity(row));
                }
                return excused;
            });
        }
        counts.values().removeIf(count -> count == 0);
        return new PushReport(
                report.dryRun(), counts, report.undecidedCount(), rows, report.omittedCount(), report.failure());
    }

    private static boolean isUnknown(ItemOutcome outcome) {
        return Verdict.REJECTED.equals(outcome.verdict())
                && !outcome.violations().isEmpty()
                && outcome.violations().stream().allMatch(violation -> UNKNOWN_REFERENCE.equals(violation.rule()));
    }

    /** What a refused record refers to in vain; an empty text, which is nothing that could be accepted, where that is unclear. */
    private List<String> lacking(PushReport.Row row) {
        List<String> lacking = new ArrayList<>();
        for (PushRecord record : records.getOrDefault(identity(row), List.of())) {
            Map<String, List<String>> named = new HashMap<>();
            new Violations((v, target, value, field, zhName) -> named.computeIfAbsent(value, none -> new ArrayList<>())
                            .add(identity(RecordKind.of(target), value)))
                    .enter(record);
            JsonNode sent = sent(record);
            row.outcome()
                    .violations()
                    .forEach(violation ->
                            lacking.addAll(named.getOrDefault(at(sent, violation.pointer()), List.of(""))));
        }
        return lacking;
    }

    private static JsonNode sent(PushRecord record) {
        try {
            return Json.MAPPER.readTree(RecordCodec.freeze(record).payload());
        } catch (IOException e) {
            throw new IllegalStateException("frozen bytes are JSON", e);
        }
    }

    private static String at(JsonNode sent, @Nullable String pointer) {
        try {
            return sent.at(pointer == null ? "" : pointer).asText();
        } catch (IllegalArgumentException e) {
            return ""; // no pointer of RFC 6901, and no key
        }
    }

    private static ItemOutcome excused(ItemOutcome refused, Verdict instead) {
        List<Violation> warnings = new ArrayList<>(refused.warnings());
        refused.violations().forEach(violation -> warnings.add(ItemOutcome.shown(violation, Severity.WARNING)));
        return new ItemOutcome(
                refused.key(),
                instead,
                refused.version(),
                refused.currentVersion(),
                refused.currentDigest(),
                List.of(),
                warnings,
                refused.submission());
    }
}
