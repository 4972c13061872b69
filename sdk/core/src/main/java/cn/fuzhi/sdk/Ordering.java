package cn.fuzhi.sdk;

import cn.fuzhi.sdk.model.PushRecord;
import cn.fuzhi.sdk.model.School;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/** The order in which records are sent, so that what is referred to arrives first. */
final class Ordering {
    /** Schools from which a school may be reached one after the other; more are a circle. */
    private static final int LONGEST = 8;

    private Ordering() {}

    /** By rank; within a rank by kind, because a request takes one kind; within a kind, records behind those that they refer to. */
    static List<PushRecord> of(Collection<? extends PushRecord> records) {
        Map<String, Set<String>> references = new HashMap<>();
        for (PushRecord record : records) {
            List<String> own = references(record);
            if (!own.isEmpty()) {
                references
                        .computeIfAbsent(record.key(), none -> new HashSet<>())
                        .addAll(own);
            }
        }
        Map<String, Integer> depths = depths(references);
        List<PushRecord> ordered = new ArrayList<>(records);
        ordered.sort(Comparator.comparingInt(
                        (PushRecord record) -> record.kind().rank())
                .thenComparing(record -> record.kind().value())
                .thenComparingInt(record -> record instanceof School ? depths.getOrDefault(record.key(), 0) : 0));
        return ordered;
    }

    /** How far each key is from what refers to nothing. All versions of a record have one depth, so that they keep their order. */
    private static Map<String, Integer> depths(Map<String, Set<String>> references) {
        Map<String, Integer> depths = new HashMap<>();
        for (int pass = 0; pass < LONGEST; pass++) {
            references.forEach((key, named) -> depths.put(
                    key,
                    1
                            + named.stream()
                                    .mapToInt(one -> depths.getOrDefault(one, 0))
                                    .max()
                                    .orElse(0)));
        }
        return depths;
    }

    /** The keys of its own kind to which a record refers: a teaching site to its school, a school to its successor. */
    static List<String> references(PushRecord record) {
        if (!(record instanceof School school)
                || (school.parentSchoolCode() == null && school.successorCode() == null)) {
            return List.of();
        }
        return Stream.of(school.parentSchoolCode(), school.successorCode())
                .filter(Objects::nonNull)
                .toList();
    }
}
