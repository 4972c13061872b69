package cn.fuzhi.sdk.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class FuzhiPropertiesTest {
    @TempDir
    Path folder;

    private static FuzhiProperties bind(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties)).bindOrCreate("fuzhi", FuzhiProperties.class);
    }

    @Test
    void hasTheDefaultsOfTheSdk() {
        FuzhiProperties properties = bind(Map.of());

        assertThat(properties.algorithm()).isEqualTo(FuzhiProperties.Algorithm.HMAC_SHA256);
        assertThat(properties.callTimeout()).hasSeconds(30);
        assertThat(properties.rateLimit()).isEqualTo(20);
        assertThat(properties.outbox())
                .isEqualTo(new FuzhiProperties.Outbox(
                        true, null, "default", "fuzhi_outbox_", true, true, java.time.Duration.ofSeconds(60)));
    }

    @Test
    void showsNoSecret() {
        FuzhiProperties properties = bind(Map.of("fuzhi.key-id", "lueyang-2022", "fuzhi.secret", "open-sesame"));

        assertThat(properties.toString()).contains("lueyang-2022", "secret=***").doesNotContain("open-sesame");
        assertThat(properties.credentials().toString()).doesNotContain("open-sesame");
    }

    @Test
    void readsTheSecretFileAnewEachTimeAndWithoutItsLineEnd() throws Exception {
        Path file = Files.writeString(folder.resolve("secret"), "first\r\n");
        Secret secret = new Secret(file, null);

        assertThat(secret.get()).asString().isEqualTo("first");
        Files.writeString(file, "second");
        assertThat(secret.get()).asString().isEqualTo("second");
    }

    @Test
    void namesTheFileThatCannotBeRead() {
        Secret secret = new Secret(folder.resolve("absent"), null);

        assertThatThrownBy(secret::get)
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContainingAll("fuzhi.secret-file", "absent");
    }

    @Test
    void refusesTwoSecrets() {
        FuzhiProperties properties = bind(Map.of("fuzhi.key-id", "k", "fuzhi.secret", "a", "fuzhi.secret-file", "b"));

        assertThatThrownBy(properties::credentials).hasMessageContainingAll("fuzhi.secret-file", "fuzhi.secret");
    }

    @Test
    void describesItsPropertiesForEditors() throws Exception {
        try (var metadata = getClass().getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
            assertThat(metadata).isNotNull();
            assertThat(new String(metadata.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8))
                    .contains("\"fuzhi.outbox.file\"", "\"fuzhi.secret-file\"", "SQLite file that holds the outbox");
        }
    }
}
