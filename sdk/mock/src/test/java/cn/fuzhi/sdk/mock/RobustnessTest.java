package cn.fuzhi.sdk.mock;

import static cn.fuzhi.sdk.mock.Vendor.batch;
import static cn.fuzhi.sdk.mock.Vendor.delete;
import static cn.fuzhi.sdk.mock.Vendor.upsert;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What arrives is not always what a careful client sends. */
class RobustnessTest {
    private static final String KEY = "2161000002";

    private final MockPlatform mock = MockPlatform.start();
    private final Vendor vendor = Vendor.of(mock);

    @AfterEach
    void stop() {
        mock.close();
    }

    private static ObjectNode item(long version) {
        return upsert(KEY, version, Examples.supportedSchool());
    }

    private static List<String> found(JsonNode result, String list) {
        List<String> found = new ArrayList<>();
        result.path(list)
                .forEach(finding -> found.add(
                        finding.get("rule").asText() + finding.get("pointer").asText()));
        return found;
    }

    @Test
    void checksTheEnvelopeOfEveryItem() {
        ObjectNode none = item(1);
        Map<String, ObjectNode> wrong = Map.of(
                "R-37/version",
                item(1).put("version", 0),
                "R-35/digest",
                item(1).put("digest", "ABC"),
                "R-38/key",
                delete("../etc/passwd", 1));
        assertThat(vendor.post("/v1/schools", batch(none)).verdict(KEY)).isEqualTo("CREATED");
        wrong.forEach((finding, item) -> {
            Vendor.Answer answer = vendor.post("/v1/schools", batch(item));
            assertThat(answer.body().at("/results/0/result").asText()).isEqualTo("REJECTED");
            assertThat(found(answer.body().at("/results/0"), "violations")).contains(finding);
        });
        for (String version : List.of("9007199254740992", "1.5", "\"7\"", "null", "1e3")) {
            byte[] body = ("{\"items\":[{\"op\":\"DELETE\",\"key\":\"" + KEY + "\",\"version\":" + version + "}]}")
                    .getBytes(StandardCharsets.UTF_8);
            Vendor.Answer answer = vendor.post("/v1/schools", body);
            boolean absent = version.equals("null");
            assertThat(answer.verdict(KEY)).as(version).isEqualTo(absent ? "DELETED" : "REJECTED");
        }
    }

    @Test
    void warnsOfAPropertyOfTheEnvelopeThatItDoesNotKnow() {
        Vendor.Answer answer = vendor.post("/v1/schools", batch(item(1).put("verison", 1)));

        assertThat(answer.verdict(KEY)).isEqualTo("CREATED");
        assertThat(answer.result(KEY).at("/warnings/0/rule").asText()).isEqualTo("UNKNOWN_PROPERTY");
    }

    @Test
    void refusesCursorsThatItNeverGave() {
        for (String cursor : List.of("-5", "99999999999999999999", "x", "")) {
            String text =
                    Base64.getUrlEncoder().withoutPadding().encodeToString(cursor.getBytes(StandardCharsets.UTF_8));
            assertThat(vendor.get("/v1/schools?cursor=" + text).code())
                    .as(cursor)
                    .isEqualTo("BAD_REQUEST");
        }
    }

    @Test
    void refusesAQueryParameterThatItDoesNotKnow() {
        Vendor.Answer answer = vendor.get("/v1/schools?divisoinCode=610727");

        assertThat(answer.code()).isEqualTo("BAD_REQUEST");
        assertThat(answer.body().get("detailEn").asText()).contains("divisoinCode");
    }

    @Test
    void answersItsOwnFailuresAsProblemsAndNotesThem() {
        Reply reply = Failing.gateway().answer(Failing.call());

        assertThat(reply.status()).isEqualTo(500);
        assertThat(new String(reply.body(), StandardCharsets.UTF_8))
                .contains("\"code\":\"INTERNAL\"", "IllegalStateException")
                .doesNotContain("personal");
        assertThat(Failing.JOURNAL.arrivals()).extracting(Arrival::code).containsExactly("INTERNAL");
    }

    @Test
    void answersAPathWithBrokenEscapesAsAProblem() {
        vendor.tamper = components -> {
            components.put("@method", "PATCH");
            return components;
        };
        assertThat(vendor.get("/v1/time?x=%25zz").code()).isEqualTo("SIGNATURE_INVALID");
    }

    @Test
    void refusesFaultsAndOptionsThatMakeNoSense() {
        assertThatIllegalArgumentException().isThrownBy(() -> Fault.status(99));
        assertThatIllegalArgumentException().isThrownBy(() -> Fault.problem("NO_SUCH_CODE"));
        assertThatIllegalArgumentException().isThrownBy(() -> Fault.latency(Duration.ofSeconds(-1)));
        assertThatIllegalArgumentException().isThrownBy(() -> Fault.quota(1, Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> Fault.html().on("pushSchool"));
        assertThatIllegalArgumentException().isThrownBy(() -> Fault.html().probability(1.1, 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MockPlatform.builder().bodies("999999").start());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MockPlatform.builder().platform("x").start());
        assertThatIllegalStateException()
                .isThrownBy(() -> MockPlatform.builder().hmacSm3().start())
                .withMessageContaining("no security provider has hmac-sm3");
    }

    @Test
    void keepsServingWhenItsClockStandsStill() {
        mock.clock().stopAt(Instant.parse("2022-09-15T02:00:00Z"));
        AtomicReference<Instant> machine = new AtomicReference<>(Instant.parse("2022-01-01T00:00:00Z"));
        MockClock clock = new MockClock(new MovedByHand(machine));
        clock.stopAt(Instant.EPOCH);
        Quota quota = new Quota(clock, 1);
        quota.take("key");
        assertThat(catchCode(() -> quota.take("key"))).isEqualTo("RATE_LIMITED");

        machine.set(machine.get().plusSeconds(1));

        assertThat(catchCode(() -> quota.take("key"))).isEmpty();
    }

    private static String catchCode(Runnable task) {
        try {
            task.run();
            return "";
        } catch (Problem problem) {
            return problem.code();
        }
    }

    @Test
    void keepsAnswersSevenDaysByItsClockAndFailuresNotAtAll() {
        String key = UUID.randomUUID().toString();
        Instant start = Instant.now();
        mock.clock().stopAt(start);
        vendor.clock = start;
        String created = push(key, 1);
        mock.clock().stopAt(start.plus(Duration.ofDays(7)));
        vendor.clock = mock.clock().instant();
        assertThat(push(key, 1)).isEqualTo(created);
        mock.clock().advance(Duration.ofSeconds(1));
        vendor.clock = mock.clock().instant();
        assertThat(push(key, 1)).contains("UNCHANGED");

        Idempotency kept = new Idempotency(mock.clock());
        Caller caller = MockPlatform.builder().caller(new Divisions());
        assertThat(kept.open(caller, key, "content")).isNull();
        kept.close(caller, key, Reply.of(500, "application/json", new byte[0]));
        assertThat(kept.open(caller, key, "content")).isNull();
    }

    private String push(String key, long version) {
        byte[] body = Vendor.bytes(batch(item(version)));
        return vendor.send("POST", "/v1/schools", body, "application/json", key)
                .body()
                .toString();
    }

    @Test
    void isInProgressUntilTheAnswerHasLeft() throws InterruptedException {
        String key = UUID.randomUUID().toString();
        mock.faults().add(Fault.latency(Duration.ofSeconds(3)).once());
        CountDownLatch sent = new CountDownLatch(1);
        CompletableFuture<String> first = CompletableFuture.supplyAsync(() -> {
            sent.countDown();
            return push(key, 1);
        });
        sent.await();
        while (mock.arrived().isEmpty() && !first.isDone()) {
            Thread.onSpinWait();
        }

        byte[] body = Vendor.bytes(batch(item(1)));
        Vendor.Answer second = vendor.send("POST", "/v1/schools", body, "application/json", key);

        assertThat(second.code()).isEqualTo("IN_PROGRESS");
        assertThat(second.http().headers().firstValue("Fuzhi-Retry")).contains("yes");
        assertThat(second.http().headers().firstValue("Retry-After")).contains("1");
        assertThat(first.join()).contains("CREATED");
        assertThat(push(key, 1)).isEqualTo(first.join());
    }

    @Test
    void givesUpAnIncompleteFileAfterAWeekAndTakesItAgain() {
        ObjectNode announced = Examples.of("NewAttachment").put("sizeBytes", 4);
        announced.put("sha256", java.util.HexFormat.of().formatHex(Vendor.sha256(new byte[] {1, 2, 3, 4})));
        String first = vendor.post("/v1/attachments", announced)
                .body()
                .get("attachmentId")
                .asText();
        vendor.clock = Instant.now().plus(Duration.ofDays(8));
        mock.clock().runFrom(vendor.clock);

        String second = vendor.post("/v1/attachments", announced)
                .body()
                .get("attachmentId")
                .asText();

        assertThat(second).isNotEqualTo(first);
        assertThat(vendor.get("/v1/attachments/" + first).body().get("state").asText())
                .isEqualTo("EXPIRED");
        String uuid = UUID.randomUUID().toString();
        assertThat(vendor.send("POST", "/v1/attachments/" + first + "/complete", new byte[0], "", uuid)
                        .code())
                .isEqualTo("STATE_CONFLICT");
    }

    @Test
    void roundsTheTimeToWaitUpAndSaysWhatIsLeft() {
        mock.clock().stopAt(Instant.parse("2022-09-15T02:00:00.500Z"));
        vendor.clock = mock.clock().instant();
        mock.faults().add(Fault.quota(0, Duration.ofMillis(2_500)));
        vendor.get("/v1/time");
        mock.clock().advance(Duration.ofSeconds(1));

        Vendor.Answer refused = vendor.get("/v1/time");

        assertThat(refused.http().headers().firstValue("Retry-After")).contains("2");
        assertThat(refused.http().headers().firstValue("RateLimit")).contains("\"key\";r=0;t=2");
        assertThat(refused.http().headers().firstValue("Fuzhi-Retry")).contains("yes");
    }

    @Test
    void namesTheUsualCodeOfAStatus() {
        Map<Integer, String> usual = Map.of(
                400,
                "BAD_REQUEST",
                401,
                "SIGNATURE_INVALID",
                403,
                "SCOPE_MISSING",
                409,
                "STATE_CONFLICT",
                422,
                "VALIDATION_FAILED",
                429,
                "RATE_LIMITED",
                500,
                "INTERNAL",
                502,
                "INTERNAL");
        usual.forEach((status, code) -> {
            mock.faults().add(Fault.status(status).once());
            Vendor.Answer answer = vendor.get("/v1/time");
            assertThat(answer.status()).isEqualTo(status);
            assertThat(answer.code()).isEqualTo(code);
            mock.faults().clear();
        });
    }

    @Test
    void namesTheComponentEvenWhenItsValueIsLong() {
        String query = "name=" + "x".repeat(2_000);
        vendor.tamper = components -> {
            components.put("@query", query);
            return components;
        };

        Vendor.Answer refused = vendor.get("/v1/schools?" + query);

        assertThat(refused.body().get("detailEn").asText())
                .contains("@query differs: signed as 'name=xxx")
                .endsWith("(GET /__fuzhi/arrived)")
                .hasSizeLessThanOrEqualTo(1_000);
        assertThat(mock.arrived().get(0).explanation()).contains("Base that was signed:", "Base as received:", query);
    }
}
