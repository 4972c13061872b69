package cn.fuzhi.examples.county;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Directs the main job: starts the province, lets the county report, kills it at moments that the seed decides and starts it again,
 * and asks the judge in the end.
 */
@Command(
        name = "bad-day",
        mixinStandardHelpOptions = true,
        description = "县级平台在糟糕的一天里完成报送 / A county platform reports through a bad day.")
final class BadDay implements java.util.concurrent.Callable<Integer> {
    private static final int KILLS = 3;

    @Option(names = "--input", required = true, description = "表格目录 / folder with the workbooks")
    private Path input = Path.of(".");

    @Option(names = "--work", required = true, description = "工作目录 / folder of this run")
    private Path work = Path.of(".");

    @Option(names = "--seed", defaultValue = "1", description = "随机种子 / decides what goes wrong when")
    private long seed;

    private BadDay() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new BadDay()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException {
        long start = System.nanoTime();
        Files.createDirectories(work);
        Job job = new Job(input.toAbsolutePath(), Files.createTempDirectory(work.toAbsolutePath(), "run-"), seed);
        Workbooks workbooks = Workbooks.read(job.input());
        try (Child province = Child.start(Province.class, job)) {
            expect(province.line(), "ready");
            int kills = report(job, workbooks.records().size());
            province.say("calm");
            String calm = province.line();
            try (Child judge = Child.start(Verdict.class, job)) {
                Summary summary = new Summary(workbooks, job.outcome());
                summary.hear(judge);
                boolean agreed = judge.exitCode() == 0;
                summary.print(kills, calm, Duration.ofNanos(System.nanoTime() - start), agreed);
                return agreed ? 0 : 1;
            }
        }
    }

    /** Runs the county until it says that it is done, killing it as often as planned on the way. */
    private int report(Job job, int total) {
        Random random = new Random(job.seed());
        int kills = 0;
        try (ProgressBar bar = new ProgressBarBuilder()
                .setTaskName("报送 / reporting")
                .setInitialMax(total)
                .setStyle(ProgressBarStyle.UNICODE_BLOCK)
                .build()) {
            while (true) {
                // A share of the records that the county survives this time; the last county is left alone.
                double share = (kills + random.nextDouble()) / (KILLS + 1);
                long mortalAt = kills < KILLS ? Math.round(total * share) : Long.MAX_VALUE;
                try (Child county = Child.start(County.class, job)) {
                    if (runsUntil(county, mortalAt, bar)) {
                        int code = county.exitCode();
                        if (code != 0) {
                            throw new IllegalStateException("县级平台程序失败，见 "
                                    + job.work().resolve("county.log") + " / the county failed with exit code " + code);
                        }
                        return kills;
                    }
                    county.kill();
                    kills++;
                }
            }
        }
    }

    /** Follows the county's progress; true when it ended by itself, false when its hour has come. */
    private static boolean runsUntil(Child county, long mortalAt, ProgressBar bar) {
        for (String line = county.line(); line != null; line = county.line()) {
            if (line.startsWith("progress ")) {
                long reached = Long.parseLong(line.substring("progress ".length()));
                bar.stepTo(reached);
                if (reached >= mortalAt) {
                    return false;
                }
            }
        }
        return true;
    }

    private static void expect(@Nullable String line, String word) {
        if (!word.equals(line)) {
            throw new IllegalStateException("省级平台没有启动 / the province did not start: " + line);
        }
    }
}
