package cn.fuzhi.sdk.outbox;

import cn.fuzhi.sdk.BatchReply;
import cn.fuzhi.sdk.BatchReply.Disposition;
import cn.fuzhi.sdk.BatchSender;
import cn.fuzhi.sdk.FrozenRecord;
import cn.fuzhi.sdk.ItemOutcome;
import cn.fuzhi.sdk.RecordCodec;
import cn.fuzhi.sdk.model.PushRecord;
import cn.fuzhi.sdk.model.RecordKind;
import cn.fuzhi.sdk.outbox.OutboxEntry.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * Two nodes on one database, a platform behind a bad network, and a host that enqueues: all in one thread, every choice from a seed.
 * Nodes crash, stand still for longer than their lease, and requests arrive long after their sender has given up.
 */
final class Simulation {
    private static final int KEYS = 6;
    private static final int STEPS = 120;
    private static final Duration LEASE = Duration.ofSeconds(90);

    private final Random random;
    private final TurnableClocks time;
    private final OneConnection database;
    private final Witness platform = new Witness();
    private final List<Machine> nodes = new ArrayList<>();
    private final boolean[] busy = new boolean[2];
    private final List<BatchSender.Batch> wandering = new ArrayList<>();
    private final Map<String, Set<String>> allowed = new TreeMap<>();
    private boolean chaos = true;
    int crashes;
    int freezes;
    int lateRequests;

    /** A node ends in the middle of what it does. */
    private static final class Crash extends Error {
        private static final long serialVersionUID = 1L;
    }

    Simulation(long seed, OneConnection database) {
        random = new Random(seed);
        time = new TurnableClocks(seed + 1);
        this.database = database;
        database.begin(time.clocks::micros);
        database.faults = this::fault;
        nodes.add(node(0));
        nodes.add(node(1));
    }

    private Machine node(int number) {
        Options options = new Options();
        options.batchRows = 1 + random.nextInt(6);
        options.changesEvery = Duration.ZERO;
        options.poll = Duration.ofHours(1);
        BatchSender sender = batch -> send(number, batch);
        Machine.Ends ends = new Machine.Ends(sender, platform, new OutboxListener() {}, Runnable::run, time.clocks);
        return new Machine(database, () -> {}, Dialect.SQLITE, options.settings(), ends);
    }

    private OneConnection.Fault fault() {
        int dice = chaos ? random.nextInt(60) : 59;
        return dice == 0
                ? OneConnection.Fault.BEFORE_COMMIT
                : dice == 1 ? OneConnection.Fault.AFTER_COMMIT : OneConnection.Fault.NONE;
    }

    /** Runs to the end; returns what is wrong, empty when nothing is. */
    List<String> run() {
        for (int step = 0; step < STEPS; step++) {
            step();
        }
        chaos = false;
        wandering.forEach(platform::send);
        for (int round = 0; round < 5000 && !isQuiet(); round++) {
            Duration first = runNode(0);
            Duration second = runNode(1);
            time.turn(first.compareTo(second) < 0 ? first : second);
        }
        List<String> wrong = judge();
        return wrong;
    }

    private boolean isQuiet() {
        return nodes.get(0).ledger().countPending() == 0;
    }

    private void step() {
        switch (random.nextInt(8)) {
            case 0, 1 -> enqueue();
            case 2, 3, 4 -> {
                Duration unused = runNode(random.nextInt(2));
            }
            case 5 -> time.turn(Duration.ofMillis(random.nextInt(5000)));
            case 6 -> time.turn(Duration.ofSeconds(random.nextInt(200)));
            default -> arriveLate();
        }
    }

    private void enqueue() {
        Map<String, FrozenRecord> batch = new HashMap<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            PushRecord record = random.nextBoolean()
                    ? Records.usage(random.nextInt(KEYS), random.nextInt(3))
                    : Records.school(random.nextInt(KEYS), "示例小学" + random.nextInt(3));
            FrozenRecord frozen = random.nextInt(8) == 0
                    ? RecordCodec.freezeDeletion(record.kind(), record.key())
                    : RecordCodec.freeze(record);
            batch.put(id(frozen), frozen);
        }
        try {
            nodes.get(random.nextInt(2)).put(List.copyOf(batch.values()));
            batch.forEach((id, record) -> allowed.put(id, new HashSet<>(Set.of(content(record)))));
        } catch (OutboxException e) {
            boolean unknown = e.getMessage().contains("unknown");
            batch.forEach((id, record) -> {
                Set<String> known = allowed.computeIfAbsent(id, none -> new HashSet<>(Set.of("nothing")));
                if (unknown) {
                    known.add(content(record));
                }
            });
        }
    }

    private Duration runNode(int number) {
        if (busy[number]) {
            return Duration.ZERO;
        }
        busy[number] = true;
        try {
            return nodes.get(number).relay().runOnce();
        } catch (Crash e) {
            crashes++;
            nodes.set(number, node(number));
        } catch (OutboxException e) {
            // the store failed; the thread of a relay would try again
        } finally {
            busy[number] = false;
        }
        return Duration.ofSeconds(1);
    }

    private void arriveLate() {
        if (!wandering.isEmpty()) {
            lateRequests++;
            platform.send(wandering.remove(random.nextInt(wandering.size())));
        }
    }

    /** The network between a node and the platform. */
    private BatchReply send(int number, BatchSender.Batch batch) {
        if (!chaos) {
            return platform.send(batch);
        }
        standStill(number);
        switch (random.nextInt(12)) {
            case 0 -> {
                return Witness.failed(Disposition.RETRY);
            }
            case 1 -> {
                wandering.add(batch);
                return Witness.failed(Disposition.RETRY);
            }
            case 2 -> throw new Crash();
            case 3 -> {
                return batch.items().size() > 1
                        ? Witness.failed(Disposition.BISECT)
                        : Witness.failed(Disposition.RETRY_UNCOUNTED);
            }
            case 4 -> {
                return batch.items().size() > 2
                        ? Witness.failed(Disposition.SPLIT)
                        : Witness.failed(Disposition.PAUSE_HOST);
            }
            default -> {
                return answered(number, batch);
            }
        }
    }

    private BatchReply answered(int number, BatchSender.Batch batch) {
        BatchReply reply = platform.send(batch);
        standStill(number);
        switch (random.nextInt(8)) {
            case 0 -> {
                return Witness.failed(Disposition.RETRY);
            }
            case 1 -> throw new Crash();
            case 2 -> {
                Map<String, ItemOutcome> some = new HashMap<>(((BatchReply.Decided) reply).outcomes());
                some.remove(batch.items().get(0).record().key());
                return new BatchReply.Decided("req", some);
            }
            default -> {
                return reply;
            }
        }
    }

    /** Sometimes a node stands still, for longer than its lease or not, and the world goes on. */
    private void standStill(int number) {
        if (random.nextInt(4) == 0) {
            freezes++;
            time.turn(Duration.ofMillis(random.nextInt((int) LEASE.toMillis() * 2)));
            enqueue();
            Duration unused = runNode(1 - number);
            arriveLate();
        }
    }

    private List<String> judge() {
        List<String> wrong = new ArrayList<>();
        allowed.forEach((id, contents) -> {
            Witness.Held held = platform.held.get(id);
            String there = held == null ? "nothing" : held.op() + " " + held.digest();
            if (!contents.contains(there)) {
                wrong.add(id + ": the platform has " + there + ", acknowledged was " + contents);
            }
            String[] parts = id.split("/", 2);
            OutboxEntry entry = nodes.get(0).ledger().find(RecordKind.of(parts[0]), parts[1]);
            if (entry == null && !contents.contains("nothing")) {
                wrong.add(id + ": the row is gone");
            }
            if (entry != null && entry.state() != State.DELIVERED) {
                wrong.add(id + ": ends as " + entry.state() + " " + entry.cause());
            }
        });
        if (platform.everWentBack()) {
            wrong.add("an older version was applied after a newer one");
        }
        return wrong;
    }

    private static String id(FrozenRecord record) {
        return record.kind() + "/" + record.key();
    }

    private static String content(FrozenRecord record) {
        return record.op() + " " + record.digest();
    }
}
