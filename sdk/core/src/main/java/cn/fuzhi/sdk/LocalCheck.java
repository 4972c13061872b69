package cn.fuzhi.sdk;

import cn.fuzhi.sdk.model.PushRecord;
import cn.fuzhi.sdk.model.Severity;
import cn.fuzhi.sdk.model.Violation;
import cn.fuzhi.sdk.model.Violations;
import cn.fuzhi.sdk.rules.RuleContext;
import cn.fuzhi.sdk.rules.Rules;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** What is checked before a push: all rules for a collection, the fields alone for a stream. Not for several threads. */
final class LocalCheck {
    private final RuleContext context;
    private final Violations violations = new Violations();

    LocalCheck(RuleContext context) {
        this.context = context;
    }

    /**
     * The errors of records that are pushed together, by record; those without errors are absent. Of several versions of one record
     * the last is judged together with the others, each earlier one by itself.
     */
    IdentityHashMap<PushRecord, List<Violation>> errors(Collection<? extends PushRecord> records) {
        IdentityHashMap<PushRecord, List<Violation>> errors = new IdentityHashMap<>();
        Map<String, List<Violation>> together = byKey(records);
        if (together.isEmpty()) {
            return errors;
        }
        Map<String, PushRecord> latest = new LinkedHashMap<>();
        for (PushRecord record : records) {
            PushRecord earlier = latest.put(record.kind() + "\t" + record.key(), record);
            if (earlier != null) {
                note(earlier, alone(earlier, together), errors);
            }
        }
        if (latest.size() < records.size()) {
            together = byKey(latest.values());
        }
        Map<String, Integer> kinds = new HashMap<>();
        latest.values().forEach(record -> kinds.merge(record.key(), 1, Integer::sum));
        for (PushRecord record : latest.values()) {
            List<Violation> own = together.getOrDefault(record.key(), List.of());
            if (!own.isEmpty() && kinds.getOrDefault(record.key(), 0) > 1) {
                // A finding has a key and no kind: where two kinds share a key, each is judged by itself.
                own = alone(record, together);
            }
            note(record, own, errors);
        }
        return errors;
    }

    /** Its own among the findings under its key; alone, it may lack what others make known. */
    private List<Violation> alone(PushRecord record, Map<String, List<Violation>> together) {
        List<Violation> found = together.getOrDefault(record.key(), List.of());
        return byKey(List.of(record)).getOrDefault(record.key(), List.of()).stream()
                .filter(found::contains)
                .toList();
    }

    private static void note(
            PushRecord record, List<Violation> found, IdentityHashMap<PushRecord, List<Violation>> errors) {
        if (!found.isEmpty()) {
            errors.put(record, found);
        }
    }

    private Map<String, List<Violation>> byKey(Collection<? extends PushRecord> records) {
        return Rules.check(records, context).errors().stream()
                .collect(Collectors.groupingBy(violation -> Objects.requireNonNullElse(violation.key(), "")));
    }

    /** The errors of one record of a stream; nothing is allocated when there are none. */
    List<Violation> errors(PushRecord record) {
        violations.enter(record);
        if (!violations.hasErrors()) {
            violations.clear();
            return List.of();
        }
        List<Violation> errors = violations.found().stream()
                .filter(violation -> Severity.ERROR.equals(violation.severity()))
                .toList();
        violations.clear();
        return errors;
    }
}
