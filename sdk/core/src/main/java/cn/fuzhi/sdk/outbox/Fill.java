package cn.fuzhi.sdk.outbox;

import cn.fuzhi.sdk.FrozenRecord;
import cn.fuzhi.sdk.outbox.OutboxException.Reason;
import cn.fuzhi.sdk.outbox.OutboxListener.Alarm;
import java.util.Collection;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

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
    /** What a count that is being made may not see. */
    private long uncountedRows;

    private long uncountedBytes;
    private boolean counting;
    private long began;
    private long counted;
    private long countTook;
    private long looked;
    private boolean known;
    private boolean hasRoom = true;

    Fill(Announcements announcements, Clocks clocks, Settings settings, LongSupplier free) {
        this.announcements = announcements;
        this.clocks = clocks;
        this.maxRows = settings.maxRows();
        this.maxBytes = settings.maxBytes();
        this.diskReserve = settings.diskReserve();
        this.free = free;
    }

    /** Counts what is pending. */
    interface Count<E extends Exception> {
        Ledger.Pending pending() throws E;
    }

    /**
     * Lets records in; {@link #arrived} must follow when they are stored, or are not. Nobody waits for a count that another thread
     * makes: it may wait for a connection that the first one holds.
     *
     * @param count counts for this caller
     * @throws OutboxException when they do not fit; nothing is ever dropped to make room
     */
    <E extends Exception> void admit(Collection<FrozenRecord> records, Count<E> count) throws E {
        long more = size(records);
        if (mustCount(records.size(), more)) {
            Ledger.Pending pending = null;
            try {
                pending = count.pending();
            } finally {
                counted(pending);
            }
        }
        enter(records.size(), more);
    }

    private synchronized boolean mustCount(int moreRows, long moreBytes) {
        requireRoom();
        long now = clocks.nanos().getAsLong();
        long rest = Math.max(percent(moreRows, moreBytes) >= WARN ? SECOND : MINUTE, countTook * SHARE);
        if (counting || (known && now - counted < rest)) {
            return false;
        }
        counting = true;
        began = now;
        // Those that are about to be stored, or will be meanwhile, are in the count or not.
        uncountedRows = waitingRows;
        uncountedBytes = waitingBytes;
        return true;
    }

    private synchronized void counted(Ledger.@Nullable Pending pending) {
        counting = false;
        if (pending != null) {
            rows = pending.rows() + uncountedRows;
            bytes = pending.bytes() + uncountedBytes;
            counted = clocks.nanos().getAsLong();
            countTook = counted - began;
            known = true;
        }
    }

    private synchronized void enter(int moreRows, long moreBytes) {
        int percent = percent(moreRows, moreBytes);
        if (percent > PERCENT) {
            throw new OutboxException(
                    Reason.FULL,
                    "outbox 已满，未写入：待发送 " + rows + " 条、" + bytes + " 字节",
                    "the outbox is full and nothing was stored: " + rows + " records, " + bytes + " bytes are pending",
                    null);
        }
        warn(percent);
        rows += moreRows;
        bytes += moreBytes;
        waitingRows += moreRows;
        waitingBytes += moreBytes;
        uncountedRows += moreRows;
        uncountedBytes += moreBytes;
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

    private static long size(Collection<FrozenRecord> records) {
        return records.stream().mapToLong(Fill::size).sum();
    }

    private static long size(FrozenRecord record) {
        byte[] payload = record.payload();
        return payload == null ? 0 : payload.length;
    }
}
