package cn.fuzhi.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cn.fuzhi.sdk.model.RecordKind;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The numbers of the pipeline: bulkhead, breaker, deadline, and what closing and interrupting do to those who wait. */
@Timeout(60)
class PipelineTest {
    private static final String SCHOOL =
            "{\"key\":\"2161000001\",\"record\":{\"name\":\"x\"},\"meta\":{\"version\":1}}";

    private final FakePorts ports = new FakePorts();
    private final CountDownLatch release = new CountDownLatch(1);
    private RawServer server;
    private FuzhiClient client;

    @AfterEach
    void stop() throws IOException {
        release.countDown();
        if (client != null) {
            client.close(Duration.ZERO);
        }
        if (server != null) {
            server.close();
        }
    }

    private Object get() {
        return client.schools().get("2161000001");
    }

    private BatchReply send() {
        return client.send(new BatchSender.Batch(
                RecordKind.SCHOOL,
                List.of(new BatchSender.Item(RecordCodec.freeze(Samples.school("2161000001")), 1)),
                Duration.ofSeconds(30)));
    }

    private RawServer.Step hang(CountDownLatch arrived) {
        return connection -> {
            arrived.countDown();
            try {
                release.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            connection.end();
        };
    }

    @Test
    void overloadFailsThoseWhoComeTooLateAndNobodyElse() throws IOException {
        server = new RawServer(RawServer.json(SCHOOL));
        client = Clients.of(server.url(), ports)
                .rateLimit(0.01)
                .deadline(Duration.ofSeconds(5))
                .build();
        get();
        for (int i = 0; i < 100; i++) {
            assertThatExceptionOfType(FuzhiException.Unavailable.class).isThrownBy(this::get);
        }
        client.close(Duration.ZERO);
        client = Clients.of(server.url(), ports)
                .rateLimit(0.01)
                .deadline(Duration.ofSeconds(150))
                .build();
        get();
        get();
        assertThat(server.received()).hasSize(3);
    }

    @Test
    void eightCallsGoAtATimeAndTheNinthWaitsNoLongerThanItsDeadline() throws Exception {
        CountDownLatch arrived = new CountDownLatch(8);
        server = new RawServer(hang(arrived));
        client = Clients.of(server.url(), Ports.SYSTEM)
                .retry(RetryPolicy.never())
                .deadline(Duration.ofSeconds(30))
                .build();
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Thread caller = new Thread(
                    () -> assertThatExceptionOfType(FuzhiException.class).isThrownBy(this::get));
            caller.start();
            callers.add(caller);
        }
        arrived.await();
        CompletableFuture<Object> ninth = CompletableFuture.supplyAsync(this::get, Clients.THREADS);
        assertThat(server.received()).hasSize(8);
        // Closing reaches the one that waits for a place although those on the wire have time left.
        CompletableFuture<Void> closing =
                CompletableFuture.runAsync(() -> client.close(Duration.ofSeconds(20)), Clients.THREADS);
        assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> ninth.get(6, TimeUnit.SECONDS));
        assertThat(closing).isNotDone();
        release.countDown();
        closing.get(30, TimeUnit.SECONDS);
        for (Thread caller : callers) {
            caller.join();
        }
        assertThat(server.received()).hasSize(8);
    }

    @Test
    void theTotalDeadlineHoldsAlsoForWaitingAtTheBulkhead() throws Exception {
        CountDownLatch arrived = new CountDownLatch(4);
        server = new RawServer(hang(arrived));
        client = Clients.of(server.url(), Ports.SYSTEM).build();
        for (int i = 0; i < 4; i++) {
            Thread caller = new Thread(this::send);
            caller.setDaemon(true);
            caller.start();
        }
        arrived.await();
        BatchReply reply = CompletableFuture.supplyAsync(
                        () -> client.send(new BatchSender.Batch(
                                RecordKind.SCHOOL,
                                List.of(new BatchSender.Item(RecordCodec.freeze(Samples.school("2161000001")), 1)),
                                Duration.ofMillis(200))),
                        Clients.THREADS)
                .get(8, TimeUnit.SECONDS);
        assertThat(reply)
                .isInstanceOfSatisfying(
                        BatchReply.Failed.class,
                        failed -> assertThat(failed.disposition()).isEqualTo(BatchReply.Disposition.NOT_TRIED));
        assertThat(server.received()).hasSize(4);
    }

    @Test
    void noAttemptBeginsThatCannotEndBeforeTheDeadline() throws IOException {
        server = new RawServer(RawServer.answer(503, "Retry-After: 60\r\n", ""));
        client = Clients.of(server.url(), ports)
                .deadline(Duration.ofSeconds(150))
                .build();
        assertThatExceptionOfType(FuzhiException.Unavailable.class).isThrownBy(this::get);
        assertThat(server.received()).hasSize(3);
        assertThatExceptionOfType(FuzhiException.Unavailable.class)
                .isThrownBy(() -> Clients.of(server.url(), ports)
                        .deadline(Duration.ofSeconds(50))
                        .build()
                        .schools()
                        .get("2161000001"));
        assertThat(server.received()).hasSize(4);
    }

    private void serveWhen(AtomicBoolean healthy) throws IOException {
        server = new RawServer(connection -> (healthy.get()
                        ? RawServer.json("{\"requestId\":\"r\",\"results\":[]}")
                        : RawServer.answer(500, "", ""))
                .run(connection));
        client = Clients.of(server.url(), ports).build();
    }

    @Test
    void anOpenBreakerTriesThreeCallsAndThenWaitsTwiceAsLong() throws IOException {
        AtomicBoolean healthy = new AtomicBoolean();
        serveWhen(healthy);
        int sent = sendUntilItOpens();
        assertThat(sent).isEqualTo(10);
        Duration wait = Duration.ofSeconds(10);
        for (int round = 0; round < 7; round++) {
            ports.pass(wait.minusSeconds(1));
            assertThat(sendUntilItOpens()).as("still open").isZero();
            ports.pass(Duration.ofSeconds(2));
            assertThat(sendUntilItOpens()).as("three trials").isEqualTo(3);
            wait = wait.multipliedBy(2).compareTo(Duration.ofMinutes(5)) > 0
                    ? Duration.ofMinutes(5)
                    : wait.multipliedBy(2);
        }
        assertThat(wait).isEqualTo(Duration.ofMinutes(5));
        ports.pass(Duration.ofMinutes(5).plusSeconds(1));
        healthy.set(true);
        for (int i = 0; i < 20; i++) {
            assertThat(send()).isInstanceOf(BatchReply.Decided.class);
        }
    }

    /** Sends until the breaker lets nothing through, and counts what reached the server. */
    private int sendUntilItOpens() {
        int before = server.received().size();
        for (int i = 0; i < 20; i++) {
            send();
        }
        return server.received().size() - before;
    }

    @Test
    @Tag("U14")
    void aBreakerIsNotHalfOpenForEver() {
        Breakers breakers = new Breakers(Duration.ofSeconds(30), ports, new Events(null, "test"));
        CircuitBreaker breaker = breakers.enter("push");
        breaker.transitionToOpenState();
        ports.pass(Duration.ofSeconds(11));
        for (int trial = 0; trial < 3; trial++) {
            assertThat(breakers.enter("push")).isSameAs(breaker);
        }
        ports.pass(Duration.ofSeconds(34));
        assertThat(breakers.enter("push")).isNull();
        assertThat(breaker.getState()).isEqualTo(CircuitBreaker.State.HALF_OPEN);
        ports.pass(Duration.ofSeconds(2));
        assertThat(breakers.enter("push")).isNull();
        assertThat(breaker.getState()).isEqualTo(CircuitBreaker.State.OPEN);
        assertThat(Thread.getAllStackTraces().keySet())
                .as("the library's own timer is a thread that nothing ends")
                .noneMatch(thread -> thread.getName().startsWith("CircuitBreaker"));
    }

    @Test
    void aProgramThatCallsOnceADayIsLetThroughAfterAnOutage() throws IOException {
        AtomicBoolean healthy = new AtomicBoolean();
        serveWhen(healthy);
        sendUntilItOpens();
        healthy.set(true);
        for (int day = 0; day < 10; day++) {
            ports.pass(Duration.ofDays(1));
            assertThat(send()).as("day %s", day).isInstanceOf(BatchReply.Decided.class);
        }
    }

    @Test
    @Tag("U06")
    void anInterruptDuringTheBackoffEndsTheRetries() throws IOException {
        server = new RawServer(RawServer.answer(503, "", ""));
        client = Clients.of(server.url(), ports).build();
        ports.beforeWait = () -> Thread.currentThread().interrupt();
        assertThatExceptionOfType(FuzhiException.Unavailable.class).isThrownBy(this::get);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(server.received()).hasSize(1);
    }

    @Test
    @Tag("U06")
    void anInterruptBetweenTwoReadsIsNoFailureOfThePlatform() throws IOException {
        server = new RawServer(RawServer.json(SCHOOL));
        AtomicBoolean strike = new AtomicBoolean(true);
        client = Clients.of(server.url(), ports)
                .credentials(Credentials.hmacSha256("k", () -> {
                    if (strike.get()) {
                        Thread.currentThread().interrupt();
                    }
                    return new byte[] {1};
                }))
                .build();
        for (int i = 0; i < 20; i++) {
            FuzhiClient other = client.with(Credentials.hmacSha256("k" + i, () -> {
                Thread.currentThread().interrupt();
                return new byte[] {1};
            }));
            FuzhiException e = catchThrowableOfType(
                    FuzhiException.class, () -> other.schools().get("2161000001"));
            assertThat(Thread.interrupted()).isTrue();
            assertThat(e).hasMessageContaining("interrupted");
        }
        strike.set(false);
        assertThat(get()).as("the breaker has not opened").isNotNull();
        assertThat(ports.waits).isEmpty();
    }

    @Test
    @Tag("U01")
    void closingReachesACallerThatWaitsForItsNextAttempt() throws Exception {
        server = new RawServer(RawServer.answer(503, "Retry-After: 80\r\n", ""));
        CountDownLatch waiting = new CountDownLatch(1);
        ports.reallyWaiting = true;
        ports.beforeWait = waiting::countDown;
        client =
                Clients.of(server.url(), ports).deadline(Duration.ofMinutes(10)).build();
        CompletableFuture<Object> call = CompletableFuture.supplyAsync(this::get, Clients.THREADS);
        waiting.await();
        client.close(Duration.ofSeconds(5));
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> call.get(10, TimeUnit.SECONDS))
                .withCauseInstanceOf(FuzhiException.Unavailable.class);
        assertThat(server.received()).hasSize(1);
    }

    @Test
    @Tag("U01")
    void closingReachesACallerThatIsPaced() throws Exception {
        server = new RawServer(RawServer.json(SCHOOL));
        CountDownLatch waiting = new CountDownLatch(1);
        ports.reallyWaiting = true;
        ports.beforeWait = waiting::countDown;
        client = Clients.of(server.url(), ports)
                .rateLimit(0.02)
                .deadline(Duration.ofMinutes(10))
                .build();
        get();
        CompletableFuture<Object> call = CompletableFuture.supplyAsync(this::get, Clients.THREADS);
        waiting.await();
        client.close(Duration.ofSeconds(5));
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> call.get(10, TimeUnit.SECONDS))
                .withCauseInstanceOf(FuzhiException.Unavailable.class);
        assertThat(server.received()).hasSize(1);
    }

    @Test
    @Tag("U06")
    void anInterruptEndsACallAlsoWhileTheClientCloses() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        server = new RawServer(hang(arrived));
        client = Clients.of(server.url(), Ports.SYSTEM).build();
        CompletableFuture<String> outcome = new CompletableFuture<>();
        Thread caller = new Thread(() -> {
            try {
                get();
                outcome.complete("answered");
            } catch (FuzhiException e) {
                outcome.complete(e.getMessage());
            }
        });
        caller.start();
        arrived.await();
        CompletableFuture<Void> closing =
                CompletableFuture.runAsync(() -> client.close(Duration.ofSeconds(50)), Clients.THREADS);
        awaitClosed();
        // Long enough for a watcher that ends with the closing to be gone.
        assertThat(release.await(200, TimeUnit.MILLISECONDS)).isFalse();
        caller.interrupt();
        assertThat(outcome.get(15, TimeUnit.SECONDS)).contains("interrupted");
        closing.get(15, TimeUnit.SECONDS);
    }

    private void awaitClosed() {
        try {
            while (true) {
                // A batch without time is not sent, and is refused as soon as the client begins to close.
                client.send(new BatchSender.Batch(
                        RecordKind.SCHOOL,
                        List.of(new BatchSender.Item(RecordCodec.freeze(Samples.school("2161000001")), 1)),
                        Duration.ZERO));
                Thread.onSpinWait();
            }
        } catch (IllegalStateException e) {
            assertThat(e).hasMessageContaining("closed");
        }
    }

    @Test
    void aWriteWithoutAnAnswerHasAnUnknownOutcomeAndAReadHasNot() throws IOException {
        server = new RawServer(connection -> {
            connection.readBody(1);
            connection.reset();
        });
        client = Clients.of(server.url(), ports).build();
        FuzhiException write = catchThrowableOfType(
                FuzhiException.OutcomeUnknown.class, () -> client.attachments().complete("ATT-1"));
        assertThat(write).hasMessageContaining("read before writing again");
        assertThat(write.retryable()).isFalse();
        assertThatExceptionOfType(FuzhiException.Unavailable.class).isThrownBy(this::get);
        assertThatExceptionOfType(FuzhiException.Unavailable.class).isThrownBy(() -> client.push(Samples.schools(1)));
    }

    @Test
    void aWriteThatMayHaveBeenAppliedStaysUnknownWhenTheRepeatsDoNotArrive() throws IOException {
        server = new RawServer(
                connection -> {
                    connection.readBody(1);
                    connection.reset();
                },
                RawServer.answer(503, "", ""));
        client = Clients.of(server.url(), ports).build();
        assertThatExceptionOfType(FuzhiException.OutcomeUnknown.class)
                .isThrownBy(() -> client.attachments().complete("ATT-1"));
        server.close();
        completeAfterReset(422, "Content-Type: application/problem+json\r\n", "{\"code\":\"VALIDATION_FAILED\"}")
                .as("a refusal is an answer: it was not applied")
                .isExactlyInstanceOf(FuzhiException.Refused.class);
    }

    private AbstractThrowableAssert<?, ? extends Throwable> completeAfterReset(int status, String headers, String body)
            throws IOException {
        server = new RawServer(
                connection -> {
                    connection.readBody(1);
                    connection.reset();
                },
                RawServer.answer(status, headers, body));
        client = Clients.of(server.url(), ports).build();
        return assertThatThrownBy(() -> client.attachments().complete("ATT-1"));
    }

    /** A wrong signature, a redirect or the page of a gateway says nothing about the attempt before it. */
    @ParameterizedTest
    @ValueSource(ints = {307, 400, 401, 403, 404, 413, 421, 501})
    void anAnswerToARepeatSettlesNothingUnlessItIsTheVerdictOfThePlatform(int status) throws IOException {
        completeAfterReset(status, "", "").isExactlyInstanceOf(FuzhiException.OutcomeUnknown.class);
    }

    @ParameterizedTest
    @CsvSource({
        "408, ''",
        "500, ''",
        "502, ''",
        "503, ''",
        "504, ''",
        "500, INTERNAL", // the platform says that it may be sent again: under the same key
        "409, IN_PROGRESS"
    })
    void aWriteThatFailedHalfwayMayHaveBeenApplied(int status, String code) throws IOException {
        server = new RawServer(
                code.isEmpty()
                        ? RawServer.answer(status, "", "")
                        : RawServer.answer(
                                status,
                                "Content-Type: application/problem+json\r\nFuzhi-Retry: yes\r\n",
                                "{\"code\":\"" + code + "\"}"));
        client = Clients.of(server.url(), ports).build();
        assertThatExceptionOfType(FuzhiException.OutcomeUnknown.class)
                .isThrownBy(() -> client.attachments().complete("ATT-1"));
        assertThat(server.received()).as("under one key it may be repeated").hasSize(3);
        assertThatExceptionOfType(FuzhiException.Unavailable.class).isThrownBy(this::get);
    }

    @Test
    @Tag("N26")
    void requestsGoThroughTheProxyWithTheSignedNameOfThePlatform() throws IOException {
        server = new RawServer(RawServer.json(SCHOOL));
        client = FuzhiClient.builder()
                .baseUrl("http://localhost:9")
                .authority("Platform.Example.invalid:80")
                .credentials(Credentials.hmacSha256(Clients.KEY_ID, Clients.SECRET::clone))
                .rateLimit(0)
                .proxy(new Proxy(
                        Proxy.Type.HTTP, new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port())))
                .ports(ports)
                .build();
        get();
        RawServer.Received request = server.received().get(0);
        assertThat(request.head()).startsWith("GET http://localhost:9/v1/schools/2161000001 HTTP/1.1");
        SignatureVerifier platform =
                new SignatureVerifier("platform.example.invalid", Clients.KEY_ID, Clients.SECRET, "HmacSHA256");
        assertThat(platform.verify("GET", "/v1/schools/2161000001", null, request::header, new byte[0], ports.now()))
                .isEqualTo("VALID");
    }

    @Test
    @Tag("N26")
    void aProxyThatWantsAPasswordIsAClearError() throws IOException {
        server = new RawServer(RawServer.answer(407, "Proxy-Authenticate: Basic\r\n", ""));
        client = Clients.of("http://localhost:9", ports)
                .proxy(new Proxy(
                        Proxy.Type.HTTP, new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port())))
                .build();
        FuzhiException e = catchThrowableOfType(FuzhiException.Protocol.class, this::get);
        assertThat(e.status()).isEqualTo(407);
        assertThat(server.received()).hasSize(1);
    }
}
