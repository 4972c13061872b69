package cn.fuzhi.sdk.spring;

import static cn.fuzhi.sdk.spring.CountyApplication.school;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cn.fuzhi.sdk.Credentials;
import cn.fuzhi.sdk.FuzhiClient;
import cn.fuzhi.sdk.FuzhiException;
import cn.fuzhi.sdk.mock.MockPlatform;
import cn.fuzhi.sdk.model.RecordKind;
import cn.fuzhi.sdk.model.School;
import cn.fuzhi.sdk.outbox.Outbox;
import cn.fuzhi.sdk.outbox.OutboxException;
import cn.fuzhi.sdk.outbox.OutboxListener;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;

/** What a host may configure, each time with a real application without a database. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class StartTest {
    private static final String NO_DATABASE = "spring.autoconfigure.exclude="
            + "org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration,"
            + "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration";

    @TempDir
    Path folder;

    private final MockPlatform mock = MockPlatform.start();

    @BeforeEach
    void setTheClock() {
        mock.clock().runFrom(Instant.parse("2022-08-01T01:00:00Z"));
    }

    @AfterEach
    void stop() {
        mock.close();
    }

    @SpringBootConfiguration
    @EnableAutoConfiguration
    static class Bare {}

    /** Keeps its key somewhere else, and wants to be told. */
    @SpringBootConfiguration
    @EnableAutoConfiguration
    static class Particular {
        static MockPlatform platform;

        final CompletableFuture<List<String>> delivered = new CompletableFuture<>();

        @Bean
        Credentials credentials() {
            return Credentials.hmacSha256(platform.keyId(), platform::secret);
        }

        @Bean
        OutboxListener listener() {
            return new OutboxListener() {
                @Override
                public void delivered(RecordKind kind, List<String> keys) {
                    delivered.complete(keys);
                }
            };
        }
    }

    /** Sets what has no property, and keeps the beans of the starter. */
    @SpringBootConfiguration
    @EnableAutoConfiguration
    static class Choosy {
        @Bean
        FuzhiClientCustomizer proxyThatIsNotThere() {
            return client -> client.proxy(new Proxy(Proxy.Type.HTTP, new InetSocketAddress("localhost", 1)));
        }

        @Bean
        OutboxCustomizer smallOutbox() {
            return outbox -> outbox.limits(1, 1 << 20);
        }
    }

    private RunningCounty start(Class<?> application, List<String> platform, String... more) {
        List<String> properties = new ArrayList<>(platform);
        properties.add(NO_DATABASE);
        properties.addAll(List.of(more));
        return new RunningCounty(List.of(application), properties);
    }

    private String file() {
        return "fuzhi.outbox.file=" + folder.resolve("outbox.db");
    }

    @Test
    void keepsRecordsInAFileWhenThereIsNoDatabase() throws Exception {
        try (RunningCounty county = start(Bare.class, RunningCounty.platform(mock), file())) {
            county.bean(Outbox.class).enqueue(school("2161000001", "示例一"));
            assertThat(county.bean(Outbox.class).flush(Duration.ofSeconds(30)).isComplete())
                    .isTrue();
        }

        assertThat(folder.resolve("outbox.db")).exists();
        assertThat(mock.held(School.class)).hasSize(1);
    }

    @Test
    void goesOnWithWhatWasPendingWhenItStopped() throws Exception {
        mock.enableKey(false);
        try (RunningCounty county = start(Bare.class, RunningCounty.platform(mock), file())) {
            county.bean(Outbox.class).enqueue(school("2161000001", "示例一"));
        }
        mock.enableKey(true);

        try (RunningCounty county = start(Bare.class, RunningCounty.platform(mock), file())) {
            assertThat(county.bean(Outbox.class).flush(Duration.ofSeconds(30)).isComplete())
                    .isTrue();
        }
        assertThat(mock.held(School.class)).hasSize(1);
    }

    @Test
    void givesAClientAloneWhenTheOutboxIsSwitchedOff() throws Exception {
        try (RunningCounty county = start(Bare.class, RunningCounty.platform(mock), "fuzhi.outbox.enabled=false")) {
            assertThat(county.context().getBeanNamesForType(Outbox.class)).isEmpty();
            assertThat(county.bean(FuzhiClient.class)
                            .service()
                            .health()
                            .status()
                            .value())
                    .isEqualTo("UP");
            assertThat(county.get("/actuator/health/fuzhi").body())
                    .contains("\"UP\"")
                    .doesNotContain("pending");
        }
    }

    @Test
    void takesCredentialsAndListenerOfTheHost() throws Exception {
        Particular.platform = mock;
        try (RunningCounty county = start(Particular.class, List.of("fuzhi.base-url=" + mock.baseUrl()), file())) {
            county.bean(Outbox.class).enqueue(school("2161000001", "示例一"));

            assertThat(county.bean(Particular.class).delivered.get(30, TimeUnit.SECONDS))
                    .containsExactly("2161000001");
        }
    }

    @Test
    void letsTheHostSetWhatHasNoProperty() throws Exception {
        try (RunningCounty county = start(Choosy.class, RunningCounty.platform(mock), file())) {
            assertThatThrownBy(() -> county.bean(FuzhiClient.class).service().health())
                    .isInstanceOf(FuzhiException.Unavailable.class);
            county.bean(Outbox.class).enqueue(school("2161000001", "示例一"));

            assertThatThrownBy(() -> county.bean(Outbox.class).enqueue(school("2161000002", "示例二")))
                    .isInstanceOfSatisfying(
                            OutboxException.class,
                            full -> assertThat(full.reason()).isEqualTo(OutboxException.Reason.FULL));
            assertThat(county.get("/actuator/health/fuzhi").body()).contains("\"pending\":1");
        }
    }

    @Test
    void readsTheSecretFromAFile() throws Exception {
        Path secret = folder.resolve("secret");
        Files.write(secret, mock.secret());
        List<String> platform = List.of(
                "fuzhi.base-url=" + mock.baseUrl(), "fuzhi.key-id=" + mock.keyId(), "fuzhi.secret-file=" + secret);

        try (RunningCounty county = start(Bare.class, platform, file())) {
            assertThat(county.bean(FuzhiClient.class).service().whoami().keyId())
                    .isEqualTo(mock.keyId());
        }
    }

    @Test
    void namesEveryPropertyThatIsMissing() {
        assertThatThrownBy(() -> start(Bare.class, List.of(), file()))
                .rootCause()
                .hasMessageContainingAll("fuzhi.base-url", "fuzhi.key-id", "fuzhi.secret-file");
    }

    @Test
    void saysWhatToSetWhenThereIsNoPlaceForTheRecords() {
        assertThatThrownBy(() -> start(Bare.class, RunningCounty.platform(mock)))
                .rootCause()
                .hasMessageContainingAll("fuzhi.outbox.file", "DataSource", "fuzhi.outbox.enabled");
    }

    @Test
    void staysUpForLoadBalancersWhileThePlatformIsAway() throws Exception {
        try (RunningCounty county = start(Bare.class, RunningCounty.platform(mock), file())) {
            mock.close();

            HttpResponse<String> health = county.get("/actuator/health/fuzhi");
            while (health.body().contains("waiting for the platform")) { // each answer takes up to two seconds
                health = county.get("/actuator/health/fuzhi");
            }
            assertThat(health.statusCode()).isEqualTo(200);
            assertThat(health.body()).contains("\"status\":\"DEGRADED\"");
            assertThat(county.get("/actuator/health").statusCode()).isEqualTo(200);
        }
    }
}
