package cn.fuzhi.sdk.spring;

import static cn.fuzhi.sdk.spring.CountyApplication.school;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cn.fuzhi.sdk.mock.MockPlatform;
import cn.fuzhi.sdk.model.RecordKind;
import cn.fuzhi.sdk.model.School;
import cn.fuzhi.sdk.outbox.Outbox;
import cn.fuzhi.sdk.outbox.OutboxEntry;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/** A real application with a real database; run on Spring Boot 3 here and on Spring Boot 4 by the module beside. */
class CountyApplicationTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    private static EmbeddedPostgres database;
    private static MockPlatform mock;
    private static RunningCounty county;

    @BeforeAll
    static void start() throws Exception {
        database = EmbeddedPostgres.start();
        mock = MockPlatform.start();
        county = RunningCounty.start(mock, database);
    }

    @AfterAll
    static void stop() throws Exception {
        county.close();
        mock.close();
        database.close();
    }

    @BeforeEach
    @AfterEach
    void clear() {
        mock.reset();
        mock.clock().runFrom(Instant.parse("2022-08-01T01:00:00Z"));
        jdbc().execute("TRUNCATE school, fuzhi_outbox_entry");
    }

    private static JdbcTemplate jdbc() {
        return county.bean(JdbcTemplate.class);
    }

    private static Outbox outbox() {
        return county.bean(Outbox.class);
    }

    private static int schools() {
        Integer count = jdbc().queryForObject("SELECT COUNT(*) FROM school", Integer.class);
        return count == null ? 0 : count;
    }

    @Test
    void deliversWhatAWebRequestSaves() throws Exception {
        HttpResponse<String> saved =
                county.post("/schools", "2161000001", "略阳县示例第一小学").get();

        assertThat(saved.statusCode()).isEqualTo(200);
        assertThat(outbox().flush(SOON).isComplete()).isTrue();
        assertThat(mock.held(School.class)).extracting(School::name).containsExactly("略阳县示例第一小学");
        assertThat(schools()).isEqualTo(1);
    }

    @Test
    void aRolledBackTransactionEnqueuesNothing() throws Exception {
        CountyApplication.Register register = county.bean(CountyApplication.Register.class);

        assertThatThrownBy(() -> register.save("2161000002", "示例二", true)).hasMessage("the host changes its mind");

        assertThat(schools()).isZero();
        assertThat(outbox().find(RecordKind.SCHOOL, "2161000002")).isEmpty();
        outbox().flush(SOON);
        assertThat(mock.held(School.class)).isEmpty();
    }

    @Test
    void aRolledBackTransactionDeletesNothing() throws Exception {
        CountyApplication.Register register = county.bean(CountyApplication.Register.class);
        register.save("2161000003", "示例三", false);
        outbox().flush(SOON);

        assertThatThrownBy(() -> register.close(school("2161000003", "示例三"))).hasMessage("the host changes its mind");

        outbox().flush(SOON);
        assertThat(schools()).isEqualTo(1);
        assertThat(mock.held(School.class)).hasSize(1);
    }

    @Test
    void nobodySeesTheRecordBeforeTheTransactionCommits() {
        TransactionTemplate transaction = county.bean(TransactionTemplate.class);

        transaction.executeWithoutResult(status -> {
            outbox().enqueue(school("2161000004", "示例四"));
            CompletableFuture<Boolean> seenByOthers = CompletableFuture.supplyAsync(
                    () -> outbox().find(RecordKind.SCHOOL, "2161000004").isPresent());
            assertThat(seenByOthers.join()).isFalse();
        });

        assertThat(outbox().find(RecordKind.SCHOOL, "2161000004")).isPresent();
    }

    @Test
    void enqueuesAtOnceOutsideATransaction() {
        outbox().enqueue(school("2161000005", "示例五"));

        assertThat(outbox().find(RecordKind.SCHOOL, "2161000005")).isPresent();
    }

    @Test
    void tellsHealthWithTheNextDeadline() throws Exception {
        HttpResponse<String> health = county.get("/actuator/health/fuzhi");

        assertThat(health.statusCode()).isEqualTo(200);
        assertThat(health.body())
                .contains("\"status\":\"UP\"", "\"pending\":0", "\"deadLetters\":0", "\"platform\":\"UP\"")
                .contains("\"nextDeadline\":\"ANNUAL_PLAN 610700 2022");
    }

    @Test
    void countsWhatHappens() throws Exception {
        county.bean(CountyApplication.Register.class).save("2161000006", "示例六", false);
        outbox().flush(SOON);

        assertThat(county.get("/actuator/metrics/fuzhi.outbox.records?tag=state:pending")
                        .body())
                .contains("fuzhi.outbox.records");
        assertThat(county.get("/actuator/metrics/fuzhi.client.attempts?tag=status:200")
                        .body())
                .contains("\"COUNT\"");
    }

    @Test
    void finishesARequestThatIsAtWorkWhenTheProgramStops() throws Exception {
        RunningCounty stopping = RunningCounty.start(mock, database, "fuzhi.outbox.deliver=false");
        CountyApplication.Schools controller = stopping.bean(CountyApplication.Schools.class);
        CompletableFuture<HttpResponse<String>> answer = stopping.post("/slow-schools", "2161000007", "示例七");
        controller.entered.await();
        stopping.context().addApplicationListener(event -> {
            if (event instanceof org.springframework.context.event.ContextClosedEvent) {
                controller.released.countDown();
            }
        });

        stopping.close();

        assertThat(answer.get().statusCode()).isEqualTo(200);
        assertThat(outbox().find(RecordKind.SCHOOL, "2161000007"))
                .get()
                .extracting(OutboxEntry::kind)
                .isEqualTo(RecordKind.SCHOOL);
    }
}
