package cn.fuzhi.sdk.outbox;

import cn.fuzhi.sdk.FrozenRecord;
import cn.fuzhi.sdk.outbox.OutboxException.Reason;
import cn.fuzhi.sdk.outbox.OutboxListener.Alarm;
import java.util.Collection;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
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
    private long admittedRows;
    private long admittedBytes;
    private int counting;
    private long counted;
    private long countTook;
    private int percentCounted;
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

    /** What had been let in and has arrived when a count began, so that the count sees it. */
    private record Start(long nanos, long rows, long bytes) {}

    /**
     * Lets records in; {@link #arrived} must follow when they are stored, or are not. Nobody waits for a count that another thread
     * makes, for that one may wait for a connection of the host's pool.
     *
     * @param counter makes a count when it is time: at once, or later for a caller that itself has a connection of the pool
     * @throws OutboxException when they do not fit; nothing is ever dropped to make room
     */
    void admit(Collection<FrozenRecord> records, Executor counter) {
        long more = size(records);
        Start start = mustCount(records.size(), more);
        if (start != null) {
            try {
                counter.execute(() -> count(start));
            } catch (RejectedExecutionException e) {
                counted(start, null);
            }
        }
        enter(records.size(), more);
    }

    private synchronized @Nullable Start mustCount(int moreRows, long moreBytes) {
        requireRoom();
        long now = clocks.nanos().getAsLong();
        int percent = percent(moreRows, moreBytes);
        long rest = Math.max(percent >= WARN ? SECOND : MINUTE, countTook * SHARE);
        // What was counted as pending and is not, because it was not new or has been delivered, must refuse nobody.
        boolean isSure = percent <= PERCENT || percentCounted >= WARN;
        boolean isRecent = known && isSure && now - counted < rest;
        if (isRecent || (counting > 0 && percent <= PERCENT)) {
            return null;
        }
        counting++;
        return new Start(now, admittedRows - waitingRows, admittedBytes - waitingBytes);
    }

    private void count(Start start) {
        Ledger.Pending pending = null;
        try {
            pending = ledger.pending();
        } finally {
            counted(start, pending);
        }
    }

    /** What was about to be stored when the count began, or was let in since, is in the count or not. */
    private synchronized void counted(Start start, Ledger.@Nullable Pending pending) {
        counting--;
        if (pending != null) {
            rows = pending.rows() + admittedRows - start.rows();
            bytes = pending.bytes() + admittedBytes - start.bytes();
            counted = clocks.nanos().getAsLong();
            countTook = counted - start.nanos();
            percentCounted = percent(0, 0);
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
        admittedRows += moreRows;
        admittedBytes += moreBytes;
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
