package cn.fuzhi.examples.county;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A program of this job in a process of its own, on the class path of this one.
 *
 * <p>It never outlives this process, see {@link Lifeline}, nor the time that it is given.
 */
final class Child implements AutoCloseable {
    private final Process process;
    private final BufferedReader output;
    private volatile boolean struck;

    private Child(Process process) {
        this.process = process;
        this.output = process.inputReader(StandardCharsets.UTF_8);
    }

    static Child start(Class<?> program, Job job, Duration longest) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dfile.encoding=UTF-8",
                "-Dstdout.encoding=UTF-8",
                "-cp",
                System.getProperty("java.class.path"),
                program.getName()));
        command.addAll(List.of(job.arguments()));
        try {
            Child child = new Child(new ProcessBuilder(command)
                    .redirectError(job.work()
                            .resolve(program.getSimpleName().toLowerCase(Locale.ROOT) + ".log")
                            .toFile())
                    .start());
            child.later(longest, child.process::destroyForcibly);
            return child;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void later(Duration delay, Runnable act) {
        CompletableFuture.delayedExecutor(Math.max(0, delay.toMillis()), TimeUnit.MILLISECONDS)
                .execute(act);
    }

    /** The next line that the program prints; null when it has ended or was killed. */
    @Nullable
    String line() {
        try {
            return output.readLine();
        } catch (IOException e) {
            return null;
        }
    }

    /** Says a word to the program. */
    void say(String word) {
        try {
            process.outputWriter(StandardCharsets.UTF_8)
                    .append(word)
                    .append('\n')
                    .flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lets go of the program, as the end of this process would. */
    void abandon() throws IOException {
        process.getOutputStream().close();
    }

    /** kill -9: no hook runs, nothing is flushed, nothing is closed. */
    void strikeAfter(Duration delay) {
        if (delay.isZero()) {
            strike();
        } else {
            later(delay, this::strike);
        }
    }

    private void strike() {
        if (process.isAlive()) {
            struck = true;
            process.destroyForcibly();
        }
    }

    /** Tells whether the program was killed by {@link #strikeAfter}, not by itself or by the end of its time. */
    boolean wasStruck() {
        return struck;
    }

    int exitCode() {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a program was running", e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        exitCode();
    }
}
