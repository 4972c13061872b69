package cn.fuzhi.sdk.outbox;

import cn.fuzhi.sdk.FrozenRecord;
import cn.fuzhi.sdk.outbox.OutboxException.Reason;
import cn.fuzhi.sdk.outbox.OutboxListener.Alarm;
import java.util.Collection;
import java.util.function.LongSupplier;

/**
 * Watches the limits of rows and bytes, and the room on the disk. Between counts it only adds. It counts anew every minute, because
 * other nodes and transactions of the host add too, and when the outbox looks 70 % full; but however long a count takes, counting takes
 * at most a twentieth of the time.
 */
final class Fill {
    private static final int WARN = 70;
    private static final int ALARM = 90;
    private static final int PERCENT = 100;
    private static final long SECOND = 1_000_000_000L;
    private static final long MINUTE = 60 * SECOND;
    private static final int SHARE = 20;

    private final Ledger ledger;
    private final Announcements announcements;
    private final Clocks clocks;
    private final long maxRows;
    private final long maxBytes;
    private final long diskReserve;
    private final LongSupplier free;
    private long rows;
    private long bytes;
    private long waitingRows;
    private long waitingBytes;
    private long counted;
    private long countTook;
    private long looked;
    private boolean known;
    private boolean hasRoom = true;

    Fill(Ledger ledger, Announcements announcements, Clocks clocks, Settings settings, LongSupplier free) {
        this.ledger = ledger;
        this.announcements = announcements;
        this.clocks = clocks;
        this.maxRows = settings.maxRows();
        this.maxBytes = settings.maxBytes();
        this.diskReserve = settings.diskReserve();
        this.free = free;
    }

    /**
     * Lets records in; {@link #arrived} must follow when they are stored, or are not.
     *
     * @throws OutboxException when they do not fit; nothing is ever dropped to make room
     */
    synchronized void admit(Collection<FrozenRecord> records) {
        requireRoom();
        long more = size(records);
        count(percent(records.size(), more));
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
        waitingRows += records.size();
        waitingBytes += more;
    }

    /** A count sees these records from now on, if they were stored. */
    synchronized void arrived(Collection<FrozenRecord> records) {
        waitingRows -= records.size();
        waitingBytes -= size(records);
    }

    private void requireRoom() {
        long now = clocks.nanos().getAsLong();
        if (looked == 0 || !hasRoom || now - looked >= SECOND) {
            looked = now == 0 ? 1 : now;
            hasRoom = free.getAsLong() >= diskReserve;
        }
        if (!hasRoom) {
            announcements.alarm(Alarm.FILLING, "disk", "outbox 所在磁盘将满 / the disk of the outbox is almost full");
            throw new OutboxException(
                    Reason.FULL,
                    "磁盘剩余空间低于 " + diskReserve + " 字节，未写入；请清理磁盘，已存的记录继续报送",
                    "the disk has less room than the outbox keeps free and nothing was stored; make room on the disk, and"
                            + " what is stored goes on being delivered",
                    null);
        }
        announcements.calm(Alarm.FILLING, "disk");
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

    private void count(int percent) {
        long began = clocks.nanos().getAsLong();
        long rest = Math.max(percent >= WARN ? SECOND : MINUTE, countTook * SHARE);
        if (known && began - counted < rest) {
            return;
        }
        Ledger.Pending pending = ledger.pending();
        // Those that are about to be stored are in the count or not.
        rows = pending.rows() + waitingRows;
        bytes = pending.bytes() + waitingBytes;
        counted = clocks.nanos().getAsLong();
        countTook = counted - began;
        known = true;
    }

    private static long size(Collection<FrozenRecord> records) {
        return records.stream().mapToLong(Fill::size).sum();
    }

    private static long size(FrozenRecord record) {
        byte[] payload = record.payload();
        return payload == null ? 0 : payload.length;
    }
}
