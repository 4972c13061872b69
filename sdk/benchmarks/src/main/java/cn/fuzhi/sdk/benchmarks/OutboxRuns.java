package cn.fuzhi.sdk.benchmarks;

import cn.fuzhi.sdk.FrozenRecord;
import cn.fuzhi.sdk.FuzhiClient;
import cn.fuzhi.sdk.RecordCodec;
import cn.fuzhi.sdk.model.UsageReport;
import cn.fuzhi.sdk.outbox.Outbox;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import okhttp3.OkHttpClient;

/** The outbox on a SQLite file against SQLite by hand: storing, storing what did not change, and delivering. */
final class OutboxRuns {
    private static final int BATCH = 500;
    private static final int RECORDS = 100_000;
    private static final int CALLERS = 8;
    private static final int EACH = 2_000;
    private static final int PAIRS = 5;
    private static final Duration NEVER = Duration.ofDays(3650);
    private static final Duration PATIENCE = Duration.ofMinutes(30);

    private OutboxRuns() {}

    /** Work with a folder of its own. */
    @FunctionalInterface
    interface InFolder {
        /**
         * Does the work.
         *
         * @param folder an empty folder, deleted afterwards
         * @throws Exception ends the benchmark
         */
        void run(Path folder) throws Exception;
    }

    static void inFolder(InFolder work) throws Exception {
        Path folder = Files.createTempDirectory("fuzhi-benchmark");
        try {
            work.run(folder);
        } finally {
            delete(folder);
        }
    }

    private static void delete(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path dir, IOException e) throws IOException {
                Files.delete(dir);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** Opens an outbox; with {@link #NEVER} it only stores. */
    private static Outbox open(FuzhiClient client, Path file, Duration startJitter) {
        return Outbox.builder()
                .client(client)
                .file(file)
                .startJitter(startJitter)
                .poll(Duration.ofSeconds(1), Duration.ZERO)
                .build();
    }

    private static void fill(Outbox outbox, List<UsageReport> records) {
        for (int from = 0; from < records.size(); from += BATCH) {
            outbox.enqueue(records.subList(from, Math.min(records.size(), from + BATCH)));
        }
    }

    /** A fresh file for every run; that of the last run is deleted. */
    private static Path fresh(Path folder) throws IOException {
        Path run = folder.resolve("run");
        if (Files.exists(run)) {
            delete(run);
        }
        return Files.createDirectory(run).resolve("outbox.db");
    }

    /** Records per second of a work. */
    private static double rate(int records, Pairs.Work work) throws Exception {
        return records * 1000.0 / Pairs.millis(work).once();
    }

    static void enqueue(Figures figures) throws Exception {
        try (Sink sink = Sink.start();
                FuzhiClient client = ClientRuns.client(sink.url())) {
            inFolder(folder -> batches(figures, client, folder));
            inFolder(folder -> callers(figures, client, folder));
            inFolder(folder -> unchanged(figures, client, folder));
        }
    }

    private static void batches(Figures figures, FuzhiClient client, Path folder) throws Exception {
        List<UsageReport> records = UsageRecords.list(RECORDS);
        List<FrozenRecord> frozen = records.stream().map(RecordCodec::freeze).toList();
        Pairs.Result result = Pairs.measure(
                PAIRS,
                () -> {
                    try (Outbox outbox = open(client, fresh(folder), NEVER)) {
                        return rate(RECORDS, () -> fill(outbox, records));
                    }
                },
                () -> {
                    try (RawStore raw = new RawStore(fresh(folder))) {
                        return rate(RECORDS, () -> raw.insert(frozen, BATCH));
                    }
                });
        figures.put("enqueue.batch.ratio", result.ratio());
        figures.put("enqueue.batch.records_per_s", result.a());
        figures.put("enqueue.batch.raw.records_per_s", result.b());
    }

    private static void callers(Figures figures, FuzhiClient client, Path folder) throws Exception {
        List<List<UsageReport>> callers = IntStream.range(0, CALLERS)
                .mapToObj(caller -> IntStream.range(caller * EACH, (caller + 1) * EACH)
                        .mapToObj(UsageRecords::one)
                        .toList())
                .toList();
        List<List<FrozenRecord>> frozen = callers.stream()
                .map(records -> records.stream().map(RecordCodec::freeze).toList())
                .toList();
        Pairs.Result result = Pairs.measure(
                PAIRS,
                () -> {
                    try (Outbox outbox = open(client, fresh(folder), NEVER)) {
                        return rate(CALLERS * EACH, () -> oneByOne(outbox, callers));
                    }
                },
                () -> {
                    try (RawStore raw = new RawStore(fresh(folder))) {
                        return rate(CALLERS * EACH, () -> raw.groupCommit(frozen));
                    }
                });
        figures.put("enqueue.callers8.ratio", result.ratio());
        figures.put("enqueue.callers8.records_per_s", result.a());
        figures.put("enqueue.callers8.raw.records_per_s", result.b());
    }

    private static void oneByOne(Outbox outbox, List<List<UsageReport>> callers) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (List<UsageReport> records : callers) {
            threads.add(new Thread(() -> records.forEach(outbox::enqueue)));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        ClientRuns.require(outbox.status().pending() == (long) CALLERS * EACH);
    }

    private static void unchanged(Figures figures, FuzhiClient client, Path folder) throws Exception {
        try (Outbox outbox = open(client, fresh(folder), NEVER)) {
            List<UsageReport> stored = new ArrayList<>(UsageRecords.list(RECORDS));
            fill(outbox, stored);
            Pairs.Result result = Pairs.measure(
                    PAIRS, () -> rate(RECORDS, () -> ClientRuns.require(queued(outbox, stored) == 0)), () -> {
                        stored.replaceAll(OutboxRuns::grown);
                        return rate(RECORDS, () -> ClientRuns.require(queued(outbox, stored) == RECORDS));
                    });
            figures.put("enqueue.unchanged.ratio", result.ratio());
            figures.put("enqueue.unchanged.records_per_s", result.a());
            figures.put("enqueue.changed.records_per_s", result.b());
        }
    }

    private static UsageReport grown(UsageReport report) {
        Long before = report.loginCount();
        return report.toBuilder().loginCount((before == null ? 0 : before) + 1).build();
    }

    private static int queued(Outbox outbox, List<UsageReport> records) {
        int queued = 0;
        for (int from = 0; from < records.size(); from += BATCH) {
            queued += outbox.enqueue(records.subList(from, from + BATCH)).queued();
        }
        return queued;
    }

    /** From the file to the sink over TLS, against the same by hand; and the processor time against a push of objects. */
    static void drain(Figures figures) throws Exception {
        List<UsageReport> records = UsageRecords.list(RECORDS);
        List<FrozenRecord> frozen = records.stream().map(RecordCodec::freeze).toList();
        try (Sink sink = Sink.startTls();
                FuzhiClient client = PushBenchmark.client(sink, "", 1)) {
            OkHttpClient http = Tls.client(sink.certificate()).build();
            HandWritten hand = new HandWritten(sink.url(), http);
            inFolder(folder -> {
                Pairs.Result speed = Pairs.measure(
                        PAIRS, () -> RECORDS / drained(client, folder, records).seconds(), () -> {
                            try (RawStore raw = new RawStore(fresh(folder))) {
                                raw.insert(frozen, BATCH);
                                return rate(RECORDS, () -> ClientRuns.require(raw.drain(hand, BATCH) == RECORDS));
                            }
                        });
                figures.put("drain.ratio", speed.ratio());
                figures.put("drain.records_per_s", speed.a());
                figures.put("drain.hand.records_per_s", speed.b());
                Pairs.Result cpu = Pairs.measure(
                        PAIRS,
                        () -> drained(client, folder, records).cpuSeconds(),
                        () -> Spent.on(() -> ClientRuns.require(PushBenchmark.ours(client, records) == RECORDS))
                                .cpuSeconds());
                figures.put("drain.cpu.ratio", cpu.ratio());
                figures.put("drain.cpu_s_per_million", cpu.a() * 1e6 / RECORDS);
            });
        }
    }

    private static Spent drained(FuzhiClient client, Path folder, List<UsageReport> records) throws Exception {
        Path file = fresh(folder);
        try (Outbox outbox = open(client, file, NEVER)) {
            fill(outbox, records);
        }
        try (Outbox outbox = open(client, file, NEVER)) {
            return Spent.on(() -> ClientRuns.require(outbox.flush(PATIENCE).isComplete()));
        }
    }

    /** A program that fills an outbox. */
    static final class Fill {
        private Fill() {}

        /**
         * Stores records without delivering them.
         *
         * @param args address of the sink, file, number of records
         */
        public static void main(String[] args) {
            try (FuzhiClient client = ClientRuns.client(args[0]);
                    Outbox outbox = open(client, Path.of(args[1]), NEVER)) {
                int records = Integer.parseInt(args[2]);
                for (int from = 0; from < records; from += BATCH) {
                    outbox.enqueue(IntStream.range(from, Math.min(records, from + BATCH))
                            .mapToObj(UsageRecords::one)
                            .toList());
                }
            }
        }
    }

    /** A program that delivers all that an outbox holds. */
    static final class Drain {
        private Drain() {}

        /**
         * Delivers everything.
         *
         * @param args address of the sink, file, number of records
         * @throws InterruptedException never
         */
        public static void main(String[] args) throws InterruptedException {
            try (FuzhiClient client = ClientRuns.client(args[0]);
                    Outbox outbox = open(client, Path.of(args[1]), Duration.ZERO)) {
                ClientRuns.require(outbox.flush(PATIENCE).isComplete());
                ClientRuns.require(outbox.status().delivered() == Integer.parseInt(args[2]));
            }
        }
    }
}
