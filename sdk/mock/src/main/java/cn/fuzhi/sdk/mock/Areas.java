package cn.fuzhi.sdk.mock;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The divisions that a record is about: those that it names, and those of the schools and lessons that it names. */
final class Areas {
    private final Contract contract;
    private final Ledger ledger;

    Areas(Contract contract, Ledger ledger) {
        this.contract = contract;
        this.ledger = ledger;
    }

    Set<String> of(JsonNode record, List<Reference> references) {
        Set<String> areas = new LinkedHashSet<>();
        for (Reference reference : references) {
            switch (reference.target()) {
                case "DIVISION" -> areas.add(reference.value());
                case "SCHOOL", "LESSON" -> add(areas, reference.target(), reference.value());
                default -> {
                    // A platform, a timetable or a file tells nothing about where.
                }
            }
        }
        // Either a division or a school, which is why the contract calls neither a reference.
        for (String field : List.of("scopeCode", "issuerCode")) {
            String code = Json.text(record, field);
            if (code != null && code.length() == 6) {
                areas.add(code);
            } else if (code != null) {
                add(areas, "SCHOOL", code);
            }
        }
        return Set.copyOf(areas);
    }

    private void add(Set<String> areas, String kind, String key) {
        Stored named = ledger.find(contract.needed(kind), key);
        if (named != null) {
            areas.addAll(named.areas());
        }
    }
}
