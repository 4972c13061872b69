package cn.fuzhi.sdk;

import cn.fuzhi.sdk.model.Deadline;
import cn.fuzhi.sdk.model.DeadlineKind;
import cn.fuzhi.sdk.model.DeadlineState;
import cn.fuzhi.sdk.model.UncoveredSchool;
import cn.fuzhi.sdk.model.Violation;
import cn.fuzhi.sdk.rules.RuleReport;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that can be known before a report is sent: rules here, a dry run there, schools without a pairing.
 *
 * @param kind what is to be reported
 * @param bodyCode the body that reports
 * @param periodKey the period
 * @param deadline the deadline in the calendar, null when the calendar has none
 * @param rules what the local rules found and what they could not check
 * @param dryRun what the platform would decide
 * @param uncovered rural schools of the body without an active fixed pairing
 */
public record Preflight(
        DeadlineKind kind,
        String bodyCode,
        String periodKey,
        @Nullable Deadline deadline,
        RuleReport rules,
        PushReport dryRun,
        List<UncoveredSchool> uncovered) {
    private static final int SHOWN = 20;

    /** Copies the list. */
    public Preflight {
        uncovered = List.copyOf(uncovered);
    }

    /**
     * Tells whether the report can be sent as it is.
     *
     * @return true if the deadline still takes reports and neither side found an error; warnings and uncovered schools do not
     *     count
     */
    public boolean isReady() {
        return deadline != null && !isClosed(deadline) && !rules.hasErrors() && dryRun.isComplete();
    }

    private static boolean isClosed(Deadline deadline) {
        return DeadlineState.CLOSED.equals(deadline.state());
    }

    /**
     * Shows the report as text to print, in Chinese.
     *
     * @return several lines without personal values
     */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("报送预检 ")
                .append(kind.zhName())
                .append(' ')
                .append(bodyCode)
                .append(' ')
                .append(periodKey)
                .append(isReady() ? "：可以报送" : "：尚不能报送");
        text.append("\n截止时间：").append(deadline == null ? "日历中没有此项" : deadline.dueAt());
        if (deadline != null && isClosed(deadline)) {
            text.append("，已关闭，不再接收");
        }
        text.append("\n本地规则：错误 ").append(rules.errors().size());
        text.append("，提示 ").append(rules.warnings().size());
        text.append("，未检查 ").append(rules.notChecked().size());
        lines(text, rules.errors());
        text.append("\n平台试报：共 ").append(dryRun.totalCount()).append("，通过 ").append(dryRun.acceptedCount());
        dryRun.notAccepted().stream()
                .limit(SHOWN)
                .forEach(row -> lines(text, row.outcome().violations()));
        text.append("\n未覆盖的乡村学校：").append(uncovered.size());
        uncovered.stream()
                .limit(SHOWN)
                .forEach(school -> text.append("\n  ")
                        .append(school.schoolCode())
                        .append(' ')
                        .append(school.name()));
        return text.toString();
    }

    private static void lines(StringBuilder text, List<Violation> violations) {
        violations.stream()
                .limit(SHOWN)
                .forEach(v -> text.append("\n  ")
                        .append(Explained.clean(v.key()))
                        .append(' ')
                        .append(Explained.clean(v.pointer()))
                        .append(' ')
                        .append(Explained.clean(v.rule()))
                        .append(' ')
                        .append(Explained.told(v.message())));
    }
}
