package cn.fuzhi.examples.county;

import cn.fuzhi.sdk.FuzhiClient;
import cn.fuzhi.sdk.model.DeadlineKind;
import cn.fuzhi.sdk.model.PushRecord;
import cn.fuzhi.sdk.model.Receipt;
import cn.fuzhi.sdk.model.RecordKind;
import cn.fuzhi.sdk.outbox.FlushReport;
import cn.fuzhi.sdk.outbox.Outbox;
import cn.fuzhi.sdk.outbox.OutboxEntry;
import cn.fuzhi.sdk.outbox.OutboxEntry.State;
import cn.fuzhi.sdk.outbox.SubmitReport;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;

/**
 * What a vendor writes: reads the clerks' workbooks, enqueues the records, waits until the platform has them, submits.
 *
 * <p>It may be killed at any moment and is simply started again: to enqueue what is enqueued already changes nothing, and what
 * was on its way is sent again under the same version, so that the platform applies it once. It gives up, with an exit code and a
 * line for each, when there are dead letters, because only a person can correct them.
 */
final class County {
    static final int DEAD_LETTERS = 3;

    private static final Duration SLICE = Duration.ofMillis(100);
    private static final int SMALL_BATCH = 10;
    private static final int SHOWN = 100;

    private final Job job;
    private final Workbooks workbooks;
    private final Outbox outbox;

    private County(Job job, Workbooks workbooks, Outbox outbox) {
        this.job = job;
        this.workbooks = workbooks;
        this.outbox = outbox;
    }

    public static void main(String[] arguments) throws InterruptedException {
        Lifeline.hold();
        System.out.println("reading");
        System.exit(report(Job.of(arguments)));
    }

    /** Reports, and returns the exit code. */
    static int report(Job job) throws InterruptedException {
        Workbooks workbooks = Workbooks.read(job.input());
        try (FuzhiClient client = Connection.open(job);
                Outbox outbox = outbox(job, client)) {
            return new County(job, workbooks, outbox).report();
        }
    }

    static Outbox outbox(Job job, FuzhiClient client) {
        return Outbox.builder()
                .client(client)
                .file(job.outbox())
                .name(Workbooks.COUNTY)
                .platformCode(Workbooks.PLATFORM)
                .batches(SMALL_BATCH, 1 << 20) // small, so that the bad day strikes often
                .startJitter(Duration.ZERO)
                .build();
    }

    private int report() throws InterruptedException {
        outbox.enqueue(workbooks.records());
        if (!isDelivered() || !isSubmitted()) {
            outbox.deadLetters().list(null, null, SHOWN).forEach(County::complain);
            return DEAD_LETTERS;
        }
        return 0;
    }

    private static void complain(OutboxEntry dead) {
        System.out.println("dead " + dead.kind() + " " + dead.key() + " " + dead.cause() + " " + dead.problem());
    }

    private boolean isDelivered() throws InterruptedException {
        int total = workbooks.records().size();
        FlushReport report;
        do {
            report = outbox.flush(SLICE);
            System.out.println("progress " + (total - report.pending()));
            if (report.rejected() + report.parked() + report.resend() > 0) {
                return false;
            }
        } while (report.pending() > 0);
        return true;
    }

    private boolean isSubmitted() throws InterruptedException {
        String key = String.join(
                "~", Workbooks.PLATFORM, DeadlineKind.TIMETABLE.value(), Workbooks.COUNTY, Workbooks.PERIOD);
        if (outbox.find(RecordKind.SUBMISSION, key).isEmpty()) { // else it was stored before a kill: once is enough
            SubmitReport submission = outbox.submit(DeadlineKind.TIMETABLE, Workbooks.COUNTY, Workbooks.PERIOD);
            if (submission.state() == SubmitReport.State.BLOCKED) {
                submission.blocking().forEach(County::complain);
                return false;
            }
        }
        System.out.println("submitted");
        List<Receipt> receipts = outbox.receipts(key);
        while (receipts.isEmpty()) {
            FlushReport report = outbox.flush(SLICE);
            if (report.rejected() + report.parked() > 0) {
                return false;
            }
            receipts = outbox.receipts(key);
        }
        job.save("outcome.properties", outcome(receipts.get(0)));
        return true;
    }

    /** What the county believes: the receipt, and how many records of each kind its outbox calls delivered. */
    private Properties outcome(Receipt receipt) {
        Properties values = new Properties();
        values.setProperty("receipt", receipt.receiptNumber());
        values.setProperty("timeliness", receipt.timeliness().value());
        values.setProperty("accepted", String.valueOf(receipt.acceptedCount()));
        Map<String, Integer> delivered = new TreeMap<>();
        for (PushRecord record : workbooks.records()) {
            Optional<OutboxEntry> entry = outbox.find(record.kind(), record.key());
            if (entry.isPresent() && entry.get().state() == State.DELIVERED) {
                delivered.merge(record.kind().value(), 1, Integer::sum);
            }
        }
        delivered.forEach((kind, count) -> values.setProperty("delivered." + kind, String.valueOf(count)));
        return values;
    }
}
