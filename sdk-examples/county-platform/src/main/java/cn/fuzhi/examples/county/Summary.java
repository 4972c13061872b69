package cn.fuzhi.examples.county;

import cn.fuzhi.sdk.model.RecordKind;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.ColorScheme;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.Column.Overflow;
import picocli.CommandLine.Help.TextTable;

/**
 * How a day ended.
 *
 * @param seed which day it was
 * @param workbooks what was read and what was refused
 * @param outcome what the county believes
 * @param judgement what the judge said
 * @param agreed whether the judge found nothing wrong
 * @param kills how often the county was killed
 * @param faults how often the platform failed
 * @param took how long it was
 */
record Summary(
        long seed,
        Workbooks workbooks,
        Properties outcome,
        List<String> judgement,
        boolean agreed,
        int kills,
        String faults,
        Duration took) {
    private static final double MILLIS = 1000;

    /** Prints the table, in Chinese and English, and returns the exit code. */
    int print() {
        System.out.println(table());
        workbooks.kinds().forEach(this::printReasons);
        System.out.printf("强制结束次数 / kills: %d   故障次数 / faults: %s%n", kills, faults);
        System.out.printf(
                "报送凭证 / receipt: %s  %s  %s 条/records%n",
                outcome.getProperty("receipt"), outcome.getProperty("timeliness"), outcome.getProperty("accepted"));
        System.out.printf("用时 / time: %.1f s%n", seconds());
        System.out.println("核对 / verdict: " + verdict());
        return agreed ? 0 : 1;
    }

    /** Prints one line for one of many days, and returns the exit code. */
    int printLine() {
        System.out.printf("seed %d: kills=%d faults=%s %s  %.1f s%n", seed, kills, faults, verdict(), seconds());
        return agreed ? 0 : 1;
    }

    private double seconds() {
        return took.toMillis() / MILLIS;
    }

    private String verdict() {
        String words = judgement.stream()
                .filter(line -> line.startsWith("verdict "))
                .findFirst()
                .orElse("verdict ?");
        return words.substring("verdict ".length()) + (agreed ? "  一致 / they agree" : "  不一致 / THEY DIFFER");
    }

    private TextTable table() {
        // The names come last: terminals give a Chinese character two columns, and the table counts it as one.
        TextTable table = TextTable.forColumns(
                new ColorScheme.Builder(Ansi.OFF).build(),
                new Column(10, 0, Overflow.TRUNCATE),
                new Column(10, 0, Overflow.TRUNCATE),
                new Column(11, 0, Overflow.TRUNCATE),
                new Column(10, 0, Overflow.TRUNCATE),
                new Column(60, 0, Overflow.SPAN));
        table.addRowValues("read", "refused", "delivered", "applied", "种类 / kind（读取 / 退回 / 送达 / 入库）");
        Map<String, String> applied = applied();
        for (RecordKind kind : workbooks.kinds()) {
            table.addRowValues(
                    String.valueOf(workbooks.read(kind)),
                    String.valueOf(workbooks.refused().getOrDefault(kind, 0)),
                    outcome.getProperty("delivered." + kind.value(), "0"),
                    applied.getOrDefault(kind.value(), "0"),
                    Objects.requireNonNullElse(kind.zhName(), "") + " / "
                            + kind.type().getSimpleName());
        }
        return table;
    }

    /** How many records of each kind the judge found on the platform. */
    private Map<String, String> applied() {
        Map<String, String> applied = new HashMap<>();
        for (String line : judgement) {
            String[] words = line.split(" ", 3);
            if (words.length == 3 && words[0].equals("held")) {
                applied.put(words[1], words[2]);
            }
        }
        return applied;
    }

    private void printReasons(RecordKind kind) {
        List<String> reasons = workbooks.reasons().getOrDefault(kind, List.of());
        if (!reasons.isEmpty()) {
            System.out.println("退回原因 / refused, " + kind.zhName() + ":");
            reasons.forEach(reason -> System.out.println("  " + reason));
        }
    }
}
