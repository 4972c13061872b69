package cn.fuzhi.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DocsPageTest {
    private static final Path DOCS = Path.of("target/classes/fuzhi/docs");

    @Test
    void everyFileThatThePageNamesLiesBesideIt() throws IOException {
        assertThat(named("(?:src|href)=\"(?!data:)([^\"]+)\""))
                .containsExactlyInAnyOrder("swagger-ui.css", "swagger-ui-bundle.js", "contract.js")
                .allSatisfy(name -> assertThat(DOCS.resolve(name)).isNotEmptyFile());
    }

    @Test
    void thePageNamesNoAddressAndForbidsEveryConnection() throws IOException {
        assertThat(named("(https?:|\"//)")).isEmpty();
        assertThat(named("connect-src ([^;]+);")).containsExactly("'none'");
    }

    private static Stream<String> named(String pattern) throws IOException {
        return Pattern.compile(pattern)
                .matcher(Files.readString(DOCS.resolve("index.html")))
                .results()
                .map((MatchResult match) -> match.group(1));
    }
}
