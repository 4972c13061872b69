package cn.fuzhi.sdk;

import cn.fuzhi.sdk.model.Deadline;
import cn.fuzhi.sdk.model.DeadlineState;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a body owes the province and by when, as the platform's calendar and clock see it.
 *
 * @param bodyCode the body
 * @param asOf time at the platform
 * @param due what is still to be reported in time, next first
 * @param overdue what is late and still accepted
 * @param met what has a receipt
 * @param missed what was not reported and is not accepted any more
 */
public record DueReport(
        String bodyCode,
        OffsetDateTime asOf,
        List<Deadline> due,
        List<Deadline> overdue,
        List<Deadline> met,
        List<Deadline> missed) {
    private static final ZoneOffset BEIJING = ZoneOffset.ofHours(8);
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm");

    /** Copies the lists. */
    public DueReport {
        due = List.copyOf(due);
        overdue = List.copyOf(overdue);
        met = List.copyOf(met);
        missed = List.copyOf(missed);
    }

    static DueReport of(String bodyCode, OffsetDateTime asOf, Iterable<Deadline> deadlines) {
        require(asOf);
        List<Deadline> due = new ArrayList<>();
        List<Deadline> overdue = new ArrayList<>();
        List<Deadline> met = new ArrayList<>();
        List<Deadline> missed = new ArrayList<>();
        for (Deadline deadline : deadlines) {
            require(deadline.kind(), deadline.dueAt());
            if (DeadlineState.ACCEPTED.equals(deadline.state())) {
                met.add(deadline);
            } else if (DeadlineState.CLOSED.equals(deadline.state())) {
                missed.add(deadline);
            } else {
                (asOf.isAfter(deadline.dueAt()) ? overdue : due).add(deadline);
            }
        }
        return new DueReport(bodyCode, asOf.withOffsetSameInstant(BEIJING), due, overdue, met, missed);
    }

    /** Jackson puts null where a property is absent. */
    private static void require(@Nullable Object... parts) {
        if (Arrays.asList(parts).contains(null)) {
            throw Explained.broken("日历或平台时间不完整", "a deadline or the time of the platform is incomplete");
        }
    }

    /**
     * Shows the report as lines of text, in Chinese with codes.
     *
     * @return one line for each deadline that is not met
     */
    @Override
    public String toString() {
        StringBuilder text =
                new StringBuilder("报送任务 ").append(bodyCode).append("  ").append(TIME.format(asOf));
        overdue.forEach(deadline -> line(text, "逾期", deadline));
        due.forEach(deadline -> line(text, "待报", deadline));
        missed.forEach(deadline -> line(text, "未报", deadline));
        return text.append("\n  已接收 ").append(met.size()).append(" 项").toString();
    }

    private static void line(StringBuilder text, String state, Deadline deadline) {
        text.append("\n  ").append(state).append("  ").append(deadline.kind().zhName());
        text.append(" [")
                .append(deadline.kind())
                .append(' ')
                .append(deadline.periodKey())
                .append("] 截止 ");
        text.append(TIME.format(deadline.dueAt().withOffsetSameInstant(BEIJING)));
        if (deadline.graceUntil() != null) {
            text.append("，宽限至 ").append(TIME.format(deadline.graceUntil().withOffsetSameInstant(BEIJING)));
        }
        if (DeadlineState.SUBMITTED.equals(deadline.state())) {
            text.append("，已报送但数据不一致");
        }
    }
}
