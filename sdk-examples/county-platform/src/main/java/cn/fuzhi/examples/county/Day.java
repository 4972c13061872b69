package cn.fuzhi.examples.county;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Directs one bad day: starts the province, lets the county report, kills it at moments that the seed decides and starts it again,
 * and asks the judge in the end.
 */
final class Day {
    private final Job job;
    private final Duration deadline;
    private final long start = System.nanoTime();

    private Day(Job job, Duration deadline) {
        this.job = job;
        this.deadline = deadline;
    }

    /**
     * Lives a day to its end.
     *
     * @throws IllegalStateException if the county or the province fails, or the day takes longer than the deadline; no program of
     *     the day is left over
     */
    static Summary live(Job job, Duration deadline, Progress progress) {
        return new Day(job, deadline).live(progress);
    }

    private Summary live(Progress progress) {
        Workbooks workbooks = Workbooks.read(job.input());
        try (Child province = start(Province.class)) {
            expect(province.line(), "ready");
            int kills = report(workbooks.records().size(), progress);
            province.say("calm");
            String faults = String.valueOf(province.line()).replace("calm ", "");
            try (Child judge = start(Verdict.class)) {
                List<String> words = words(judge);
                int code = judge.exitCode();
                return new Summary(
                        job.seed(),
                        workbooks,
                        job.outcome(),
                        words,
                        code == 0,
                        kills,
                        faults,
                        Duration.ofNanos(used()));
            }
        }
    }

    /** Runs the county until it says that it is done, killing it on the way as often as its fate has it. */
    private int report(int records, Progress progress) {
        Iterator<Death> deaths = Death.ofDay(new Random(job.seed()), records).iterator();
        int kills = 0;
        while (true) {
            Death death = deaths.hasNext() ? deaths.next() : Death.never();
            try (Child county = start(County.class)) {
                List<String> complaints = follow(county, death, records, progress);
                int code = county.exitCode();
                if (county.wasStruck()) {
                    kills++;
                } else if (code == 0) {
                    progress.close();
                    return kills;
                } else {
                    throw new IllegalStateException(failure(code, complaints));
                }
            }
        }
    }

    /** Follows what the county says until it ends, by itself or because its hour has come; returns what it complained about. */
    private static List<String> follow(Child county, Death death, int records, Progress progress) {
        List<String> complaints = new ArrayList<>();
        boolean alive = true;
        for (String line = county.line(); line != null; line = county.line()) {
            long reached = Death.progress(line);
            if (reached >= 0) {
                progress.step(reached, records);
            } else if (line.startsWith("dead ")) {
                complaints.add(line);
            }
            if (alive && death.hour().test(line)) {
                county.strikeAfter(death.after());
                alive = false;
            }
        }
        return complaints;
    }

    private String failure(int code, List<String> complaints) {
        String why = used() >= deadline.toNanos()
                ? "超过时限 / the day took longer than " + deadline
                : "县级平台程序失败，见 / the county failed, see " + job.work().resolve("county.log");
        return why + " (exit code " + code + ")" + System.lineSeparator()
                + String.join(System.lineSeparator(), complaints);
    }

    private static List<String> words(Child program) {
        List<String> words = new ArrayList<>();
        for (String line = program.line(); line != null; line = program.line()) {
            words.add(line);
        }
        return words;
    }

    private Child start(Class<?> program) {
        return Child.start(program, job, deadline.minusNanos(used()));
    }

    private long used() {
        return System.nanoTime() - start;
    }

    private static void expect(@Nullable String line, String word) {
        if (!word.equals(line)) {
            throw new IllegalStateException("省级平台没有启动 / the province did not start: " + line);
        }
    }
}
