package cn.fuzhi.examples.spring;

import static org.assertj.core.api.Assertions.assertThat;

import cn.fuzhi.sdk.mock.MockPlatform;
import cn.fuzhi.sdk.model.School;
import cn.fuzhi.sdk.outbox.Outbox;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

/** The whole program with a real database against the mock platform. */
@EnabledOnOs(
        value = OS.LINUX,
        architectures = "amd64",
        disabledReason = "内嵌的 PostgreSQL 只有 Linux amd64 版 / the embedded PostgreSQL is for Linux on amd64 only")
class CountyPlatformTest {
    private static EmbeddedPostgres database;
    private static MockPlatform province;
    private static ConfigurableApplicationContext county;

    @BeforeAll
    static void start() throws Exception {
        database = EmbeddedPostgres.start();
        province = MockPlatform.start();
        county = SpringApplication.run(
                CountyPlatform.class,
                "--server.port=0",
                "--spring.datasource.url=" + database.getJdbcUrl("postgres", "postgres"),
                "--fuzhi.base-url=" + province.baseUrl(),
                "--fuzhi.key-id=" + province.keyId(),
                "--fuzhi.secret-file=",
                "--fuzhi.secret=" + new String(province.secret(), StandardCharsets.UTF_8),
                "--fuzhi.outbox.start-jitter=0s");
    }

    @AfterAll
    static void stop() throws Exception {
        county.close();
        province.close();
        database.close();
    }

    private static HttpResponse<String> put(String path) throws Exception {
        String port = county.getEnvironment().getRequiredProperty("local.server.port");
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                .PUT(HttpRequest.BodyPublishers.noBody())
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void whatAClerkSavesReachesTheProvince() throws Exception {
        assertThat(put("/schools/2161000001?name=Shifan").statusCode()).isEqualTo(200);

        assertThat(county.getBean(Outbox.class).flush(Duration.ofSeconds(30)).isComplete())
                .isTrue();
        assertThat(province.held(School.class)).extracting(School::name).containsExactly("Shifan");
    }

    @Test
    void aMistakeIsToldToTheClerkAndNothingIsSaved() throws Exception {
        HttpResponse<String> answer = put("/schools/123?name=Shifan");

        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(answer.body()).contains("学校标识码");
        assertThat(county.getBean(JdbcTemplate.class)
                        .queryForObject("SELECT COUNT(*) FROM school WHERE code = '123'", Integer.class))
                .isZero();
    }
}
