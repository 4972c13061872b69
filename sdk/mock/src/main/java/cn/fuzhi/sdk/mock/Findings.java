package cn.fuzhi.sdk.mock;

import cn.fuzhi.sdk.model.Rule;
import cn.fuzhi.sdk.model.Severity;
import cn.fuzhi.sdk.model.Violation;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is wrong with one record, in the words of the catalogues. Not for several threads. */
final class Findings {
    private final Catalogue catalogue;
    private final @Nullable String key;
    private final List<Violation> errors = new ArrayList<>();
    private final List<Violation> warnings = new ArrayList<>();
    private boolean held;

    Findings(Catalogue catalogue, @Nullable String key) {
        this.catalogue = catalogue;
        this.key = key;
    }

    List<Violation> errors() {
        return List.copyOf(errors);
    }

    List<Violation> warnings() {
        return List.copyOf(warnings);
    }

    boolean refuses() {
        return !errors.isEmpty();
    }

    /** True when the province has to decide whether the record counts. */
    boolean holds() {
        return held;
    }

    /** Adds a finding that does not refuse the record but leaves it to the province. */
    void hold(Rule rule, String pointer, String fieldZh, String... words) {
        held = true;
        rule(rule, Severity.WARNING, pointer, fieldZh, words);
    }

    /** Adds a finding under a rule, with the usual severity of the rule. */
    void rule(Rule rule, String pointer, String fieldZh, String... words) {
        rule(rule, rule.severity(), pointer, fieldZh, words);
    }

    /** As {@link #rule(Rule, String, String, String...)}, for what a rule within the record may have found as well. */
    void ruleIfNew(Rule rule, String pointer, String fieldZh, String... words) {
        addIfNew(violation(rule, rule.severity(), pointer, fieldZh, words));
    }

    /** Adds a finding under a rule; words are names and values of its placeholders in turn, never personal. */
    void rule(Rule rule, Severity severity, String pointer, String fieldZh, String... words) {
        add(violation(rule, severity, pointer, fieldZh, words));
    }

    private Violation violation(Rule rule, Severity severity, String pointer, String fieldZh, String... words) {
        return Violation.builder()
                .key(key)
                .pointer(pointer)
                .fieldZh(fieldZh)
                .rule(rule.number())
                .severity(severity)
                .message(fill(rule.message(), pointer, fieldZh, words))
                .messageEn(fill(rule.messageEn(), pointer, fieldZh, words))
                .hint(rule.hint())
                .build();
    }

    /** Adds a finding under an item-level code of the error catalogue. */
    void code(String code, Severity severity, String pointer, String fieldZh) {
        var entry = catalogue.error(code);
        add(Violation.builder()
                .key(key)
                .pointer(pointer)
                .fieldZh(fieldZh)
                .rule(code)
                .severity(severity)
                .message(entry.detail())
                .messageEn(entry.detailEn())
                .hint(entry.remedy())
                .build());
    }

    /** Adds a finding of somebody else unless the same field has one under the same rule already. */
    void addIfNew(Violation violation) {
        List<Violation> same = violation.severity().equals(Severity.ERROR) ? errors : warnings;
        boolean known = same.stream()
                .anyMatch(other -> other.rule().equals(violation.rule())
                        && java.util.Objects.equals(other.pointer(), violation.pointer()));
        if (!known) {
            add(violation);
        }
    }

    private void add(Violation violation) {
        (violation.severity().equals(Severity.ERROR) ? errors : warnings).add(violation);
    }

    private static String fill(String text, String pointer, String fieldZh, String... words) {
        String filled =
                text.replace("{field}", fieldZh).replace("{fieldEn}", pointer.substring(pointer.lastIndexOf('/') + 1));
        for (int i = 0; i + 1 < words.length; i += 2) {
            filled = filled.replace("{" + words[i] + "}", words[i + 1]);
        }
        return filled;
    }
}
