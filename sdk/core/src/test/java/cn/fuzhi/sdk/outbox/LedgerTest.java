package cn.fuzhi.sdk.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cn.fuzhi.sdk.BatchReply;
import cn.fuzhi.sdk.BatchReply.Disposition;
import cn.fuzhi.sdk.ItemOutcome;
import cn.fuzhi.sdk.RecordCodec;
import cn.fuzhi.sdk.ReportPackage;
import cn.fuzhi.sdk.model.Change;
import cn.fuzhi.sdk.model.ChangeOp;
import cn.fuzhi.sdk.model.DeadlineKind;
import cn.fuzhi.sdk.model.RecordKind;
import cn.fuzhi.sdk.model.Review;
import cn.fuzhi.sdk.model.ReviewState;
import cn.fuzhi.sdk.model.Submission;
import cn.fuzhi.sdk.model.SubmissionOutcome;
import cn.fuzhi.sdk.model.SubmissionState;
import cn.fuzhi.sdk.model.Verdict;
import cn.fuzhi.sdk.outbox.DeadLetters.Requeue;
import cn.fuzhi.sdk.outbox.OutboxEntry.State;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerTest {
    private static final RecordKind USAGE = RecordKind.USAGE_REPORT;

    @TempDir
    Path folder;

    private Bench bench;
    private Witness witness;
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

    @BeforeEach
    void open() {
        bench = Bench.on(folder);
        bench.options.platformCode = "LUEYANG01";
        bench.listener = new OutboxListener() {
            @Override
            public void reviewed(RecordKind kind, String key, Review review) {
                heard.add("reviewed " + key + " " + review.state());
            }

            @Override
            public void resendNeeded(RecordKind kind, List<String> keys) {
                heard.add("resend " + keys.size());
            }

            @Override
            public void alarm(Alarm alarm, String text) {
                heard.add("alarm " + alarm);
            }

            @Override
            public void stopped(OutboxEntry entry) {
                heard.add("stopped " + entry.key() + " " + entry.state());
            }
        };
        bench.open();
        witness = bench.witness;
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private String next() throws InterruptedException {
        return heard.poll(10, TimeUnit.SECONDS);
    }

    @Test
    void findsWhatThePlatformForgotAndIsCompleteAfterOneMoreEnqueue() throws Exception {
        bench.outbox.enqueue(Records.usages(3000, 1));
        bench.drain();
        assertThat(bench.outbox.reconcile(USAGE).isEqual()).isTrue();
        Random random = new Random(11);
        List<String> keys = new ArrayList<>(witness.held.keySet());
        for (int i = 0; i < 1000; i++) {
            witness.held.remove(keys.remove(random.nextInt(keys.size())));
        }
        ReconcileReport report = bench.outbox.reconcile(USAGE);
        assertThat(report).isEqualTo(new ReconcileReport(USAGE, 3000, 0, 1000, 0, 0));
        assertThat(next()).startsWith("resend ");
        assertThat(bench.outbox.enqueue(Records.usages(3000, 1))).isEqualTo(new EnqueueReport(1000, 2000));
        bench.drain();
        assertThat(witness.held).hasSize(3000);
        assertThat(bench.outbox.reconcile(USAGE).isEqual()).isTrue();
    }

    @Test
    void sendsAgainByItselfWhatItKept() {
        bench.options.keepPayload = true;
        bench.reopen();
        bench.outbox.enqueue(Records.usages(50, 1));
        bench.drain();
        witness.held.clear();
        assertThat(bench.outbox.reconcile(USAGE).resent()).isEqualTo(50);
        bench.drain();
        assertThat(witness.held).hasSize(50);
    }

    @Test
    void seesThatThePlatformHasMoreThanTheLedger() {
        bench.outbox.enqueue(Records.usages(5, 1));
        bench.drain();
        witness.held.replaceAll((id, held) -> new Witness.Held(
                held.kind(), held.key(), held.version() + 1, held.digest(), held.op(), held.payload()));
        assertThat(bench.outbox.reconcile(USAGE).newer()).isEqualTo(5);
        assertThat(bench.outbox.status().pending()).isZero();
    }

    @Test
    void groupsDeadLettersByCauseAndSendsOrDiscardsThem() throws Exception {
        witness.judge = item -> RelayTest.rejected(item, item.record().key().contains("00003") ? "R-19" : "R-23");
        bench.outbox.enqueue(Records.usages(4, 1));
        bench.drain();
        DeadLetters letters = bench.outbox.deadLetters();
        assertThat(letters.causes()).containsEntry("R-19", 1L).containsEntry("R-23", 3L);
        assertThat(letters.inspect(USAGE, Records.usageKey(3))).contains("loginCount=1");
        List<OutboxEntry> first = letters.list("R-23", null, 2);
        assertThat(letters.list("R-23", first.get(1), 2)).hasSize(1);
        witness.judge = item -> null;
        bench.time.turn(Duration.ofDays(3));
        assertThat(letters.requeue(first, Requeue.AS_IT_IS)).isEqualTo(2);
        assertThat(bench.outbox.status().oldestPending())
                .as("it waits since now, not since it was refused")
                .isLessThan(Duration.ofHours(1));
        bench.drain();
        assertThat(letters.discard(letters.list("R-19", null, 10))).isEqualTo(1);
        StringBuilder csv = new StringBuilder();
        letters.export(csv);
        assertThat(csv.toString().lines()).hasSize(2);
    }

    @Test
    void listsNoNegativeNumberOfDeadLetters() {
        assertThatThrownBy(() -> bench.outbox.deadLetters().list(null, null, -1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-1");
    }

    @Test
    void countsWhatIsGivenTwiceOnce() {
        assertThat(bench.enqueue(Records.usage(0, 1), Records.usage(0, 1))).isEqualTo(new EnqueueReport(1, 1));
        assertThat(bench.enqueue(Records.usage(0, 2), Records.usage(0, 1), Records.usage(0, 2)))
                .isEqualTo(new EnqueueReport(3, 0));
    }

    @Test
    void waitsForNoKindThatOnlyANewerVersionKnows() throws Exception {
        bench.close();
        bench.shared = new OneConnection();
        bench.open();
        bench.outbox.enqueue(Records.usages(2, 1));
        bench.shared.change(tx -> tx.update("UPDATE " + bench.options.prefix + "entry SET kind = 'NEWER'"));
        assertThat(bench.machine.ledger().hasPending()).isFalse();
        assertThat(bench.outbox.flush(Duration.ZERO).pending()).isZero();
    }

    @Test
    void exportsNothingThatASpreadsheetWouldCalculate() {
        assertThat(DeadLetters.cell("=HYPERLINK(\"x\")")).isEqualTo("\"'=HYPERLINK(\"\"x\"\")\"");
        assertThat(DeadLetters.cell("-1")).isEqualTo("\"'-1\"");
        assertThat(DeadLetters.cell("a\r\nb")).isEqualTo("\"a b\"");
    }

    @Test
    void erasesContentAndAsksForTheRecordAnewWhenItWasNotDelivered() {
        bench.outbox.enqueue(Records.usages(2, 1));
        assertThat(bench.outbox.erase(USAGE, Records.usageKey(0))).isTrue();
        bench.drain();
        assertThat(bench.entry(USAGE, Records.usageKey(0)).state()).isEqualTo(State.RESEND);
        assertThat(bench.machine.ledger().payload(USAGE, Records.usageKey(0))).isNull();
        assertThat(bench.enqueue(Records.usage(0, 1)).queued()).isEqualTo(1);
        assertThat(bench.outbox.erase(USAGE, "nobody")).isFalse();
        witness.judge = item -> RelayTest.rejected(item, "R-19");
        bench.drain();
        giveUp();
        bench.outbox.erase(USAGE, Records.usageKey(0));
        assertThat(bench.entry(USAGE, Records.usageKey(0)).state())
                .as("what was given up is asked for no more")
                .isEqualTo(State.DISCARDED);
    }

    @Test
    void resolvesWhatWasHeldAndTellsEachDecisionUntilTheListenerHeardIt() throws Exception {
        witness.judge = item -> Witness.outcome(item, Verdict.HELD, null);
        bench.options.changesEvery = Duration.ofMinutes(5);
        bench.callbacks = Runnable::run; // the feed goes on when its listener has heard the last page
        bench.reopen();
        bench.outbox.enqueue(Records.usages(2, 1));
        bench.drain();
        assertThat(next()).startsWith("stopped ");
        assertThat(next()).startsWith("stopped ");
        witness.changes.add(review(1, Records.usageKey(0), ReviewState.ACCEPTED));
        witness.changes.add(review(2, Records.usageKey(1), ReviewState.REFUSED));
        bench.time.turn(Duration.ofMinutes(6));
        bench.machine.relay().runOnce();
        bench.time.turn(Duration.ofMinutes(6));
        bench.machine.relay().runOnce();
        assertThat(next()).isEqualTo("reviewed " + Records.usageKey(0) + " ACCEPTED");
        assertThat(next()).isEqualTo("reviewed " + Records.usageKey(1) + " REFUSED");
        assertThat(bench.entry(USAGE, Records.usageKey(0)).state()).isEqualTo(State.DELIVERED);
        assertThat(bench.entry(USAGE, Records.usageKey(1)).state()).isEqualTo(State.REJECTED);
    }

    private Change review(long seq, String key, ReviewState state) {
        OffsetDateTime at = OffsetDateTime.parse("2022-09-16T10:00:00+08:00");
        return Change.builder()
                .changeSeq(seq)
                .kind(USAGE)
                .key(key)
                .op(ChangeOp.REVIEW)
                .at(at)
                .version(bench.entry(USAGE, key).version())
                .review(Review.builder().state(state).at(at).comment("测试").build())
                .build();
    }

    @Test
    void submitsOnlyWhenNothingCoveredIsPendingAndStatesWhatWasDelivered() {
        bench.outbox.enqueue(Records.usages(3, 1));
        SubmitReport report = bench.outbox.submit(DeadlineKind.USAGE, "610727", "2022-09-15");
        assertThat(report.state()).isEqualTo(SubmitReport.State.QUEUED);
        assertThat(report.pending()).isEqualTo(3);
        bench.drainFor(Duration.ofSeconds(5));
        Submission stated = stated();
        assertThat(stated.itemCount()).isEqualTo(3);
        assertThat(stated.digest()).isEqualTo(expectedDigest());
        assertThat(witness.batches.get(witness.batches.size() - 1).kind()).isEqualTo(RecordKind.SUBMISSION);
    }

    private Submission stated() {
        String json = witness.held(RecordKind.SUBMISSION, "LUEYANG01~USAGE~610727~2022-09-15")
                .payload();
        return RecordCodec.parse(Submission.class, json.getBytes(StandardCharsets.UTF_8));
    }

    private String expectedDigest() {
        StringBuilder lines = new StringBuilder();
        for (Witness.Held held : witness.held.values()) {
            if (held.kind().equals(USAGE)) {
                lines.append("USAGE_REPORT\t").append(held.key()).append('\t');
                lines.append(held.version()).append('\t').append(held.digest()).append('\n');
            }
        }
        return HexFormat.of()
                .formatHex(Submissions.sha256().digest(lines.toString().getBytes(StandardCharsets.UTF_8)));
    }

    /** Discards all dead letters. */
    private void giveUp() {
        DeadLetters letters = bench.outbox.deadLetters();
        letters.discard(letters.list(null, null, 10_000));
    }

    @Test
    void blocksASubmissionUntilItIsToldToLeaveOut() {
        witness.judge =
                item -> item.record().key().equals(Records.usageKey(1)) ? RelayTest.rejected(item, "R-19") : null;
        bench.outbox.enqueue(Records.usages(3, 1));
        bench.drain();
        SubmitReport blocked = bench.outbox.submit(DeadlineKind.USAGE, "610727", "2022-09-15");
        assertThat(blocked.state()).isEqualTo(SubmitReport.State.BLOCKED);
        assertThat(blocked.blocking()).extracting(OutboxEntry::key).containsExactly(Records.usageKey(1));
        bench.outbox.submit(DeadlineKind.USAGE, "610727", "2022-09-15", blocked.blocking());
        bench.drainFor(Duration.ofSeconds(5));
        assertThat(stated().itemCount()).isEqualTo(2);
        assertThat(stated().excluded()).hasSize(1);
    }

    @Test
    void leavesOutWhatWasGivenUpAlthoughThePlatformMayHaveAnOlderVersion() {
        bench.outbox.enqueue(Records.usages(3, 1));
        bench.drain();
        witness.judge = item -> item.record().kind().equals(USAGE) ? RelayTest.rejected(item, "R-19") : null;
        bench.enqueue(Records.usage(1, 2));
        bench.drain();
        giveUp();
        assertThat(bench.outbox
                        .submit(DeadlineKind.USAGE, "610727", "2022-09-15")
                        .state())
                .isEqualTo(SubmitReport.State.QUEUED);
        bench.drainFor(Duration.ofSeconds(5));
        assertThat(stated().itemCount()).isEqualTo(2);
        assertThat(stated().excluded())
                .singleElement()
                .satisfies(one -> assertThat(one.key()).isEqualTo(Records.usageKey(1)));
    }

    @Test
    void whatWasGivenUpOnceMayNotBeLeftOutWhenItsCorrectionIsRefused() {
        witness.judge =
                item -> item.record().key().equals(Records.usageKey(1)) ? RelayTest.rejected(item, "R-19") : null;
        bench.outbox.enqueue(Records.usages(3, 1));
        bench.drain();
        giveUp();
        String key =
                bench.outbox.submit(DeadlineKind.USAGE, "610727", "2022-09-15").key();
        witness.before.add(batch -> Witness.failed(Disposition.RETRY));
        bench.drain(); // stated, with what was given up, and lost on the way
        bench.enqueue(Records.usage(1, 2));
        bench.drainFor(Duration.ofMinutes(2));
        assertThat(bench.entry(RecordKind.SUBMISSION, key).cause()).isEqualTo(Submissions.BLOCKED);
    }

    @Test
    void namesNoMoreThanTheContractAllowsOfWhatWasGivenUp() {
        witness.judge = item -> item.record().kind().equals(USAGE) ? RelayTest.rejected(item, "R-19") : null;
        bench.outbox.enqueue(Records.usages(5001, 1));
        bench.drain();
        giveUp();
        witness.judge = item -> null;
        bench.enqueue(Records.usage(6000, 1));
        bench.outbox.submit(DeadlineKind.USAGE, "610727", "2022-09-15");
        bench.drainFor(Duration.ofSeconds(5));
        assertThat(stated().itemCount()).isEqualTo(1);
        assertThat(stated().excluded()).hasSize(5000);
    }

    @Test
    void waitsForAComparisonBeforeItStatesAnewButNotForEver() {
        bench.outbox.enqueue(Records.usages(3, 1));
        bench.drain();
        AtomicInteger asked = new AtomicInteger();
        witness.digests = () -> {
            asked.incrementAndGet();
            throw new IllegalStateException("scripted");
        };
        witness.after.add(reply -> mismatch((BatchReply.Decided) reply));
        String key =
                bench.outbox.submit(DeadlineKind.USAGE, "610727", "2022-09-15").key();
        bench.drainFor(Duration.ofSeconds(4), Duration.ofSeconds(1));
        assertThat(bench.entry(RecordKind.SUBMISSION, key).state()).isEqualTo(State.PENDING);
        bench.drainFor(Duration.ofMinutes(20));
        assertThat(asked).hasValue(8);
        assertThat(bench.entry(RecordKind.SUBMISSION, key).state()).isEqualTo(State.DELIVERED);
    }

    @Test
    void keepsAReceiptThatNoContractAllowsFromStoppingAnything() {
        bench.outbox.enqueue(Records.usages(1, 1));
        bench.drain();
        witness.after.add(reply -> {
            ItemOutcome one =
                    ((BatchReply.Decided) reply).outcomes().values().iterator().next();
            String json = "{\"state\":\"ACCEPTED\",\"receipt\":{\"submissionKey\":\"" + one.key()
                    + "\",\"receiptNumber\":\"凭证\"}}";
            SubmissionOutcome outcome =
                    RecordCodec.parse(SubmissionOutcome.class, json.getBytes(StandardCharsets.UTF_8));
            return new BatchReply.Decided(
                    "req",
                    java.util.Map.of(
                            one.key(),
                            new ItemOutcome(
                                    one.key(),
                                    one.verdict(),
                                    one.version(),
                                    null,
                                    null,
                                    List.of(),
                                    List.of(),
                                    outcome)));
        });
        String key =
                bench.outbox.submit(DeadlineKind.USAGE, "610727", "2022-09-15").key();
        bench.drainFor(Duration.ofSeconds(5));
        assertThat(bench.entry(RecordKind.SUBMISSION, key).state()).isEqualTo(State.DELIVERED);
        assertThat(bench.outbox.receipts(key)).isEmpty();
    }

    @Test
    void parksASubmissionWhoseScopeWasRefusedAfterItWasQueued() throws Exception {
        witness.judge = item -> item.record().kind().equals(USAGE) ? RelayTest.rejected(item, "R-19") : null;
        bench.outbox.enqueue(Records.usages(1, 1));
        String key =
                bench.outbox.submit(DeadlineKind.USAGE, "610727", "2022-09-15").key();
        bench.drainFor(Duration.ofSeconds(5));
        assertThat(bench.entry(RecordKind.SUBMISSION, key).cause()).isEqualTo(Submissions.BLOCKED);
        assertThat(witness.held).isEmpty();
    }

    @Test
    void statesAnewAfterAMismatchHasBeenRepaired() {
        bench.options.keepPayload = true;
        bench.reopen();
        bench.outbox.enqueue(Records.usages(3, 1));
        bench.drain();
        witness.held.remove(USAGE + "/" + Records.usageKey(2));
        witness.after.add(reply -> mismatch((BatchReply.Decided) reply));
        String key =
                bench.outbox.submit(DeadlineKind.USAGE, "610727", "2022-09-15").key();
        bench.drainFor(Duration.ofMinutes(1));
        assertThat(witness.held(USAGE, Records.usageKey(2))).isNotNull();
        assertThat(bench.entry(RecordKind.SUBMISSION, key).state()).isEqualTo(State.DELIVERED);
        assertThat(stated().digest()).isEqualTo(expectedDigest());
    }

    private static BatchReply mismatch(BatchReply.Decided reply) {
        ItemOutcome one = reply.outcomes().values().iterator().next();
        SubmissionOutcome outcome = SubmissionOutcome.builder()
                .state(SubmissionState.MISMATCH)
                .statedCount(3L)
                .platformCount(2L)
                .statedDigest("0".repeat(64))
                .platformDigest("1".repeat(64))
                .build();
        ItemOutcome with =
                new ItemOutcome(one.key(), one.verdict(), one.version(), null, null, List.of(), List.of(), outcome);
        return new BatchReply.Decided(reply.requestId(), java.util.Map.of(one.key(), with));
    }

    @Test
    void coversTheKindsThatTheContractSays() throws Exception {
        String json = java.nio.file.Files.readString(Path.of("../../spec/data/deadlines.json"));
        var tree = new com.fasterxml.jackson.databind.ObjectMapper().readTree(json);
        tree.fieldNames().forEachRemaining(deadline -> {
            List<String> kinds = new ArrayList<>();
            tree.get(deadline).forEach(node -> kinds.add(node.get("kind").asText()));
            assertThat(ReportPackage.coveredKinds(DeadlineKind.of(deadline)))
                    .extracting(RecordKind::value)
                    .containsExactlyElementsOf(kinds);
        });
        assertThat(DeadlineKind.known())
                .allSatisfy(kind -> assertThat(tree.has(kind.value())).isTrue());
    }

    @Test
    void refusesToTakeMoreThanTheLimitAndWarnsBefore() throws Exception {
        bench.options.maxRows = 100;
        bench.reopen();
        bench.outbox.enqueue(Records.usages(72, 1));
        assertThat(next()).isEqualTo("alarm FILLING");
        assertThatThrownBy(() -> bench.outbox.enqueue(Records.usages(100, 2)))
                .isInstanceOfSatisfying(
                        OutboxException.class, e -> assertThat(e.reason()).isEqualTo(OutboxException.Reason.FULL));
        assertThat(bench.outbox.status().pending()).isEqualTo(72);
        bench.drain();
        bench.time.turn(Duration.ofSeconds(2));
        assertThat(bench.outbox.enqueue(Records.usages(60, 3)).queued()).isEqualTo(60);
    }

    @Test
    void tidiesUpAndWarnsInAProgramThatRunsForSomeMinutesNowAndThen() throws Exception {
        bench.outbox.enqueue(Records.usages(5, 1));
        bench.drain();
        witness.always = batch -> Witness.failed(Disposition.RETRY);
        bench.enqueue(Records.usage(1000, 1));
        bench.drain();
        bench.time.turn(Duration.ofDays(401));
        bench.reopen();
        for (int i = 0; i < 40; i++) {
            bench.machine.relay().runOnce();
        }
        assertThat(next()).isEqualTo("alarm OVERDUE");
        assertThat(bench.outbox.find(USAGE, Records.usageKey(3))).isEmpty();
    }

    @Test
    void tidiesUpWhatIsLongDeliveredButNeverMasterData() {
        bench.outbox.enqueue(Records.usages(50, 1));
        bench.enqueue(Records.school(1, "略阳县示例乡村小学"));
        bench.drain();
        bench.time.turn(Duration.ofDays(401));
        bench.enqueue(Records.usage(1000, 1));
        for (int i = 0; i < 40; i++) {
            bench.machine.relay().runOnce();
        }
        assertThat(bench.outbox.find(USAGE, Records.usageKey(3))).isEmpty();
        assertThat(bench.outbox.find(USAGE, Records.usageKey(1000))).isPresent();
        assertThat(bench.outbox.find(RecordKind.SCHOOL, Records.code(1))).isPresent();
    }
}
