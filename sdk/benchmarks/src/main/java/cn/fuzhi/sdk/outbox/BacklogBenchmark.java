package cn.fuzhi.sdk.outbox;

import cn.fuzhi.sdk.FuzhiClient;
import cn.fuzhi.sdk.RecordCodec;
import cn.fuzhi.sdk.model.PushRecord;
import cn.fuzhi.sdk.model.RecordKind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** How long a claim takes, without a relay around it; in the package of the outbox because a claim is nobody else's business. */
public final class BacklogBenchmark implements AutoCloseable {
    private static final int FILL = 5_000;
    private static final int CLAIM = 500;
    private static final int CLAIMS = 100;
    private static final long BYTES = 900L * 1024;
    private static final Duration LEASE = Duration.ofSeconds(90);

    private final Machine machine;

    /**
     * Opens an outbox that delivers nothing.
     *
     * @param file a new file
     * @param client never called
     */
    public BacklogBenchmark(Path file, FuzhiClient client) {
        Options options = new Options();
        options.maxRows = Long.MAX_VALUE;
        options.maxBytes = Long.MAX_VALUE;
        machine = Machine.onFile(
                file,
                options.settings(),
                new Machine.Ends(client, client, new OutboxListener() {}, Runnable::run, Clocks.system()));
    }

    /**
     * Stores records.
     *
     * @param count how many
     * @param record makes the i-th
     */
    public void fill(int count, IntFunction<? extends PushRecord> record) {
        for (int from = 0; from < count; from += FILL) {
            machine.put(RecordCodec.freezeAll(IntStream.range(from, Math.min(count, from + FILL))
                    .mapToObj(record)
                    .toList()));
        }
    }

    /**
     * Claims 500 rows a hundred times, and gives them back after each time.
     *
     * @param kind kind of the records
     * @return the 99th percentile of the time of a claim, in milliseconds
     */
    public double claimP99(RecordKind kind) {
        double[] millis = new double[CLAIMS];
        for (int i = 0; i < CLAIMS; i++) {
            long start = System.nanoTime();
            int claimed = machine.store()
                    .claim(kind, CLAIM, BYTES, LEASE, (tx, claim) -> claim)
                    .size();
            millis[i] = (System.nanoTime() - start) / 1e6;
            if (claimed != CLAIM) {
                throw new IllegalStateException("only " + claimed + " rows were claimed");
            }
            machine.store().release();
        }
        Arrays.sort(millis);
        return millis[CLAIMS * 99 / 100 - 1];
    }

    @Override
    public void close() {
        machine.close(LEASE);
    }
}
