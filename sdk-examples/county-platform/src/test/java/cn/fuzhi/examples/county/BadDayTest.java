package cn.fuzhi.examples.county;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 17, unit = TimeUnit.MINUTES)
class BadDayTest {
    @TempDir
    private Path folder;

    @Test
    void bringsEveryGoodRecordToThePlatformOnceAlthoughTheCountyIsKilled() throws Exception {
        String input = Samples.withProblems(Files.createDirectory(folder.resolve("input")))
                .toString();
        Run run =
                start("--input", input, "--work", folder.toString(), "--seed", "" + Long.getLong("fuzhi.demo.seed", 7));

        assertThat(run.code).as(run.output).isZero();
        assertThat(run.output)
                .containsPattern("kills: [45] ")
                .contains("lost=0", "different=0", "foreign=0", "twice=0", "receipted=4/4", "-610727-")
                .contains("名单!C4", "课表!H9", "一致");
        // Read, refused, delivered, applied.
        assertThat(run.output)
                .containsPattern("40 +0 +40 +40 +学校 / School")
                .containsPattern("4 +3 +1 +1 +结对帮扶关系 / Pairing")
                .containsPattern("7 +4 +3 +3 +课程安排 / Lesson")
                .containsPattern("100 +0 +100 +100 +应用数据 / UsageReport");
    }

    @Test
    void saysWhatIsMissingWhenTheFolderHasNoWorkbooks() throws Exception {
        Run run = start("--input", folder.toString(), "--work", folder.toString());

        assertThat(run.code).isNotZero();
        assertThat(run.output).contains("schools.xlsx");
    }

    @Test
    void givesUpAtTheDeadline() throws Exception {
        Run run = start("--input", Samples.FOLDER.toString(), "--work", folder.toString(), "--deadline", "PT6S");

        assertThat(run.code).isNotZero();
        assertThat(run.output).contains("longer than PT6S");
    }

    private record Run(int code, String output) {}

    /** As the build starts it, under a locale that knows no Chinese. */
    private Run start(String... arguments) throws IOException, InterruptedException {
        ProcessBuilder program = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dfile.encoding=UTF-8",
                "-Dstdout.encoding=UTF-8",
                "-cp",
                System.getProperty("java.class.path"),
                BadDay.class.getName());
        program.command().addAll(List.of(arguments));
        program.environment().put("LC_ALL", "POSIX");
        File output = folder.resolve("output").toFile();
        Process process =
                program.redirectErrorStream(true).redirectOutput(output).start();
        boolean ended = process.waitFor(16, TimeUnit.MINUTES);
        process.destroyForcibly();
        return new Run(ended ? process.exitValue() : -1, Files.readString(output.toPath(), StandardCharsets.UTF_8));
    }
}
