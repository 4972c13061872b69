package cn.fuzhi.sdk.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cn.fuzhi.sdk.FrozenRecord;
import cn.fuzhi.sdk.RecordCodec;
import cn.fuzhi.sdk.outbox.OutboxException.Reason;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FillTest {
    private final TurnableClocks time = new TurnableClocks(5);
    private final AtomicLong free = new AtomicLong(1L << 40);
    private final AtomicInteger counts = new AtomicInteger();
    private Duration countTakes = Duration.ZERO;
    private OneConnection database;
    private OutboxStore store;
    private Fill fill;

    @BeforeEach
    void open() throws Exception {
        database = new OneConnection();
        Transactions slow = new Transactions() {
            @Override
            public <T> T write(Work<T> work) {
                return database.write(work);
            }

            @Override
            public <T> T read(Work<T> work) {
                counts.incrementAndGet();
                time.turn(countTakes);
                return database.read(work);
            }

            @Override
            public void close() {
                database.close();
            }
        };
        Options options = new Options();
        options.maxRows = 100;
        store = new OutboxStore(database, Dialect.SQLITE, options.prefix, options.name, "me", false);
        fill = new Fill(
                new Ledger(slow, options.prefix, options.name),
                new Announcements(new OutboxListener() {}, Runnable::run),
                time.clocks,
                options.settings(),
                free::get);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private static List<FrozenRecord> records(int from, int count) {
        return Records.usages(from + count, 1).subList(from, from + count).stream()
                .map(RecordCodec::freeze)
                .toList();
    }

    private void admit(List<FrozenRecord> records) {
        fill.admit(records, Runnable::run);
    }

    private void put(List<FrozenRecord> records) {
        admit(records);
        store.put(records);
        fill.arrived(records);
    }

    @Test
    void seesWithinAMinuteWhatOthersEnqueued() {
        put(records(0, 1));
        store.put(records(1, 99)); // another node
        time.turn(Duration.ofSeconds(61));
        assertThatThrownBy(() -> put(records(100, 1)))
                .isInstanceOfSatisfying(
                        OutboxException.class, e -> assertThat(e.reason()).isEqualTo(Reason.FULL));
    }

    @Test
    void doesNotForgetWhatIsAboutToBeStoredWhenItCounts() {
        put(records(0, 30));
        List<FrozenRecord> onTheirWay = records(30, 45);
        admit(onTheirWay);
        time.turn(Duration.ofSeconds(2));
        assertThatThrownBy(() -> admit(records(75, 26))).isInstanceOf(OutboxException.class);
        fill.arrived(onTheirWay); // which failed
        time.turn(Duration.ofSeconds(2));
        admit(records(75, 26));
    }

    @Test
    void nobodyWaitsForACountThatAnotherThreadMakesAndWhatIsLetInMeanwhileIsNotForgotten() {
        Deque<Runnable> later = new ArrayDeque<>();
        fill.admit(records(0, 1), later::add);
        fill.admit(records(1, 60), later::add);
        assertThat(later).as("one count at a time").hasSize(1);
        later.poll().run();
        assertThatThrownBy(() -> admit(records(61, 40))).isInstanceOf(OutboxException.class);
        admit(records(61, 39));
    }

    @Test
    void whoWouldBeRefusedCountsAlthoughAnotherThreadDoes() {
        Deque<Runnable> later = new ArrayDeque<>();
        put(records(0, 60));
        database.change(tx -> tx.update("UPDATE fuzhi_outbox_entry SET state = 'DELIVERED'"));
        time.turn(Duration.ofSeconds(61));
        fill.admit(records(60, 1), later::add);
        admit(records(61, 50));
        later.poll().run();
        assertThatThrownBy(() -> admit(records(111, 50))).isInstanceOf(OutboxException.class);
        admit(records(111, 49));
    }

    @Test
    void whatIsNotPendingAnyMoreRefusesNobody() {
        put(records(0, 60));
        database.write(tx -> tx.update("UPDATE " + Outbox.Builder.PREFIX + "entry SET state = 'DELIVERED'"));
        put(records(0, 60)); // not new
        put(records(0, 60));
        put(records(60, 40));
        counts.set(0);
        assertThatThrownBy(() -> put(records(100, 61)))
                .isInstanceOfSatisfying(
                        OutboxException.class, e -> assertThat(e.reason()).isEqualTo(Reason.FULL));
        assertThat(counts).hasValue(1);
    }

    @Test
    void countsForATwentiethOfTheTimeAtMost() {
        countTakes = Duration.ofSeconds(3);
        put(records(0, 80));
        counts.set(0);
        for (int second = 0; second < 600; second++) {
            admit(List.of());
            time.turn(Duration.ofSeconds(1));
        }
        assertThat(counts.get()).isBetween(5, 11);
    }

    @Test
    void refusesWhileTheDiskIsAlmostFullAndGoesOnAfterwards() {
        put(records(0, 1));
        free.set(1);
        time.turn(Duration.ofSeconds(2));
        assertThatThrownBy(() -> put(records(1, 1)))
                .isInstanceOfSatisfying(
                        OutboxException.class, e -> assertThat(e.reason()).isEqualTo(Reason.FULL))
                .hasMessageContaining("磁盘");
        free.set(1L << 40);
        put(records(1, 1));
    }
}
