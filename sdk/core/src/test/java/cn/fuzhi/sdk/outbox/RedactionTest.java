package cn.fuzhi.sdk.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import cn.fuzhi.sdk.BatchReply;
import cn.fuzhi.sdk.BatchReply.Disposition;
import cn.fuzhi.sdk.RecordCodec;
import cn.fuzhi.sdk.model.Change;
import cn.fuzhi.sdk.model.ChangeOp;
import cn.fuzhi.sdk.model.ClassroomType;
import cn.fuzhi.sdk.model.Contact;
import cn.fuzhi.sdk.model.Mask;
import cn.fuzhi.sdk.model.Pairing;
import cn.fuzhi.sdk.model.PairingStatus;
import cn.fuzhi.sdk.model.RecordKind;
import cn.fuzhi.sdk.model.Review;
import cn.fuzhi.sdk.model.ReviewState;
import cn.fuzhi.sdk.model.Verdict;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No name and no number of a person leaves the outbox by way of what a platform or a reviewer wrote. */
class RedactionTest {
    private static final String NAME = "慕容金丝雀";
    private static final String PHONE = "13800005678";
    private static final String IDENTITY = "61072719900101123X";
    private static final String SAID = "联系人" + NAME + "的电话" + PHONE + "有误（" + IDENTITY + "，029-87654321）";

    @TempDir
    Path folder;

    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final PrintStream console = System.err;
    private final ByteArrayOutputStream logged = new ByteArrayOutputStream();
    private Bench bench;

    @BeforeEach
    void open() {
        System.setErr(new PrintStream(logged, true, StandardCharsets.UTF_8));
        bench = Bench.on(folder);
        bench.options.changesEvery = Duration.ofMinutes(5);
        bench.callbacks = Runnable::run; // the feed goes on when its listener has heard the last page
        bench.listener = new OutboxListener() {
            @Override
            public void stopped(OutboxEntry entry) {
                heard.add(entry.toString());
            }

            @Override
            public void alarm(Alarm alarm, String text) {
                heard.add(text);
            }
        };
        bench.open();
    }

    @AfterEach
    void close() {
        bench.close();
        System.setErr(console);
    }

    @Test
    void masksWhatThePlatformRepeatsOfARecord() throws Exception {
        bench.witness.judge =
                item -> RelayTest.rejected(item, "R-05", "/contactSupporting/phone", SAID, "of " + NAME + ", " + PHONE);
        bench.enqueue(pairing());
        bench.drain();
        nothingIsTold("/contactSupporting/phone");
    }

    @Test
    void masksWhatAReviewerWritesAboutARecord() throws Exception {
        bench.witness.judge = item -> Witness.outcome(item, Verdict.HELD, null);
        bench.enqueue(pairing());
        bench.drain();
        OffsetDateTime at = OffsetDateTime.parse("2022-09-16T10:00:00+08:00");
        bench.witness.changes.add(Change.builder()
                .changeSeq(1L)
                .kind(RecordKind.PAIRING)
                .key(pairing().key())
                .op(ChangeOp.REVIEW)
                .at(at)
                .version(bench.entry(RecordKind.PAIRING, pairing().key()).version())
                .review(Review.builder()
                        .state(ReviewState.REFUSED)
                        .at(at)
                        .comment(SAID)
                        .build())
                .build());
        bench.time.turn(Duration.ofMinutes(6));
        bench.machine.relay().runOnce();
        nothingIsTold("有误");
    }

    @Test
    void masksWhatARefusalOfAWholeRequestRepeats() throws Exception {
        bench.witness.always = batch -> new BatchReply.Failed(Disposition.BISECT, null, "拒绝 / refused " + SAID, null);
        bench.enqueue(pairing());
        bench.drain();
        nothingIsTold("refused");
        assertThat(logged.toString(StandardCharsets.UTF_8)).doesNotContain(NAME);
    }

    @Test
    void masksNumbersInWhatStopsAWholeRequest() throws Exception {
        bench.witness.before.add(
                batch -> new BatchReply.Failed(Disposition.PAUSE_KIND, null, "拒绝 / refused " + PHONE, null));
        bench.enqueue(pairing());
        bench.drain();
        assertThat(bench.outbox.status().pausedKinds().toString())
                .contains("refused")
                .doesNotContain(PHONE);
        assertThat(bench.entry(RecordKind.PAIRING, pairing().key()).problem()).doesNotContain(PHONE);
        assertThat(logged.toString(StandardCharsets.UTF_8)).doesNotContain(PHONE);
    }

    private void nothingIsTold(String expected) throws Exception {
        OutboxEntry entry = bench.entry(RecordKind.PAIRING, pairing().key());
        StringBuilder csv = new StringBuilder();
        bench.outbox.deadLetters().export(csv);
        bench.outbox.close(); // after which the listener was told everything
        List<String> told = new ArrayList<>(heard);
        told.add(csv.toString());
        told.add(String.valueOf(entry.problem()));
        told.add(logged.toString(StandardCharsets.UTF_8));
        assertThat(entry.problem()).contains(expected);
        assertThat(told)
                .allSatisfy(text -> assertThat(text)
                        .doesNotContain(NAME)
                        .doesNotContain(PHONE)
                        .doesNotContain(IDENTITY)
                        .doesNotContain("87654321"));
    }

    private static Pairing pairing() {
        return Pairing.builder()
                .schoolYear("2022-2023")
                .supportingSchoolCode(Records.code(1))
                .supportedSchoolCode(Records.code(2))
                .bodyCode("610700")
                .fixed(true)
                .validFrom(LocalDate.parse("2022-09-01"))
                .validTo(LocalDate.parse("2023-08-31"))
                .classroomTypes(List.of(ClassroomType.DELIVERY))
                .status(PairingStatus.ACTIVE)
                .contactSupporting(Contact.builder().name(NAME).phone(PHONE).build())
                .build();
    }

    @Test
    void masksANameThatIsPartOfAnotherText() {
        Pairing school = pairing().toBuilder().endReason(NAME + "老师负责的结对").build();
        byte[] payload = RecordCodec.freeze(school).payload();
        assertThat(Redaction.masked("联系人 " + NAME + " 有误，2022-2023 610700", RecordKind.PAIRING, payload))
                .doesNotContain(NAME)
                .contains("2022-2023 610700");
    }

    @Test
    void leavesKeysAndVersionsReadable() {
        String text = "R-19 /loginCount 2161000001 2022-09-15 LUEYANG01~USAGE~610727~2022-09-15 1663207200000000";
        assertThat(Mask.numbers(text)).isEqualTo(text);
        assertThat(Mask.numbers("+86 138-0000-5678")).doesNotContain("5678");
    }
}
