package cn.fuzhi.sdk.spring;

import static org.assertj.core.api.Assertions.assertThat;

import cn.fuzhi.sdk.Credentials;
import cn.fuzhi.sdk.FuzhiClient;
import cn.fuzhi.sdk.mock.Fault;
import cn.fuzhi.sdk.mock.MockPlatform;
import cn.fuzhi.sdk.model.RecordKind;
import cn.fuzhi.sdk.outbox.Outbox;
import cn.fuzhi.sdk.outbox.OutboxException;
import cn.fuzhi.sdk.outbox.OutboxStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every reason for being something else than UP, one at a time. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class FuzhiHealthTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final OutboxStatus WELL = new OutboxStatus(3, 300, 0, 0, 0, 0, null, 9, null, null, Map.of(), 0);

    private final MockPlatform platform = MockPlatform.start();
    private final AtomicLong nanos = new AtomicLong();
    private final FuzhiClient client = FuzhiClient.builder()
            .baseUrl(platform.baseUrl())
            .credentials(Credentials.hmacSha256(platform.keyId(), platform::secret))
            .build();

    @BeforeEach
    void setTheClock() {
        platform.clock().runFrom(Instant.parse("2022-08-01T01:00:00Z"));
    }

    @AfterEach
    void close() {
        client.close();
        platform.close();
    }

    private FuzhiHealth.Report report(Supplier<OutboxStatus> outbox) {
        return new FuzhiHealth(new PlatformWatch(client, nanos::get, PATIENCE), outbox).report();
    }

    private FuzhiHealth.Report report(OutboxStatus outbox) {
        return report(() -> outbox);
    }

    @Test
    void isUpWhenAllIsWell() {
        FuzhiHealth.Report report = report(WELL);

        assertThat(report.status()).isEqualTo("UP");
        assertThat(report.details())
                .containsEntry("pending", 3L)
                .containsEntry("deadLetters", 0L)
                .containsEntry("platform", "UP")
                .containsKey("nextDeadline")
                .doesNotContainKeys("overdue", "paused", "oldestPending", "lastFailure");
    }

    @Test
    void isDegradedByDeadLetters() {
        FuzhiHealth.Report refused = report(new OutboxStatus(0, 0, 0, 2, 0, 0, null, 0, null, null, Map.of(), 0));
        FuzhiHealth.Report parked = report(new OutboxStatus(0, 0, 0, 0, 1, 0, null, 0, null, null, Map.of(), 0));
        FuzhiHealth.Report resend = report(new OutboxStatus(0, 0, 0, 0, 0, 1, null, 0, null, null, Map.of(), 0));

        assertThat(refused.status()).isEqualTo("DEGRADED");
        assertThat(refused.details()).containsEntry("deadLetters", 2L);
        assertThat(parked.status()).isEqualTo("DEGRADED");
        assertThat(parked.details()).containsEntry("deadLetters", 1L);
        assertThat(resend.status()).isEqualTo("DEGRADED");
    }

    @Test
    void tellsWhatTheLastRequestMetAndLosesNothingByIt() {
        FuzhiHealth.Report report = report(new OutboxStatus(1, 1, 0, 0, 0, 0, null, 0, null, "no answer", Map.of(), 0));

        assertThat(report.status()).isEqualTo("UP");
        assertThat(report.details()).containsEntry("lastFailure", "no answer");
    }

    @Test
    void isDegradedWhileNothingOrOneKindIsSent() {
        FuzhiHealth.Report all = report(new OutboxStatus(1, 1, 0, 0, 0, 0, null, 0, "the key", null, Map.of(), 0));
        FuzhiHealth.Report one = report(
                new OutboxStatus(1, 1, 0, 0, 0, 0, null, 0, null, null, Map.of(RecordKind.SCHOOL, "no permission"), 0));

        assertThat(all.status()).isEqualTo("DEGRADED");
        assertThat(all.details()).containsEntry("paused", "the key");
        assertThat(one.status()).isEqualTo("DEGRADED");
        assertThat(one.details()).containsEntry("paused SCHOOL", "no permission");
    }

    @Test
    void isDegradedWhenARecordWaitsForMoreThanADay() {
        Duration day = Duration.ofHours(24);

        assertThat(report(new OutboxStatus(1, 1, 0, 0, 0, 0, day, 0, null, null, Map.of(), 0))
                        .status())
                .isEqualTo("UP");
        FuzhiHealth.Report late =
                report(new OutboxStatus(1, 1, 0, 0, 0, 0, day.plusSeconds(1), 0, null, null, Map.of(), 0));
        assertThat(late.status()).isEqualTo("DEGRADED");
        assertThat(late.details()).containsEntry("oldestPending", "PT24H1S");
    }

    @Test
    void isDegradedWhenADeadlineHasPassed() {
        platform.clock().runFrom(Instant.parse("2023-03-01T01:00:00Z"));

        FuzhiHealth.Report report = report(WELL);

        assertThat(report.status()).isEqualTo("DEGRADED");
        assertThat(report.details()).containsKey("overdue").containsEntry("platform", "UP");
    }

    @Test
    void isDegradedWhenThePlatformCannotBeReached() {
        platform.close();

        assertThat(report(WELL).status()).isEqualTo("DEGRADED");
    }

    @Test
    void isDegradedWhileThePlatformTakesNoRecords() {
        platform.faults().add(health("MAINTENANCE"));

        FuzhiHealth.Report report = report(WELL);

        assertThat(report.status()).isEqualTo("DEGRADED");
        assertThat(report.details()).containsEntry("platform", "MAINTENANCE");
    }

    @Test
    void aPlatformThatIsOnlySlowIsReachable() throws Exception {
        platform.faults().add(health("DEGRADED"));

        PlatformWatch.Answer answer = new PlatformWatch(client, nanos::get, PATIENCE).answer();

        assertThat(answer.reachable()).isTrue();
        assertThat(answer.text()).isEqualTo("DEGRADED");
    }

    @Test
    void aKeyThatMayNotReadDeadlinesSaysNothingAboutThePlatform() {
        platform.faults().add(Fault.status(403).on("listDeadlines"));

        FuzhiHealth.Report report = report(WELL);

        assertThat(report.status()).isEqualTo("UP");
        assertThat(report.details()).doesNotContainKeys("nextDeadline", "overdue");
        assertThat(String.valueOf(report.details().get("platform")))
                .startsWith("UP")
                .contains("deadlines unknown");
    }

    @Test
    void isDownOnlyWhenTheOutboxCannotKeepRecords(@TempDir Path folder) throws Exception {
        OutboxException broken = broken(folder);

        FuzhiHealth.Report report = report(() -> {
            throw broken;
        });

        assertThat(report.status()).isEqualTo("DOWN");
        assertThat(report.details()).containsEntry("outbox", broken.getMessage());
    }

    /** A real one: a file that is no database. */
    private OutboxException broken(Path folder) throws Exception {
        Path file =
                Files.writeString(folder.resolve("outbox.db"), "no database at all, but long enough to be looked at");
        try (Outbox outbox = Outbox.builder().client(client).file(file).build()) {
            throw new AssertionError("opened, holding " + outbox.status());
        } catch (OutboxException e) {
            return e;
        }
    }

    private static Fault health(String status) {
        return Fault.answer(200, "application/json", "{\"status\":\"" + status + "\"}")
                .on("getHealth");
    }
}
