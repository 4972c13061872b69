package cn.fuzhi.sdk.benchmarks;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Compares two measurements in one run: A B A B …, so that whatever slows the machine down slows both down. What counts begins
 * when the compiler of the virtual machine rests: it works on whichever side has more code, on processors that both sides need.
 *
 * <pre>{@code
 * Pairs.Result result = Pairs.measure(7, () -> ours(batch), () -> handWritten(batch));
 * figures.put("push.ratio", result.ratio());
 * }</pre>
 */
final class Pairs {
    private static final int FEWEST = 5;
    /** The compiler rests when it takes less than a fiftieth of the time of a pair, three pairs in a row. */
    private static final int SHARE = 50;

    private static final int IN_A_ROW = 3;
    private static final long PATIENCE = TimeUnit.MINUTES.toNanos(3);

    /** Tells how many milliseconds the compiler has worked. */
    private static final LongSupplier COMPILER = ManagementFactory.getCompilationMXBean()::getTotalCompilationTime;

    private Pairs() {}

    /** One side of a comparison. */
    @FunctionalInterface
    interface Side {
        /**
         * Measures once.
         *
         * @return the figure, such as records per second or nanoseconds; both sides of a comparison use the same unit
         * @throws Exception ends the benchmark
         */
        double once() throws Exception;
    }

    /** A figure of each side. */
    private interface Pair {
        double[] once() throws Exception;
    }

    /** Work whose time is measured. */
    @FunctionalInterface
    interface Work {
        /**
         * Does the work once.
         *
         * @throws Exception ends the benchmark
         */
        void run() throws Exception;
    }

    /**
     * What a comparison gave.
     *
     * @param a median of the first side
     * @param b median of the second side
     * @param ratio median of the ratios A ÷ B of the single pairs
     */
    record Result(double a, double b, double ratio) {}

    /**
     * Measures both sides in turn, once the compiler rests; pairs before that, three at least, are thrown away.
     *
     * @param pairs pairs that count, at least 5
     * @param a first side, the numerator
     * @param b second side, the denominator
     * @return medians
     * @throws Exception what a side throws
     */
    static Result measure(int pairs, Side a, Side b) throws Exception {
        return measure(pairs, a, b, COMPILER);
    }

    /**
     * Times single calls of both sides in turn, as soon as the compiler rests. Calls take microseconds, and what disturbs a machine
     * takes seconds: this way it disturbs both. Whichever went last goes first the next time, because a call leaves work behind.
     *
     * @param pairs pairs that count, at least 5
     * @param calls calls of each side in a pair, whose median is its figure
     * @param a first side, the numerator
     * @param b second side, the denominator
     * @return medians in nanoseconds
     * @throws Exception what a side throws
     */
    static Result calls(int pairs, int calls, Work a, Work b) throws Exception {
        return measure(pairs, () -> nanos(calls, a, b), COMPILER);
    }

    private static double[] nanos(int calls, Work a, Work b) throws Exception {
        double[] as = new double[calls];
        double[] bs = new double[calls];
        for (int i = 0; i < calls; i++) {
            if (i % 2 == 0) {
                as[i] = nanos(a);
                bs[i] = nanos(b);
            } else {
                bs[i] = nanos(b);
                as[i] = nanos(a);
            }
        }
        return new double[] {median(as), median(bs)};
    }

    private static double nanos(Work work) throws Exception {
        long start = System.nanoTime();
        work.run();
        return System.nanoTime() - start;
    }

    /** The same, for a compiler that tells how many milliseconds it has worked. */
    static Result measure(int pairs, Side a, Side b, LongSupplier compiler) throws Exception {
        return measure(pairs, () -> new double[] {a.once(), b.once()}, compiler);
    }

    private static Result measure(int pairs, Pair pair, LongSupplier compiler) throws Exception {
        if (pairs < FEWEST) {
            throw new IllegalArgumentException("a median needs at least " + FEWEST + " pairs, not " + pairs);
        }
        warmUp(pair, compiler);
        double[] as = new double[pairs];
        double[] bs = new double[pairs];
        double[] ratios = new double[pairs];
        for (int i = 0; i < pairs; i++) {
            double[] both = pair.once();
            as[i] = both[0];
            bs[i] = both[1];
            ratios[i] = as[i] / bs[i];
        }
        return new Result(median(as), median(bs), median(ratios));
    }

    private static void warmUp(Pair pair, LongSupplier compiler) throws Exception {
        long start = System.nanoTime();
        int quiet = 0;
        while (quiet < IN_A_ROW && System.nanoTime() - start < PATIENCE) {
            long began = System.nanoTime();
            long compiled = compiler.getAsLong();
            pair.once();
            long working = TimeUnit.MILLISECONDS.toNanos(compiler.getAsLong() - compiled);
            quiet = working * SHARE <= System.nanoTime() - began ? quiet + 1 : 0;
        }
        if (quiet < IN_A_ROW) {
            System.err.println("the compiler did not rest in time; it is part of the figures that follow");
        }
    }

    /**
     * Makes a side out of work: the figure is its time.
     *
     * @param work what is timed
     * @return a side whose unit is milliseconds
     */
    static Side millis(Work work) {
        return () -> nanos(work) / 1e6;
    }

    /**
     * Finds the middle value.
     *
     * @param values at least one value, in any order; not changed
     * @return the median, for an even number of values the mean of the middle two
     */
    static double median(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
