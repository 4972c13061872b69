package cn.fuzhi.sdk.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cn.fuzhi.sdk.BatchReply.Disposition;
import cn.fuzhi.sdk.FuzhiException;
import cn.fuzhi.sdk.RecordCodec;
import cn.fuzhi.sdk.model.DeadlineKind;
import cn.fuzhi.sdk.model.PushRecord;
import cn.fuzhi.sdk.model.RecordKind;
import cn.fuzhi.sdk.outbox.OutboxEntry.State;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class OutboxTest {
    @TempDir
    Path folder;

    private Bench bench;

    @BeforeEach
    void open() {
        bench = Bench.on(folder).open();
    }

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void deliversWhatWasEnqueued() {
        assertThat(bench.outbox.enqueue(Records.usages(1200, 5))).isEqualTo(new EnqueueReport(1200, 0));
        bench.drain();
        assertThat(bench.witness.held).hasSize(1200);
        assertThat(bench.witness.batches)
                .extracting(batch -> batch.items().size())
                .containsExactly(500, 500, 200);
        OutboxEntry entry = bench.entry(RecordKind.USAGE_REPORT, Records.usageKey(0));
        assertThat(entry.state()).isEqualTo(State.DELIVERED);
        assertThat(entry.requestId()).isEqualTo("req-1");
    }

    @Test
    void everythingThatIsWrongWithTheOptionsIsSaidAtOnce() {
        assertThatThrownBy(() -> Outbox.builder()
                        .file(folder.resolve("other.db"))
                        .hostTransaction(() -> null)
                        .deliver(false)
                        .name("略阳")
                        .tablePrefix("1_")
                        .batches(501, 0)
                        .limits(0, 1)
                        .diskReserve(-1)
                        .lease(Duration.ofSeconds(2), Duration.ofSeconds(1))
                        .retention(Duration.ofHours(1))
                        .startJitter(ChronoUnit.FOREVER.getDuration())
                        .poll(Duration.ZERO, Duration.ZERO)
                        .linger(Duration.ofMillis(-1))
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(
                        "client is missing",
                        "hostTransaction needs dataSource",
                        "deliver(false) needs dataSource",
                        "name has",
                        "tablePrefix begins",
                        "1 to 500 records",
                        "at least one byte",
                        "limits must",
                        "diskReserve must",
                        "three times",
                        "retention is",
                        "a hundred years",
                        "poll must",
                        "a time must");
        assertThat(folder.resolve("other.db")).doesNotExist();
    }

    @Test
    void aLeaseWithoutRoomForACallIsRefused() {
        assertThatThrownBy(() -> Outbox.builder()
                        .file(folder.resolve("other.db"))
                        .lease(Duration.ofSeconds(1), Duration.ofMillis(300))
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("two seconds longer");
    }

    @Test
    void waitsForEverWhenItIsToldTo() throws Exception {
        Duration ever = ChronoUnit.FOREVER.getDuration();
        assertThat(bench.outbox.flush(ever).isComplete()).isTrue();
        bench.outbox.close(ever);
        bench.open(); // the file is free
        assertThat(bench.outbox.status().pending()).isZero();
    }

    @Test
    void whatAHostHasNotCommittedIsNeitherWaitedForNorReported() throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite::memory:")) {
            Outbox joined = Outbox.on(bench.machine, () -> connection);
            assertThatThrownBy(() -> joined.flush(Duration.ZERO))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("after it commits");
            assertThatThrownBy(() -> joined.submit(DeadlineKind.USAGE, "610727", "2022-09-15"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("after it commits");
        }
        assertThat(bench.outbox.status().pending()).isZero();
    }

    @Test
    void sendsTheBytesThatWereFrozen() {
        bench.enqueue(Records.usage(1, 5));
        bench.drain();
        assertThat(bench.witness
                        .held(RecordKind.USAGE_REPORT, Records.usageKey(1))
                        .payload())
                .isEqualTo(new String(RecordCodec.freeze(Records.usage(1, 5)).payload(), StandardCharsets.UTF_8));
    }

    @Test
    void endsWithAWhenAWasDeliveredAndBAndAgainAFollowedInAnOutage() {
        bench.enqueue(Records.usage(1, 1));
        bench.drain();
        bench.witness.always = batch -> Witness.failed(Disposition.RETRY);
        bench.enqueue(Records.usage(1, 2));
        bench.drain();
        assertThat(bench.enqueue(Records.usage(1, 1)).queued()).isEqualTo(1);
        bench.witness.always = batch -> null;
        bench.drainFor(Duration.ofMinutes(10));
        String digest = RecordCodec.freeze(Records.usage(1, 1)).digest();
        assertThat(bench.witness
                        .held(RecordKind.USAGE_REPORT, Records.usageKey(1))
                        .digest())
                .isEqualTo(digest);
        assertThat(bench.witness.everWentBack()).isFalse();
    }

    @Test
    void makesThreeEditsOneSend() {
        bench.enqueue(Records.usage(1, 1));
        bench.enqueue(Records.usage(1, 2));
        bench.enqueue(Records.usage(1, 3));
        bench.drain();
        assertThat(bench.witness.applied).hasSize(1);
    }

    @Test
    void keepsTheLaterOfTwoVersionsInOneCallHoweverManyRecordsItHas() {
        List<PushRecord> records = new ArrayList<>(Records.usages(250, 1));
        IntStream.range(0, 130).forEach(i -> records.add(Records.school(i, "略阳县示例乡村小学")));
        records.addAll(Records.usages(250, 2));
        assertThat(bench.outbox.enqueue(records)).isEqualTo(new EnqueueReport(630, 0));
        assertThat(bench.outbox.enqueue(Records.usages(260, 2))).isEqualTo(new EnqueueReport(10, 250));
        bench.drain();
        assertThat(bench.witness.held).hasSize(390);
        assertThat(bench.witness.applied).hasSize(390);
        assertThat(Records.usages(260, 2))
                .allSatisfy(usage -> assertThat(bench.witness
                                .held(RecordKind.USAGE_REPORT, usage.key())
                                .digest())
                        .isEqualTo(RecordCodec.freeze(usage).digest()));
    }

    @Test
    void doesNothingForTheSameBytesBeforeAndAfterDelivery() {
        bench.enqueue(Records.usage(1, 1));
        assertThat(bench.enqueue(Records.usage(1, 1))).isEqualTo(new EnqueueReport(0, 1));
        bench.drain();
        assertThat(bench.enqueue(Records.usage(1, 1))).isEqualTo(new EnqueueReport(0, 1));
        bench.drain();
        assertThat(bench.witness.batches).hasSize(1);
    }

    @Test
    void givesGrowingVersionsAlsoWhenTheClockIsSetBack() {
        bench.enqueue(Records.usage(1, 1));
        long first = bench.entry(RecordKind.USAGE_REPORT, Records.usageKey(1)).version();
        bench.time.setWall(Duration.ofHours(-1));
        bench.reopen();
        bench.enqueue(Records.usage(1, 2));
        assertThat(bench.entry(RecordKind.USAGE_REPORT, Records.usageKey(1)).version())
                .isEqualTo(first + 1);
        assertThat(bench.drain().witness.held).hasSize(1);
    }

    @Test
    void sendsReferencedKindsFirst() {
        bench.enqueue(Records.usage(1, 1));
        bench.enqueue(Records.school(1, "略阳县示例乡村小学"));
        bench.drain();
        assertThat(bench.witness.batches)
                .extracting(batch -> batch.kind())
                .containsExactly(RecordKind.SCHOOL, RecordKind.USAGE_REPORT);
    }

    @Test
    void deliversADeletionAfterTheRecord() {
        bench.enqueue(Records.usage(1, 1));
        bench.drain();
        bench.outbox.delete(RecordKind.USAGE_REPORT, Records.usageKey(1));
        bench.drain();
        assertThat(bench.entry(RecordKind.USAGE_REPORT, Records.usageKey(1)).state())
                .isEqualTo(State.DELIVERED);
        assertThat(bench.witness.applied).hasSize(2);
    }

    @Test
    void storesNothingWhenOneRecordOfManyIsInvalid() {
        List<cn.fuzhi.sdk.model.UsageReport> records =
                List.of(Records.usage(1, 1), Records.usage(2, -5), Records.usage(3, -6));
        assertThatThrownBy(() -> bench.outbox.enqueue(records))
                .isInstanceOfSatisfying(
                        FuzhiException.Refused.class,
                        e -> assertThat(e.violations())
                                .extracting(cn.fuzhi.sdk.model.Violation::key)
                                .containsExactly(Records.usageKey(2), Records.usageKey(3)));
        assertThat(bench.outbox.status().pending()).isZero();
    }

    @Test
    void keepsWhatIsPendingOverARestart() {
        bench.outbox.enqueue(Records.usages(10, 1));
        bench.reopen().drain();
        assertThat(bench.witness.held).hasSize(10);
    }

    @Test
    void wipesTheContentOnceItIsDelivered() throws Exception {
        bench.enqueue(Records.usage(1, 1));
        assertThat(bench.machine.ledger().payload(RecordKind.USAGE_REPORT, Records.usageKey(1)))
                .isNotNull();
        bench.drain();
        assertThat(bench.machine.ledger().payload(RecordKind.USAGE_REPORT, Records.usageKey(1)))
                .isNull();
    }

    @Test
    void keepsTheFileForItsOwnerOnly() throws Exception {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(bench.file)))
                .isEqualTo("rw-------");
    }

    @Test
    void refusesASecondInstanceOnTheSameFile() {
        assertThatThrownBy(() -> Bench.on(folder).open())
                .isInstanceOfSatisfying(
                        OutboxException.class, e -> assertThat(e.reason()).isEqualTo(OutboxException.Reason.IN_USE))
                .hasMessageContaining("outbox.db");
    }

    @Test
    void refusesTooOldASqliteAndNamesTheProperty() {
        assertThatThrownBy(() -> SqliteFile.requireRecent("3.49.1"))
                .isInstanceOf(OutboxException.class)
                .hasMessageContaining("sqlite-jdbc.version");
    }

    @Test
    void refusesEverythingAfterItWasClosed() {
        bench.outbox.close();
        bench.outbox.close();
        assertThatThrownBy(() -> bench.enqueue(Records.usage(1, 1))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> bench.outbox.status()).isInstanceOf(IllegalStateException.class);
    }

    @Test
    @Timeout(60)
    void deliversOnAfterAnErrorAndSaysSoMeanwhile() throws Exception {
        bench.close();
        CountDownLatch seen = new CountDownLatch(1);
        bench.witness.before.add(batch -> {
            throw new OutOfMemoryError("scripted");
        });
        bench.witness.before.add(batch -> {
            awaits(seen);
            return null;
        });
        bench.options.startJitter = Duration.ZERO;
        Machine machine = Machine.onFile(
                bench.file,
                bench.options.settings(),
                new Machine.Ends(
                        bench.witness, bench.witness, bench.listener, Machine.listenerThread("test"), Clocks.system()));
        try (Outbox outbox = Outbox.on(machine)) {
            machine.start();
            outbox.enqueue(Records.usages(1, 1));
            while (outbox.status().lastFailure() == null) {
                Thread.onSpinWait();
            }
            assertThat(outbox.status().lastFailure()).contains("OutOfMemoryError");
            seen.countDown();
            assertThat(outbox.flush(Duration.ofSeconds(30)).pending()).isZero();
            assertThat(outbox.status().lastFailure()).isNull();
        }
    }

    private static void awaits(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void sendsAgainWhatWasAppliedWithoutAnAnswer() {
        bench.witness.after.add(reply -> Witness.failed(Disposition.RETRY));
        bench.outbox.enqueue(Records.usages(3, 1));
        bench.drainFor(Duration.ofSeconds(10));
        assertThat(bench.witness.applied).hasSize(3);
        assertThat(bench.outbox.status().pending()).isZero();
    }
}
