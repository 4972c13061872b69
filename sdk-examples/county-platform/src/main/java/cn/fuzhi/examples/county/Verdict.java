package cn.fuzhi.examples.county;

import cn.fuzhi.sdk.FrozenRecord;
import cn.fuzhi.sdk.FuzhiClient;
import cn.fuzhi.sdk.RecordCodec;
import cn.fuzhi.sdk.model.Change;
import cn.fuzhi.sdk.model.ChangeOp;
import cn.fuzhi.sdk.model.ChangePage;
import cn.fuzhi.sdk.model.PushRecord;
import cn.fuzhi.sdk.model.RecordKind;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The judge, who knows neither the outbox nor what the county believes: reads the workbooks again, reads the platform's own feed of
 * changes, and compares.
 *
 * <p>Exit code 0 only if the platform holds every record of the workbooks with the same bytes, nothing else, and applied each once.
 */
final class Verdict {
    private static final int PAGE = 1_000;

    private final Map<String, String> expected = new HashMap<>();
    private final Map<String, String> held = new HashMap<>();
    private final Map<String, Integer> applied = new HashMap<>();

    private Verdict() {}

    public static void main(String[] arguments) {
        Job job = Job.of(arguments);
        Verdict verdict = new Verdict();
        verdict.readWorkbooks(Workbooks.read(job.input()));
        try (FuzhiClient client = Connection.open(job)) {
            verdict.readPlatform(client);
        }
        System.exit(verdict.print() ? 0 : 1);
    }

    private void readWorkbooks(Workbooks workbooks) {
        for (PushRecord record : workbooks.records()) {
            FrozenRecord frozen = RecordCodec.freeze(record);
            expected.put(record.kind() + " " + record.key(), Objects.requireNonNull(frozen.digest()));
        }
    }

    private void readPlatform(FuzhiClient client) {
        long after = 0;
        ChangePage page;
        do {
            page = client.changes().list(after, null, PAGE);
            for (Change change : page.items()) {
                if (ChangeOp.UPSERT.equals(change.op()) && !RecordKind.SUBMISSION.equals(change.kind())) {
                    String key = change.kind() + " " + change.key();
                    held.put(key, Objects.requireNonNullElse(change.digest(), ""));
                    applied.merge(key, 1, Integer::sum);
                }
                after = change.changeSeq();
            }
        } while (page.hasMore());
    }

    private boolean print() {
        Map<String, Integer> kinds = new TreeMap<>();
        held.keySet().forEach(key -> kinds.merge(key.substring(0, key.indexOf(' ')), 1, Integer::sum));
        kinds.forEach((kind, count) -> System.out.println("held " + kind + " " + count));
        long lost =
                expected.keySet().stream().filter(key -> !held.containsKey(key)).count();
        long foreign =
                held.keySet().stream().filter(key -> !expected.containsKey(key)).count();
        long different = expected.entrySet().stream()
                .filter(entry ->
                        held.containsKey(entry.getKey()) && !entry.getValue().equals(held.get(entry.getKey())))
                .count();
        long twice = applied.values().stream().filter(times -> times > 1).count();
        System.out.printf(
                "verdict expected=%d held=%d lost=%d different=%d foreign=%d twice=%d%n",
                expected.size(), held.size(), lost, different, foreign, twice);
        return lost + different + foreign + twice == 0;
    }
}
