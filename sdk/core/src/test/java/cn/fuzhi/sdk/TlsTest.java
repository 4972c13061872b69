package cn.fuzhi.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import cn.fuzhi.sdk.model.RecordKind;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Trust, names, dates and client certificates, with certificates made for the test. */
@Timeout(60)
class TlsTest {
    private static final String SCHOOL =
            "{\"key\":\"2161000001\",\"record\":{\"name\":\"x\"},\"meta\":{\"version\":1}}";
    private static final char[] PASSWORD = "changeit".toCharArray();

    private final HeldCertificate authority =
            new HeldCertificate.Builder().certificateAuthority(0).build();
    private final FakePorts ports = new FakePorts();
    private RawServer server;
    private FuzhiClient client;

    @AfterEach
    void stop() throws IOException {
        if (client != null) {
            client.close(Duration.ZERO);
        }
        if (server != null) {
            server.close();
        }
    }

    private HeldCertificate certificate(UnaryOperator<HeldCertificate.Builder> details) {
        return details.apply(new HeldCertificate.Builder().signedBy(authority)).build();
    }

    private HandshakeCertificates handshake(HeldCertificate certificate) {
        return new HandshakeCertificates.Builder()
                .heldCertificate(certificate)
                .addTrustedCertificate(authority.certificate())
                .build();
    }

    private void serve(HeldCertificate certificate, boolean askForClient, String... protocols) throws IOException {
        SSLServerSocket socket = (SSLServerSocket) handshake(certificate)
                .sslContext()
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        socket.setNeedClientAuth(askForClient);
        if (protocols.length > 0) {
            socket.setEnabledProtocols(protocols);
        }
        server = new RawServer(
                socket, RawServer.answer(200, "Content-Type: application/json\r\nConnection: close\r\n", SCHOOL));
    }

    private FuzhiClient.Builder client() throws GeneralSecurityException, IOException {
        return Clients.of("https://localhost:" + server.port(), ports).trustStore(trust());
    }

    private KeyStore trust() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        store.setCertificateEntry("authority", authority.certificate());
        return store;
    }

    private void assertThatNothingIsSentAndEverythingPauses() {
        assertThatExceptionOfType(FuzhiException.Protocol.class)
                .isThrownBy(() -> client.schools().get("2161000001"))
                .matches(e -> !e.retryable());
        assertThat(ports.waits).isEmpty();
        BatchReply reply = client.send(new BatchSender.Batch(
                RecordKind.SCHOOL,
                List.of(new BatchSender.Item(RecordCodec.freeze(Samples.school("2161000001")), 1)),
                Duration.ofSeconds(5)));
        assertThat(reply)
                .isInstanceOfSatisfying(
                        BatchReply.Failed.class,
                        failed -> assertThat(failed.disposition()).isEqualTo(BatchReply.Disposition.PAUSE_ALL));
        assertThat(server.received()).isEmpty();
    }

    @Test
    void aCustomAuthorityIsTrusted() throws Exception {
        serve(certificate(c -> c.addSubjectAlternativeName("localhost")), false);
        client = client().build();
        assertThat(client.schools().get("2161000001").key()).isEqualTo("2161000001");
    }

    @Test
    @Tag("N19")
    void anExpiredCertificateIsRefused() throws Exception {
        long day = TimeUnit.DAYS.toMillis(1);
        serve(certificate(c -> c.addSubjectAlternativeName("localhost").validityInterval(day, 2 * day)), false);
        client = client().build();
        assertThatNothingIsSentAndEverythingPauses();
    }

    @Test
    @Tag("N20")
    void anotherHostNameIsRefused() throws Exception {
        serve(certificate(c -> c.addSubjectAlternativeName("elsewhere.example")), false);
        client = client().build();
        assertThatNothingIsSentAndEverythingPauses();
        assertThatExceptionOfType(FuzhiException.Protocol.class)
                .as("told by OkHttp in several lines")
                .isThrownBy(() -> client.schools().get("2161000001"))
                .withCauseInstanceOf(SSLPeerUnverifiedException.class);
    }

    @Test
    @Tag("N21")
    void anUnknownAuthorityIsRefused() throws Exception {
        serve(certificate(c -> c.addSubjectAlternativeName("localhost")), false);
        client = Clients.of("https://localhost:" + server.port(), ports).build();
        assertThatNothingIsSentAndEverythingPauses();
    }

    @Test
    @Tag("N22")
    void oldProtocolsAreRefusedAndTheNewOnesTaken() throws Exception {
        for (String old : List.of("TLSv1", "TLSv1.1")) {
            serve(certificate(c -> c.addSubjectAlternativeName("localhost")), false, old);
            client = client().build();
            assertThatExceptionOfType(FuzhiException.class)
                    .isThrownBy(() -> client.schools().get("2161000001"));
            assertThat(server.received()).isEmpty();
            stop();
        }
        for (String good : List.of("TLSv1.2", "TLSv1.3")) {
            serve(certificate(c -> c.addSubjectAlternativeName("localhost")), false, good);
            client = client().build();
            assertThat(client.schools().get("2161000001").key()).isEqualTo("2161000001");
            stop();
        }
    }

    @Test
    @Tag("N22")
    void aWeakKeyIsRefused() throws Exception {
        KeyPairGenerator small = KeyPairGenerator.getInstance("RSA");
        small.initialize(512);
        HeldCertificate weak = new HeldCertificate.Builder()
                .keyPair(small.generateKeyPair())
                .addSubjectAlternativeName("localhost")
                .signedBy(authority)
                .build();
        try {
            serve(weak, false);
        } catch (IllegalStateException | IllegalArgumentException e) {
            // Even the server of the test may refuse to show such a key.
            return;
        }
        client = client().build();
        assertThatExceptionOfType(FuzhiException.class)
                .isThrownBy(() -> client.schools().get("2161000001"));
        assertThat(server.received()).isEmpty();
    }

    @Test
    @Tag("N24")
    void aHandshakeThatBreaksOffIsRepeated() throws Exception {
        ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread breaker = new Thread(() -> {
            try {
                while (true) {
                    socket.accept().close();
                }
            } catch (IOException e) {
                // The test has ended.
            }
        });
        breaker.setDaemon(true);
        breaker.start();
        try (socket) {
            client = Clients.of("https://localhost:" + socket.getLocalPort(), ports)
                    .build();
            assertThatExceptionOfType(FuzhiException.Unavailable.class)
                    .isThrownBy(() -> client.schools().get("2161000001"));
            assertThat(ports.waits).hasSize(2);
        }
    }

    /** What lies under a connection of TLS, for a record that nobody encrypted. */
    private static final class Layered extends ServerSocket {
        private final Map<Socket, Socket> beneath = new ConcurrentHashMap<>();
        private final SSLSocketFactory tls;

        Layered(SSLSocketFactory tls) throws IOException {
            super(0, 50, InetAddress.getLoopbackAddress());
            this.tls = tls;
        }

        @Override
        public Socket accept() throws IOException {
            Socket plain = super.accept();
            SSLSocket above = (SSLSocket) tls.createSocket(plain, "localhost", plain.getPort(), true);
            above.setUseClientMode(false);
            beneath.put(above, plain);
            return above;
        }
    }

    @Test
    @Tag("N10")
    void aRecordThatIsDamagedOnItsWayIsALostAnswerAndNoLackOfTrust() throws Exception {
        HeldCertificate certificate = certificate(c -> c.addSubjectAlternativeName("localhost"));
        Layered socket = new Layered(handshake(certificate).sslSocketFactory());
        byte[] damaged = new byte[5 + 32];
        damaged[0] = 23; // application data of TLS 1.2 and 1.3, 32 bytes long (RFC 8446 §5.1)
        damaged[1] = 3;
        damaged[2] = 3;
        damaged[4] = 32;
        server = new RawServer(socket, connection -> {
            connection.readBody(1);
            OutputStream out = socket.beneath.get(connection.peer()).getOutputStream();
            out.write(damaged);
            out.flush();
        });
        client = client().build();
        assertThatExceptionOfType(FuzhiException.OutcomeUnknown.class)
                .isThrownBy(() -> client.attachments().complete("ATT-1"));
        assertThat(server.received()).as("a key allows to repeat it").hasSize(3);
        BatchReply reply = client.send(new BatchSender.Batch(
                RecordKind.SCHOOL,
                List.of(new BatchSender.Item(RecordCodec.freeze(Samples.school("2161000001")), 1)),
                Duration.ofSeconds(5)));
        assertThat(((BatchReply.Failed) reply).disposition()).isEqualTo(BatchReply.Disposition.RETRY);
    }

    @Test
    @Tag("N25")
    void aClientCertificateIsShownWhenThePlatformAsksForOne() throws Exception {
        serve(certificate(c -> c.addSubjectAlternativeName("localhost")), true);
        client = client().build();
        // Whether the refusal arrives as an alert or as a reset is a matter of timing; nothing is served either way.
        assertThatExceptionOfType(FuzhiException.class)
                .isThrownBy(() -> client.schools().get("2161000001"));
        assertThat(server.received()).isEmpty();
        client.close(Duration.ZERO);
        HeldCertificate own = certificate(c -> c.commonName("lueyang"));
        KeyStore identity = KeyStore.getInstance(KeyStore.getDefaultType());
        identity.load(null, null);
        identity.setKeyEntry("own", own.keyPair().getPrivate(), PASSWORD, new java.security.cert.Certificate[] {
            own.certificate(), authority.certificate()
        });
        client = client().clientCertificate(identity, PASSWORD).build();
        assertThat(client.schools().get("2161000001").key()).isEqualTo("2161000001");
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        return store;
    }

    @Test
    @Tag("N25")
    void storesThatHoldNothingAreErrorsOfTheSettings() throws Exception {
        serve(certificate(c -> c.addSubjectAlternativeName("localhost")), false);
        KeyStore unloaded = KeyStore.getInstance(KeyStore.getDefaultType());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> client().clientCertificate(trust(), PASSWORD).build())
                .withMessageContaining("no private key");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> client().clientCertificate(unloaded, PASSWORD).build())
                .withMessageContaining("client certificate");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> client().trustStore(emptyStore()).build())
                .withMessageContaining("no certificate");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> client().trustStore(unloaded).build())
                .withMessageContaining("trust store");
    }

    @Test
    @Tag("N25")
    void theEndOfTheClientCertificateIsToldThirtyDaysAheadAndOnceADay() throws Exception {
        serve(certificate(c -> c.addSubjectAlternativeName("localhost")), true);
        Instant end = Instant.now().truncatedTo(ChronoUnit.SECONDS).plus(Duration.ofDays(40));
        HeldCertificate own = certificate(c -> c.validityInterval(0, end.toEpochMilli()));
        KeyStore identity = emptyStore();
        identity.setKeyEntry("own", own.keyPair().getPrivate(), PASSWORD, new java.security.cert.Certificate[] {
            own.certificate(), authority.certificate()
        });
        BlockingQueue<ClientEvent> ends = new LinkedBlockingQueue<>();
        List<Duration> passed = List.of(
                Duration.ZERO, Duration.ofDays(11), Duration.ofHours(1), Duration.ofDays(1), Duration.ofDays(40));
        client = client().clientCertificate(identity, PASSWORD)
                .listener(event -> {
                    if (event instanceof ClientEvent.CertificateEnds || event instanceof ClientEvent.Attempt) {
                        ends.add(event);
                    }
                })
                .build();
        List<Integer> told = new ArrayList<>();
        for (int i = 0; i < passed.size(); i++) {
            ports.setWallClockBy(passed.stream().limit(i + 1).reduce(Duration.ZERO, Duration::plus));
            client.schools().get("2161000001");
            ClientEvent event = ends.take();
            if (event instanceof ClientEvent.CertificateEnds found) {
                assertThat(found.at()).isEqualTo(end);
                told.add(i);
                event = ends.take();
            }
            assertThat(event).isInstanceOf(ClientEvent.Attempt.class);
        }
        assertThat(told).containsExactly(1, 3, 4);
    }
}
