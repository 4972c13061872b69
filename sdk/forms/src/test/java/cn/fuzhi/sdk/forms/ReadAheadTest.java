package cn.fuzhi.sdk.forms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReadAheadTest {
    private final Set<Thread> readers = ConcurrentHashMap.newKeySet();

    private static RawRow row(int number) {
        return new RawRow("表", number, List.of());
    }

    private Iterator<RawRow> rows(int count, IntFunction<RawRow> row) {
        return IntStream.range(0, count)
                .peek(i -> readers.add(Thread.currentThread()))
                .mapToObj(row)
                .iterator();
    }

    private static List<Integer> numbers(Iterator<RawRow> rows, int most) {
        List<Integer> numbers = new ArrayList<>();
        while (numbers.size() < most && rows.hasNext()) {
            numbers.add(rows.next().number());
        }
        return numbers;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, ReadAhead.SHORT - 1, ReadAhead.SHORT, ReadAhead.SHORT + 1, ReadAhead.SHORT + 64, 20_000})
    void givesEveryRowOnceAndInOrder(int count) {
        try (ReadAhead ahead = new ReadAhead(rows(count, ReadAheadTest::row))) {
            assertThat(numbers(ahead, Integer.MAX_VALUE))
                    .isEqualTo(IntStream.range(0, count).boxed().toList());
            assertThat(ahead.hasNext()).isFalse();
            assertThatThrownBy(ahead::next).isInstanceOf(NoSuchElementException.class);
        }
        assertThat(readers).allMatch(thread -> thread == Thread.currentThread() || !thread.isAlive());
        assertThat(readers).hasSize(count == 0 ? 0 : count <= ReadAhead.SHORT ? 1 : 2);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, ReadAhead.SHORT, ReadAhead.SHORT + 3, 5_000})
    void tellsOfAFailureBehindTheRowsBeforeIt(int failing) {
        Iterator<RawRow> rows = rows(10_000, i -> {
            if (i == failing) {
                throw new FormException(FormException.Reason.DAMAGED, "坏", "bad");
            }
            return row(i);
        });
        try (ReadAhead ahead = new ReadAhead(rows)) {
            assertThat(numbers(ahead, failing)).hasSize(failing);
            assertThatThrownBy(() -> assertThat(ahead.hasNext()).isTrue())
                    .isInstanceOf(FormException.class)
                    .hasMessageContaining("坏");
        }
    }

    @Test
    void passesAnErrorOn() {
        Iterator<RawRow> rows = rows(10_000, i -> {
            if (i == 2_000) {
                throw new StackOverflowError("scripted");
            }
            return row(i);
        });
        try (ReadAhead ahead = new ReadAhead(rows)) {
            assertThatThrownBy(() -> numbers(ahead, 10_000)).isInstanceOf(StackOverflowError.class);
        }
    }

    @Test
    void endsItsThreadWhenNobodyWantsTheRest() {
        try (ReadAhead ahead = new ReadAhead(rows(Integer.MAX_VALUE, ReadAheadTest::row))) {
            assertThat(numbers(ahead, ReadAhead.SHORT + 10)).hasSize(ReadAhead.SHORT + 10);
        }
        assertThat(readers).hasSize(2);
        assertThat(readers).allMatch(thread -> thread == Thread.currentThread() || !thread.isAlive());
    }

    @Test
    void readsOnWhenItsCallerIsInterruptedAndLeavesTheFlagSet() {
        try (ReadAhead ahead = new ReadAhead(rows(5_000, ReadAheadTest::row))) {
            Thread.currentThread().interrupt();
            assertThat(numbers(ahead, Integer.MAX_VALUE)).hasSize(5_000);
        }
        assertThat(Thread.interrupted()).isTrue();
    }
}
