package cn.fuzhi.sdk.outbox;

import cn.fuzhi.sdk.BatchReply;
import cn.fuzhi.sdk.BatchReply.Disposition;
import cn.fuzhi.sdk.BatchSender;
import cn.fuzhi.sdk.BatchSender.Item;
import cn.fuzhi.sdk.FrozenRecord;
import cn.fuzhi.sdk.ItemOutcome;
import cn.fuzhi.sdk.RecordCodec;
import cn.fuzhi.sdk.model.Change;
import cn.fuzhi.sdk.model.ChangeOp;
import cn.fuzhi.sdk.model.PushRecord;
import cn.fuzhi.sdk.model.RecordKind;
import cn.fuzhi.sdk.model.Review;
import cn.fuzhi.sdk.model.ReviewState;
import cn.fuzhi.sdk.model.Verdict;
import cn.fuzhi.sdk.outbox.DeadLetters.Requeue;
import cn.fuzhi.sdk.outbox.OutboxEntry.State;
import java.sql.ResultSet;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Three nodes on one database, or every fourth time one that has it for itself, a platform behind a bad network, and a host that
 * enqueues: all in one thread, every choice from a seed. Nodes crash, stand still for longer than their lease, have wall clocks that jump, and requests arrive long after their sender
 * has given up. The platform holds, refuses, forgets and contradicts. What must hold is looked at after every step.
 */
final class Simulation {
    private static final int MOST_NODES = 3;
    private static final int KEYS = 5;
    private static final int STEPS = 120;
    private static final int QUIET_ROUNDS = 3000;
    private static final Duration LEASE = Duration.ofSeconds(90);
    private static final Instant START = Instant.parse("2022-09-15T08:00:00Z");
    private static final OffsetDateTime REVIEWED = OffsetDateTime.parse("2022-09-16T10:00:00+08:00");
    private static final String NOTHING = "nothing";
    private static final List<RecordKind> KINDS = List.of(RecordKind.SCHOOL, RecordKind.USAGE_REPORT);

    /** What happened in how many of something, over all runs. */
    static final class Counts {
        int crashes;
        int freezes;
        int lateRequests;
        int rolledBack;
        int jumps;
        int held;
        int refused;
        int reconciled;
        int requeued;

        @Override
        public String toString() {
            return String.format(
                    "crashes=%d freezes=%d lateRequests=%d rolledBack=%d clockJumps=%d held=%d refused=%d reconciled=%d"
                            + " requeued=%d",
                    crashes, freezes, lateRequests, rolledBack, jumps, held, refused, reconciled, requeued);
        }
    }

    /** One row as it lies in the database. */
    private record Row(String content, State state) {}

    private final Random random;
    private final OneConnection database;
    private final Counts counts;
    private final Witness platform = new Witness();
    private final Machine[] nodes;
    private final boolean[] busy = new boolean[MOST_NODES];
    private final Duration[] wrongBy = new Duration[MOST_NODES];
    private final List<BatchSender.Batch> wandering = new ArrayList<>();
    private final Map<String, Item> reviews = new TreeMap<>();
    /** What may be stored under each key: what was acknowledged last, and what may have been stored since. */
    private final Map<String, Set<String>> allowed = new TreeMap<>();

    private final Map<String, FrozenRecord> newest = new TreeMap<>();
    private final Set<String> forgotten = new HashSet<>();
    private final Set<String> wrong = new TreeSet<>();
    private long nanos = 1_000_000_000L;
    private int fresh = 100;
    private boolean chaos = true;

    /** A node ends in the middle of what it does. */
    private static final class Crash extends Error {
        private static final long serialVersionUID = 1L;
    }

    /** The host changes its mind. */
    private static final class RolledBack extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    Simulation(long seed, OneConnection database, Counts counts) {
        this.random = new Random(seed);
        this.database = database;
        this.counts = counts;
        database.begin(() -> START.toEpochMilli() * 1000 + nanos / 1000);
        database.change(tx -> tx.update("DELETE FROM " + Outbox.Builder.PREFIX + "meta WHERE name <> ''"));
        database.faults = this::fault;
        database.alone = seed % 4 == 0;
        platform.judge = this::judged;
        nodes = new Machine[database.alone ? 1 : MOST_NODES];
        for (int i = 0; i < nodes.length; i++) {
            wrongBy[i] = Duration.ofSeconds(random.nextInt(1200) - 600);
            nodes[i] = node(i);
        }
    }

    private Machine node(int number) {
        Options options = new Options();
        options.batchRows = 1 + random.nextInt(6);
        options.poll = Duration.ofHours(1);
        Clocks clocks = new Clocks(() -> START.plusNanos(nanos).plus(wrongBy[number]), () -> nanos, random::nextDouble);
        BatchSender sender = batch -> send(number, batch);
        Machine.Ends ends = new Machine.Ends(sender, platform, new OutboxListener() {}, Runnable::run, clocks);
        return new Machine(database, () -> {}, Dialect.SQLITE, options.settings(), ends);
    }

    private OneConnection.Fault fault() {
        int dice = chaos ? random.nextInt(60) : 59;
        return dice == 0
                ? OneConnection.Fault.BEFORE_COMMIT
                : dice == 1 ? OneConnection.Fault.AFTER_COMMIT : OneConnection.Fault.NONE;
    }

    private void turn(Duration by) {
        nanos += by.toNanos();
    }

    /** Runs to the end; returns what is wrong, empty when nothing is. */
    Set<String> run() {
        for (int step = 0; step < STEPS && wrong.isEmpty(); step++) {
            step();
            look("step " + step);
        }
        chaos = false;
        for (int round = 0; round < 10 && wrong.isEmpty() && !isSettled(); round++) {
            putInOrder();
        }
        look("end");
        judge();
        return wrong;
    }

    private void step() {
        switch (random.nextInt(24)) {
            case 0, 1, 2, 3 -> enqueue(false);
            case 4 -> enqueue(true);
            case 5, 6, 7, 8, 9, 10, 11, 12 -> runNode(random.nextInt(nodes.length));
            case 13, 14 -> turn(Duration.ofMillis(random.nextInt(5000)));
            case 15 -> turn(Duration.ofSeconds(random.nextInt(200)));
            case 16, 17 -> arriveLate();
            case 18 -> jump(random.nextInt(nodes.length));
            case 19 -> review();
            case 20 -> attempt(this::requeueSome);
            case 21 -> attempt(this::reconcileOrForget);
            case 22 -> nodes[random.nextInt(nodes.length)].resume();
            default -> attempt(this::restart);
        }
    }

    /** The store may fail at any time; whoever asked tries again some day. */
    private static void attempt(Runnable action) {
        try {
            action.run();
        } catch (OutboxException e) {
            // tried again some day
        }
    }

    /** The host stores some records, sometimes together with what it commits or rolls back itself. */
    private void enqueue(boolean inTransaction) {
        Map<String, FrozenRecord> batch = new TreeMap<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            FrozenRecord frozen = record();
            batch.put(id(frozen), frozen);
        }
        List<FrozenRecord> records = List.copyOf(batch.values());
        Machine node = nodes[random.nextInt(nodes.length)];
        boolean rollsBack = inTransaction && random.nextBoolean();
        try {
            if (inTransaction) {
                joined(node, records, rollsBack);
            } else {
                node.put(records);
            }
            records.forEach(this::stored);
        } catch (RolledBack e) {
            counts.rolledBack++;
            records.forEach(record -> notStored(record, false));
        } catch (OutboxException e) {
            boolean unknown = e.getMessage().contains("unknown");
            records.forEach(record -> notStored(record, unknown && !rollsBack));
        }
    }

    private void joined(Machine node, List<FrozenRecord> records, boolean rollsBack) {
        database.change(tx -> {
            node.store().put(tx, records);
            if (rollsBack) {
                throw new RolledBack();
            }
        });
    }

    private FrozenRecord record() {
        int number = random.nextInt(KEYS);
        int value = random.nextInt(5) < 2 ? random.nextInt(3) : fresh++;
        PushRecord record =
                random.nextBoolean() ? Records.usage(number, value) : Records.school(number, "示例小学" + value);
        return random.nextInt(8) == 0
                ? RecordCodec.freezeDeletion(record.kind(), record.key())
                : RecordCodec.freeze(record);
    }

    private void stored(FrozenRecord record) {
        platform.enqueued(record);
        newest.put(id(record), record);
        allowed.put(id(record), new HashSet<>(Set.of(Witness.content(record))));
    }

    private void notStored(FrozenRecord record, boolean perhaps) {
        Set<String> known = allowed.computeIfAbsent(id(record), none -> new HashSet<>(Set.of(NOTHING)));
        if (perhaps) {
            platform.enqueued(record);
            known.add(Witness.content(record));
        }
    }

    private Duration runNode(int number) {
        if (busy[number]) {
            return Duration.ZERO;
        }
        busy[number] = true;
        try {
            return nodes[number].relay().runOnce();
        } catch (Crash e) {
            counts.crashes++;
            nodes[number] = node(number);
        } catch (OutboxException e) {
            // the store failed; the thread of a relay would try again
        } finally {
            busy[number] = false;
        }
        return Duration.ofSeconds(1);
    }

    private void arriveLate() {
        if (!wandering.isEmpty()) {
            counts.lateRequests++;
            platform.send(wandering.remove(random.nextInt(wandering.size())));
        }
    }

    /** Somebody sets the wall clock of a node, by seconds or by a year. */
    private void jump(int number) {
        counts.jumps++;
        Duration far = Duration.ofDays(365);
        wrongBy[number] = random.nextInt(10) == 0
                ? (random.nextBoolean() ? far : far.negated())
                : Duration.ofSeconds(random.nextInt(1200) - 600);
    }

    /** The province decides about one record that it held. */
    private void review() {
        if (reviews.isEmpty()) {
            return;
        }
        String id = List.copyOf(reviews.keySet()).get(random.nextInt(reviews.size()));
        Item item = reviews.remove(id);
        boolean accepted = random.nextBoolean() || !chaos;
        if (accepted) {
            platform.apply(item);
        }
        Review decision = Review.builder()
                .state(accepted ? ReviewState.ACCEPTED : ReviewState.REFUSED)
                .at(REVIEWED)
                .comment("测试")
                .build();
        platform.changes.add(Change.builder()
                .changeSeq(platform.changes.size() + 1L)
                .kind(item.record().kind())
                .key(item.record().key())
                .op(ChangeOp.REVIEW)
                .at(REVIEWED)
                .version(item.version())
                .review(decision)
                .build());
    }

    /** Whatever the platform may say about one item instead of applying it. */
    private ItemOutcome judged(Item item) {
        String id = id(item.record());
        Item held = reviews.get(id);
        if (held != null && held.version() == item.version()) {
            return Witness.outcome(item, Verdict.HELD, null);
        }
        if (held != null && held.version() > item.version()) {
            return Witness.outcome(
                    item, Verdict.STALE, waiting(held)); // what waits for the province is the newest, too
        }
        Witness.Held there = platform.held.get(id);
        boolean isNewer = there == null || there.version() < item.version();
        if (!chaos || !isNewer || random.nextInt(6) > 0) {
            if (held != null && held.version() < item.version()) {
                reviews.remove(id); // nobody decides about what was replaced
            }
            return null;
        }
        counts.refused++;
        return switch (random.nextInt(5)) {
            case 0 -> {
                counts.held++;
                reviews.put(id, item);
                yield Witness.outcome(item, Verdict.HELD, null);
            }
            case 1 -> RelayTest.rejected(item, Verdicts.UNKNOWN_REFERENCE);
            case 2 -> RelayTest.rejected(item, "R-19");
            case 3 -> Witness.outcome(item, Verdict.of("LIKED"), null);
            default -> Witness.outcome(item, Verdict.CONFLICT, there);
        };
    }

    private static Witness.Held waiting(Item item) {
        FrozenRecord record = item.record();
        return new Witness.Held(record.kind(), record.key(), item.version(), record.digest(), record.op(), "");
    }

    private void requeueSome() {
        DeadLetters dead = nodes[random.nextInt(nodes.length)].deadLetters();
        List<OutboxEntry> some = dead.list(null, null, 1 + random.nextInt(3));
        counts.requeued += dead.requeue(some, random.nextBoolean() ? Requeue.AS_IT_IS : Requeue.AS_NEWEST);
    }

    private void reconcileOrForget() {
        if (random.nextInt(3) == 0 && !platform.held.isEmpty()) {
            String id = List.copyOf(platform.held.keySet()).get(random.nextInt(platform.held.size()));
            platform.forget(id);
            forgotten.add(id);
        } else {
            counts.reconciled++;
            nodes[random.nextInt(nodes.length)].reconcile(KINDS.get(random.nextInt(KINDS.size())));
        }
    }

    /** A node ends as it should, or all do and one begins alone. */
    private void restart() {
        int number = random.nextInt(nodes.length);
        if (busy[number]) {
            return;
        }
        nodes[number].store().release();
        nodes[number] = node(number);
        if (random.nextInt(3) == 0 && !busy[0] && !busy[1] && !busy[2]) {
            for (int i = 0; i < nodes.length; i++) {
                nodes[i] = node(i);
            }
            nodes[0].store().recover();
        }
    }

    /** The network between a node and the platform. */
    private BatchReply send(int number, BatchSender.Batch batch) {
        if (!chaos) {
            return platform.send(batch);
        }
        standStill(number);
        boolean several = batch.items().size() > 1;
        return switch (random.nextInt(26)) {
            case 0, 1 -> Witness.failed(Disposition.RETRY);
            case 2, 3 -> {
                wandering.add(batch);
                yield Witness.failed(Disposition.RETRY);
            }
            case 4, 5 -> throw new Crash();
            case 6, 7 -> Witness.failed(several ? Disposition.BISECT : Disposition.RETRY_UNCOUNTED);
            case 8, 9 -> Witness.failed(several ? Disposition.SPLIT : Disposition.PAUSE_HOST);
            case 10 -> Witness.failed(Disposition.PAUSE_ALL);
            case 11 -> Witness.failed(Disposition.PAUSE_KIND);
            default -> answered(number, batch);
        };
    }

    private BatchReply answered(int number, BatchSender.Batch batch) {
        BatchReply reply = platform.send(batch);
        standStill(number);
        return switch (random.nextInt(8)) {
            case 0 -> Witness.failed(Disposition.RETRY);
            case 1 -> throw new Crash();
            case 2 -> {
                Map<String, ItemOutcome> some = new HashMap<>(((BatchReply.Decided) reply).outcomes());
                some.remove(batch.items().get(0).record().key());
                yield new BatchReply.Decided("req", some);
            }
            default -> reply;
        };
    }

    /** Sometimes a node stands still, for longer than its lease or not, and the world goes on. */
    private void standStill(int number) {
        if (random.nextInt(4) == 0) {
            counts.freezes++;
            turn(Duration.ofMillis(random.nextInt((int) LEASE.toMillis() * 2)));
            enqueue(false);
            runNode((number + 1) % nodes.length);
            runNode((number + 2) % nodes.length);
            arriveLate();
        }
    }

    /** No acknowledged record vanishes, none is called delivered that is not, and the platform never went back. */
    private void look(String when) {
        Map<String, Row> rows = rows();
        allowed.forEach((id, contents) -> {
            Row row = rows.get(id);
            String there = row == null ? NOTHING : row.content();
            if (!contents.contains(there)) {
                wrong.add(when + ": " + id + " is stored as " + there + ", acknowledged was " + contents);
            }
            if (row != null && row.state() == State.DELIVERED && !forgotten.contains(id) && !isAt(row, id)) {
                wrong.add(when + ": " + id + " is called delivered, and the platform has something else");
            }
        });
        platform.wentBack().forEach(id -> wrong.add(when + ": " + id + " went back to an older content"));
    }

    private boolean isAt(Row row, String id) {
        Witness.Held held = platform.held.get(id);
        return held != null && row.content().equals(content(held));
    }

    private static String content(Witness.Held held) {
        return held.op() + " " + held.digest();
    }

    private Map<String, Row> rows() {
        String sql = "SELECT kind, record_key, op, digest, state FROM " + Outbox.Builder.PREFIX + "entry";
        return database.read(tx -> {
            Map<String, Row> rows = new HashMap<>();
            try (ResultSet found = tx.bind(sql).executeQuery()) {
                while (found.next()) {
                    String content = found.getString(3) + " " + found.getString(4);
                    rows.put(
                            found.getString(1) + "/" + found.getString(2),
                            new Row(content, State.valueOf(found.getString(5))));
                }
            }
            return rows;
        });
    }

    private boolean isSettled() {
        return rows().entrySet().stream().allMatch(row -> isInOrder(row.getKey(), row.getValue()))
                && wandering.isEmpty()
                && KINDS.stream().allMatch(kind -> nodes[0].reconcile(kind).isEqual());
    }

    /**
     * Delivered, or nobody's: the host was told that storing failed although the commit had come through, and before it was stored
     * again the platform lost the record, whose bytes are gone.
     */
    private boolean isInOrder(String id, Row row) {
        return row.state() == State.DELIVERED || (row.state() == State.RESEND && !newest.containsKey(id));
    }

    /** What people do in the end: the province decides, the host sends again what stopped, and time passes. */
    private void putInOrder() {
        wandering.forEach(platform::send);
        wandering.clear();
        while (!reviews.isEmpty()) {
            review();
        }
        for (Machine node : nodes) {
            node.resume();
        }
        DeadLetters dead = nodes[0].deadLetters();
        dead.requeue(dead.list(null, null, 100), Requeue.AS_NEWEST);
        rows().forEach((id, row) -> {
            if (row.state() == State.RESEND && newest.containsKey(id)) {
                nodes[0].put(List.of(newest.get(id)));
                stored(newest.get(id));
            }
        });
        turn(Duration.ofMinutes(6)); // so that the change feed is read
        for (int round = 0;
                round < QUIET_ROUNDS && (round < 3 || nodes[0].ledger().countPending() > 0);
                round++) {
            Duration shortest = runNode(0);
            for (int i = 1; i < nodes.length; i++) {
                Duration wait = runNode(i);
                shortest = wait.compareTo(shortest) < 0 ? wait : shortest;
            }
            turn(shortest);
        }
    }

    private void judge() {
        Map<String, Row> rows = rows();
        allowed.forEach((id, contents) -> {
            Row row = rows.get(id);
            Witness.Held held = platform.held.get(id);
            String there = held == null ? NOTHING : content(held);
            boolean goneAsAsked = held == null && row != null && row.content().startsWith("DELETE");
            if (!contents.contains(there) && !goneAsAsked) {
                wrong.add(id + ": the platform has " + there + ", acknowledged was " + contents);
            }
            if (row != null && !isInOrder(id, row)) {
                wrong.add(id + ": ends as " + row.state());
            }
        });
        if (platform.everWentBack() && forgotten.isEmpty()) {
            wrong.add("an older version was applied after a newer one");
        }
    }

    private static String id(FrozenRecord record) {
        return record.kind() + "/" + record.key();
    }
}
