package cn.fuzhi.sdk.benchmarks;

import java.io.PrintStream;
import java.util.Locale;

/** Prints results, one {@code figure=value} a line: ratios and small values with three digits, large values as whole numbers. */
final class Figures {
    private static final double WHOLE_FROM = 1000;

    private final PrintStream out;

    Figures(PrintStream out) {
        this.out = out;
    }

    /**
     * Reports one figure at once, so that a run that fails later has still said it.
     *
     * @param figure name with dots, beginning with the name of the benchmark
     * @param value the value, whose unit is part of the name ({@code validate.ms.10k})
     */
    void put(String figure, double value) {
        String format = Math.abs(value) >= WHOLE_FROM ? "%s=%.0f%n" : "%s=%.3f%n";
        out.printf(Locale.ROOT, format, figure, value);
        out.flush();
    }
}
