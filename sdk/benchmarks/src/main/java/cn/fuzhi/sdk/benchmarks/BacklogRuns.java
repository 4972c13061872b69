package cn.fuzhi.sdk.benchmarks;

import cn.fuzhi.sdk.FuzhiClient;
import cn.fuzhi.sdk.model.RecordKind;
import cn.fuzhi.sdk.outbox.BacklogBenchmark;
import java.nio.file.Path;

/** A claim of 500 among two million rows against one among ten thousand; then the two million are delivered with a heap of 64 MB. */
final class BacklogRuns {
    private static final int SMALL = 10_000;
    private static final int LARGE = 2_000_000;
    private static final int PAIRS = 7;

    private BacklogRuns() {}

    static void run(Figures figures) throws Exception {
        try (Sink sink = Sink.start();
                FuzhiClient client = ClientRuns.client(sink.url())) {
            OutboxRuns.inFolder(folder -> {
                Path large = folder.resolve("large.db");
                claims(figures, client, folder.resolve("small.db"), large);
                figures.put(
                        "backlog.drain.ms",
                        Children.millis(
                                "-Xmx64m",
                                OutboxRuns.Drain.class.getName(),
                                sink.url(),
                                large.toString(),
                                String.valueOf(LARGE)));
                figures.put("backlog.drain.mb", 64);
            });
        }
    }

    private static void claims(Figures figures, FuzhiClient client, Path smallFile, Path largeFile) throws Exception {
        try (BacklogBenchmark small = new BacklogBenchmark(smallFile, client);
                BacklogBenchmark large = new BacklogBenchmark(largeFile, client)) {
            small.fill(SMALL, UsageRecords::one);
            large.fill(LARGE, UsageRecords::one);
            Pairs.Result p99 = Pairs.measure(
                    PAIRS,
                    () -> large.claimP99(RecordKind.USAGE_REPORT),
                    () -> small.claimP99(RecordKind.USAGE_REPORT));
            figures.put("backlog.ratio", p99.ratio());
            figures.put("backlog.p99ms.2m", p99.a());
            figures.put("backlog.p99ms.10k", p99.b());
        }
    }
}
