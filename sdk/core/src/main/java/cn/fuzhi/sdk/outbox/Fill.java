package cn.fuzhi.sdk.outbox;

import cn.fuzhi.sdk.FrozenRecord;
import cn.fuzhi.sdk.outbox.OutboxException.Reason;
import cn.fuzhi.sdk.outbox.OutboxListener.Alarm;
import java.util.Collection;

/**
 * Watches the limits of rows and bytes. Between counts it only adds, so what it knows is never too low for this program; it counts
 * anew when that looks like 70 % or more, at most once a second.
 */
final class Fill {
    private static final int WARN = 70;
    private static final int ALARM = 90;
    private static final int PERCENT = 100;
    private static final long COUNT_AGAIN = 1_000_000_000L;

    private final Ledger ledger;
    private final Announcements announcements;
    private final Clocks clocks;
    private final long maxRows;
    private final long maxBytes;
    private long rows;
    private long bytes;
    private long counted;
    private boolean known;

    Fill(Ledger ledger, Announcements announcements, Clocks clocks, Settings settings) {
        this.ledger = ledger;
        this.announcements = announcements;
        this.clocks = clocks;
        this.maxRows = settings.maxRows();
        this.maxBytes = settings.maxBytes();
    }

    /**
     * Lets records in.
     *
     * @throws OutboxException when they do not fit; nothing is ever dropped to make room
     */
    synchronized void admit(Collection<FrozenRecord> records) {
        long more = records.stream().mapToLong(Fill::size).sum();
        if (!known || percent(records.size(), more) >= WARN) {
            count();
        }
        int percent = percent(records.size(), more);
        if (percent > PERCENT) {
            throw new OutboxException(
                    Reason.FULL,
                    "outbox 已满，未写入：待发送 " + rows + " 条、" + bytes + " 字节",
                    "the outbox is full and nothing was stored: " + rows + " records, " + bytes + " bytes are pending",
                    null);
        }
        warn(percent);
        rows += records.size();
        bytes += more;
    }

    private void warn(int percent) {
        for (int mark : new int[] {WARN, ALARM}) {
            if (percent >= mark) {
                String text = "outbox 已用 " + mark + "% / " + mark + " % of the outbox is used";
                announcements.alarm(Alarm.FILLING, String.valueOf(mark), text);
            } else {
                announcements.calm(Alarm.FILLING, String.valueOf(mark));
            }
        }
    }

    private int percent(long moreRows, long moreBytes) {
        double ofRows = (double) (rows + moreRows) / maxRows;
        double ofBytes = (double) (bytes + moreBytes) / maxBytes;
        return (int) Math.ceil(Math.max(ofRows, ofBytes) * PERCENT);
    }

    private void count() {
        long now = clocks.nanos().getAsLong();
        if (known && now - counted < COUNT_AGAIN) {
            return;
        }
        Ledger.Pending pending = ledger.pending();
        rows = pending.rows();
        bytes = pending.bytes();
        counted = now;
        known = true;
    }

    private static long size(FrozenRecord record) {
        byte[] payload = record.payload();
        return payload == null ? 0 : payload.length;
    }
}
