package cn.fuzhi.sdk;

import cn.fuzhi.sdk.model.PushRecord;
import cn.fuzhi.sdk.model.RecordKind;
import cn.fuzhi.sdk.model.Severity;
import cn.fuzhi.sdk.model.Violation;
import cn.fuzhi.sdk.model.Violations;
import cn.fuzhi.sdk.rules.RuleContext;
import cn.fuzhi.sdk.rules.Rules;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** What is checked before a push: all rules for a collection, the fields alone for a stream. Not for several threads. */
final class LocalCheck {
    private static final RecordKind AMBIGUOUS = RecordKind.of("");

    private final RuleContext context;
    private final Violations violations = new Violations();

    LocalCheck(RuleContext context) {
        this.context = context;
    }

    /** The errors of records that are pushed together, by record; those without errors are absent. */
    IdentityHashMap<PushRecord, List<Violation>> errors(Collection<? extends PushRecord> records) {
        IdentityHashMap<PushRecord, List<Violation>> errors = new IdentityHashMap<>();
        Map<String, List<Violation>> byKey = byKey(records);
        if (byKey.isEmpty()) {
            return errors;
        }
        Map<String, RecordKind> kinds = new HashMap<>();
        records.forEach(record -> kinds.merge(record.key(), record.kind(), LocalCheck::same));
        for (PushRecord record : records) {
            List<Violation> own = byKey.getOrDefault(record.key(), List.of());
            if (!own.isEmpty() && AMBIGUOUS.equals(kinds.get(record.key()))) {
                // A finding has a key and no kind: where two kinds share a key, each is judged by itself.
                own = byKey(List.of(record)).getOrDefault(record.key(), List.of());
            }
            if (!own.isEmpty()) {
                errors.put(record, own);
            }
        }
        return errors;
    }

    private static RecordKind same(RecordKind one, RecordKind other) {
        return one.equals(other) ? one : AMBIGUOUS;
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
