package cn.fuzhi.sdk.rules;

import cn.fuzhi.sdk.model.Rule;
import cn.fuzhi.sdk.model.Severity;
import cn.fuzhi.sdk.model.Violation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a check found.
 *
 * @param errors what stops the record that it names
 * @param warnings what is odd, and is sent nevertheless
 * @param notChecked rules that would apply but lacked context; never the same as passed
 */
public record RuleReport(List<Violation> errors, List<Violation> warnings, List<NotChecked> notChecked) {
    /** Copies the lists. */
    public RuleReport {
        errors = List.copyOf(errors);
        warnings = List.copyOf(warnings);
        notChecked = List.copyOf(notChecked);
    }

    /**
     * A rule that could not be decided here.
     *
     * @param rule number of the rule
     * @param records how many records it would apply to
     * @param reason what was missing, in Chinese
     * @param reasonEn what was missing, in English
     */
    public record NotChecked(String rule, int records, String reason, String reasonEn) {}

    static RuleReport of(List<Violation> found, List<NotChecked> notChecked) {
        return new RuleReport(
                found.stream().filter(RuleReport::isError).toList(),
                found.stream().filter(violation -> !isError(violation)).toList(),
                notChecked);
    }

    /**
     * Tells whether a record must not be sent.
     *
     * @return true if there is an error
     */
    public boolean hasErrors() {
        return !errors.isEmpty();
    }

    /**
     * Writes the report for people who fill in data.
     *
     * @return Chinese, one finding a line, without personal values
     */
    public String toChinese() {
        Text text = new Text();
        text.line("校验结果：错误 " + errors.size() + " 项，提示 " + warnings.size() + " 项，未校验规则 " + notChecked.size() + " 条");
        errors.forEach(v -> text.line("错误", v, v.message(), v.hint()));
        warnings.forEach(v -> text.line("提示", v, v.message(), v.hint()));
        notChecked.forEach(n -> text.line("未校验 " + n.rule() + "（" + n.records() + " 条记录）：" + n.reason()));
        return text.toString();
    }

    /**
     * Writes the report for developers.
     *
     * @return English, one finding a line, without personal values
     */
    public String toEnglish() {
        Text text = new Text();
        text.line("Checked: errors " + errors.size() + ", warnings " + warnings.size() + ", rules not checked "
                + notChecked.size());
        errors.forEach(
                v -> text.line("ERROR", v, v.messageEn(), Rule.of(v.rule()).hintEn()));
        warnings.forEach(
                v -> text.line("WARNING", v, v.messageEn(), Rule.of(v.rule()).hintEn()));
        notChecked.forEach(
                n -> text.line("NOT CHECKED " + n.rule() + " (" + n.records() + " records): " + n.reasonEn()));
        return text.toString();
    }

    /**
     * Summarises the report.
     *
     * @return the numbers of findings
     */
    @Override
    public String toString() {
        return "RuleReport[errors=" + errors.size() + ", warnings=" + warnings.size() + ", notChecked="
                + notChecked.size() + "]";
    }

    private static boolean isError(Violation violation) {
        return Severity.ERROR.equals(violation.severity());
    }

    /** Lines of a report. */
    private static final class Text {
        private final StringBuilder lines = new StringBuilder();

        void line(String line) {
            lines.append(line).append('\n');
        }

        void line(String severity, Violation v, @Nullable String message, @Nullable String hint) {
            line(severity + " " + v.rule() + " " + v.key() + " " + v.pointer() + " " + message + " " + hint);
        }

        @Override
        public String toString() {
            return lines.toString();
        }
    }
}
