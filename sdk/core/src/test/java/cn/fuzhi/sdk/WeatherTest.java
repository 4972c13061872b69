package cn.fuzhi.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cn.fuzhi.sdk.model.RecordKind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.Deflater;
import okhttp3.Protocol;
import okhttp3.mockwebserver.MockResponse;
import okhttp3.mockwebserver.MockWebServer;
import okhttp3.mockwebserver.SocketPolicy;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Slow, dead and lying networks: names, addresses, pools, timeouts, bombs, and the streams of HTTP/2. */
@Timeout(60)
class WeatherTest {
    private static final String DONE =
            "{\"requestId\":\"r\",\"results\":[{\"key\":\"2161000001\",\"result\":\"CREATED\"}]}";
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

    private FuzhiClient.Builder named(String host, int port) {
        return Clients.of("https://" + host + ":" + port, ports);
    }

    private BatchReply sendOnce(FuzhiClient through, Duration timeout) {
        return through.send(new BatchSender.Batch(
                RecordKind.SCHOOL,
                List.of(new BatchSender.Item(RecordCodec.freeze(Samples.school("2161000001")), 7)),
                timeout));
    }

    private Object get() {
        return client.schools().get("2161000001");
    }

    private void awaitRelease() throws IOException {
        try {
            release.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static InetAddress loopback(int last) throws IOException {
        return InetAddress.getByAddress("localhost", new byte[] {127, 0, 0, (byte) last});
    }

    @Test
    void whatAServerWritesInsteadOfAStatusCannotWriteIntoALog() throws IOException {
        server = new RawServer(connection -> connection.write("\u001b[2J FAKE LOG LINE\r\n\r\n"));
        client = Clients.of(server.url()).build();
        assertThatExceptionOfType(FuzhiException.Unavailable.class)
                .isThrownBy(() -> client.schools().get("2161000001"))
                .satisfies(e -> {
                    StringWriter trace = new StringWriter();
                    e.printStackTrace(new PrintWriter(trace));
                    assertThat(trace.toString()).contains("FAKE LOG LINE").doesNotContain("\u001b");
                });
    }

    @Test
    @Tag("N02")
    void aSlowResolverEndsWithTheCallAndHoldsUpNobodyElse() throws IOException {
        ports.resolver = host -> {
            try {
                release.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            throw new java.net.UnknownHostException(host);
        };
        client = named("slow.example.invalid", 9).retry(RetryPolicy.never()).build();
        for (int i = 0; i < 3; i++) {
            BatchReply reply = sendOnce(client, Duration.ofMillis(300));
            assertThat(reply)
                    .isInstanceOfSatisfying(
                            BatchReply.Failed.class,
                            failed -> assertThat(failed.disposition()).isEqualTo(BatchReply.Disposition.RETRY));
        }
        assertThat(ports.lookups).as("one question at a time").hasValue(1);
    }

    @Test
    @Tag("N05")
    void aDeadFirstAddressIsLeftBehind() throws IOException {
        server = new RawServer(RawServer.json(SCHOOL));
        InetAddress dead = loopback(2);
        InetAddress alive = loopback(1);
        ports.resolver = host -> List.of(dead, alive);
        client = Clients.of("http://localhost:" + server.port(), ports).build();
        assertThat(get()).isNotNull();
        assertThat(ports.waits).as("one repeat, by us").hasSize(1);
        client.close(Duration.ZERO);
        client = Clients.of("http://localhost:" + server.port(), ports).build();
        client.push(Samples.schools(1));
        assertThat(server.received()).hasSize(2);
    }

    @Test
    @Tag("N05")
    void aBodyGoesToOneAddressOnly() throws IOException {
        RawServer.Step reset = connection -> {
            connection.readBody(1);
            connection.reset();
        };
        ServerSocket first = new ServerSocket();
        first.bind(new InetSocketAddress(loopback(1), 0));
        ServerSocket second = new ServerSocket();
        second.bind(new InetSocketAddress(loopback(2), first.getLocalPort()));
        server = new RawServer(first, reset);
        try (RawServer other = new RawServer(second, reset)) {
            List<InetAddress> both = List.of(loopback(1), loopback(2));
            ports.resolver = host -> both;
            client = Clients.of("http://localhost:" + first.getLocalPort(), ports)
                    .build();
            sendOnce(client, Duration.ofSeconds(20));
            assertThat(server.received().size() + other.received().size()).isEqualTo(1);
        }
    }

    @Test
    @Tag("N12")
    void aPooledConnectionThatIsResetCostsOneRepeatAndItIsOurs() throws IOException {
        // One connection: the first request is answered, the head of the second is read and answered with a reset.
        server = new RawServer(RawServer.json(DONE), connection -> connection.reset(), RawServer.json(DONE));
        client = Clients.of(server.url(), ports).build();
        assertThat(client.push(Samples.schools(1)).isComplete()).isTrue();
        BatchReply single = sendOnce(client, Duration.ofSeconds(20));
        assertThat(single).isInstanceOf(BatchReply.Failed.class);
        assertThat(server.received()).as("never repeated behind our back").hasSize(2);
        assertThat(client.push(Samples.schools(1)).isComplete()).isTrue();
        assertThat(server.received()).hasSize(3);
    }

    @Test
    @Tag("N07")
    void aBlackHoleIsGivenUpAfterTheConnectTimeout() throws IOException {
        // A listener whose backlog is full does not answer: the nearest thing to a black hole that needs no network.
        try (ServerSocket full = new ServerSocket()) {
            full.bind(new InetSocketAddress(loopback(1), 0), 1);
            java.util.List<Socket> waiting = new java.util.ArrayList<>();
            for (int i = 0; i < 3; i++) {
                java.nio.channels.SocketChannel channel = java.nio.channels.SocketChannel.open();
                channel.configureBlocking(false);
                channel.connect(full.getLocalSocketAddress());
                waiting.add(channel.socket());
            }
            client = Clients.of("http://127.0.0.1:" + full.getLocalPort(), ports)
                    .retry(RetryPolicy.never())
                    .build();
            FuzhiException e = catchThrowableOfType(FuzhiException.Unavailable.class, this::get);
            assertThat(e.retryable()).isTrue();
            for (Socket socket : waiting) {
                socket.close();
            }
        }
    }

    @Test
    @Tag("N08")
    void aResetWhileTheHeadIsSentIsRepeatedUnderTheSameKey() throws Exception {
        ServerSocket socket = new ServerSocket(0, 50, loopback(1));
        Thread once = new Thread(() -> {
            try {
                Socket peer = socket.accept();
                peer.getInputStream().readNBytes(20);
                peer.setSoLinger(true, 0);
                peer.close();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        once.start();
        ports.beforeWait = () -> {
            try {
                once.join();
                server = new RawServer(socket, RawServer.json(DONE));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        };
        client = Clients.of("http://127.0.0.1:" + socket.getLocalPort(), ports).build();
        assertThat(client.push(Samples.schools(1)).isComplete()).isTrue();
        assertThat(server.received()).hasSize(1);
        assertThat(ports.waits).hasSize(1);
    }

    @Test
    @Tag("N13")
    @Tag("N15")
    void aPeerThatVanishesOrNeverReadsEndsTheAttemptAndTheConnection() throws IOException {
        server = new RawServer(
                connection -> awaitRelease(),
                connection -> {
                    connection.readBody(1);
                    awaitRelease();
                },
                RawServer.json(DONE));
        client = Clients.of(server.url(), ports).build();
        for (int i = 0; i < 2; i++) {
            assertThat(sendOnce(client, Duration.ofMillis(500)))
                    .isInstanceOfSatisfying(
                            BatchReply.Failed.class,
                            failed -> assertThat(failed.disposition()).isEqualTo(BatchReply.Disposition.RETRY));
        }
        assertThat(sendOnce(client, Duration.ofSeconds(20))).isInstanceOf(BatchReply.Decided.class);
        assertThat(server.received()).hasSize(3);
    }

    @Test
    @Tag("N16")
    @Tag("N18")
    void slowIsNotWrong() throws IOException {
        server = new RawServer(connection -> {
            connection.readBody(1);
            String answer = RawServer.response(200, "Content-Type: application/json\r\n", DONE.length()) + DONE;
            for (int at = 0; at < answer.length(); at += 16) {
                connection.pause(Duration.ofMillis(20));
                connection.write(answer.substring(at, Math.min(answer.length(), at + 16)));
            }
        });
        client = Clients.of(server.url(), ports).build();
        for (int i = 0; i < 5; i++) {
            assertThat(client.push(Samples.schools(1)).isComplete()).isTrue();
        }
        assertThat(server.received()).hasSize(5);
        assertThat(ports.waits).isEmpty();
    }

    @Test
    @Tag("S42")
    void aGzipBombIsCutAtTheLimit() throws IOException {
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        bomb.writeBytes(new byte[] {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff});
        bomb.writeBytes(block("{"));
        // Blanks between tokens: no limit of the JSON reader stands in front of ours. In all 1 GiB.
        byte[] blanks = block(" ".repeat(1 << 16));
        for (int i = 0; i < 16 * 1024; i++) {
            bomb.writeBytes(blanks);
        }
        assertThat(bomb.size()).isGreaterThan(1_000_000);
        byte[] bytes = bomb.toByteArray();
        AtomicLong written = new AtomicLong();
        CountDownLatch cut = new CountDownLatch(1);
        server = new RawServer(connection -> {
            connection.peer().setSendBufferSize(1 << 14);
            connection.write(RawServer.response(
                    200, "Content-Type: application/json\r\nContent-Encoding: gzip\r\n", bytes.length));
            pour(connection, bytes, bytes.length, written, cut);
        });
        client = Clients.of(server.url(), ports).retry(RetryPolicy.never()).build();
        FuzhiException e = catchThrowableOfType(FuzhiException.Protocol.class, this::get);
        assertThat(e.status()).isEqualTo(200);
        // 8 MiB of blanks are 8 KiB here; the rest is what buffers hold.
        assertThat(written.get()).isLessThan(bytes.length);
    }

    /** A piece of a deflated stream that can stand anywhere in it. */
    private static byte[] block(String text) {
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        deflater.setInput(text.getBytes(StandardCharsets.UTF_8));
        byte[] block = new byte[1 << 10];
        int size = deflater.deflate(block, 0, block.length, Deflater.FULL_FLUSH);
        deflater.end();
        return java.util.Arrays.copyOf(block, size);
    }

    @Test
    @Tag("S45")
    void onlyTheBeginningOfAnEndlessErrorIsRead() throws Exception {
        AtomicLong written = new AtomicLong();
        CountDownLatch cut = new CountDownLatch(1);
        server = new RawServer(connection -> {
            connection.peer().setSendBufferSize(1 << 14);
            connection.write(RawServer.response(403, "Content-Type: application/problem+json\r\n", 1L << 30));
            pour(connection, "x".repeat(1 << 16).getBytes(StandardCharsets.UTF_8), 1L << 30, written, cut);
        });
        client = Clients.of(server.url(), ports).build();
        FuzhiException refused = catchThrowableOfType(FuzhiException.Unauthenticated.class, this::get);
        assertThat(refused.status()).isEqualTo(403);
        assertThat(cut.await(20, TimeUnit.SECONDS))
                .as("the connection is closed")
                .isTrue();
        assertThat(written.get()).isLessThan(32L << 20);
    }

    /** Writes the same bytes again and again, and counts how many the other side let it write. */
    private static void pour(
            RawServer.Connection connection, byte[] bytes, long length, AtomicLong written, CountDownLatch cut)
            throws IOException {
        try {
            for (long sent = 0; sent < length; ) {
                int from = (int) (sent % bytes.length);
                int size = Math.min(1 << 12, bytes.length - from);
                connection.write(java.util.Arrays.copyOfRange(bytes, from, from + size));
                sent += size;
                written.set(sent);
            }
        } finally {
            cut.countDown();
        }
    }

    private MockWebServer http2(HeldCertificate certificate) throws IOException {
        HandshakeCertificates handshake =
                new HandshakeCertificates.Builder().heldCertificate(certificate).build();
        MockWebServer web = new MockWebServer();
        web.useHttps(handshake.sslSocketFactory(), false);
        web.setProtocols(List.of(Protocol.HTTP_2, Protocol.HTTP_1_1));
        web.start(loopback(1), 0);
        return web;
    }

    private FuzhiClient trusting(MockWebServer web, HeldCertificate certificate) throws Exception {
        java.security.KeyStore trust = java.security.KeyStore.getInstance(java.security.KeyStore.getDefaultType());
        trust.load(null, null);
        trust.setCertificateEntry("server", certificate.certificate());
        return Clients.of("https://localhost:" + web.getPort(), ports)
                .trustStore(trust)
                .build();
    }

    private static MockResponse json(String body) {
        return new MockResponse().setHeader("Content-Type", "application/json").setBody(body);
    }

    @Test
    @Tag("N28")
    @Tag("N30")
    @Tag("N31")
    void aStreamThatIsResetIsRepeatedByUs() throws Exception {
        HeldCertificate certificate = new HeldCertificate.Builder()
                .addSubjectAlternativeName("localhost")
                .build();
        // REFUSED_STREAM has not been looked at; CANCEL and INTERNAL_ERROR may have been applied.
        for (int code : new int[] {7, 8, 2}) {
            try (MockWebServer web = http2(certificate)) {
                client = trusting(web, certificate);
                web.enqueue(json(SCHOOL));
                assertThat(get()).isNotNull();
                web.enqueue(new MockResponse()
                        .setSocketPolicy(SocketPolicy.RESET_STREAM_AT_START)
                        .setHttp2ErrorCode(code));
                web.enqueue(json(DONE));
                ports.waits.clear();
                assertThat(client.push(Samples.schools(1)).isComplete()).isTrue();
                assertThat(ports.waits)
                        .as("one repeat, by us, for code %d", code)
                        .hasSize(1);
                assertThat(web.getRequestCount()).isLessThanOrEqualTo(3);
                client.close(Duration.ZERO);
            }
        }
    }

    @Test
    @Tag("N30")
    @Tag("N31")
    void onlyAStreamThatWasLookedAtLeavesADoubt() throws Exception {
        HeldCertificate certificate = new HeldCertificate.Builder()
                .addSubjectAlternativeName("localhost")
                .build();
        for (int code : new int[] {7, 2}) {
            try (MockWebServer web = http2(certificate)) {
                client = trusting(web, certificate);
                for (int i = 0; i < 3; i++) {
                    web.enqueue(new MockResponse()
                            .setSocketPolicy(SocketPolicy.RESET_STREAM_AT_START)
                            .setHttp2ErrorCode(code));
                }
                FuzhiException e = catchThrowableOfType(
                        FuzhiException.class, () -> client.attachments().complete("ATT-1"));
                assertThat(e)
                        .isInstanceOf(
                                code == 7 ? FuzhiException.Unavailable.class : FuzhiException.OutcomeUnknown.class);
                client.close(Duration.ZERO);
            }
        }
    }

    @Test
    @Tag("N28")
    @Tag("N29")
    void aServerThatGoesAwayGetsTheNextRequestOverANewConnection() throws Exception {
        HeldCertificate certificate = new HeldCertificate.Builder()
                .addSubjectAlternativeName("localhost")
                .build();
        try (MockWebServer web = http2(certificate)) {
            client = trusting(web, certificate);
            web.enqueue(json(DONE).setSocketPolicy(SocketPolicy.DISCONNECT_AT_END));
            web.enqueue(new MockResponse().setSocketPolicy(SocketPolicy.DISCONNECT_AFTER_REQUEST));
            web.enqueue(json(DONE));
            assertThat(client.push(Samples.schools(1)).isComplete()).isTrue();
            assertThat(client.push(Samples.schools(1)).isComplete()).isTrue();
            assertThat(ports.waits).hasSizeBetween(1, 2);
        }
    }
}
