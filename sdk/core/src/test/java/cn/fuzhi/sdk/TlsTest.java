package cn.fuzhi.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import cn.fuzhi.sdk.model.RecordKind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLServerSocket;
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

    private void serve(HeldCertificate certificate, boolean askForClient, String... protocols) throws IOException {
        HandshakeCertificates handshake = new HandshakeCertificates.Builder()
                .heldCertificate(certificate)
                .addTrustedCertificate(authority.certificate())
                .build();
        SSLServerSocket socket = (SSLServerSocket) handshake
                .sslContext()
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        socket.setNeedClientAuth(askForClient);
        if (protocols.length > 0) {
            socket.setEnabledProtocols(protocols);
        }
        server = new RawServer(socket, RawServer.json(SCHOOL));
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
}
