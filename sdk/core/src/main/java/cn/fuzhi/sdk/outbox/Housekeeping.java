package cn.fuzhi.sdk.outbox;

import cn.fuzhi.sdk.model.RecordKind;
import cn.fuzhi.sdk.outbox.OutboxListener.Alarm;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * Removes what is long delivered, some rows a call once a day, and then what is left of deleted content; sees when something waits for
 * too long. Master data stays. It looks when it starts, for a program may run for some minutes each night; of many that share a
 * database one a day tidies up.
 */
final class Housekeeping implements Relay.Chore {
    private static final Set<RecordKind> MASTER = Set.of(RecordKind.SCHOOL, RecordKind.PAIRING, RecordKind.PLATFORM);
    /** Submissions last: they tell what of the others is no longer needed. */
    private static final List<RecordKind> PASSING = RecordKind.known().stream()
            .filter(kind -> !MASTER.contains(kind))
            .sorted(Comparator.comparingInt(RecordKind::rank))
            .toList();

    private static final int LOOK = 2000;
    private static final String SWEEP = "sweep";
    /** Shorter than a day, so that a program that is started each night at the same hour is not too early every other night. */
    private static final Duration DAILY = Duration.ofHours(20);

    private static final Duration WATCH = Duration.ofMinutes(10);
    private static final Duration OVERDUE = Duration.ofHours(24);

    private final Ledger ledger;
    private final Corrections corrections;
    private final Periods periods;
    private final Transactions transactions;
    private final Announcements announcements;
    private final Clocks clocks;
    private final Duration retention;
    private long nextWatch;
    private boolean sweeping;
    private int kind;
    private String after = "";

    Housekeeping(
            Transactions transactions,
            Ledger ledger,
            Corrections corrections,
            Periods periods,
            Announcements announcements,
            Clocks clocks,
            Duration retention) {
        this.transactions = transactions;
        this.ledger = ledger;
        this.corrections = corrections;
        this.periods = periods;
        this.announcements = announcements;
        this.clocks = clocks;
        this.retention = retention;
        this.nextWatch = clocks.nanos().getAsLong();
    }

    @Override
    public Duration runOnce() {
        long now = clocks.nanos().getAsLong();
        if (now - nextWatch >= 0) {
            nextWatch = now + WATCH.toNanos();
            watch();
            sweeping = sweeping || ledger.takesTurn(SWEEP, DAILY);
        }
        if (sweeping) {
            sweep();
        }
        return sweeping ? Duration.ZERO : Duration.ofNanos(nextWatch - now);
    }

    private void watch() {
        Duration age = ledger.pending().age();
        if (age != null && age.compareTo(OVERDUE) > 0) {
            String text = "有记录超过 24 小时未送达 / a record waits for longer than 24 hours";
            announcements.alarm(Alarm.OVERDUE, "", text);
        } else {
            announcements.calm(Alarm.OVERDUE, "");
        }
    }

    private void sweep() {
        if (kind == 0 && after.isEmpty()) {
            periods.askWhatHasClosed();
        }
        String last = corrections.purge(PASSING.get(kind), after, LOOK, retention, periods.needed(PASSING.get(kind)));
        if (last != null) {
            after = last;
            return;
        }
        after = "";
        kind++;
        if (kind == PASSING.size()) {
            kind = 0;
            sweeping = false;
            transactions.scrub();
        }
    }
}
