package cn.fuzhi.examples.county;

import cn.fuzhi.sdk.FuzhiClient;
import cn.fuzhi.sdk.model.DeadlineKind;
import cn.fuzhi.sdk.model.Receipt;
import cn.fuzhi.sdk.outbox.EnqueueReport;
import cn.fuzhi.sdk.outbox.FlushReport;
import cn.fuzhi.sdk.outbox.Outbox;
import cn.fuzhi.sdk.outbox.SubmitReport;
import java.time.Duration;
import java.util.List;
import java.util.Properties;

/**
 * What a vendor writes: reads the clerks' workbooks, enqueues the records, waits until the platform has them, submits.
 *
 * <p>It may be killed at any moment and is simply started again: to enqueue what is enqueued already changes nothing, and what
 * was on its way is sent again under the same version, so that the platform applies it once.
 */
final class County {
    private static final Duration SLICE = Duration.ofMillis(100);
    private static final int SMALL_BATCH = 10;

    private County() {}

    public static void main(String[] arguments) throws InterruptedException {
        Job job = Job.of(arguments);
        Workbooks workbooks = Workbooks.read(job.input());
        try (FuzhiClient client = Connection.open(job);
                Outbox outbox = Outbox.builder()
                        .client(client)
                        .file(job.outbox())
                        .name(Workbooks.COUNTY)
                        .platformCode(Workbooks.PLATFORM)
                        .batches(SMALL_BATCH, 1 << 20) // small, so that the bad day strikes often
                        .startJitter(Duration.ZERO)
                        .build()) {
            EnqueueReport enqueued = outbox.enqueue(workbooks.records());
            System.out.println("enqueued " + (enqueued.queued() + enqueued.unchanged()));
            deliver(outbox, workbooks.records().size());
            job.save("outcome.properties", submit(outbox));
        }
    }

    private static void deliver(Outbox outbox, int total) throws InterruptedException {
        FlushReport report;
        do {
            report = outbox.flush(SLICE);
            System.out.println("progress " + (total - report.pending()));
        } while (report.pending() > 0);
    }

    private static Properties submit(Outbox outbox) throws InterruptedException {
        SubmitReport submission = outbox.submit(DeadlineKind.TIMETABLE, Workbooks.COUNTY, Workbooks.PERIOD);
        if (submission.state() == SubmitReport.State.BLOCKED) {
            throw new IllegalStateException("提交被阻止 / the submission is blocked by " + submission.blocking());
        }
        List<Receipt> receipts = List.of();
        while (receipts.isEmpty()) {
            outbox.flush(SLICE);
            receipts = outbox.receipts(submission.key());
        }
        Receipt receipt = receipts.get(0);
        Properties values = new Properties();
        values.setProperty("receipt", receipt.receiptNumber());
        values.setProperty("timeliness", receipt.timeliness().value());
        values.setProperty("accepted", String.valueOf(receipt.acceptedCount()));
        return values;
    }
}
