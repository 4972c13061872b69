package cn.fuzhi.sdk.benchmarks;

import cn.fuzhi.sdk.Credentials;
import cn.fuzhi.sdk.FuzhiClient;
import cn.fuzhi.sdk.Progress;
import cn.fuzhi.sdk.PushReport;
import cn.fuzhi.sdk.model.RecordKind;
import cn.fuzhi.sdk.model.UsageReport;
import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Pushing usage reports in batches of 500, gzip 1, signed, without TLS on both sides, against hand-written streaming code: with 1
 * and 4 batches in flight, and with 8 and 30 ms of delay.
 */
final class PushBenchmark {
    private static final int BATCH = 500;
    private static final int RECORDS = 100_000;
    private static final int DELAYED = 40_000;
    private static final int WARM_UPS = 3;
    private static final int PAIRS = 5;

    private PushBenchmark() {}

    static void run(Figures figures) throws Exception {
        List<UsageReport> records = UsageRecords.list(RECORDS);
        try (Sink sink = Sink.start()) {
            compare(figures, "push", sink.url(), records, 1);
            compare(figures, "push.inflight4", sink.url(), records, 4);
            compare(figures, "push.delay30", sink.url() + "d30/", records.subList(0, DELAYED), 8);
        }
    }

    private static void compare(Figures figures, String name, String url, List<UsageReport> records, int inFlight)
            throws Exception {
        HandWritten hand = new HandWritten(url);
        ExecutorService threads = Executors.newFixedThreadPool(inFlight);
        Cpu cpu = new Cpu();
        try (FuzhiClient client = client(url, inFlight)) {
            Pairs.Result result = Pairs.measure(
                    WARM_UPS,
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

    /** Seconds of processor time of every run, the warm-up included. */
    private static final class Cpu {
        private final List<Double> ours = new ArrayList<>();
        private final List<Double> theirs = new ArrayList<>();

        private double[] measured(List<Double> runs) {
            return runs.stream().skip(WARM_UPS).mapToDouble(Double::doubleValue).toArray();
        }
    }

    private static FuzhiClient client(String url, int inFlight) {
        return FuzhiClient.builder()
                .baseUrl(url)
                .credentials(Credentials.hmacSha256("benchmark", HandWritten.SECRET::clone))
                .rateLimit(0)
                .batchesInFlight(inFlight)
                .build();
    }

    private static double rate(int records, List<Double> cpu, Callable<Long> work) throws Exception {
        OperatingSystemMXBean machine = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long cpuBefore = machine.getProcessCpuTime();
        long start = System.nanoTime();
        long taken = work.call();
        double seconds = (System.nanoTime() - start) / 1e9;
        cpu.add((machine.getProcessCpuTime() - cpuBefore) / 1e9);
        if (taken != records) {
            throw new IllegalStateException(taken + " of " + records + " records were taken");
        }
        return records / seconds;
    }

    private static long ours(FuzhiClient client, List<UsageReport> records) {
        PushReport report = client.push(RecordKind.USAGE_REPORT, records.stream(), Progress.NONE);
        return report.acceptedCount();
    }

    private static long theirs(HandWritten hand, ExecutorService threads, List<UsageReport> records) throws Exception {
        List<Future<Integer>> batches = new ArrayList<>();
        for (int from = 0; from < records.size(); from += BATCH) {
            List<UsageReport> batch = records.subList(from, Math.min(records.size(), from + BATCH));
            batches.add(threads.submit(() -> hand.send(batch)));
        }
        long taken = 0;
        for (Future<Integer> batch : batches) {
            taken += batch.get();
        }
        return taken;
    }

    /** Bytes per record; with one batch in flight everything happens in the calling thread. */
    private static double allocated(FuzhiClient client, List<UsageReport> records) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        ours(client, records);
        return (threads.getCurrentThreadAllocatedBytes() - before) / (double) records.size();
    }
}
