package cn.fuzhi.sdk.benchmarks;

import java.util.Arrays;

/**
 * Compares two measurements in one run: A B A B …, so that whatever slows the machine down slows both down.
 *
 * <pre>{@code
 * Pairs.Result result = Pairs.measure(3, 7, () -> ours(batch), () -> handWritten(batch));
 * figures.put("push.ratio", result.ratio());
 * }</pre>
 */
final class Pairs {
    private static final int FEWEST = 5;

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
     * Measures both sides in turn.
     *
     * @param warmUps pairs that are run first and thrown away
     * @param pairs pairs that count, at least 5
     * @param a first side, the numerator
     * @param b second side, the denominator
     * @return medians
     * @throws Exception what a side throws
     */
    static Result measure(int warmUps, int pairs, Side a, Side b) throws Exception {
        if (pairs < FEWEST) {
            throw new IllegalArgumentException("a median needs at least " + FEWEST + " pairs, not " + pairs);
        }
        for (int i = 0; i < warmUps; i++) {
            a.once();
            b.once();
        }
        double[] as = new double[pairs];
        double[] bs = new double[pairs];
        double[] ratios = new double[pairs];
        for (int i = 0; i < pairs; i++) {
            as[i] = a.once();
            bs[i] = b.once();
            ratios[i] = as[i] / bs[i];
        }
        return new Result(median(as), median(bs), median(ratios));
    }

    /**
     * Makes a side out of work: the figure is its time.
     *
     * @param work what is timed
     * @return a side whose unit is milliseconds
     */
    static Side millis(Work work) {
        return () -> {
            long start = System.nanoTime();
            work.run();
            return (System.nanoTime() - start) / 1e6;
        };
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
