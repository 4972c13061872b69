package cn.fuzhi.sdk.benchmarks;

import cn.fuzhi.sdk.Credentials;
import cn.fuzhi.sdk.FuzhiClient;
import cn.fuzhi.sdk.Progress;
import cn.fuzhi.sdk.PushReport;
import cn.fuzhi.sdk.model.RecordKind;
import cn.fuzhi.sdk.model.UsageReport;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;

/**
 * Pushing usage reports in batches of 500, gzip 1, signed, over TLS: against hand-written streaming code with 1 and 4 batches in
 * flight, and with 8 and 30 ms of delay; and against what a stock generator makes of the contract, one record a request.
 */
final class PushBenchmark {
    private static final int BATCH = 500;
    private static final int RECORDS = 100_000;
    private static final int DELAYED = 40_000;
    private static final int ONE_BY_ONE = 20_000;
    private static final int ONE_BY_ONE_DELAYED = 1_000;
    private static final int GENERATED_IN_FLIGHT = 16;
    private static final int IN_FLIGHT = 8;
    private static final String LATE = "d30/";
    private static final int PAIRS = 5;

    private PushBenchmark() {}

    static void run(Figures figures) throws Exception {
        List<UsageReport> records = UsageRecords.list(RECORDS);
        try (Sink sink = Sink.startTls()) {
            compare(figures, "push", sink, "", records, 1);
            compare(figures, "push.inflight4", sink, "", records, 4);
            List<UsageReport> fewer = records.subList(0, DELAYED);
            compare(figures, "push.delay30", sink, LATE, fewer, 8);
            versusGenerated(figures, "push.vs_generated", sink, "", records, ONE_BY_ONE);
            versusGenerated(figures, "push.vs_generated.delay30", sink, LATE, fewer, ONE_BY_ONE_DELAYED);
        }
    }

    private static void compare(
            Figures figures, String name, Sink sink, String path, List<UsageReport> records, int inFlight)
            throws Exception {
        HandWritten hand = new HandWritten(
                sink.url() + path, Tls.client(sink.certificate()).build());
        ExecutorService threads = Executors.newFixedThreadPool(inFlight);
        Cpu cpu = new Cpu();
        try (FuzhiClient client = client(sink, path, inFlight)) {
            Pairs.Result result = Pairs.measure(
                    PAIRS,
                    () -> rate(records.size(), cpu.ours, () -> ours(client, records)),
                    () -> rate(records.size(), cpu.theirs, () -> theirs(hand, threads, records)));
            figures.put(name + ".ratio", result.ratio());
            figures.put(name + ".records_per_s", result.a());
            figures.put(name + ".hand.records_per_s", result.b());
            if (inFlight == 1) {
                figures.put(
                        name + ".cpu.ratio",
                        Pairs.median(cpu.measured(cpu.ours)) / Pairs.median(cpu.measured(cpu.theirs)));
                figures.put(name + ".alloc", allocated(client, records));
            }
        } finally {
            threads.shutdown();
        }
    }

    private static void versusGenerated(
            Figures figures, String name, Sink sink, String path, List<UsageReport> records, int oneByOne)
            throws Exception {
        ClientRuns.Bare bare = ClientRuns.bare(
                sink.url() + path, Tls.client(sink.certificate()).build());
        List<UsageReport> few = records.subList(0, oneByOne);
        ExecutorService threads = Executors.newFixedThreadPool(GENERATED_IN_FLIGHT);
        try (FuzhiClient client = client(sink, path, IN_FLIGHT)) {
            Pairs.Result result = Pairs.measure(
                    PAIRS,
                    () -> rate(records.size(), new ArrayList<>(), () -> ours(client, records)),
                    () -> rate(few.size(), new ArrayList<>(), () -> generated(bare, threads, few)));
            figures.put(name, result.ratio());
            figures.put(name + ".records_per_s", result.b());
        } finally {
            threads.shutdown();
        }
    }

    private static long generated(ClientRuns.Bare bare, ExecutorService threads, List<UsageReport> records)
            throws Exception {
        List<Future<Integer>> calls = new ArrayList<>();
        for (UsageReport one : records) {
            calls.add(threads.submit(() -> ClientRuns.pushOne(bare, one)));
        }
        return total(calls);
    }

    private static long total(List<Future<Integer>> calls) throws Exception {
        long taken = 0;
        for (Future<Integer> call : calls) {
            taken += call.get();
        }
        return taken;
    }

    /** Seconds of processor time of every run; those of the warm-up come first. */
    private static final class Cpu {
        private final List<Double> ours = new ArrayList<>();
        private final List<Double> theirs = new ArrayList<>();

        private double[] measured(List<Double> runs) {
            return runs.subList(runs.size() - PAIRS, runs.size()).stream()
                    .mapToDouble(Double::doubleValue)
                    .toArray();
        }
    }

    static FuzhiClient client(Sink sink, String path, int inFlight) {
        return FuzhiClient.builder()
                .baseUrl(sink.url() + path)
                .trustStore(Tls.trusting(sink.certificate()))
                .credentials(Credentials.hmacSha256("benchmark", HandWritten.SECRET::clone))
                .rateLimit(0)
                .batchesInFlight(inFlight)
                .build();
    }

    private static double rate(int records, List<Double> cpu, Callable<Long> work) throws Exception {
        Spent spent = Spent.on(() -> {
            long taken = work.call();
            if (taken != records) {
                throw new IllegalStateException(taken + " of " + records + " records were taken");
            }
        });
        cpu.add(spent.cpuSeconds());
        return records / spent.seconds();
    }

    static long ours(FuzhiClient client, List<UsageReport> records) {
        PushReport report = client.push(RecordKind.USAGE_REPORT, records.stream(), Progress.NONE);
        return report.acceptedCount();
    }

    private static long theirs(HandWritten hand, ExecutorService threads, List<UsageReport> records) throws Exception {
        List<Future<Integer>> batches = new ArrayList<>();
        for (int from = 0; from < records.size(); from += BATCH) {
            List<UsageReport> batch = records.subList(from, Math.min(records.size(), from + BATCH));
            batches.add(threads.submit(() -> hand.send(batch)));
        }
        return total(batches);
    }

    /** Bytes per record in all threads that live before and after. */
    private static double allocated(FuzhiClient client, List<UsageReport> records) {
        long before = allocated();
        ours(client, records);
        return (allocated() - before) / (double) records.size();
    }

    private static long allocated() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        return LongStream.of(threads.getThreadAllocatedBytes(threads.getAllThreadIds()))
                .filter(bytes -> bytes > 0)
                .sum();
    }
}
