package cn.fuzhi.sdk.rules;

import cn.fuzhi.sdk.model.CodeSet;
import cn.fuzhi.sdk.model.CodeValue;
import cn.fuzhi.sdk.model.OpenCode;
import cn.fuzhi.sdk.model.Stage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The code sets that the contract refers to by {@code x-code-set}, with the names, aliases and stages of their values.
 * Immutable.
 */
public final class CodeSets {
    private final Map<String, CodeSet> sets = new LinkedHashMap<>();
    private final Map<String, CodeValue> values = new HashMap<>();

    private CodeSets(Collection<CodeSet> sets) {
        for (CodeSet set : sets) {
            this.sets.put(set.name(), set);
            set.values().forEach(value -> values.put(key(set.name(), value.code()), value));
        }
    }

    /**
     * Returns the code sets of the contract that this version was built from.
     *
     * @return the sets, read once
     */
    public static CodeSets bundled() {
        return Bundled.SETS;
    }

    /**
     * Finds a set.
     *
     * @param name such as {@code subject}, {@code grade} or {@code schoolType}
     * @return the set with its values in their usual order, or empty
     */
    public Optional<CodeSet> find(String name) {
        return Optional.ofNullable(sets.get(name));
    }

    /**
     * Finds the value that a form means.
     *
     * @param name name of the set
     * @param text a code, a Chinese name or an alias such as 初一
     * @return the value, or empty
     */
    public Optional<CodeValue> lookUp(String name, String text) {
        CodeValue byCode = values.get(key(name, text));
        if (byCode != null) {
            return Optional.of(byCode);
        }
        return find(name).stream()
                .flatMap(set -> set.values().stream())
                .filter(value -> value.name().equals(text) || value.aliases().contains(text))
                .findFirst();
    }

    /** The stages to which a code belongs; empty when it belongs to any, or when nothing is known about it. */
    List<Stage> stagesOf(String set, @Nullable OpenCode code) {
        CodeValue value = code == null ? null : values.get(key(set, code.value()));
        return value == null ? List.of() : value.stages();
    }

    private static String key(String set, String code) {
        return set + '\t' + code;
    }

    /** Read when first asked for. */
    private static final class Bundled {
        static final CodeSets SETS = read();

        private static CodeSets read() {
            Map<String, List<Table.Row>> rows = new LinkedHashMap<>();
            Table.read("code-sets.tsv")
                    .forEach(row -> rows.computeIfAbsent(row.text(0), name -> new ArrayList<>())
                            .add(row));
            return new CodeSets(rows.values().stream().map(Bundled::set).toList());
        }

        private static CodeSet set(List<Table.Row> rows) {
            Table.Row first = rows.get(0);
            return CodeSet.builder()
                    .name(first.text(0))
                    .version(first.text(1))
                    .zhName(first.text(2))
                    .values(rows.stream().map(Bundled::value).toList())
                    .build();
        }

        private static CodeValue value(Table.Row row) {
            return CodeValue.builder()
                    .code(row.text(3))
                    .name(row.text(4))
                    .std(row.textOrNull(5))
                    .stages(row.list(6).stream().map(Stage::of).toList())
                    .aliases(row.list(7))
                    .build();
        }
    }
}
