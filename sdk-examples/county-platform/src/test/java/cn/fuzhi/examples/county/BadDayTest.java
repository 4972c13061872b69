package cn.fuzhi.examples.county;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BadDayTest {
    private static final Path SAMPLES = Path.of("..", "samples");

    @TempDir
    private Path folder;

    @Test
    void bringsEveryRecordToThePlatformOnceAlthoughTheCountyIsKilled() throws Exception {
        Run run = run(Long.getLong("fuzhi.demo.seed", 7));

        assertThat(run.code).as(run.output).isZero();
        assertThat(run.output).contains("kills: 3", "lost=0", "different=0", "foreign=0", "twice=0", "-610727-");
    }

    @Test
    void saysWhatIsMissingWhenTheFolderHasNoWorkbooks() throws Exception {
        Run run = start("--input", folder.toString(), "--work", folder.toString());

        assertThat(run.code).isNotZero();
        assertThat(run.output).contains("schools.xlsx");
    }

    private Run run(long seed) throws IOException, InterruptedException {
        return start("--input", SAMPLES.toString(), "--work", folder.toString(), "--seed", Long.toString(seed));
    }

    private record Run(int code, String output) {}

    private static Run start(String... arguments) throws IOException, InterruptedException {
        ProcessBuilder program = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dstdout.encoding=UTF-8",
                "-cp",
                System.getProperty("java.class.path"),
                BadDay.class.getName());
        program.command().addAll(java.util.List.of(arguments));
        Process process = program.redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Run(process.waitFor(), output);
    }
}
