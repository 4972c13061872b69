package cn.fuzhi.examples.county;

import cn.fuzhi.sdk.FrozenRecord;
import cn.fuzhi.sdk.FuzhiClient;
import cn.fuzhi.sdk.RecordCodec;
import cn.fuzhi.sdk.api.ReceiptsApi;
import cn.fuzhi.sdk.model.Change;
import cn.fuzhi.sdk.model.ChangeOp;
import cn.fuzhi.sdk.model.ChangePage;
import cn.fuzhi.sdk.model.DeadlineKind;
import cn.fuzhi.sdk.model.DigestBucket;
import cn.fuzhi.sdk.model.DigestEntry;
import cn.fuzhi.sdk.model.Receipt;
import cn.fuzhi.sdk.model.RecordKind;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The judge, who knows neither the outbox nor what the county believes: reads the workbooks again, reads from the platform what it
 * holds, what it applied and which receipt it gave, and compares.
 *
 * <p>Exit code 0 only if the platform holds every record of the workbooks with the same bytes, nothing else, applied each once, and
 * gave one receipt for exactly those that the deadline covers.
 */
final class Verdict {
    private static final int PAGE = 1_000;

    private final Map<String, String> expected = new HashMap<>();
    private final Map<String, String> held = new HashMap<>();
    private final Map<String, Integer> applied = new HashMap<>();

    private Verdict() {}

    public static void main(String[] arguments) {
        Lifeline.hold();
        System.exit(judge(Job.of(arguments), System.out));
    }

    /** Judges, says why, and returns the exit code. */
    static int judge(Job job, PrintStream out) {
        Verdict verdict = new Verdict();
        verdict.readWorkbooks(Workbooks.read(job.input()));
        try (FuzhiClient client = Connection.open(job)) {
            verdict.readState(client);
            verdict.readChanges(client);
            List<Receipt> receipts = client.receipts()
                    .list(ReceiptsApi.Query.builder()
                            .deadlineKind(DeadlineKind.TIMETABLE)
                            .bodyCode(Workbooks.COUNTY)
                            .periodKey(Workbooks.PERIOD)
                            .build())
                    .items();
            return verdict.print(receipts, out) ? 0 : 1;
        }
    }

    private void readWorkbooks(Workbooks workbooks) {
        workbooks.records().forEach(record -> {
            FrozenRecord frozen = RecordCodec.freeze(record);
            expected.put(name(record.kind(), record.key()), Objects.requireNonNull(frozen.digest()));
        });
    }

    /** What is there now; the feed alone would not show what was lost in silence. */
    private void readState(FuzhiClient client) {
        for (RecordKind kind : RecordKind.known()) {
            if (RecordKind.SUBMISSION.equals(kind)) {
                continue; // made on the way, in no workbook
            }
            for (DigestBucket bucket : client.digests().get(kind, null).buckets()) {
                for (DigestEntry entry :
                        client.digests().entries(kind, bucket.bucket(), null).items()) {
                    held.put(name(kind, entry.key()), entry.digest());
                }
            }
        }
    }

    /** How often each was applied; the state alone would not show what was applied twice. */
    private void readChanges(FuzhiClient client) {
        long after = 0;
        ChangePage page;
        do {
            page = client.changes().list(after, null, PAGE);
            for (Change change : page.items()) {
                if (ChangeOp.UPSERT.equals(change.op()) && !RecordKind.SUBMISSION.equals(change.kind())) {
                    applied.merge(name(change.kind(), change.key()), 1, Integer::sum);
                }
                after = change.changeSeq();
            }
        } while (page.hasMore());
    }

    private boolean print(List<Receipt> receipts, PrintStream out) {
        Map<String, Integer> kinds = new TreeMap<>();
        held.keySet().forEach(key -> kinds.merge(kind(key), 1, Integer::sum));
        kinds.forEach((kind, count) -> out.println("held " + kind + " " + count));
        long lost =
                expected.keySet().stream().filter(key -> !held.containsKey(key)).count();
        long foreign =
                held.keySet().stream().filter(key -> !expected.containsKey(key)).count();
        long different = expected.entrySet().stream()
                .filter(entry ->
                        held.containsKey(entry.getKey()) && !entry.getValue().equals(held.get(entry.getKey())))
                .count();
        long twice = applied.values().stream().filter(times -> times > 1).count();
        long covered = expected.keySet().stream().filter(Verdict::isCovered).count();
        long receipted = receipts.size() == 1 ? receipts.get(0).acceptedCount() : -1;
        out.printf(
                "verdict expected=%d held=%d lost=%d different=%d foreign=%d twice=%d receipts=%d receipted=%d/%d%n",
                expected.size(), held.size(), lost, different, foreign, twice, receipts.size(), receipted, covered);
        return lost + different + foreign + twice == 0 && receipted == covered;
    }

    /** The deadline of timetables covers these two kinds. */
    private static boolean isCovered(String name) {
        return kind(name).equals(RecordKind.TIMETABLE.value()) || kind(name).equals(RecordKind.LESSON.value());
    }

    private static String name(RecordKind kind, String key) {
        return kind.value() + " " + key;
    }

    private static String kind(String name) {
        return name.substring(0, name.indexOf(' '));
    }
}
