package cn.fuzhi.sdk.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import cn.fuzhi.sdk.RecordCodec;
import cn.fuzhi.sdk.model.RecordKind;
import cn.fuzhi.sdk.model.UsageReport;
import cn.fuzhi.sdk.outbox.DeadLetters.Requeue;
import cn.fuzhi.sdk.outbox.OutboxEntry.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody puts an old copy of the file back: what the platform has meanwhile is newer, and must stay. */
@Tag("L22")
class RestoreTest {
    private static final RecordKind USAGE = RecordKind.USAGE_REPORT;
    private static final int KEYS = 20;
    /** So many were delivered before the copy was made, the others were pending in it. */
    private static final int DELIVERED = 10;

    @TempDir
    Path folder;

    private Bench bench;

    @BeforeEach
    void putAnOldCopyBack() throws IOException {
        Path data = Files.createDirectory(folder.resolve("data"));
        Path copy = Files.createDirectory(folder.resolve("copy"));
        bench = Bench.on(data).open();
        enqueueAll(1, 0, DELIVERED);
        bench.drain();
        enqueueAll(1, DELIVERED, KEYS);
        bench.outbox.close();
        replace(data, copy);
        bench.open();
        bench.time.turn(Duration.ofHours(1));
        enqueueAll(2, 0, KEYS);
        bench.drain();
        bench.outbox.close();
        replace(copy, data);
        bench.open();
        assertThat(bench.outbox.status().pending()).isEqualTo(KEYS - DELIVERED);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private void enqueueAll(int value, int from, int to) {
        for (int number = from; number < to; number++) {
            UsageReport record = Records.usage(number, value);
            bench.enqueue(record);
            bench.witness.enqueued(RecordCodec.freeze(record));
        }
    }

    private static void replace(Path from, Path to) throws IOException {
        try (Stream<Path> old = Files.list(to)) {
            for (Path file : old.toList()) {
                Files.delete(file);
            }
        }
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private void assertThatThePlatformHas(int value) {
        for (int number = 0; number < KEYS; number++) {
            assertThat(bench.witness.held(USAGE, Records.usageKey(number)).digest())
                    .isEqualTo(RecordCodec.freeze(Records.usage(number, value)).digest());
        }
        assertThat(bench.witness.everWentBack()).isFalse();
    }

    @Test
    void parksWhatIsOlderThanThePlatformAndOverwritesNothing() {
        bench.drainFor(Duration.ofHours(30));
        assertThatThePlatformHas(2);
        assertThat(bench.outbox.deadLetters().causes())
                .containsEntry(Verdicts.STALE, (long) KEYS - DELIVERED)
                .hasSize(1);
        List<OutboxEntry> parked = bench.outbox.deadLetters().list(Verdicts.STALE, null, KEYS);
        assertThat(bench.outbox.deadLetters().requeue(parked, Requeue.AS_IT_IS)).isZero();
        bench.reopen().drainFor(Duration.ofHours(1));
        assertThatThePlatformHas(2);
    }

    @Test
    void seesInAReconciliationThatThePlatformIsAhead() {
        bench.drain();
        ReconcileReport report = bench.outbox.reconcile(USAGE);
        assertThat(report.newer()).isEqualTo(DELIVERED);
        assertThat(report.resent() + report.needed()).isZero();
        bench.drain();
        assertThatThePlatformHas(2);
    }

    @Test
    void deliversWhatTheHostEnqueuesNext() {
        bench.drain();
        bench.time.turn(Duration.ofMinutes(1));
        enqueueAll(3, 0, KEYS);
        bench.drain();
        assertThatThePlatformHas(3);
        for (int number = 0; number < KEYS; number++) {
            assertThat(bench.entry(USAGE, Records.usageKey(number)).state()).isEqualTo(State.DELIVERED);
        }
    }

    /** The host had not yet looked when the old copy came back, and gives the next change at once. */
    @Test
    void deliversAChangeThatReplacesAPendingOldOne() {
        bench.time.turn(Duration.ofMinutes(1));
        enqueueAll(3, DELIVERED, KEYS);
        bench.drain();
        for (int number = DELIVERED; number < KEYS; number++) {
            assertThat(bench.entry(USAGE, Records.usageKey(number)).state()).isEqualTo(State.DELIVERED);
        }
        assertThat(bench.witness.everWentBack()).isFalse();
    }
}
