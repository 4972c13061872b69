package cn.fuzhi.sdk.model;

import java.math.BigDecimal;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
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
    /** By the number of the format. */
    private @Nullable Matching[] matchers = new Matching[0];

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

    /**
     * Reports a value that must be there ({@code R-01}); a text of white space is not.
     *
     * @param value a value of any type, or null
     * @param field property name, or a pointer below the record
     * @param zhName Chinese name of the property
     */
    public void required(@Nullable Object value, String field, String zhName) {
        if (value == null || isBlank(value)) {
            add(Rule.R_01, field, zhName);
        }
    }

    private static boolean isBlank(Object value) {
        return (value instanceof String text && FreeText.isBlank(text))
                || (value instanceof OpenCode code && FreeText.isBlank(code.value()));
    }

    void text(@Nullable String value, String field, String zhName, int min, int max, boolean required) {
        if (value != null && !isFound(value, required)) {
            text(value, field, NONE, zhName, min, max);
        }
    }

    /** A blank text that is required is one finding, not two. */
    private static boolean isFound(String value, boolean required) {
        return required && FreeText.isBlank(value);
    }

    private void text(@Nullable String value, String field, int index, String zhName, int min, int max) {
        if (value == null) {
            return;
        }
        int length = FreeText.length(value);
        if (length < min || length > max) {
            add(Rule.R_02, name(field, index), zhName, "min", String.valueOf(min), "max", String.valueOf(max));
        }
        if (FreeText.isForbidden(value)) {
            add(Rule.R_31, name(field, index), zhName);
        }
    }

    void format(@Nullable String value, String field, String zhName, Format format, boolean required) {
        if (value != null && !isFound(value, required)) {
            format(value, field, NONE, zhName, format);
        }
    }

    private void format(String value, String field, int index, String zhName, Format format) {
        Matching matching = matching(format);
        if (value.equals(matching.good)) {
            return;
        }
        if (!matching.matches(value)) {
            add(format.brokenBy(value), name(field, index), zhName, "value", Mask.value(value));
        } else if (format.isChosen() && FreeText.isForbidden(value)) {
            add(Rule.R_31, name(field, index), zhName);
        } else {
            matching.good = value;
        }
    }

    /** The same for a name or a phone, of which nothing may be shown. */
    void personFormat(@Nullable String value, String field, String zhName, Format format, boolean required) {
        if (value != null && !isFound(value, required) && !matches(value, format)) {
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
            String shown = Mask.value(value.value());
            String setEn = value.getClass().getSimpleName();
            // No later contract has a code of another form, and some are parts of keys.
            boolean isCode = isBlank(value) || FreeText.isCode(value.value());
            Rule broken = isCode ? Rule.R_03 : Rule.R_35;
            add(broken, name(field, index), zhName, "value", shown, "set", value.listZhName(), "setEn", setEn);
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
        if (value != null && isOutside(value, min, max)) {
            String shown = Mask.value(value.toString());
            add(Rule.R_37, field, zhName, "value", shown, "min", min.toPlainString(), "max", max.toPlainString());
        }
    }

    void step(
            @Nullable BigDecimal value, String field, String zhName, BigDecimal min, BigDecimal max, BigDecimal step) {
        if (value != null && !isOutside(value, min, max) && !isMultiple(value, step)) {
            add(Rule.R_46, field, zhName, "value", Mask.value(value.toString()), "step", step.toPlainString());
        }
    }

    private static boolean isOutside(BigDecimal value, BigDecimal min, BigDecimal max) {
        return value.compareTo(min) < 0 || value.compareTo(max) > 0;
    }

    /** Scales are compared first: dividing 1E-1000000000 would take a billion digits. */
    private static boolean isMultiple(BigDecimal value, BigDecimal step) {
        return value.stripTrailingZeros().scale() <= step.scale()
                && value.remainder(step).signum() == 0;
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
            if (value != null) {
                format(value, field, i, zhName, format);
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

    private boolean matches(String value, Format format) {
        return matching(format).matches(value);
    }

    private Matching matching(Format format) {
        int number = format.number();
        if (number >= matchers.length) {
            matchers = Arrays.copyOf(matchers, Format.count()); // once, until another class of records is loaded
        }
        Matching found = matchers[number];
        if (found == null) {
            found = new Matching(format);
            matchers[number] = found;
        }
        return found;
    }

    /** A format with its matcher, which is kept because a new one weighs 200 bytes. */
    private static final class Matching {
        private final Format format;
        private final Matcher matcher;
        /**
         * The last text that was right. Records that come together say the same platform, body and period, and a pattern takes
         * longer than a comparison. Never a name or a phone.
         */
        private @Nullable String good;

        private Matching(Format format) {
            this.format = format;
            this.matcher = format.pattern().matcher("");
        }

        private boolean matches(String value) {
            return format.admits(value) && matcher.reset(value).matches();
        }
    }

    /** The name of a field or of one element; built for findings only, so that a good record leaves no garbage. */
    private static String name(String field, int index) {
        return index == NONE ? field : field + "/" + index;
    }

    /**
     * Tells where a field of the current record, or of what is checked within it, stands.
     *
     * @param field property name, or nothing for the record as a whole
     * @return JSON pointer
     */
    public String pointer(String field) {
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
