package cn.fuzhi.sdk.benchmarks;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;
import javax.net.ServerSocketFactory;
import okhttp3.OkHttpClient;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.jspecify.annotations.Nullable;

/** The certificate of a sink, on its way from one process to the other, and what each side makes of it. */
final class Tls {
    private Tls() {}

    static HeldCertificate newCertificate(String address) {
        return new HeldCertificate.Builder()
                .addSubjectAlternativeName(address)
                .commonName(address)
                .build();
    }

    static ServerSocketFactory serverSockets(@Nullable HeldCertificate held) {
        return held == null
                ? ServerSocketFactory.getDefault()
                : new HandshakeCertificates.Builder()
                        .heldCertificate(held)
                        .build()
                        .sslContext()
                        .getServerSocketFactory();
    }

    static String encode(X509Certificate certificate) {
        try {
            return Base64.getEncoder().encodeToString(certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    static X509Certificate decode(String text) {
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(
                            new ByteArrayInputStream(Base64.getDecoder().decode(text)));
        } catch (CertificateException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A trust store with one certificate, for the SDK. */
    static KeyStore trusting(X509Certificate certificate) {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            store.setCertificateEntry("sink", certificate);
            return store;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A client by hand that trusts one certificate. */
    static OkHttpClient.Builder client(X509Certificate certificate) {
        HandshakeCertificates trusted = new HandshakeCertificates.Builder()
                .addTrustedCertificate(certificate)
                .build();
        return new OkHttpClient.Builder()
                .socketFactory(new HandWritten.NoDelay())
                .sslSocketFactory(trusted.sslSocketFactory(), trusted.trustManager());
    }
}
