package cn.fuzhi.sdk.spring;

import static cn.fuzhi.sdk.spring.CountyApplication.school;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cn.fuzhi.sdk.mock.MockPlatform;
import cn.fuzhi.sdk.model.RecordKind;
import cn.fuzhi.sdk.model.School;
import cn.fuzhi.sdk.outbox.Outbox;
import cn.fuzhi.sdk.outbox.OutboxEntry;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** A real application with a real database; run on Spring Boot 3 here and on Spring Boot 4 by the module beside. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@EnabledOnOs(
        value = OS.LINUX,
        architectures = "amd64",
        disabledReason = "内嵌的 PostgreSQL 只有 Linux amd64 版 / the embedded PostgreSQL is for Linux on amd64 only")
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
    void clear() throws Exception {
        outbox().flush(SOON); // nothing of one test may arrive in the next
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
        MeterRegistry meters = county.bean(MeterRegistry.class);
        double before = pushes(meters);
        county.bean(CountyApplication.Register.class).save("2161000006", "示例六", false);
        outbox().flush(SOON);
        long end = System.nanoTime() + SOON.toNanos();
        while (pushes(meters) == before && System.nanoTime() < end) { // the client tells it from a thread of its own
            Thread.onSpinWait();
        }

        assertThat(pushes(meters)).isEqualTo(before + 1);
        assertThat(county.get("/actuator/metrics/fuzhi.client.attempts?tag=status:200")
                        .body())
                .contains("\"COUNT\"");
        assertThat(county.get("/actuator/metrics/fuzhi.outbox.records?tag=state:pending")
                        .body())
                .contains("fuzhi.outbox.records");
    }

    /** Every batch that the platform has answered. */
    private static double pushes(MeterRegistry meters) {
        return meters.find("fuzhi.client.attempts").tags("group", "push", "status", "200").timers().stream()
                .mapToLong(Timer::count)
                .sum();
    }

    /** A pool without auto-commit rolls back what nobody has committed, and a finished transaction commits nothing more. */
    @Test
    void whatIsEnqueuedAfterTheCommitIsDurableAllTheSame() {
        try (RunningCounty strict = RunningCounty.start(
                mock, database, "fuzhi.outbox.deliver=false", "spring.datasource.hikari.auto-commit=false")) {
            Outbox late = strict.bean(Outbox.class);
            TransactionTemplate transaction = strict.bean(TransactionTemplate.class);
            transaction.executeWithoutResult(status -> {
                strict.context().publishEvent(new CountyApplication.Saved(school("2161000008", "示例八")));
                afterCommit(() -> late.enqueue(school("2161000009", "示例九")));
            });
            transaction.executeWithoutResult(status -> {
                late.enqueue(school("2161000010", "示例十"));
                afterCommit(() -> late.enqueue(school("2161000011", "示例十一")));
            });
        }

        for (String code : new String[] {"2161000008", "2161000009", "2161000010", "2161000011"}) {
            assertThat(outbox().find(RecordKind.SCHOOL, code)).as(code).isPresent();
        }
    }

    @Test
    void whatIsEnqueuedAfterARollbackIsDurableAndNothingElse() {
        try (RunningCounty strict = RunningCounty.start(
                mock, database, "fuzhi.outbox.deliver=false", "spring.datasource.hikari.auto-commit=false")) {
            Outbox late = strict.bean(Outbox.class);
            strict.bean(TransactionTemplate.class).executeWithoutResult(status -> {
                late.enqueue(school("2161000012", "示例十二"));
                TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                    @Override
                    public void afterCompletion(int outcome) {
                        late.enqueue(school("2161000013", "示例十三"));
                    }
                });
                status.setRollbackOnly();
            });
        }

        assertThat(outbox().find(RecordKind.SCHOOL, "2161000012")).isEmpty();
        assertThat(outbox().find(RecordKind.SCHOOL, "2161000013")).isPresent();
    }

    private static void afterCommit(Runnable act) {
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                act.run();
            }
        });
    }

    @Test
    void finishesARequestThatIsAtWorkWhenTheProgramStops() throws Exception {
        RunningCounty stopping = RunningCounty.start(mock, database, "fuzhi.outbox.deliver=false");
        CountyApplication.Schools controller = stopping.bean(CountyApplication.Schools.class);
        CompletableFuture<HttpResponse<String>> answer = stopping.post("/slow-schools", "2161000007", "示例七");
        controller.entered.await();

        CompletableFuture<Void> stop = CompletableFuture.runAsync(stopping::close);
        while (stopping.isListening() && !stop.isDone()) { // the request is let go only when nobody new is let in
            Thread.onSpinWait();
        }
        assertThat(stop).isNotDone();
        controller.released.countDown();

        assertThat(answer.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        assertThat(stop).succeedsWithin(SOON);
        assertThat(outbox().find(RecordKind.SCHOOL, "2161000007"))
                .get()
                .extracting(OutboxEntry::kind)
                .isEqualTo(RecordKind.SCHOOL);
    }
}
