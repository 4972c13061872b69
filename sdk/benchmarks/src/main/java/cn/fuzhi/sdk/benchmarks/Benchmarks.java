package cn.fuzhi.sdk.benchmarks;

import java.io.PrintStream;
import java.util.Map;
import java.util.TreeMap;

/**
 * The main class of {@code benchmarks.jar}: {@code java -jar benchmarks.jar NAME} runs one benchmark and prints lines
 * {@code figure=value}, and nothing else, on standard output. Exit codes: 0 measured, 1 the run failed, 2 no such benchmark.
 *
 * <p>To add a benchmark: write a package-private class with a method {@code static void run(Figures figures) throws Exception},
 * add one line to {@link #RUNS}, and name its figures {@code NAME.what}. Compare by {@link Pairs}, which alternates the two
 * sides and takes medians; an absolute figure is for information beside a ratio. Whatever a library prints on standard output
 * during a run goes to standard error. A server of a whole run belongs in a process of its own: start
 * {@code java -cp benchmarks.jar} with its main class, and end it in a {@code finally}.
 */
public final class Benchmarks {
    private static final Map<String, Benchmark> RUNS = new TreeMap<>(Map.ofEntries( //
            Map.entry("backlog", BacklogRuns::run),
            Map.entry("drain", OutboxRuns::drain),
            Map.entry("enqueue", OutboxRuns::enqueue),
            Map.entry("footprint", FootprintBenchmark::run),
            Map.entry("forms", FormsBenchmark::run), //
            Map.entry("memory", ClientRuns::memory),
            Map.entry("mock", MockBenchmark::run),
            Map.entry("overhead", ClientRuns::overhead),
            Map.entry("push", PushBenchmark::run),
            Map.entry("startup", ClientRuns::startup),
            Map.entry("validate", ValidateBenchmark::run)));

    private Benchmarks() {}

    /**
     * Runs the benchmark that is named.
     *
     * @param args one name
     */
    public static void main(String[] args) {
        PrintStream out = System.out;
        System.setOut(System.err);
        System.exit(run(args, RUNS, out, System.err));
    }

    static int run(String[] args, Map<String, Benchmark> runs, PrintStream out, PrintStream err) {
        Benchmark benchmark = args.length == 1 ? runs.get(args[0]) : null;
        if (benchmark == null) {
            err.println("usage: java -jar benchmarks.jar NAME");
            err.println("NAME is one of: " + String.join(" ", runs.keySet()));
            return 2;
        }
        try {
            benchmark.run(new Figures(out));
            return 0;
        } catch (Exception e) {
            e.printStackTrace(err);
            return 1;
        }
    }
}
