package cn.fuzhi.sdk.outbox;

import cn.fuzhi.sdk.BatchSender;
import cn.fuzhi.sdk.FrozenRecord;
import cn.fuzhi.sdk.FuzhiException;
import cn.fuzhi.sdk.RecordCodec;
import cn.fuzhi.sdk.api.Resources;
import cn.fuzhi.sdk.model.DeadlineKind;
import cn.fuzhi.sdk.model.Mask;
import cn.fuzhi.sdk.model.PushRecord;
import cn.fuzhi.sdk.model.Receipt;
import cn.fuzhi.sdk.model.RecordKind;
import cn.fuzhi.sdk.model.Submission;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Keeps records durably and delivers them until the platform confirms or finally refuses each one.
 *
 * <p>When {@link #enqueue} has returned, the record survives a crash of the process, of the operating system and a power cut. However
 * often it is sent, the platform applies it once, and never an older version over a newer one. A refusal is kept in
 * {@link #deadLetters()}, never dropped. Not covered: loss of or damage to the disk, a platform that breaks the contract, a host that
 * deletes the database.
 *
 * <p>Safe for use by many threads. After {@link #close()} every method throws {@link IllegalStateException}.
 */
public final class Outbox implements AutoCloseable {
    private static final Pattern KEY =
            Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,39}(~[A-Za-z0-9][A-Za-z0-9._-]{0,39}){0,5}");
    private static final Duration CLOSE = Duration.ofSeconds(30);

    private final Machine machine;

    private final HostTransaction transaction;

    private Outbox(Machine machine, HostTransaction transaction) {
        this.machine = machine;
        this.transaction = transaction;
    }

    /** Opens an outbox on a machine that a test has put together. */
    static Outbox on(Machine machine) {
        return on(machine, () -> null);
    }

    static Outbox on(Machine machine, HostTransaction transaction) {
        return new Outbox(machine, transaction);
    }

    /**
     * Starts without any option.
     *
     * @return a builder; a client and a file or a data source are needed
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Prints the tables for a database administrator, with the default prefix; each statement may be run again.
     *
     * @param dialect the database
     * @return statements, each ended by a semicolon
     */
    public static String schema(Dialect dialect) {
        return schema(dialect, Builder.PREFIX);
    }

    /**
     * Prints the tables for a database administrator.
     *
     * @param dialect the database
     * @param tablePrefix begins the names of the tables, as in {@link Builder#tablePrefix}
     * @return statements, each ended by a semicolon
     */
    public static String schema(Dialect dialect, String tablePrefix) {
        return Schema.print(dialect, Schema.checkedPrefix(tablePrefix));
    }

    /**
     * Stores records, all or none. They are durable when this returns; the same bytes as a version that waits or was delivered are
     * nothing to do. An interrupt does not end it; the flag is kept.
     *
     * @param records records of any kinds; they may be changed afterwards
     * @return how many are new
     * @throws FuzhiException.Refused with every violation of every record; nothing was stored
     * @throws OutboxException if the outbox is full or the store fails
     */
    public EnqueueReport enqueue(Collection<? extends PushRecord> records) {
        machine.requireOpen();
        return put(RecordCodec.freezeAll(records));
    }

    /**
     * Stores one record; see {@link #enqueue(Collection)}.
     *
     * @param record a record of any kind
     * @return whether it is new
     */
    public EnqueueReport enqueue(PushRecord record) {
        return enqueue(List.of(Objects.requireNonNull(record, "记录不能为 null / the record is null")));
    }

    /**
     * Stores records within a transaction of the host: they exist if and only if the host commits. One statement per record, in the
     * order of kind and key; a transaction held open delays these keys only. With MySQL and MariaDB that takes the isolation
     * {@code READ COMMITTED}: above it the database also locks what lies between keys, and others that enqueue new keys there wait.
     *
     * @param connection a connection to the outbox's own database, with auto-commit off
     * @param records records of any kinds
     * @return how many are new, provided that the host commits
     * @throws FuzhiException.Refused with every violation of every record; nothing was stored
     * @throws IllegalArgumentException if the connection commits by itself
     * @throws IllegalStateException for an outbox on a file
     * @throws OutboxException if the outbox is full or the store fails; roll back
     */
    public EnqueueReport enqueue(Connection connection, Collection<? extends PushRecord> records) {
        machine.requireOpen();
        return machine.put(connection, RecordCodec.freezeAll(records));
    }

    /**
     * Stores the removal of a record; it is delivered like any change.
     *
     * @param kind kind of the record
     * @param key its natural key
     * @return whether it is new
     * @throws IllegalArgumentException if no record can have this key; nothing was stored
     * @throws OutboxException if the outbox is full or the store fails
     */
    public EnqueueReport delete(RecordKind kind, String key) {
        machine.requireOpen();
        if (!KEY.matcher(key).matches()) {
            throw new IllegalArgumentException("记录键格式不正确 / not the natural key of a record: " + Mask.value(key));
        }
        return put(List.of(RecordCodec.freezeDeletion(kind, key)));
    }

    private EnqueueReport put(List<FrozenRecord> records) {
        Connection joined = joined();
        return joined == null ? machine.put(records) : machine.put(joined, records);
    }

    private @Nullable Connection joined() {
        try {
            return transaction.connection();
        } catch (SQLException e) {
            throw StorageFailures.host(e);
        }
    }

    /** What the host has enqueued and not committed is seen by nobody else, so it would be neither waited for nor counted. */
    private void requireCommitted() {
        if (joined() != null) {
            throw new IllegalStateException(
                    "当前线程处于宿主事务中，请在提交后调用 / this thread is in a transaction of the host: call this after it commits");
        }
    }

    /**
     * Delivers now and waits until nothing is pending, or for the given time.
     *
     * @param timeout how long to wait at most
     * @return where the outbox stands then
     * @throws InterruptedException if the thread is interrupted; delivery goes on
     * @throws IllegalStateException within a transaction that {@code enqueue} would join: its records are not visible before it commits
     */
    public FlushReport flush(Duration timeout) throws InterruptedException {
        machine.requireOpen();
        requireCommitted();
        return machine.flush(timeout);
    }

    /**
     * Tells how the outbox is doing; counts the rows, so rather every minute than every second.
     *
     * @return counts, age and pauses
     */
    public OutboxStatus status() {
        machine.requireOpen();
        return machine.status();
    }

    /**
     * Looks one record up.
     *
     * @param kind kind of the record
     * @param key its natural key
     * @return the record without its content, or empty when the outbox does not know it
     */
    public Optional<OutboxEntry> find(RecordKind kind, String key) {
        machine.requireOpen();
        return Optional.ofNullable(machine.ledger().find(kind, key));
    }

    /**
     * Reports to the province that what was delivered for a deadline is complete. The submission waits by itself for what is pending.
     *
     * @param kind what is reported
     * @param bodyCode the reporting body, county or zone, as in {@code Deadline.bodyCode}
     * @param periodKey the period, as in {@code Deadline.periodKey}
     * @return QUEUED, or BLOCKED with the records that are refused, parked, held or to be enqueued again
     * @throws FuzhiException if the platform must be asked in whose name, and cannot be: see {@link Builder#platformCode}
     * @throws IllegalStateException within a transaction that {@code enqueue} would join: its records are not visible before it commits
     * @throws OutboxException if the store fails
     */
    public SubmitReport submit(DeadlineKind kind, String bodyCode, String periodKey) {
        return submit(kind, bodyCode, periodKey, List.of());
    }

    /**
     * Reports a deadline and leaves out records on purpose, such as those that {@link SubmitReport#blocking()} listed. One that is
     * delivered before the submission goes out is counted after all, and left out again when a correction of it is refused.
     *
     * @param kind what is reported
     * @param bodyCode the reporting body, county or zone
     * @param periodKey the period
     * @param without what is left out; the province sees each with its reason
     * @return QUEUED, or BLOCKED by others than these
     * @throws FuzhiException if the platform must be asked in whose name, and cannot be: see {@link Builder#platformCode}
     * @throws IllegalStateException within a transaction that {@code enqueue} would join: its records are not visible before it commits
     * @throws OutboxException if the store fails
     */
    public SubmitReport submit(DeadlineKind kind, String bodyCode, String periodKey, Collection<OutboxEntry> without) {
        machine.requireOpen();
        requireCommitted();
        Submission draft = machine.draft(kind, bodyCode, periodKey);
        return machine.submit(draft, without);
    }

    /**
     * Reads the kept receipts of a submission.
     *
     * @param submissionKey {@code platformCode~deadlineKind~bodyCode~periodKey}, as in {@link SubmitReport#key()}
     * @return the receipts, newest first
     */
    public List<Receipt> receipts(String submissionKey) {
        machine.requireOpen();
        return machine.submissions().receipts(submissionKey);
    }

    /**
     * Compares the delivered records of a kind with what the platform holds, and sends again what it lacks or has older. Reads from
     * the platform in the calling thread.
     *
     * @param kind the kind to compare
     * @return what was found
     * @throws FuzhiException if the platform cannot be asked; nothing was changed for buckets not yet compared
     */
    public ReconcileReport reconcile(RecordKind kind) {
        machine.requireOpen();
        return machine.reconcile(kind);
    }

    /**
     * Gives access to what was refused or parked.
     *
     * @return the dead letters
     */
    public DeadLetters deadLetters() {
        machine.requireOpen();
        return machine.deadLetters();
    }

    /**
     * Removes the stored content of a record, its problem text and so every export of it; the digest stays, so that delivery can still
     * be proved. A record that was not delivered yet is not sent any more: it must be enqueued again ({@code RESEND}).
     *
     * @param kind kind of the record
     * @param key its natural key
     * @return false if the outbox does not know the record
     * @throws OutboxException if a transaction of the host holds the record, or the store fails; nothing was removed
     */
    public boolean erase(RecordKind kind, String key) {
        machine.requireOpen();
        return machine.erase(kind, key);
    }

    /** Ends every pause at once: credentials or configuration were corrected, and the next request may go. */
    public void resume() {
        machine.requireOpen();
        machine.resume();
    }

    /** Closes with 30 seconds for the request that is out; see {@link #close(Duration)}. */
    @Override
    public void close() {
        close(CLOSE);
    }

    /**
     * Takes nothing more, claims nothing more, waits for the request that is out, cancels it when it takes longer, and gives leases
     * back. What is pending stays and goes on with the next start. A second call does nothing.
     *
     * @param timeout how long to wait for the request that is out, and at most as long again once it was cancelled
     */
    public void close(Duration timeout) {
        machine.close(timeout);
    }

    /** Collects options; {@link #build()} checks them together. Not for use by several threads. */
    public static final class Builder extends OutboxTuning<Builder> {
        static final String PREFIX = "fuzhi_outbox_";

        private @Nullable BatchSender sender;
        private @Nullable Resources resources;
        private @Nullable Path file;
        private @Nullable DataSource dataSource;
        private OutboxListener listener = new OutboxListener() {};
        private @Nullable HostTransaction transaction;
        private boolean createTables = true;
        private boolean relay = true;

        private Builder() {}

        @Override
        Builder self() {
            return this;
        }

        /**
         * Sets the client that delivers; the outbox does not close it.
         *
         * @param client such as a {@code FuzhiClient}
         * @param <C> something that sends batches and reads resources
         * @return this builder
         */
        public <C extends BatchSender & Resources> Builder client(C client) {
            this.sender = client;
            this.resources = client;
            return this;
        }

        /**
         * Keeps the records in a SQLite file, which one process at a time may open; it is created when absent.
         *
         * @param path a file on a local disk
         * @return this builder
         */
        public Builder file(Path path) {
            this.file = path;
            return this;
        }

        /**
         * Keeps the records in the host's PostgreSQL, MySQL or MariaDB; several nodes may share it. At most two connections at a time
         * are taken for the outbox itself, and one per caller.
         *
         * @param pool the host's pool
         * @return this builder
         */
        public Builder dataSource(DataSource pool) {
            this.dataSource = pool;
            return this;
        }

        /**
         * Has {@link Outbox#enqueue(Collection)} and {@link Outbox#delete} join the transaction in which the caller is, where a
         * framework keeps one for each thread; otherwise each is a transaction of its own. Not with a file.
         *
         * @param value finds the connection of the transaction
         * @return this builder
         */
        public Builder hostTransaction(HostTransaction value) {
            this.transaction = value;
            return this;
        }

        /**
         * Separates the outboxes of several counties in one database; {@code default} otherwise.
         *
         * @param value begins with a letter or digit; letters, digits, {@code . _ -}, at most 64
         * @return this builder
         */
        public Builder name(String value) {
            options.name = value;
            return this;
        }

        /**
         * Sets the platform in whose name is submitted; otherwise the first {@link Outbox#submit} asks for it.
         *
         * @param value such as {@code LUEYANG01}
         * @return this builder
         */
        public Builder platformCode(String value) {
            options.platformCode = value;
            return this;
        }

        /**
         * Sets what the names of the tables begin with; {@value #PREFIX} otherwise.
         *
         * @param value begins with a letter; lower-case letters, digits and underscores, at most 31
         * @return this builder
         */
        public Builder tablePrefix(String value) {
            options.prefix = value;
            return this;
        }

        /**
         * Says whether the tables are created when they are absent; true otherwise. See {@link Outbox#schema(Dialect)}.
         *
         * @param value false when an administrator creates them
         * @return this builder
         */
        public Builder createTables(boolean value) {
            this.createTables = value;
            return this;
        }

        /**
         * Sets who is told what happens.
         *
         * @param value the listener
         * @return this builder
         */
        public Builder listener(OutboxListener value) {
            this.listener = value;
            return this;
        }

        /**
         * Says whether this program delivers, or only enqueues for other nodes; true otherwise.
         *
         * @param value false to only enqueue; not with a file
         * @return this builder
         */
        public Builder deliver(boolean value) {
            this.relay = value;
            return this;
        }

        /**
         * Opens the outbox and starts to deliver.
         *
         * @return the outbox
         * @throws IllegalArgumentException that names every option that is missing or wrong
         * @throws OutboxException if the database is in use, cannot be opened or is not fit
         */
        public Outbox build() {
            Settings settings =
                    options.checked(sender != null, file != null, dataSource != null, relay, transaction != null);
            if (sender == null || resources == null) {
                throw new IllegalArgumentException("client");
            }
            Machine.Ends ends = new Machine.Ends(
                    sender, resources, listener, Machine.listenerThread(settings.name()), Clocks.system());
            Machine machine = file != null
                    ? Machine.onFile(file, settings, ends)
                    : Machine.onDatabase(required(dataSource), settings, ends, createTables);
            if (relay) {
                machine.start();
            }
            return on(machine, transaction == null ? () -> null : transaction);
        }

        private static DataSource required(@Nullable DataSource dataSource) {
            if (dataSource == null) {
                throw new IllegalArgumentException("dataSource");
            }
            return dataSource;
        }
    }
}
