package cn.fuzhi.sdk.model;

import java.math.BigDecimal;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Collects what is wrong with records, each finding with its JSON pointer, rule number, and texts in Chinese and English.
 *
 * <p>One collector serves many records, one after another: call {@link #enter(PushRecord)} before each. Nothing is allocated
 * for a record without findings. Not for use by several threads at once.
 */
public final class Violations {
    private static final ZoneOffset BEIJING = ZoneOffset.ofHours(8);
    private static final int NONE = -1;

    private final List<Violation> found = new ArrayList<>();
    private final List<Step> path = new ArrayList<>();
    private final IdentityHashMap<Pattern, Matcher> matchers = new IdentityHashMap<>();
    private final @Nullable References references;
    private int depth;
    private @Nullable PushRecord record;
    private boolean incomplete;

    /** Told of every value that names something outside its record, while the record is checked. */
    @FunctionalInterface
    public interface References {
        /**
         * Looks at one reference.
         *
         * @param v the collector, positioned where the reference stands
         * @param target what is named: {@code DIVISION}, {@code ATTACHMENT} or a record kind such as {@code SCHOOL}
         * @param value the value, which may be malformed
         * @param field property name, for {@link #add(Rule, String, String, String...)}
         * @param zhName Chinese name of the property
         */
        void found(Violations v, String target, String value, String field, String zhName);
    }

    /** Makes an empty collector. */
    public Violations() {
        this.references = null;
    }

    /**
     * Makes an empty collector that also tells of references.
     *
     * @param references is told of every reference of the records that are checked
     */
    public Violations(References references) {
        this.references = references;
    }

    /**
     * Checks one record by the constraints of its fields; its natural key goes into every finding.
     *
     * @param next the record
     */
    public void enter(PushRecord next) {
        turnTo(next);
        next.check(this);
    }

    /** Forgets what was found, and the last record, so that the collector can be kept. */
    public void clear() {
        record = null;
        depth = 0;
        found.clear();
    }

    /**
     * Puts the findings that follow under a record without checking it again.
     *
     * @param next the record
     */
    public void turnTo(PushRecord next) {
        record = next;
        incomplete = false;
        depth = 0;
    }

    /**
     * Tells whether the current record lacks a value that is required: rules across fields cannot be applied to it.
     *
     * @return true if {@code R-01} was found since the record was entered
     */
    public boolean isIncomplete() {
        return incomplete;
    }

    /**
     * Returns what was found so far, errors and warnings in the order in which they were found.
     *
     * @return a copy
     */
    public List<Violation> found() {
        return List.copyOf(found);
    }

    /**
     * Tells whether an error was found; warnings do not count.
     *
     * @return true if something must not be sent
     */
    public boolean hasErrors() {
        for (int i = 0; i < found.size(); i++) {
            if (Severity.ERROR.equals(found.get(i).severity())) {
                return true;
            }
        }
        return false;
    }

    /**
     * Adds a finding about a field of the current record, with the usual severity of the rule.
     *
     * @param rule the rule that is broken
     * @param field property name
     * @param zhName Chinese name of the property
     * @param words values of the placeholders in the rule's text, name and value in turn; never a personal value
     */
    public void add(Rule rule, String field, String zhName, String... words) {
        add(rule, rule.severity(), field, zhName, words);
    }

    /**
     * Adds a finding about a field of the current record.
     *
     * @param rule the rule that is broken
     * @param severity error or warning
     * @param field property name, a pointer below the record such as {@code receivers/0/schoolCode}, or nothing for the record
     *     as a whole
     * @param zhName Chinese name of the property
     * @param words values of the placeholders in the rule's text, name and value in turn; never a personal value
     */
    public void add(Rule rule, Severity severity, String field, String zhName, String... words) {
        incomplete |= rule == Rule.R_01;
        found.add(Violation.builder()
                .key(record == null ? null : record.key())
                .pointer(pointer(field))
                .fieldZh(zhName)
                .rule(rule.number())
                .severity(severity)
                .message(fill(rule.message(), field, zhName, words))
                .messageEn(fill(rule.messageEn(), field, zhName, words))
                .hint(rule.hint())
                .build());
    }

    void required(@Nullable Object value, String field, String zhName) {
        if (value == null || isBlank(value)) {
            add(Rule.R_01, field, zhName);
        }
    }

    private static boolean isBlank(Object value) {
        return (value instanceof String text && FreeText.length(text) == 0)
                || (value instanceof OpenCode code && code.value().isEmpty());
    }

    void text(@Nullable String value, String field, String zhName, int min, int max) {
        text(value, field, NONE, zhName, min, max);
    }

    private void text(@Nullable String value, String field, int index, String zhName, int min, int max) {
        if (value == null) {
            return;
        }
        int length = FreeText.length(value);
        // An empty required text is one finding, not two.
        if ((length < min && length > 0) || length > max) {
            add(Rule.R_02, name(field, index), zhName, "min", String.valueOf(min), "max", String.valueOf(max));
        }
        if (FreeText.isForbidden(value)) {
            add(Rule.R_31, name(field, index), zhName);
        }
    }

    void format(@Nullable String value, String field, String zhName, Format format) {
        if (value != null && !matches(value, format)) {
            add(format.brokenBy(value), field, zhName, "value", Mask.value(value));
        }
    }

    /** The same for a name or a phone, of which nothing may be shown. */
    void personFormat(@Nullable String value, String field, String zhName, Format format) {
        if (value != null && !matches(value, format)) {
            add(format.brokenBy(value), field, zhName, "value", "***");
        }
    }

    void reference(@Nullable String value, String field, String zhName, String target) {
        if (references != null && value != null && !value.isEmpty()) {
            references.found(this, target, value, field, zhName);
        }
    }

    void references(List<String> values, String field, String zhName, String target) {
        for (int i = 0; references != null && i < values.size(); i++) {
            reference(values.get(i), name(field, i), zhName, target);
        }
    }

    void person(@Nullable String value, String field, String zhName) {
        if (value != null && FreeText.isPlaceholder(value)) {
            add(Rule.R_33, field, zhName);
        }
    }

    void code(@Nullable OpenCode value, String field, String zhName) {
        code(value, field, NONE, zhName);
    }

    private void code(@Nullable OpenCode value, String field, int index, String zhName) {
        if (value != null && !value.isKnown()) {
            String set = value.getClass().getSimpleName();
            add(Rule.R_03, name(field, index), zhName, "value", Mask.value(value.value()), "set", set);
        }
    }

    void integer(@Nullable Number value, String field, String zhName, long min, long max, String rule) {
        if (value != null && (value.longValue() < min || value.longValue() > max)) {
            // R-23 speaks of counts, which begin at 0.
            Rule broken = min == 0 && field.endsWith("Count") ? Rule.R_23 : Rule.of(rule);
            String shown = value.toString();
            add(broken, field, zhName, "value", shown, "min", String.valueOf(min), "max", String.valueOf(max));
        }
    }

    void decimal(@Nullable BigDecimal value, String field, String zhName, BigDecimal min, BigDecimal max) {
        if (value != null && (value.compareTo(min) < 0 || value.compareTo(max) > 0)) {
            String shown = Mask.value(value.toString());
            add(Rule.R_37, field, zhName, "value", shown, "min", min.toPlainString(), "max", max.toPlainString());
        }
    }

    void time(@Nullable OffsetDateTime value, String field, String zhName) {
        if (value != null && !value.getOffset().equals(BEIJING)) {
            add(Rule.R_12, field, zhName);
        }
    }

    void nested(@Nullable Checked value, String field) {
        nested(value, field, NONE);
    }

    void list(List<?> values, String field, String zhName, int min, int max) {
        if (values.isEmpty() && min > 0) {
            add(Rule.R_01, field, zhName);
        } else if (values.size() < min || values.size() > max) {
            add(Rule.R_36, field, zhName, "min", String.valueOf(min), "max", String.valueOf(max));
        }
        int missing = Values.indexOfNull(values);
        if (missing >= 0) {
            add(Rule.R_01, name(field, missing), zhName);
        }
    }

    void texts(List<String> values, String field, String zhName, int min, int max) {
        for (int i = 0; i < values.size(); i++) {
            text(values.get(i), field, i, zhName, min, max);
        }
    }

    void formats(List<String> values, String field, String zhName, Format format) {
        for (int i = 0; i < values.size(); i++) {
            String value = values.get(i);
            if (value != null && !matches(value, format)) {
                add(format.brokenBy(value), name(field, i), zhName, "value", Mask.value(value));
            }
        }
    }

    void codes(List<? extends OpenCode> values, String field, String zhName) {
        for (int i = 0; i < values.size(); i++) {
            code(values.get(i), field, i, zhName);
        }
    }

    void all(List<? extends Checked> values, String field) {
        for (int i = 0; i < values.size(); i++) {
            nested(values.get(i), field, i);
        }
    }

    private void nested(@Nullable Checked value, String field, int index) {
        if (value != null) {
            if (depth == path.size()) {
                path.add(new Step());
            }
            path.get(depth++).set(field, index);
            value.check(this);
            depth--;
        }
    }

    /** An empty text is the business of R-01. A matcher is kept for each pattern, because a new one weighs 200 bytes. */
    private boolean matches(String value, Format format) {
        if (value.isEmpty()) {
            return true;
        }
        return format.admits(value)
                && matchers.computeIfAbsent(format.pattern(), pattern -> pattern.matcher(""))
                        .reset(value)
                        .matches();
    }

    /** The name of a field or of one element; built for findings only, so that a good record leaves no garbage. */
    private static String name(String field, int index) {
        return index == NONE ? field : field + "/" + index;
    }

    private String pointer(String field) {
        StringBuilder pointer = new StringBuilder();
        for (Step step : path.subList(0, depth)) {
            pointer.append('/').append(name(step.field, step.index));
        }
        return field.isEmpty()
                ? pointer.toString()
                : pointer.append('/').append(field).toString();
    }

    private static String fill(String template, String field, String zhName, String... words) {
        String text = template.replace("{field}", zhName).replace("{fieldEn}", field);
        for (int i = 0; i + 1 < words.length; i += 2) {
            text = text.replace("{" + words[i] + "}", words[i + 1]);
        }
        return text;
    }

    /** One step down into a nested record; used again for every record at the same depth. */
    private static final class Step {
        private String field = "";
        private int index;

        void set(String newField, int newIndex) {
            field = newField;
            index = newIndex;
        }
    }
}
