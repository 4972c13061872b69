package cn.fuzhi.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cn.fuzhi.sdk.model.School;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Settings, closing, interrupting, listeners and threads. */
@Timeout(60)
class LifecycleTest {
    private static final String SCHOOL =
            "{\"key\":\"2161000001\",\"record\":{\"name\":\"x\"},\"meta\":{\"version\":1}}";

    private final CountDownLatch arrived = new CountDownLatch(1);
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

    private void hang() throws IOException {
        server = new RawServer(connection -> {
            arrived.countDown();
            awaitRelease();
        });
    }

    private void awaitRelease() throws IOException {
        try {
            release.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Test
    @Tag("U19")
    void everythingThatIsWrongWithTheSettingsIsSaidAtOnce() {
        assertThatThrownBy(() -> FuzhiClient.builder()
                        .baseUrl("http://platform.example.invalid/?x=1")
                        .authority("not a host")
                        .credentials(Credentials.hmacSha256("bad key", () -> new byte[] {1}))
                        .callTimeout(Duration.ZERO)
                        .deadline(Duration.ofSeconds(-1))
                        .retry(new RetryPolicy(0, Duration.ZERO, Duration.ZERO, Duration.ZERO))
                        .rateLimit(-1)
                        .batchesInFlight(0)
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(
                        "https",
                        "query",
                        "authority",
                        "keyId",
                        "callTimeout",
                        "deadline",
                        "maxAttempts",
                        "rateLimit",
                        "batchesInFlight");
        assertThatThrownBy(() -> FuzhiClient.builder()
                        .callTimeout(Duration.ofSeconds(Long.MAX_VALUE))
                        .deadline(Duration.ofNanos(1))
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("callTimeout", "24 hours", "deadline", "1 ms");
        assertThatThrownBy(() -> FuzhiClient.builder()
                        .baseUrl("https://:hidden@localhost")
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("user information")
                .hasMessageNotContaining("hidden");
        assertThatThrownBy(() -> FuzhiClient.builder()
                        .authority("host:99999")
                        .retry(new RetryPolicy(3, Duration.ZERO, Duration.ZERO, ChronoUnit.FOREVER.getDuration()))
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("authority", "24 hours");
        assertThatThrownBy(() -> Credentials.hmacSha256(null, () -> new byte[1]))
                .hasMessageContaining("key id");
        assertThatThrownBy(() -> Credentials.hmacSm3("k", null)).hasMessageContaining("secret");
        assertThatThrownBy(() -> FuzhiClient.builder().build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("baseUrl", "credentials");
    }

    @Test
    @Tag("U01")
    void closingCancelsWhatIsOnTheWayAndItsCallerIsTold() throws Exception {
        hang();
        client = Clients.of(server.url(), Ports.SYSTEM)
                .callTimeout(Duration.ofSeconds(30))
                .build();
        CompletableFuture<Object> call =
                CompletableFuture.supplyAsync(() -> client.schools().get("2161000001"), Clients.THREADS);
        arrived.await();
        client.close(Duration.ofMillis(50));
        assertThatThrownBy(() -> call.get(30, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(FuzhiException.Unavailable.class)
                .hasMessageContaining("closed");
    }

    @Test
    @Tag("U01")
    void closingWaitsForWhatIsOnTheWay() throws Exception {
        server = new RawServer(connection -> {
            arrived.countDown();
            awaitRelease();
            connection.write(RawServer.response(200, "Content-Type: application/json\r\n", SCHOOL.length()) + SCHOOL);
        });
        client = Clients.of(server.url(), Ports.SYSTEM).build();
        CompletableFuture<String> call = CompletableFuture.supplyAsync(
                () -> client.schools().get("2161000001").key(), Clients.THREADS);
        arrived.await();
        CompletableFuture<Void> closing =
                CompletableFuture.runAsync(() -> client.close(Duration.ofSeconds(50)), Clients.THREADS);
        while (accepts()) {
            Thread.onSpinWait();
        }
        assertThat(closing).as("waits for the call").isNotDone();
        release.countDown();
        assertThat(call.get(30, TimeUnit.SECONDS)).isEqualTo("2161000001");
        closing.get(30, TimeUnit.SECONDS);
    }

    /** Whether the client has not begun to close; a batch without time is not sent. */
    private boolean accepts() {
        try {
            client.send(new BatchSender.Batch(
                    cn.fuzhi.sdk.model.RecordKind.SCHOOL,
                    List.of(new BatchSender.Item(RecordCodec.freeze(Samples.school("2161000001")), 1)),
                    Duration.ZERO));
            return true;
        } catch (IllegalStateException e) {
            return false;
        }
    }

    @Test
    @Tag("U02")
    @Tag("U03")
    void aClosedClientRefusesEveryCallAndMayBeClosedAgain() throws IOException {
        server = new RawServer(RawServer.json(SCHOOL));
        client = Clients.of(server.url()).build();
        client.close(ChronoUnit.FOREVER.getDuration());
        client.close();
        assertThatThrownBy(() -> client.schools().get("1")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> client.send(new BatchSender.Batch(
                        cn.fuzhi.sdk.model.RecordKind.SCHOOL,
                        List.of(new BatchSender.Item(RecordCodec.freeze(Samples.school("2161000001")), 1)),
                        Duration.ofSeconds(1))))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> client.records(School.class).iterator().hasNext())
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> client.push(List.of(Samples.school("2161000001"))))
                .isInstanceOf(IllegalStateException.class);
        assertThat(server.received()).isEmpty();
    }

    @Test
    @Tag("U02")
    void aListenerMayCloseTheClient() throws Exception {
        server = new RawServer(RawServer.json(SCHOOL));
        AtomicReference<FuzhiClient> self = new AtomicReference<>();
        CountDownLatch closed = new CountDownLatch(1);
        client = Clients.of(server.url())
                .listener(event -> {
                    self.get().close();
                    closed.countDown();
                })
                .build();
        self.set(client);
        client.schools().get("2161000001");
        assertThat(closed.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    @Tag("U06")
    void anInterruptEndsABlockedCallAndStaysSet() throws Exception {
        hang();
        client = Clients.of(server.url(), Ports.SYSTEM)
                .callTimeout(Duration.ofSeconds(30))
                .build();
        CompletableFuture<Boolean> flag = new CompletableFuture<>();
        Thread caller = new Thread(() -> {
            try {
                client.schools().get("2161000001");
                flag.complete(false);
            } catch (FuzhiException.Unavailable e) {
                flag.complete(Thread.currentThread().isInterrupted());
            } catch (RuntimeException e) {
                flag.completeExceptionally(e);
            }
        });
        caller.start();
        arrived.await();
        caller.interrupt();
        assertThat(flag.get(30, TimeUnit.SECONDS)).isTrue();
        assertThat(server.received()).hasSize(1);
    }

    @Test
    @Tag("U07")
    @Tag("U08")
    void aListenerThatThrowsOrBlocksHoldsUpNothing() throws IOException {
        server = new RawServer(RawServer.json(SCHOOL));
        client = Clients.of(server.url())
                .listener(event -> {
                    throw new AssertionError("listener");
                })
                .build();
        assertThat(client.schools().get("2161000001").key()).isEqualTo("2161000001");
        client.close();
        client = Clients.of(server.url())
                .listener(event -> {
                    try {
                        release.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                })
                .build();
        for (int i = 0; i < 1500; i++) {
            client.schools().get("2161000001");
        }
        assertThat(server.received()).hasSizeGreaterThan(1500);
    }

    @Test
    @Tag("U07")
    void progressThatThrowsIsLeftAlone() throws IOException {
        server = new RawServer(
                RawServer.json("{\"requestId\":\"r\",\"results\":[{\"key\":\"2161000001\",\"result\":\"CREATED\"}]}"));
        client = Clients.of(server.url()).build();
        PushReport report = client.push(List.of(Samples.school("2161000001")), (decided, accepted) -> {
            throw new IllegalStateException("progress");
        });
        assertThat(report.isComplete()).isTrue();
    }

    @Test
    void theListenerHearsOfAttemptsRetriesAndTheBreaker() throws Exception {
        server = new RawServer(RawServer.answer(500, "", ""));
        LinkedBlockingQueue<ClientEvent> events = new LinkedBlockingQueue<>();
        client = Clients.of(server.url()).listener(events::add).build();
        for (int i = 0; i < 4; i++) {
            assertThatExceptionOfType(FuzhiException.Unavailable.class)
                    .isThrownBy(() -> client.schools().get("2161000001"));
        }
        List<ClientEvent> heard = new ArrayList<>();
        while (heard.stream().noneMatch(ClientEvent.BreakerChange.class::isInstance)) {
            heard.add(events.poll(30, TimeUnit.SECONDS));
        }
        assertThat(heard).hasAtLeastOneElementOfType(ClientEvent.Attempt.class);
        assertThat(heard).hasAtLeastOneElementOfType(ClientEvent.Retry.class);
        assertThat(heard).contains(new ClientEvent.BreakerChange("read", "CLOSED", "OPEN"));
    }

    @Test
    @Tag("U14")
    void noThreadOutlivesItsClient() throws Exception {
        server = new RawServer(connection -> {
            if (connection.readBody(1).length > 0) {
                arrived.countDown();
                awaitRelease();
                connection.end();
            }
            RawServer.json(SCHOOL).run(connection);
        });
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            FuzhiClient one =
                    Clients.of(server.url(), Ports.SYSTEM).listener(event -> {}).build();
            one.schools().get("2161000001");
            Thread caller = new Thread(() ->
                    assertThatThrownBy(() -> one.push(Samples.schools(1200))).isInstanceOf(RuntimeException.class));
            caller.start();
            callers.add(caller);
            arrived.await();
            one.close(Duration.ofMillis(10));
        }
        for (Thread caller : callers) {
            caller.join();
        }
        Set<Thread> after = new HashSet<>(Thread.getAllStackTraces().keySet());
        after.removeAll(before);
        after.removeIf(thread -> thread.getName().startsWith("raw-server") || isOfTheJvm(thread));
        for (Thread thread : after) {
            thread.join(20_000);
            assertThat(thread.isAlive()).as(thread.getName()).isFalse();
        }
    }

    /** Threads that OkHttp shares between all clients of a JVM and ends by itself when nobody has used them for a minute. */
    private static boolean isOfTheJvm(Thread thread) {
        String name = thread.getName();
        return name.equals("OkHttp TaskRunner")
                || name.equals("Okio Watchdog")
                || name.startsWith("ForkJoinPool.commonPool")
                || name.startsWith("junit-");
    }

    @Test
    @Tag("A19")
    void theSecretIsInNoText() throws IOException {
        server = new RawServer(RawServer.answer(401, "", ""));
        client = Clients.of(server.url()).build();
        String secret = new String(Clients.SECRET, StandardCharsets.UTF_8);
        assertThat(client.toString()).doesNotContain(secret).contains("test-key");
        assertThatExceptionOfType(FuzhiException.Unauthenticated.class)
                .isThrownBy(() -> client.schools().get("2161000001"))
                .satisfies(e -> assertThat(e.toString()).doesNotContain(secret));
        assertThat(server.received()).noneMatch(request -> request.head().contains(secret));
    }

    @Test
    void anotherKeyIdSharesTheConnectionAndSignsForItself() throws IOException {
        server = new RawServer(RawServer.json(SCHOOL));
        client = Clients.of(server.url()).build();
        FuzhiClient other = client.with(Credentials.hmacSha256("other-key", () -> new byte[] {1}));
        client.schools().get("2161000001");
        other.schools().get("2161000001");
        assertThat(server.received())
                .extracting(request -> request.header("Signature-Input").replaceAll(".*keyid=\"([^\"]*)\".*", "$1"))
                .containsExactly("test-key", "other-key");
        other.close();
        assertThat(client.schools().get("2161000001").key()).isEqualTo("2161000001");
    }
}
