package cn.fuzhi.examples.county;

import cn.fuzhi.sdk.model.RecordKind;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.ColorScheme;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.Column.Overflow;
import picocli.CommandLine.Help.TextTable;

/** The table at the end, in Chinese and English. */
final class Summary {
    private static final int REASONS = 10;

    private final Workbooks workbooks;
    private final Properties outcome;
    private final Map<String, String> applied = new HashMap<>();
    private String verdict = "";

    Summary(Workbooks workbooks, Properties outcome) {
        this.workbooks = workbooks;
        this.outcome = outcome;
    }

    /** Listens to the judge: what the platform holds of each kind, and the verdict. */
    void hear(Child judge) {
        for (String line = judge.line(); line != null; line = judge.line()) {
            if (line.startsWith("held ")) {
                String[] words = line.split(" ", 3);
                applied.put(words[1], words[2]);
            } else if (line.startsWith("verdict ")) {
                verdict = line.substring("verdict ".length());
            }
        }
    }

    void print(int kills, @Nullable String calm, Duration took, boolean agreed) {
        System.out.println(table());
        workbooks.refused().forEach(Summary::printReasons);
        System.out.printf(
                "强制结束次数 / kills: %d   故障次数 / faults: %s%n",
                kills, Objects.requireNonNullElse(calm, "").replace("calm ", ""));
        System.out.printf(
                "报送凭证 / receipt: %s  %s  %s 条/records%n",
                outcome.getProperty("receipt"), outcome.getProperty("timeliness"), outcome.getProperty("accepted"));
        System.out.printf("用时 / time: %.1f s%n", took.toMillis() / 1000.0);
        System.out.println("核对 / verdict: " + verdict + (agreed ? "  一致 / they agree" : "  不一致 / THEY DIFFER"));
    }

    private TextTable table() {
        // The names come last: terminals give a Chinese character two columns, and the table counts it as one.
        TextTable table = TextTable.forColumns(
                new ColorScheme.Builder(Ansi.OFF).build(),
                new Column(10, 0, Overflow.TRUNCATE),
                new Column(10, 0, Overflow.TRUNCATE),
                new Column(10, 0, Overflow.TRUNCATE),
                new Column(50, 0, Overflow.SPAN));
        table.addRowValues("read", "refused", "applied", "种类 / kind（读取 / 退回 / 入库）");
        workbooks
                .read()
                .forEach((kind, read) -> table.addRowValues(
                        String.valueOf(read),
                        String.valueOf(workbooks
                                .refused()
                                .getOrDefault(kind, List.of())
                                .size()),
                        applied.getOrDefault(kind.value(), "0"),
                        Objects.requireNonNullElse(kind.zhName(), "") + " / "
                                + kind.type().getSimpleName()));
        return table;
    }

    private static void printReasons(RecordKind kind, List<String> reasons) {
        System.out.println("退回原因 / refused, " + kind.zhName() + ":");
        reasons.stream().limit(REASONS).forEach(reason -> System.out.println("  " + reason));
    }
}
