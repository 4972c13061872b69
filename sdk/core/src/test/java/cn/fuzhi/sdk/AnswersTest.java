package cn.fuzhi.sdk;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cn.fuzhi.sdk.model.Verdict;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the client makes of answers: good ones, strange ones, problems. */
class AnswersTest extends ScriptedAnswers {
    private final List<String> secrets = new ArrayList<>();

    @Override
    @BeforeEach
    void open() {
        client = Clients.of(PLATFORM.baseUrl(), ports)
                .credentials(Credentials.hmacSha256(Clients.KEY_ID, () -> {
                    secrets.add("read");
                    return Clients.SECRET.clone();
                }))
                .build();
    }

    private PushReport push() {
        return client.push(List.of(SCHOOL));
    }

    @Test
    @Tag("S29")
    void retriesAfter503AndKeepsTheKey() {
        first(problem(503, "MAINTENANCE"), json(DONE));
        assertThat(push().isComplete()).isTrue();
        List<String> keys = PLATFORM.findAll(postRequestedFor(anyUrl())).stream()
                .map(request -> request.getHeader("Idempotency-Key"))
                .toList();
        assertThat(keys).hasSize(2).containsOnly(keys.get(0));
    }

    @Test
    @Tag("S05")
    @Tag("A11")
    void aClockThatIsTenMinutesOffIsCorrectedOnce() {
        ports.setWallClockBy(Duration.ofMinutes(-10));
        client.close(Duration.ZERO);
        open();
        String platform =
                DateTimeFormatter.RFC_1123_DATE_TIME.format(Instant.now().atOffset(ZoneOffset.UTC));
        first(problem(401, "CLOCK_SKEW").withHeader("Date", platform), json(DONE));
        assertThat(push().isComplete()).isTrue();
        List<Long> created = PLATFORM.findAll(postRequestedFor(anyUrl())).stream()
                .map(request -> request.getHeader("Signature-Input").replaceAll(".*created=(\\d+).*", "$1"))
                .map(Long::valueOf)
                .toList();
        assertThat(created.get(1) - created.get(0)).isBetween(590L, 610L);
        assertThat(ports.waits).isEmpty();
    }

    @Test
    @Tag("A17")
    @Tag("S03")
    void theSecretIsReadAgainOnceAfter401AndThenItStops() {
        first(problem(401, "SIGNATURE_INVALID"), json(DONE));
        assertThat(push().isComplete()).isTrue();
        assertThat(secrets).hasSize(2);
        PLATFORM.resetAll();
        always(problem(401, "SIGNATURE_INVALID"));
        assertThatExceptionOfType(FuzhiException.Unauthenticated.class).isThrownBy(this::push);
        requests(2);
    }

    @Test
    @Tag("S04")
    void aKeyThatIsNotAcceptedPausesEverythingOfTheOutbox() {
        always(problem(401, "APP_KEY_DISABLED"));
        assertThat(disposition()).isEqualTo(BatchReply.Disposition.PAUSE_ALL);
    }

    @Test
    @Tag("S06")
    @Tag("S08")
    void aPermissionOrAPathThatIsMissingPausesTheKind() {
        always(problem(403, "SCOPE_MISSING"));
        assertThat(disposition()).isEqualTo(BatchReply.Disposition.PAUSE_KIND);
        always(problem(404, "NOT_FOUND"));
        assertThat(disposition()).isEqualTo(BatchReply.Disposition.PAUSE_KIND);
    }

    @Test
    @Tag("S11")
    void aRequestThatTimedOutOrCameTooEarlyIsSentAgainUnderItsKey() {
        for (int status : new int[] {408, 425}) {
            PLATFORM.resetAll();
            first(problem(status, "TIMEOUT"), json(DONE));
            assertThat(push().isComplete()).isTrue();
            List<String> keys = PLATFORM.findAll(postRequestedFor(anyUrl())).stream()
                    .map(request -> request.getHeader("Idempotency-Key"))
                    .toList();
            assertThat(keys).hasSize(2).containsOnly(keys.get(0));
        }
    }

    @Test
    @Tag("S13")
    void aConflictOfTheWholeRequestIsNotRepeatedBlindly() {
        always(problem(409, "STATE_CONFLICT"));
        assertThatExceptionOfType(FuzhiException.Refused.class).isThrownBy(this::push);
        requests(1);
    }

    @Test
    @Tag("S15")
    void whatIsGoneIsNotRepeated() {
        always(problem(410, "GONE"));
        assertThatExceptionOfType(FuzhiException.Refused.class).isThrownBy(this::push);
        requests(1);
        assertThat(disposition()).isEqualTo(BatchReply.Disposition.PAUSE_KIND);
    }

    @Test
    @Tag("S31")
    void aGatewayThatLostTheAnswerIsAskedAgainAndTheRepeatIsASuccess() {
        for (int status : new int[] {502, 504}) {
            PLATFORM.resetAll();
            first(
                    aResponse()
                            .withStatus(status)
                            .withHeader("Content-Type", "text/html")
                            .withBody("<html>"),
                    json("{\"requestId\":\"r1\",\"results\":[{\"key\":\"2161000001\",\"result\":\"UNCHANGED\"}]}"));
            assertThat(push().isComplete()).isTrue();
            requests(2);
        }
    }

    @Test
    @Tag("S25")
    void aDateToComeBackAtIsRelativeToTheDateOfTheAnswer() {
        first(
                problem(503, "MAINTENANCE")
                        .withHeader("Date", "Thu, 15 Sep 2022 01:00:00 GMT")
                        .withHeader("Retry-After", "Thu, 15 Sep 2022 01:00:30 GMT"),
                json(DONE));
        assertThat(push().isComplete()).isTrue();
        assertThat(ports.waits)
                .singleElement()
                .satisfies(wait -> assertThat(wait).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(33)));
    }

    @Test
    @Tag("A11")
    void theClockIsLearntFromAnswersThatWereAccepted() {
        String ahead = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                Instant.now().plus(Duration.ofHours(1)).atOffset(ZoneOffset.UTC));
        always(json(DONE).withHeader("Date", ahead));
        push();
        push();
        List<Long> created = PLATFORM.findAll(postRequestedFor(anyUrl())).stream()
                .map(request -> request.getHeader("Signature-Input").replaceAll(".*created=(\\d+).*", "$1"))
                .map(Long::valueOf)
                .toList();
        assertThat(created.get(1) - created.get(0)).isBetween(3500L, 3700L);
    }

    @Test
    void aPlatformThatSaysNoStillGetsTheClockPutRight() {
        first(problem(401, "SIGNATURE_INVALID").withHeader("Fuzhi-Retry", "no"), json(DONE));
        assertThat(push().isComplete()).isTrue();
        requests(2);
    }

    @Test
    @Tag("S50")
    void aViolationCannotWriteLinesIntoALogEither() {
        always(aResponse()
                .withStatus(422)
                .withHeader("Content-Type", "application/problem+json")
                .withBody("{\"status\":422,\"code\":\"VALIDATION_FAILED\",\"detail\":\"d\",\"violations\":[null,"
                        + "{\"key\":\"k\\r\\nFAKE 1\",\"pointer\":\"/a\\nFAKE 2\",\"rule\":\"R\\u2028FAKE 3\",\"message\":\"m\\nFAKE 4"
                        + "x".repeat(10_000) + "\"}]}"));
        FuzhiException e = catchThrowableOfType(FuzhiException.Refused.class, this::push);
        assertThat(e.getMessage().lines().filter(line -> line.startsWith("FAKE")))
                .isEmpty();
        assertThat(e.getMessage().lines()).hasSize(2);
        assertThat(e.getMessage()).hasSizeLessThan(2000).doesNotContain("null");
    }

    @Test
    @Tag("S21")
    void aMisdirectedRequestIsSentOnceMoreOverANewConnection() {
        first(problem(421, "BAD_REQUEST"), json(DONE));
        assertThat(push().isComplete()).isTrue();
        requests(2);
    }

    @Test
    @Tag("S01")
    void aRefusalThatNamesNothingIsBisectedByTheOutbox() {
        always(problem(400, "INVALID_JSON"));
        assertThat(disposition()).isEqualTo(BatchReply.Disposition.BISECT);
        assertThatExceptionOfType(FuzhiException.Refused.class).isThrownBy(this::push);
    }

    @Test
    @Tag("S12")
    void aRequestThatIsStillRunningIsAskedForAgainUnderTheSameKey() {
        first(problem(409, "IN_PROGRESS").withHeader("Retry-After", "2"), json(DONE));
        assertThat(push().isComplete()).isTrue();
        assertThat(ports.waits)
                .singleElement()
                .satisfies(wait -> assertThat(wait).isBetween(Duration.ofSeconds(2), Duration.ofMillis(2200)));
    }

    @Test
    @Tag("S23")
    void throttlingPausesTheHostAndTellsHowLong() {
        always(problem(429, "RATE_LIMITED").withHeader("Retry-After", "120"));
        FuzhiException slow = catchThrowableOfType(FuzhiException.Throttled.class, this::push);
        assertThat(slow.retryAfter()).isEqualTo(Duration.ofMinutes(2));
        requests(1);
        BatchReply.Failed failed = (BatchReply.Failed) send(1);
        assertThat(failed.disposition()).isEqualTo(BatchReply.Disposition.PAUSE_HOST);
        assertThat(failed.retryAfter()).isEqualTo(Duration.ofMinutes(2));
    }

    @Test
    @Tag("S24")
    void throttlingWithoutAHeaderBacksOffFromOneSecond() {
        first(problem(429, "RATE_LIMITED"), json(DONE));
        assertThat(push().isComplete()).isTrue();
        assertThat(ports.waits).containsExactly(Duration.ofMillis(500));
    }

    @Test
    @Tag("S34")
    @Tag("N27")
    void aPageOfAGatewayIsNoSuccess() {
        always(aResponse().withHeader("Content-Type", "text/html").withBody("<html>login</html>"));
        FuzhiException e = catchThrowableOfType(FuzhiException.Protocol.class, this::push);
        assertThat(e).hasMessageNotContaining("<html>");
        requests(3);
        assertThat(disposition()).isEqualTo(BatchReply.Disposition.RETRY);
    }

    @Test
    @Tag("S36")
    @Tag("S58")
    void emptyAndAsynchronousAnswersAreNoVerdict() {
        for (ResponseDefinitionBuilder answer : List.of(
                json(""), json("null"), json(DONE).withStatus(202), aResponse().withStatus(204))) {
            always(answer);
            assertThat(disposition()).isEqualTo(BatchReply.Disposition.RETRY);
        }
    }

    @Test
    @Tag("S40")
    @Tag("S37")
    void sloppyJsonIsRefused() {
        for (String sloppy : List.of(
                DONE + "x",
                "{\"requestId\":\"r\",\"requestId\":\"r\",\"results\":[]}",
                "{\"requestId\":\"r\",\"results\":[{\"key\":\"k\",\"result\":1}]}",
                "{\"requestId\":\"r\",\"results\":[{\"key\":\"k\",\"result\":\"CREATED\",\"version\":1.5}]}",
                "{\"requestId\":\"r\",\"results\":[{\"key\":\"k\",\"result\":\"CREATED\",\"version\":\"1\"}]}",
                "{\"requestId\":7,\"results\":[]}")) {
            always(json(sloppy));
            assertThat(send(1)).as(sloppy).isInstanceOf(BatchReply.Failed.class);
        }
        always(aResponse()
                .withHeader("Content-Type", "application/json")
                .withBody(DONE.getBytes(StandardCharsets.UTF_16BE)));
        assertThat(send(1)).isInstanceOf(BatchReply.Failed.class);
        always(aResponse().withHeader("Content-Type", "application/json").withBody(new byte[] {'{', '"', (byte) 0xff}));
        assertThat(send(1)).isInstanceOf(BatchReply.Failed.class);
    }

    @Test
    @Tag("S38")
    @Tag("S39")
    void unknownFieldsAreIgnoredAndUnknownVerdictsUndecided() {
        always(json("{\"requestId\":\"r\",\"new\":{},\"results\":[{\"key\":\"2161000001\",\"result\":\"PONDERED\"}]}"));
        ItemOutcome outcome = ((BatchReply.Decided) send(1)).outcomes().get("2161000001");
        assertThat(outcome.isDecided()).isFalse();
        assertThat(outcome.verdict()).isEqualTo(Verdict.of("PONDERED"));
        assertThat(push().undecidedCount()).isEqualTo(1);
    }

    @Test
    @Tag("S50")
    void aProblemCannotWriteLinesIntoALog() {
        always(
                aResponse()
                        .withStatus(400)
                        .withHeader("Content-Type", "application/problem+json")
                        .withBody(
                                "{\"status\":400,\"code\":\"A\\r\\nB\",\"detail\":\"x\\r\\nFAKE LOG LINE\",\"requestId\":\"r\\n\"}"));
        FuzhiException e = catchThrowableOfType(FuzhiException.Refused.class, this::push);
        assertThat(e.getMessage()).doesNotContain("\n").doesNotContain("\r");
    }

    @Test
    void aNumberOfAPersonThatAProblemRepeatsIsHidden() {
        always(aResponse()
                .withStatus(400)
                .withHeader("Content-Type", "application/problem+json")
                .withBody("{\"status\":400,\"code\":\"C\",\"detail\":\"" + "长".repeat(484)
                        + "电话 13800005678 已存在\",\"requestId\":\"137000000000001\","
                        + "\"detailEn\":\"phone 13800005678 exists\",\"violations\":[{\"key\":\"2161000009\",\"rule\":\"R-02\","
                        + "\"pointer\":\"\",\"severity\":\"ERROR\",\"message\":\"号码 13800005678\"}]}"));
        FuzhiException e = catchThrowableOfType(FuzhiException.Refused.class, this::push);
        assertThat(e.getMessage()).contains("138****").doesNotContain("13800005678");
        assertThat(e.requestId()).isEqualTo("137000000000001");
        assertThat(((BatchReply.Failed) send(1)).problem()).contains("138****").doesNotContain("13800005678");
    }

    @Test
    void whatARefusedRecordIsToldIsFitToBeShown() {
        always(
                json(
                        "{\"requestId\":\"r\",\"results\":[{\"key\":\"2161000001\",\"result\":\"REJECTED\",\"violations\":["
                                + "{\"rule\":\"R-02\",\"severity\":\"ERROR\",\"message\":\"电话 １３８００００５６７８ 有误\\r\\nFAKE\","
                                + "\"fieldZh\":\"电话13800005678\\n\",\"messageEn\":\"(029)88888888\",\"hint\":\"13800005678\"}],"
                                + "\"warnings\":[{\"rule\":\"R-02\",\"severity\":\"WARNING\",\"message\":\"029 8888 13800005678\"}]}]}"));
        String shown = push().rows().toString();
        assertThat(shown).contains("１３８****", "有误", "138****").doesNotContain("５６７８", "88888888", "5678", "\n", "\r");
    }

    @Test
    void anExceptionThatTravelsKeepsWhatItSays() throws IOException, ClassNotFoundException {
        always(problem(429, "RATE_LIMITED").withHeader("Retry-After", "7"));
        FuzhiException e = catchThrowableOfType(FuzhiException.Throttled.class, this::push);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(e);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            FuzhiException read = (FuzhiException) in.readObject();
            assertThat(read).isInstanceOf(FuzhiException.Throttled.class).hasMessage(e.getMessage());
            assertThat(read.status()).isEqualTo(429);
            assertThat(read.code()).isEqualTo("RATE_LIMITED");
            assertThat(read.requestId()).isEqualTo("req-1");
            assertThat(read.retryable()).isTrue();
            assertThat(read.retryAfter()).isEqualTo(Duration.ofSeconds(7));
            assertThat(read.violations()).isEmpty();
        }
    }

    @Test
    void aProblemSaysWhatHappenedAndWhatToDoInTwoLanguages() {
        always(problem(409, "STATE_CONFLICT"));
        FuzhiException e = catchThrowableOfType(FuzhiException.Refused.class, this::push);
        assertThat(e.code()).isEqualTo("STATE_CONFLICT");
        assertThat(e.requestId()).isEqualTo("req-1");
        assertThat(e).hasMessageContaining("请修改数据").hasMessageContaining("correct the data");
    }

    @Test
    void theWordOfThePlatformIsFollowed() {
        always(problem(500, "INTERNAL").withHeader("Fuzhi-Retry", "no"));
        assertThatExceptionOfType(FuzhiException.Unavailable.class).isThrownBy(this::push);
        requests(1);
    }

    @Test
    @Tag("S33")
    void retriesStayWithinTheBudget() {
        // Each call waits a minute, so that the breaker never sees ten calls in its window: only the budget can stop
        // retries.
        always(problem(504, "TIMEOUT"));
        for (int calls = 0; calls < 100; calls++) {
            ports.pass(Duration.ofMinutes(1));
            assertThatExceptionOfType(FuzhiException.Unavailable.class)
                    .isThrownBy(() -> client.schools().get("2161000001"));
        }
        requests(100 + 35);
    }

    @Test
    @Tag("S33")
    void theBudgetIsEarnedBySuccessesAndNeverRefunded() {
        RetryBudget budget = new RetryBudget();
        int retries = 0;
        while (budget.take(false)) {
            retries++;
        }
        assertThat(retries).isEqualTo(35);
        for (int i = 0; i < 14; i++) {
            budget.earn();
        }
        assertThat(budget.take(false)).isTrue();
        assertThat(budget.take(false)).isFalse();
    }
}
