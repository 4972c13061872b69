package cn.fuzhi.sdk.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

class PairsTest {
    @Test
    void measuresBothSidesInTurnAndThrowsTheWarmUpAway() throws Exception {
        List<String> order = new ArrayList<>();
        double[] figures = {1000, 1000, 1000, 1, 2, 3, 4, 50};
        int[] next = {0};

        Pairs.Result result = Pairs.measure(
                5,
                () -> {
                    order.add("A");
                    return figures[next[0]++];
                },
                () -> {
                    order.add("B");
                    return 2;
                },
                () -> 0);

        assertThat(String.join("", order)).isEqualTo("AB".repeat(3 + 5));
        assertThat(result).isEqualTo(new Pairs.Result(3, 2, 1.5));
    }

    @Test
    void warmsUpUntilTheCompilerHasRestedForThreePairs() throws Exception {
        int[] runs = {0};
        // Asked before and after each pair; it works during the first two and the fourth.
        LongSupplier compiler = () -> runs[0] < 2 ? 1000L * runs[0] : runs[0] < 4 ? 2000 : 3000;

        Pairs.measure(5, () -> runs[0]++, () -> 1, compiler);

        assertThat(runs[0]).isEqualTo(4 + 3 + 5);
    }

    @Test
    void singleCallsGoInTurnAndWhicheverWentLastGoesFirst() throws Exception {
        StringBuilder order = new StringBuilder();

        Pairs.Result result = Pairs.calls(5, 4, () -> order.append('A'), () -> order.append('B'));

        assertThat(order.toString()).matches("(ABBAABBA){8,}");
        assertThat(result.a()).isPositive();
    }

    @Test
    void refusesAMedianOfTooFewPairs() {
        assertThatIllegalArgumentException().isThrownBy(() -> Pairs.measure(4, () -> 1, () -> 1));
    }

    @Test
    void medianOfAnEvenNumberIsTheMeanOfTheMiddleTwo() {
        assertThat(Pairs.median(4, 1, 3, 2)).isEqualTo(2.5);
    }
}
