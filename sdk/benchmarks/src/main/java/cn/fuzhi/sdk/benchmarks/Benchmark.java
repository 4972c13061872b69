package cn.fuzhi.sdk.benchmarks;

/** One benchmark: measures, and reports what it measured. */
@FunctionalInterface
interface Benchmark {
    /**
     * Runs the whole measurement, its warm-up included.
     *
     * @param figures receives the results
     * @throws Exception if the measurement failed; the program then ends with an error
     */
    void run(Figures figures) throws Exception;
}
