package cn.fuzhi.sdk.mock;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;

/** Finds records of a kind by a term that stands in them, so that a rule need not read all of them. Kept up by the ledger. */
final class Index {
    private final Ledger ledger;
    private final Kind kind;
    private final Function<JsonNode, Collection<String>> terms;
    private final Map<String, NavigableSet<String>> keysByTerm = new HashMap<>();
    private final Map<String, Collection<String>> termsByKey = new HashMap<>();

    Index(Ledger ledger, Kind kind, Function<JsonNode, Collection<String>> terms) {
        this.ledger = ledger;
        this.kind = kind;
        this.terms = terms;
        ledger.follow(this::moved);
    }

    private void moved(Ledger.Move move) {
        Stored after = move.after();
        Stored before = move.before();
        Stored either = after != null ? after : before;
        if (either == null || !either.kind().equals(kind)) {
            return;
        }
        for (String term : termsByKey.getOrDefault(either.key(), List.of())) {
            keysByTerm.getOrDefault(term, new TreeSet<>()).remove(either.key());
        }
        termsByKey.remove(either.key());
        if (after != null && !after.deleted()) {
            Collection<String> found = terms.apply(after.record());
            termsByKey.put(after.key(), found);
            found.forEach(term ->
                    keysByTerm.computeIfAbsent(term, absent -> new TreeSet<>()).add(after.key()));
        }
    }

    /** Records that hold a term and count, in the order of their keys, except for one key. */
    List<Stored> find(String term, String exceptKey) {
        return keysByTerm.getOrDefault(term, Collections.emptyNavigableSet()).stream()
                .filter(key -> !key.equals(exceptKey))
                .map(key -> ledger.find(kind, key))
                .filter(java.util.Objects::nonNull)
                .map(java.util.Objects::requireNonNull)
                .toList();
    }

    /** The record with the greatest key before another one, among those that hold a term and count. */
    Optional<Stored> before(String term, String key) {
        return keysByTerm
                .getOrDefault(term, Collections.emptyNavigableSet())
                .headSet(key, false)
                .descendingSet()
                .stream()
                .map(earlier -> ledger.find(kind, earlier))
                .flatMap(Stream::ofNullable)
                .findFirst();
    }
}
