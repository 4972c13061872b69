package cn.fuzhi.sdk.outbox;

import cn.fuzhi.sdk.BatchSender;
import cn.fuzhi.sdk.FrozenRecord;
import cn.fuzhi.sdk.ItemOutcome;
import cn.fuzhi.sdk.RecordCodec;
import cn.fuzhi.sdk.ReportPackage;
import cn.fuzhi.sdk.api.Resources;
import cn.fuzhi.sdk.model.DeadlineKind;
import cn.fuzhi.sdk.model.Receipt;
import cn.fuzhi.sdk.model.RecordKind;
import cn.fuzhi.sdk.model.Submission;
import cn.fuzhi.sdk.model.SubmissionOutcome;
import cn.fuzhi.sdk.outbox.OutboxEntry.State;
import cn.fuzhi.sdk.outbox.OutboxListener.Alarm;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The parts of one outbox, put together here and nowhere else. */
final class Machine implements Delivery.Outcomes {
    private static final Logger LOG = LoggerFactory.getLogger(Machine.class);
    private static final int CALLBACKS = 10_000;
    /** How often a comparison is tried before a submission goes on without it. */
    private static final int COMPARISONS = 8;

    private static final long IDLE_SECONDS = 10;
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final Transactions transactions;
    private final AutoCloseable beneath;
    private final Dialect dialect;
    private final Settings settings;
    private final Ends ends;
    private final Announcements announcements;
    private final OutboxStore store;
    private final Ledger ledger;
    private final Corrections corrections;
    private final Submissions submissions;
    private final Reconciliation reconciliation;
    private final Pauses pauses;
    private final Fill fill;
    private final Relay relay;
    private final RelayThread thread;
    private final AtomicLong delivered = new AtomicLong();
    private final AtomicBoolean isolationKnown = new AtomicBoolean();
    private final Queue<Submission> mismatches = new ConcurrentLinkedQueue<>();
    private int comparisonsFailed;
    private long nextComparison;
    private @Nullable String platformCode;
    private volatile boolean closing;
    private boolean closed;

    /**
     * What the outbox touches outside.
     *
     * @param sender sends a batch once
     * @param platform reads resources
     * @param listener is told what happens
     * @param callbacks runs the calls of the listener, one after another; shut down with the outbox if it is a service
     * @param clocks time and chance
     */
    record Ends(BatchSender sender, Resources platform, OutboxListener listener, Executor callbacks, Clocks clocks) {}

    Machine(Transactions transactions, AutoCloseable beneath, Dialect dialect, Settings settings, Ends ends) {
        this.transactions = transactions;
        this.beneath = beneath;
        this.dialect = dialect;
        this.settings = settings;
        this.ends = ends;
        this.platformCode = settings.platformCode();
        Clocks clocks = ends.clocks();
        announcements = new Announcements(ends.listener(), ends.callbacks());
        String owner = Clocks.newOwner();
        store = new OutboxStore(
                transactions, dialect, settings.prefix(), settings.name(), owner, settings.keepPayload());
        ledger = new Ledger(transactions, settings.prefix(), settings.name());
        corrections =
                new Corrections(transactions, dialect, settings.prefix(), settings.name(), settings.keepPayload());
        submissions = new Submissions(transactions, ledger, settings.prefix(), settings.name(), this::isBeingCompared);
        reconciliation = new Reconciliation(ends.platform(), ledger, corrections, announcements);
        pauses = new Pauses(clocks);
        fill = new Fill(ledger, announcements, clocks, settings, freeSpace(beneath));
        BatchSizes sizes = new BatchSizes(settings.batchRows(), clocks);
        Verdicts verdicts = new Verdicts(clocks, new Dependencies(transactions, settings.prefix(), settings.name()));
        Delivery delivery = new Delivery(store, ends.sender(), verdicts, pauses, sizes, clocks, settings, this);
        ChangeFeed changes =
                new ChangeFeed(ends.platform(), ledger, corrections, announcements, clocks, settings.changesEvery());
        Housekeeping housekeeping = new Housekeeping(
                transactions,
                ledger,
                corrections,
                new Periods(ends.platform(), ledger, clocks, settings.retention()),
                announcements,
                clocks,
                settings.retention());
        relay = new Relay(
                store,
                delivery,
                pauses,
                sizes,
                clocks,
                settings,
                submissions,
                List.of(this::followUpSubmissions, changes, housekeeping));
        thread = new RelayThread(relay, clocks, settings.linger(), clocks.upTo(settings.startJitter()));
    }

    /** The disk of a database elsewhere is not known here. */
    private static LongSupplier freeSpace(AutoCloseable beneath) {
        return beneath instanceof SqliteFile file ? file::free : () -> Long.MAX_VALUE;
    }

    /** One thread that lives only while there is something to tell, and a queue with an end. */
    static ExecutorService listenerThread(String name) {
        ThreadPoolExecutor executor = new ThreadPoolExecutor(
                1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(CALLBACKS), work -> {
                    Thread thread = new Thread(work, "fuzhi-outbox-listener-" + name);
                    thread.setDaemon(true);
                    return thread;
                });
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    /** Opens a file that this process has for itself. */
    static Machine onFile(Path path, Settings settings, Ends ends) {
        SqliteFile file = SqliteFile.take(path);
        LongSupplier clock = steady(ends.clocks());
        GroupCommit commits = new GroupCommit(file, clock, "fuzhi-outbox-writer-" + settings.name());
        try {
            Schema.create(commits, Dialect.SQLITE, settings.prefix());
            Machine machine = new Machine(commits, file, Dialect.SQLITE, settings, ends);
            machine.store.recover();
            file.reserve();
            return machine;
        } catch (RuntimeException e) {
            commits.close();
            file.close();
            throw e;
        }
    }

    /** The file has one user, so its clock is ours: it starts with the wall clock and runs on whatever that does. */
    private static LongSupplier steady(Clocks clocks) {
        long start = clocks.micros();
        long startNanos = clocks.nanos().getAsLong();
        return () -> start + TimeUnit.NANOSECONDS.toMicros(clocks.nanos().getAsLong() - startNanos);
    }

    /** Opens the tables in a database that other nodes may use as well. */
    static Machine onDatabase(DataSource dataSource, Settings settings, Ends ends, boolean createTables) {
        Dialect dialect;
        try (Connection connection = dataSource.getConnection()) {
            dialect = Dialect.of(connection);
        } catch (SQLException e) {
            throw StorageFailures.host(e);
        }
        HostTransactions transactions = new HostTransactions(dataSource, dialect, ends.clocks());
        if (createTables) {
            Schema.create(transactions, dialect, settings.prefix());
        }
        Schema.require(transactions, dialect, settings.prefix());
        return new Machine(transactions, () -> {}, dialect, settings, ends);
    }

    void start() {
        thread.start("fuzhi-outbox-relay-" + settings.name());
    }

    void requireOpen() {
        if (closing) {
            throw new IllegalStateException("outbox 已关闭 / the outbox is closed");
        }
    }

    EnqueueReport put(List<FrozenRecord> records) {
        fill.admit(records, Runnable::run);
        try {
            EnqueueReport report = store.put(records);
            thread.wake();
            return report;
        } finally {
            fill.arrived(records);
        }
    }

    EnqueueReport put(Connection connection, List<FrozenRecord> records) {
        if (dialect == Dialect.SQLITE) {
            throw new IllegalStateException(
                    "文件方式不能加入宿主事务，请使用 dataSource(…) / a file cannot join a transaction of the host, use dataSource(…)");
        }
        try {
            if (connection.getAutoCommit()) {
                throw new IllegalArgumentException("连接处于自动提交 / the connection commits each statement by itself");
            }
            warnOfGapLocks(connection);
            fill.admit(records, this::later);
            try (Tx tx = Tx.on(connection, dialect.now(connection))) {
                return store.put(tx, records);
            } finally {
                fill.arrived(records);
            }
        } catch (SQLException e) {
            throw StorageFailures.host(e);
        }
    }

    /** Says once what delays the keys of others while a transaction of the host is open. */
    private void warnOfGapLocks(Connection connection) throws SQLException {
        if (dialect == Dialect.MYSQL
                && isolationKnown.compareAndSet(false, true)
                && connection.getTransactionIsolation() > Connection.TRANSACTION_READ_COMMITTED) {
            LOG.warn("宿主事务的隔离级别高于 READ COMMITTED，未提交时会阻塞相邻新键的 enqueue，请改用 READ COMMITTED"
                    + " / the isolation of the host's transaction is above READ COMMITTED: while it is open, others that enqueue new"
                    + " keys next to its keys may wait; use READ COMMITTED");
        }
    }

    /** Not on the host's connection, whose transaction would lock what it counts, nor while the host has the last one of its pool. */
    private void later(Runnable count) {
        ends.callbacks().execute(() -> {
            try {
                count.run();
            } catch (RuntimeException e) {
                LOG.debug("What is pending cannot be counted now.", e);
            }
        });
    }

    FlushReport flush(Duration timeout) throws InterruptedException {
        long before = delivered.get();
        long end = ends.clocks().nanos().getAsLong() + TimeUnit.NANOSECONDS.convert(timeout);
        while (ledger.hasPending()) {
            Duration left = Duration.ofNanos(end - ends.clocks().nanos().getAsLong());
            if (left.isNegative() || left.isZero() || closing) {
                break;
            }
            thread.hurry();
            thread.awaitMove(left.compareTo(LOOK) < 0 ? left : LOOK);
        }
        Map<State, Long> stopped = ledger.countStopped();
        return new FlushReport(
                delivered.get() - before,
                ledger.countPending(),
                stopped.getOrDefault(State.HELD, 0L),
                stopped.getOrDefault(State.REJECTED, 0L),
                stopped.getOrDefault(State.PARKED, 0L),
                stopped.getOrDefault(State.RESEND, 0L));
    }

    OutboxStatus status() {
        Ledger.Pending pending = ledger.pending();
        Map<State, Long> stopped = ledger.countStopped();
        return new OutboxStatus(
                pending.rows(),
                pending.bytes(),
                stopped.getOrDefault(State.HELD, 0L),
                stopped.getOrDefault(State.REJECTED, 0L),
                stopped.getOrDefault(State.PARKED, 0L),
                stopped.getOrDefault(State.RESEND, 0L),
                pending.age(),
                delivered.get(),
                pauses.whyAll(),
                pauses.lastFailure(),
                pauses.whyKinds(),
                announcements.lost());
    }

    Submission draft(DeadlineKind kind, String bodyCode, String periodKey) {
        String code = platformCode;
        if (code == null) {
            code = ends.platform().service().whoami().platformCode();
            platformCode = code;
        }
        return Submissions.draft(
                code, kind, bodyCode, periodKey, ends.clocks().wall().instant());
    }

    SubmitReport submit(Submission draft, Collection<OutboxEntry> without) {
        SubmitReport report = submissions.submit(store, draft, without);
        thread.wake();
        return report;
    }

    Submissions submissions() {
        return submissions;
    }

    Ledger ledger() {
        return ledger;
    }

    Relay relay() {
        return relay;
    }

    OutboxStore store() {
        return store;
    }

    ReconcileReport reconcile(RecordKind kind) {
        ReconcileReport report = reconciliation.compare(kind, null);
        thread.wake();
        return report;
    }

    /** Tells of submissions that were parked; and where one did not agree with what the platform holds, finds out why. */
    private Duration followUpSubmissions() {
        for (String key = submissions.nextBlocked(); key != null; key = submissions.nextBlocked()) {
            tellStopped(RecordKind.SUBMISSION, List.of(key));
        }
        Submission stated = mismatches.peek();
        if (stated == null) {
            return Duration.ofDays(1);
        }
        long now = ends.clocks().nanos().getAsLong();
        if (comparisonsFailed > 0 && nextComparison - now > 0) {
            return Duration.ofNanos(nextComparison - now);
        }
        try {
            for (RecordKind kind : ReportPackage.coveredKinds(stated.deadlineKind())) {
                reconciliation.compare(kind, stated.bodyCode() + "~" + stated.periodKey());
            }
            comparisonsFailed = 0;
        } catch (RuntimeException e) {
            comparisonsFailed++;
            Duration wait = ends.clocks().backoff(comparisonsFailed);
            nextComparison = ends.clocks().nanos().getAsLong() + wait.toNanos();
            LOG.debug("What a submission covers cannot be compared now.", e);
            if (comparisonsFailed < COMPARISONS) {
                return wait;
            }
            comparisonsFailed = 0; // it is stated again without; when that disagrees it is compared again
        }
        mismatches.poll();
        return mismatches.isEmpty() ? Duration.ofDays(1) : Duration.ZERO;
    }

    private boolean isBeingCompared(String submissionKey) {
        return mismatches.stream().anyMatch(stated -> stated.key().equals(submissionKey));
    }

    DeadLetters deadLetters() {
        return new DeadLetters(ledger, corrections, thread::wake);
    }

    boolean erase(RecordKind kind, String key) {
        boolean known = corrections.erase(kind, key);
        transactions.scrub();
        return known;
    }

    void resume() {
        pauses.end();
        thread.hurry();
    }

    @Override
    public void settled(RecordKind kind, List<Settlement> written) {
        List<String> keys = written.stream()
                .filter(Settlement::isDone)
                .map(settlement -> settlement.claim().key())
                .toList();
        if (!keys.isEmpty()) {
            delivered.addAndGet(keys.size());
            announcements.tell(listener -> listener.delivered(kind, keys));
        }
        List<String> stopped = new ArrayList<>();
        for (Settlement settlement : written) {
            if (!settlement.isDone() && settlement.state() != State.PENDING) {
                stopped.add(settlement.claim().key());
                if (Verdicts.CONFLICT.equals(settlement.cause())) {
                    alarm(Alarm.CONFLICT, kind.value(), kind + ": " + settlement.problem());
                }
            }
        }
        tellStopped(kind, stopped);
    }

    private void tellStopped(RecordKind kind, List<String> keys) {
        List<OutboxEntry> entries = keys.isEmpty() ? List.of() : ledger.find(kind, keys);
        if (!entries.isEmpty()) {
            announcements.tell(listener -> entries.forEach(listener::stopped));
        }
    }

    @Override
    public void answered(Claim claim, ItemOutcome outcome) {
        SubmissionOutcome submission = outcome.submission();
        byte[] payload = claim.record().payload();
        if (submission == null || payload == null) {
            return;
        }
        if (Verdicts.isMismatch(submission)) {
            mismatches.add(RecordCodec.parse(Submission.class, payload));
        }
        Receipt receipt = submission.receipt();
        if (receipt != null && Submissions.isWhole(receipt)) {
            submissions.keep(receipt);
            announcements.tell(listener -> listener.receipt(receipt));
        }
    }

    @Override
    public void alarm(Alarm alarm, String about, String text) {
        announcements.alarm(alarm, about, text);
    }

    @Override
    public void calm(RecordKind kind) {
        announcements.calm(Alarm.PAUSED, "");
        announcements.calm(Alarm.KIND_PAUSED, kind.value());
    }

    synchronized void close(Duration timeout) {
        if (closed) {
            return;
        }
        closed = true;
        closing = true;
        try {
            thread.stop(timeout);
            store.release();
        } finally {
            transactions.close();
            if (ends.callbacks() instanceof ExecutorService service) {
                service.shutdown();
            }
            closeBeneath();
        }
    }

    private void closeBeneath() {
        try {
            beneath.close();
        } catch (Exception e) {
            throw new IllegalStateException("outbox 文件未能关闭 / the file of the outbox could not be closed", e);
        }
    }
}
