package cn.fuzhi.sdk;

import cn.fuzhi.sdk.model.PushRecord;
import cn.fuzhi.sdk.model.RecordKind;
import cn.fuzhi.sdk.model.Verdict;
import cn.fuzhi.sdk.model.Violation;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the answers of a dry run as those of one report. The platform stores nothing on the way, so it does not know the new school
 * of a pairing that is checked with it: such a refusal says nothing against the report when the school itself is accepted.
 */
final class DryRun {
    private static final String UNKNOWN_REFERENCE = "UNKNOWN_REFERENCE";

    private final Map<String, PushRecord> records = new HashMap<>();

    DryRun(List<PushRecord> records) {
        records.forEach(record -> this.records.put(identity(record.kind(), record.key()), record));
    }

    private static String identity(RecordKind kind, String key) {
        return kind + "\t" + key;
    }

    /** The report in which records count as accepted that lack nothing but accepted records of the same call. */
    PushReport excused(PushReport report) {
        List<PushReport.Row> rows = new ArrayList<>(report.rows());
        Set<String> accepted = new HashSet<>();
        Map<Integer, List<String>> lacking = new LinkedHashMap<>();
        for (int i = 0; i < rows.size(); i++) {
            ItemOutcome outcome = rows.get(i).outcome();
            if (outcome.isAccepted()) {
                accepted.add(outcome.key());
            } else if (isUnknown(outcome)) {
                lacking.put(i, lacking(rows.get(i)));
            }
        }
        int refused = lacking.size();
        boolean more = true;
        while (more) {
            more = lacking.entrySet().removeIf(one -> {
                PushReport.Row row = rows.get(one.getKey());
                boolean excused = accepted.containsAll(one.getValue());
                if (excused) {
                    rows.set(one.getKey(), excused(row));
                    accepted.add(row.outcome().key());
                }
                return excused;
            });
        }
        Map<Verdict, Long> counts = new HashMap<>(report.counts());
        counts.merge(Verdict.CREATED, (long) refused - lacking.size(), Long::sum);
        counts.merge(Verdict.REJECTED, (long) lacking.size() - refused, Long::sum);
        counts.values().removeIf(count -> count == 0);
        return new PushReport(
                report.dryRun(), counts, report.undecidedCount(), rows, report.omittedCount(), report.failure());
    }

    /** The keys to which a refused record refers in vain. */
    private List<String> lacking(PushReport.Row row) {
        PushRecord record = Objects.requireNonNull(
                records.get(identity(row.kind(), row.outcome().key())));
        JsonNode sent = sent(record);
        return row.outcome().violations().stream()
                .map(violation -> at(sent, violation.pointer()))
                .toList();
    }

    private static boolean isUnknown(ItemOutcome outcome) {
        return Verdict.REJECTED.equals(outcome.verdict())
                && !outcome.violations().isEmpty()
                && outcome.violations().stream().allMatch(violation -> UNKNOWN_REFERENCE.equals(violation.rule()));
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

    private static PushReport.Row excused(PushReport.Row row) {
        ItemOutcome outcome = row.outcome();
        List<Violation> warnings = new ArrayList<>(outcome.warnings());
        warnings.addAll(outcome.violations());
        return new PushReport.Row(
                row.kind(),
                new ItemOutcome(
                        outcome.key(),
                        Verdict.CREATED,
                        outcome.version(),
                        outcome.currentVersion(),
                        outcome.currentDigest(),
                        List.of(),
                        warnings,
                        outcome.submission()));
    }
}
