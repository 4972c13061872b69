package cn.fuzhi.examples.county;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The main job as a program: one bad day with its table, or a row of bad days with one line each. */
@Command(
        name = "bad-day",
        mixinStandardHelpOptions = true,
        description = "县级平台在糟糕的一天里完成报送 / A county platform reports through a bad day.")
final class BadDay implements Callable<Integer> {
    @Option(names = "--input", required = true, description = "表格目录 / folder with the workbooks")
    private Path input = Path.of(".");

    @Option(names = "--work", required = true, description = "工作目录 / folder of this run")
    private Path work = Path.of(".");

    @Option(names = "--seed", defaultValue = "1", description = "随机种子 / decides what goes wrong when")
    private long seed;

    @Option(names = "--seeds", defaultValue = "1", description = "连续运行的天数 / so many bad days, one line each")
    private int seeds;

    @Option(names = "--deadline", defaultValue = "PT15M", description = "每天的时限 / longest time of one day, ISO 8601")
    private Duration deadline = Duration.ZERO;

    private BadDay() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new BadDay()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException {
        if (seeds == 1) {
            try (Progress bar = Progress.bar()) {
                return Day.live(job(seed), deadline, bar).print();
            }
        }
        int worst = 0;
        for (long day = seed; day < seed + seeds; day++) {
            worst = Math.max(
                    worst, Day.live(job(day), deadline, Progress.none()).printLine());
        }
        return worst;
    }

    private Job job(long day) throws IOException {
        Files.createDirectories(work);
        return new Job(input.toAbsolutePath(), Files.createTempDirectory(work.toAbsolutePath(), "run-"), day);
    }
}
