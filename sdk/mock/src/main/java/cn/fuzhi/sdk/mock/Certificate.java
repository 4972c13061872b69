package cn.fuzhi.sdk.mock;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HexFormat;

/**
 * A self-signed certificate for {@code localhost} and {@code 127.0.0.1}, made at start (X.509 v3, RFC 5280, P-256). The JDK has no
 * public class for this, so the few DER structures are written here.
 */
final class Certificate {
    static final String PASSWORD = "mock-keystore";
    private static final DateTimeFormatter UTC_TIME =
            DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final byte[] ECDSA_WITH_SHA256 = oid("2a8648ce3d040302");
    private static final byte[] COMMON_NAME = oid("550403");
    private static final byte[] SUBJECT_ALT_NAME = oid("551d11");
    private static final byte[] BASIC_CONSTRAINTS = oid("551d13");

    private final KeyPair keys;
    private final X509Certificate certificate;

    Certificate() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            keys = generator.generateKeyPair();
            byte[] content = content();
            Signature signer = Signature.getInstance("SHA256withECDSA");
            signer.initSign(keys.getPrivate());
            signer.update(content);
            byte[] signature = join(new byte[] {0}, signer.sign());
            byte[] der = der(0x30, content, der(0x30, ECDSA_WITH_SHA256), der(0x03, signature));
            certificate = (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has P-256 and X.509", e);
        }
    }

    /** The certificate in the form that curl, OpenSSL and most clients read (RFC 7468). */
    String pem() {
        try {
            Base64.Encoder lines = Base64.getMimeEncoder(64, new byte[] {'\n'});
            return "-----BEGIN CERTIFICATE-----\n" + lines.encodeToString(certificate.getEncoded())
                    + "\n-----END CERTIFICATE-----\n";
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the certificate was read from its own encoding", e);
        }
    }

    X509Certificate x509() {
        return certificate;
    }

    /** Writes key and certificate to a new file that its caller deletes. */
    Path keyStore() {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry(
                    "mock", keys.getPrivate(), PASSWORD.toCharArray(), new java.security.cert.Certificate[] {certificate
                    });
            Path file = Files.createTempFile("fuzhi-mock", ".p12");
            try (OutputStream out = Files.newOutputStream(file)) {
                store.store(out, PASSWORD.toCharArray());
            }
            return file;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has PKCS12", e);
        } catch (IOException e) {
            throw new UncheckedIOException("临时目录不可写 / the temporary folder cannot be written", e);
        }
    }

    private byte[] content() {
        Instant now = Instant.now();
        byte[] name = der(0x30, der(0x31, der(0x30, COMMON_NAME, text(0x0c, "localhost"))));
        byte[] serial =
                new BigInteger(120, new SecureRandom()).add(BigInteger.ONE).toByteArray();
        byte[] validity = der(
                0x30,
                text(0x17, UTC_TIME.format(now.minus(1, ChronoUnit.DAYS))),
                text(0x17, UTC_TIME.format(now.plus(365, ChronoUnit.DAYS))));
        byte[] names = der(0x30, text(0x82, "localhost"), der(0x87, new byte[] {127, 0, 0, 1}));
        byte[] extensions = der(
                0x30,
                der(0x30, SUBJECT_ALT_NAME, der(0x04, names)),
                der(0x30, BASIC_CONSTRAINTS, der(0x01, new byte[] {-1}), der(0x04, der(0x30, der(0x01, new byte[] {-1
                })))));
        return der(
                0x30,
                der(0xa0, der(0x02, new byte[] {2})),
                der(0x02, serial),
                der(0x30, ECDSA_WITH_SHA256),
                name,
                validity,
                name,
                keys.getPublic().getEncoded(),
                der(0xa3, extensions));
    }

    private static byte[] oid(String hex) {
        return der(0x06, HexFormat.of().parseHex(hex));
    }

    private static byte[] text(int tag, String text) {
        return der(tag, text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Tag, length and content. */
    private static byte[] der(int tag, byte[]... parts) {
        byte[] content = join(parts);
        byte[] length = content.length < 128
                ? new byte[] {(byte) content.length}
                : content.length < 256
                        ? new byte[] {(byte) 0x81, (byte) content.length}
                        : new byte[] {(byte) 0x82, (byte) (content.length >> 8), (byte) content.length};
        return join(new byte[] {(byte) tag}, length, content);
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
