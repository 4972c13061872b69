package cn.fuzhi.examples.plain;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every Java block of the front page stands in an example, which the build compiles; and both languages show the same. */
class ReadmeTest {
    private static final Path ROOT = Path.of("..", "..");
    private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern FENCE = Pattern.compile("^```(\\w*)\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern VERSION =
            Pattern.compile("<artifactId>fuzhi-parent</artifactId>\\s*<version>(.*?)</version>");
    private static final int FIRST_RECORD_LINES = 20;

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "README.zh-CN.md"})
    void showsOnlyCodeThatIsCompiled(String page) throws IOException {
        String examples = examples();
        List<String> blocks = JAVA.matcher(read(page))
                .results()
                .map(found -> squeezed(found.group(1)))
                .toList();

        assertThat(blocks)
                .hasSizeGreaterThanOrEqualTo(2)
                .allSatisfy(block -> assertThat(examples).contains(block));
        assertThat(blocks.get(0).lines().count()).isLessThanOrEqualTo(FIRST_RECORD_LINES);
    }

    /** What is code or a command; pictures and the words around numbers are written in each language. */
    @Test
    void showsTheSameInBothLanguages() throws IOException {
        assertThat(fences("README.zh-CN.md")).hasSizeGreaterThanOrEqualTo(5).isEqualTo(fences("README.md"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "README.zh-CN.md"})
    void namesTheVersionThatIsBuilt(String page) throws IOException {
        String version = first(VERSION, read("pom.xml"));
        String ours = read(page);

        assertThat(ours)
                .contains("<artifactId>fuzhi-sdk</artifactId>\n      <version>" + version + "</version>")
                .contains("fuzhi-sdk-" + version + "-repository.zip");
        assertThat(squeezed(ours)).contains(squeezed(plugin("exec-maven-plugin")));
    }

    /** A plugin as the project's own build names it, with its version. */
    private static String plugin(String name) throws IOException {
        return first(
                Pattern.compile("(<artifactId>" + name + "</artifactId>\\s*<version>.*?</version>)"), read("pom.xml"));
    }

    private static String first(Pattern pattern, String text) {
        Matcher found = pattern.matcher(text);
        assertThat(found.find()).as(pattern.pattern()).isTrue();
        return found.group(1);
    }

    private static List<String> fences(String page) throws IOException {
        return FENCE.matcher(read(page))
                .results()
                .filter(fence -> !fence.group(1).isEmpty())
                .map(MatchResult::group)
                .toList();
    }

    private static String read(String file) throws IOException {
        return Files.readString(ROOT.resolve(file));
    }

    private static String examples() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT.resolve("sdk-examples"))) {
            List<Path> sources =
                    files.filter(file -> file.toString().endsWith(".java")).toList();
            StringBuilder text = new StringBuilder();
            for (Path source : sources) {
                text.append(squeezed(Files.readString(source))).append('\n');
            }
            return text.toString();
        }
    }

    private static String squeezed(String code) {
        return code.lines().map(String::strip).filter(line -> !line.isEmpty()).collect(Collectors.joining("\n"));
    }
}
