package cn.fuzhi.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cn.fuzhi.sdk.RawServer.Received;
import cn.fuzhi.sdk.RawServer.Step;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the client does when the network or the other side misbehaves below HTTP; the server counts what reaches it. */
@Timeout(60)
class NetworkTest {
    private static final String DONE =
            "{\"requestId\":\"r\",\"results\":[{\"key\":\"2161000001\",\"result\":\"CREATED\"}]}";
    private static final String SCHOOL =
            "{\"key\":\"2161000001\",\"record\":{\"name\":\"示例\"},\"meta\":{\"version\":1}}";

    private final FakePorts ports = new FakePorts();
    private RawServer server;
    private FuzhiClient client;

    private void start(Step... script) throws IOException {
        server = new RawServer(script);
        client = Clients.of(server.url(), ports).build();
    }

    @AfterEach
    void stop() throws IOException {
        if (client != null) {
            client.close(Duration.ZERO);
        }
        if (server != null) {
            server.close();
        }
    }

    private PushReport push() {
        return client.push(List.of(Samples.school("2161000001")));
    }

    private BatchReply sendOnce() {
        return client.send(new BatchSender.Batch(
                cn.fuzhi.sdk.model.RecordKind.SCHOOL,
                List.of(new BatchSender.Item(RecordCodec.freeze(Samples.school("2161000001")), 7)),
                Duration.ofSeconds(10)));
    }

    private static String nonce(Received request) {
        return request.header("Signature-Input").replaceAll(".*nonce=\"([^\"]*)\".*", "$1");
    }

    private void assertRepeatedUnderOneKeyWithANewSignature() {
        assertThat(server.received()).hasSize(2);
        Received first = server.received().get(0);
        Received second = server.received().get(1);
        assertThat(second.header("Idempotency-Key")).isEqualTo(first.header("Idempotency-Key"));
        assertThat(nonce(second)).isNotEqualTo(nonce(first));
    }

    @Test
    @Tag("N10")
    void appliedThenResetIsRepeatedUnderTheSameKey() throws IOException {
        start(
                connection -> {
                    connection.readBody(1);
                    connection.reset();
                },
                RawServer.json(DONE));
        assertThat(push().isComplete()).isTrue();
        assertRepeatedUnderOneKeyWithANewSignature();
    }

    @Test
    @Tag("N09")
    void aResetInTheMiddleOfTheBodyIsRepeatedUnderTheSameKey() throws IOException {
        start(
                connection -> {
                    connection.readBody(0.5);
                    connection.reset();
                },
                RawServer.json(DONE));
        assertThat(push().isComplete()).isTrue();
        assertRepeatedUnderOneKeyWithANewSignature();
    }

    @Test
    @Tag("N11")
    @Tag("S35")
    @Tag("S43")
    void anAnswerThatIsCutIsNeverASuccess() throws IOException {
        start(
                connection -> {
                    connection.readBody(1);
                    connection.write(RawServer.response(200, "Content-Type: application/json\r\n", DONE.length())
                            + DONE.substring(0, 40));
                    connection.end();
                },
                RawServer.json(DONE));
        assertThat(push().isComplete()).isTrue();
        assertRepeatedUnderOneKeyWithANewSignature();
    }

    @Test
    @Tag("S44")
    void aBrokenChunkIsRepeated() throws IOException {
        start(
                connection -> {
                    connection.readBody(1);
                    connection.write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n");
                    connection.write("Transfer-Encoding: chunked\r\n\r\nzz\r\n");
                    connection.end();
                },
                RawServer.json(DONE));
        assertThat(push().isComplete()).isTrue();
        assertRepeatedUnderOneKeyWithANewSignature();
    }

    @Test
    @Tag("N10")
    void aSingleSendIsNeverRepeatedBehindTheBackOfTheCaller() throws IOException {
        for (Step step : List.<Step>of(
                RawServer.answer(408, "", ""), RawServer.answer(503, "Retry-After: 0\r\n", ""), connection -> {
                    connection.readBody(1);
                    connection.reset();
                })) {
            start(step);
            assertThat(sendOnce()).isInstanceOf(BatchReply.Failed.class);
            assertThat(server.received()).hasSize(1);
            stop();
        }
    }

    @Test
    @Tag("S27")
    void aReadThatIsToldToComeBackAtOnceIsRepeatedByUsAlone() throws IOException {
        start(RawServer.answer(503, "Retry-After: 0\r\n", ""));
        assertThatExceptionOfType(FuzhiException.Unavailable.class)
                .isThrownBy(() -> client.schools().get("2161000001"));
        assertThat(server.received()).hasSize(RetryPolicy.defaults().maxAttempts());
        assertThat(ports.waits).hasSize(2).allMatch(wait -> wait.compareTo(Duration.ofMillis(50)) > 0);
        assertThat(server.received()).extracting(NetworkTest::nonce).doesNotHaveDuplicates();
    }

    @Test
    @Tag("S46")
    @Tag("S47")
    @Tag("S48")
    void aRedirectIsNotFollowedAndLeaksNothing() throws IOException {
        try (RawServer elsewhere = new RawServer(RawServer.json(DONE))) {
            for (int status : new int[] {301, 302, 303, 307, 308}) {
                start(RawServer.answer(status, "Location: " + elsewhere.url() + "/v1/schools\r\n", ""));
                assertThatExceptionOfType(FuzhiException.Protocol.class).isThrownBy(this::push);
                assertThat(sendOnce())
                        .isInstanceOfSatisfying(
                                BatchReply.Failed.class,
                                failed -> assertThat(failed.disposition()).isEqualTo(BatchReply.Disposition.PAUSE_ALL));
                assertThat(server.received()).hasSize(2);
                stop();
            }
            assertThat(elsewhere.received()).isEmpty();
        }
    }

    @Test
    @Tag("N14")
    void aDribblingServerEndsAtTheCallTimeout() throws IOException {
        start(connection -> {
            connection.write(RawServer.response(200, "Content-Type: application/json\r\n", 1 << 20));
            dribble(connection);
        });
        client.close(Duration.ZERO);
        client = Clients.of(server.url(), ports)
                .callTimeout(Duration.ofSeconds(2))
                .build();
        long start = System.nanoTime();
        BatchReply reply = sendOnce();
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(Duration.ofMillis(1900), Duration.ofSeconds(25));
        assertThat(reply).isInstanceOfSatisfying(BatchReply.Failed.class, failed -> {
            assertThat(failed.disposition()).isEqualTo(BatchReply.Disposition.RETRY);
            assertThat(failed.problem()).contains("2000 ms");
        });
    }

    /** Asking for the secret is part of an attempt: what is sent after its time may be sent after the lease of a record. */
    @Test
    void aSecretThatComesTooLateSendsNothing() throws IOException {
        start(RawServer.json(DONE));
        client.close(Duration.ZERO);
        client = Clients.of(server.url(), ports)
                .credentials(Credentials.hmacSha256(Clients.KEY_ID, () -> {
                    LockSupport.parkNanos(Duration.ofMillis(400).toNanos()); // the vault's own pace
                    return Clients.SECRET.clone();
                }))
                .callTimeout(Duration.ofMillis(100))
                .build();
        assertThat(sendOnce())
                .isInstanceOfSatisfying(
                        BatchReply.Failed.class,
                        failed -> assertThat(failed.problem()).contains("100 ms"));
        assertThat(server.received()).isEmpty();
    }

    /** One byte every 50 ms: the server's own pace, which is what is tested. */
    private static void dribble(RawServer.Connection connection) throws IOException {
        for (int i = 0; i < 1 << 20; i++) {
            connection.pause(Duration.ofMillis(50));
            connection.write(" ");
        }
    }

    @Test
    @Tag("N06")
    void aRefusedConnectionIsRepeatedAndThenUnavailable() throws IOException {
        // Bound and not listening: refused, and nobody else can get the port meanwhile.
        try (Socket silent = new Socket()) {
            silent.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            client = Clients.of("http://127.0.0.1:" + silent.getLocalPort(), ports)
                    .build();
            FuzhiException e = catchThrowableOfType(FuzhiException.Unavailable.class, this::push);
            assertThat(e.retryable()).isTrue();
            assertThat(ports.waits).hasSize(2);
        }
    }

    @Test
    @Tag("N01")
    void anUnknownHostIsNamedAndWorthARetry() {
        client = Clients.of("https://no-such-host.invalid", ports).build();
        assertThatExceptionOfType(FuzhiException.Unavailable.class)
                .isThrownBy(this::push)
                .withMessageContaining("no-such-host.invalid");
    }

    @Test
    void anOpenBreakerSendsNothing() throws IOException {
        start(RawServer.answer(500, "", ""));
        for (int i = 0; i < 10; i++) {
            sendOnce();
        }
        assertThat(server.received()).hasSize(10);
        for (int i = 0; i < 20; i++) {
            assertThat(sendOnce())
                    .isInstanceOfSatisfying(
                            BatchReply.Failed.class,
                            failed -> assertThat(failed.disposition()).isEqualTo(BatchReply.Disposition.NOT_TRIED));
        }
        assertThat(server.received()).hasSize(10);
        ports.pass(Duration.ofSeconds(11));
        sendOnce();
        assertThat(server.received()).hasSize(11);
    }

    @Test
    void theBodyIsCompressedAndSplicedAsItWasFrozen() throws IOException {
        start(RawServer.json(DONE));
        FrozenRecord frozen = RecordCodec.freeze(Samples.school("2161000001"));
        List<BatchSender.Item> items = java.util.stream.IntStream.rangeClosed(1, 20)
                .mapToObj(i ->
                        new BatchSender.Item(RecordCodec.freeze(Samples.school(String.valueOf(2161000000L + i))), i))
                .toList();
        client.send(new BatchSender.Batch(cn.fuzhi.sdk.model.RecordKind.SCHOOL, items, Duration.ofSeconds(5)));
        Received request = server.received().get(0);
        assertThat(request.header("Content-Encoding")).isEqualTo("gzip");
        String body = new String(
                new GZIPInputStream(new ByteArrayInputStream(request.body())).readAllBytes(), StandardCharsets.UTF_8);
        assertThat(body)
                .contains("{\"op\":\"UPSERT\",\"key\":\"2161000001\",\"version\":1,\"digest\":\"" + frozen.digest()
                        + "\",\"record\":" + new String(frozen.payload(), StandardCharsets.UTF_8) + "}");
        assertThat(Json.MAPPER.readTree(body).get("items")).hasSize(20);
    }

    @Test
    @Tag("S41")
    void deepNestingIsRefusedQuickly() throws IOException {
        start(RawServer.json("{\"key\":" + "[".repeat(100_000)));
        assertThatExceptionOfType(FuzhiException.Protocol.class)
                .isThrownBy(() -> client.schools().get("2161000001"));
    }

    @Test
    @Tag("S49")
    void oneInformationalAnswerIsSkippedAndAFloodIsAFailedAttempt() throws IOException {
        String answer = RawServer.response(
                        200, "Content-Type: application/json\r\n", SCHOOL.getBytes(StandardCharsets.UTF_8).length)
                + SCHOOL;
        start(connection -> connection.write("HTTP/1.1 103 Early Hints\r\n\r\n" + answer));
        assertThat(client.schools().get("2161000001").key()).isEqualTo("2161000001");
        stop();
        start(connection -> connection.write("HTTP/1.1 103 Early Hints\r\n\r\n".repeat(5) + answer));
        assertThatExceptionOfType(FuzhiException.class)
                .isThrownBy(() -> client.schools().get("2161000001"))
                .matches(FuzhiException::retryable);
        assertThat(server.received()).hasSize(3);
    }
}
