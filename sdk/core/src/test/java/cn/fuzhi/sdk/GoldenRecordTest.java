package cn.fuzhi.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Compares what the templates make of one small document with files that a person has read.
 *
 * <p>After a change of the templates run {@code ./mvnw -pl sdk/core -am test -Dtest=GoldenRecordTest
 * -Dsurefire.failIfNoSpecifiedTests=false -Dgolden.write=true}, read the difference, and commit it with the change.
 */
final class GoldenRecordTest {
    private static final Path RESOURCES = Path.of("src/test/resources/cn/fuzhi/sdk/templates");

    @Test
    void templatesWriteTheRecordThatWasRead(@TempDir Path folder) throws IOException, InterruptedException {
        Path sources = Generation.generate(RESOURCES.resolve("golden.yaml"), folder);

        for (String type : new String[] {"Golden", "GoldenState"}) {
            Path expected = RESOURCES.resolve(type + ".java.txt");
            String generated = Files.readString(sources.resolve("cn/fuzhi/sdk/model/" + type + ".java"));
            if (Boolean.getBoolean("golden.write")) {
                Files.writeString(expected, generated);
            }
            assertThat(generated).isEqualTo(Files.readString(expected));
        }
    }
}
