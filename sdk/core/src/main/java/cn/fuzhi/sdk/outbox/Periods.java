package cn.fuzhi.sdk.outbox;

import cn.fuzhi.sdk.ReportPackage;
import cn.fuzhi.sdk.api.Resources;
import cn.fuzhi.sdk.model.Deadline;
import cn.fuzhi.sdk.model.DeadlineKind;
import cn.fuzhi.sdk.model.DeadlinePage;
import cn.fuzhi.sdk.model.DeadlineState;
import cn.fuzhi.sdk.model.RecordKind;
import cn.fuzhi.sdk.outbox.OutboxEntry.State;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows which delivered rows are still needed: those that a submission covers or will cover, and the submission itself, until the
 * platform takes no correction of it any more. The platform has the calendar; when it cannot be asked, or accepts late reports for
 * ever, they stay for 400 days after the receipt, and for 400 days when nothing is submitted.
 */
final class Periods {
    private static final Logger LOG = LoggerFactory.getLogger(Periods.class);
    private static final Duration LONGEST = Duration.ofDays(400);
    private static final int PAGE = 500;
    /** Platform, kind of deadline, body, period. */
    private static final int PARTS = 4;

    private static final int MOST_PAGES = 20;

    private final Resources platform;
    private final Ledger ledger;
    private final Clocks clocks;
    private final Duration retention;
    private final Set<String> closed = new HashSet<>();

    Periods(Resources platform, Ledger ledger, Clocks clocks, Duration retention) {
        this.retention = retention;
        this.platform = platform;
        this.ledger = ledger;
        this.clocks = clocks;
    }

    /** Which rows of a kind must stay. */
    Corrections.Needed needed(RecordKind kind) {
        Set<String> kept = kept();
        Set<String> over = new HashSet<>();
        for (String submission : closed) {
            String[] parts = submission.split("~", PARTS);
            if (ReportPackage.coveredKinds(DeadlineKind.of(parts[1])).contains(kind)) {
                over.add(parts[2] + "~" + parts[3]);
            }
        }
        boolean covered = DeadlineKind.known().stream()
                .anyMatch(deadline -> ReportPackage.coveredKinds(deadline).contains(kind));
        return (key, scope, age) -> {
            boolean mayBeCounted = covered && scope != null && !over.contains(scope) && age.compareTo(LONGEST) < 0;
            return mayBeCounted || kept.contains(key) || (scope != null && kept.contains(scope));
        };
    }

    /** The scopes and the keys of submissions whose rows must stay. */
    private Set<String> kept() {
        Set<String> kept = new HashSet<>();
        for (OutboxEntry submission : submissions()) {
            if (submission.state() != State.DISCARDED && !closed.contains(submission.key())) {
                String[] parts = submission.key().split("~", PARTS);
                kept.add(submission.key());
                kept.add(parts[2] + "~" + parts[3]);
            }
        }
        return kept;
    }

    /**
     * Asks the platform which periods have closed since, once for each kind of deadline and body. What is too young to be removed
     * anyway is not asked for, and after a failure nothing more is asked today.
     */
    void askWhatHasClosed() {
        closed.clear(); // a submission that was stated anew is open again
        Instant now = clocks.wall().instant();
        Map<String, Set<String>> calendar = new HashMap<>();
        boolean reachable = true;
        for (OutboxEntry submission : submissions()) {
            Instant at = submission.deliveredAt();
            if (submission.state() != State.DELIVERED
                    || at == null
                    || at.plus(retention).isAfter(now)) {
                continue;
            }
            String[] parts = submission.key().split("~", PARTS);
            String series = parts[1] + "~" + parts[2];
            if (reachable && !calendar.containsKey(series)) {
                Set<String> periods = closedPeriods(parts[1], parts[2]);
                reachable = periods != null;
                calendar.put(series, periods == null ? Set.of() : periods);
            }
            if (calendar.getOrDefault(series, Set.of()).contains(parts[3])
                    || at.plus(LONGEST).isBefore(now)) {
                closed.add(submission.key());
            }
        }
    }

    /** Returns null when the platform cannot be asked. */
    private @Nullable Set<String> closedPeriods(String kind, String body) {
        Set<String> periods = new HashSet<>();
        try {
            String cursor = null;
            for (int page = 0; page < MOST_PAGES; page++) {
                DeadlinePage found =
                        platform.deadlines().list(DeadlineKind.of(kind), body, null, null, null, cursor, PAGE);
                found.items().stream().filter(this::hasClosed).forEach(one -> periods.add(one.periodKey()));
                cursor = found.nextCursor();
                if (cursor == null) {
                    break;
                }
            }
            return periods;
        } catch (RuntimeException e) {
            LOG.debug("The calendar of the platform cannot be read now; what it covers stays.", e);
            return null;
        }
    }

    private boolean hasClosed(Deadline deadline) {
        OffsetDateTime end = deadline.closesAt();
        boolean over = end != null && end.toInstant().isBefore(clocks.wall().instant());
        return over || DeadlineState.CLOSED.equals(deadline.state());
    }

    private List<OutboxEntry> submissions() {
        List<OutboxEntry> all = new ArrayList<>();
        String after = "";
        List<OutboxEntry> page;
        do {
            page = ledger.page(RecordKind.SUBMISSION, null, after, PAGE);
            all.addAll(page);
            after = page.isEmpty() ? after : page.get(page.size() - 1).key();
        } while (page.size() == PAGE);
        // Somebody may have deleted what is no key of a submission.
        all.removeIf(submission -> submission.key().split("~", -1).length != PARTS);
        return all;
    }
}
