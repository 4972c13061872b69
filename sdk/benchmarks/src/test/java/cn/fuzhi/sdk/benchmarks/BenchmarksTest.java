package cn.fuzhi.sdk.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BenchmarksTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void printsOnlyFigures() {
        int code = run("some", figures -> {
            figures.put("some.ratio", 0.91234);
            figures.put("some.records", 123_456.7);
        });

        assertThat(code).isZero();
        assertThat(out.toString(UTF_8).lines()).containsExactly("some.ratio=0.912", "some.records=123457");
        assertThat(err.size()).isZero();
    }

    @Test
    void namesTheBenchmarksWhenTheNameIsUnknown() {
        assertThat(run("none", figures -> {})).isEqualTo(2);
        assertThat(err.toString(UTF_8)).contains("some");
        assertThat(out.size()).isZero();
    }

    @Test
    void failsWhenTheRunFails() {
        int code = run("some", figures -> {
            throw new IllegalStateException("sink is down");
        });

        assertThat(code).isOne();
        assertThat(err.toString(UTF_8)).contains("sink is down");
    }

    private int run(String name, Benchmark some) {
        return Benchmarks.run(
                new String[] {name},
                Map.of("some", some),
                new PrintStream(out, true, UTF_8),
                new PrintStream(err, true, UTF_8));
    }
}
