package cn.fuzhi.sdk;

import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/**
 * Signs every attempt by the profile {@code fuzhi-v1} of HTTP Message Signatures (RFC 9421), with {@code Content-Digest} (RFC
 * 9530) over the bytes as sent. Every attempt has a new nonce and a new time.
 */
final class MessageSignature {
    static final String IDEMPOTENCY_KEY = "Idempotency-Key";

    private static final Duration VALIDITY = Duration.ofMinutes(5);
    private static final int NONCE_BYTES = 16;
    private static final HexFormat HEX = HexFormat.of();

    private final Signer signer;
    private final String authority;
    private final ClockOffset clock;
    private final Ports ports;

    MessageSignature(Signer signer, String authority, ClockOffset clock, Ports ports) {
        this.signer = signer;
        this.authority = authority;
        this.clock = clock;
        this.ports = ports;
    }

    /**
     * Signs one attempt.
     *
     * @param head method, address and idempotency key of the request
     * @param body the body as it will be sent, or null
     * @param attempt gets the signature and the digest of the body
     * @throws FuzhiException when there is no secret to sign with
     */
    void sign(Request head, Payload.@Nullable Body body, Request.Builder attempt) {
        Base base = new Base();
        base.line("@method", head.method());
        base.line("@authority", authority);
        base.line("@path", head.url().encodedPath());
        base.line("@query", query(head.url()));
        if (body != null && body.contentLength() > 0) {
            String digest = body.digest();
            attempt.header("Content-Digest", digest);
            base.line("content-digest", digest);
            MediaType type = body.contentType();
            if (type != null) {
                base.line("content-type", type.toString());
            }
        }
        String key = head.header(IDEMPOTENCY_KEY);
        if (key != null) {
            base.line("idempotency-key", key);
        }
        Instant created = clock.now();
        String parameters = base.parameters(created, HEX.formatHex(ports.nonce(NONCE_BYTES)), signer.keyId());
        String code = signer.sign(base.end(parameters));
        attempt.header("Signature-Input", "fuzhi=" + parameters).header("Signature", "fuzhi=:" + code + ":");
    }

    /** RFC 9421 §2.2.7: an absent query is a lone question mark. */
    private static String query(HttpUrl url) {
        @Nullable String query = url.encodedQuery();
        return query == null ? "?" : "?" + query;
    }

    /** Public name of a platform as it is signed: lower case, without the default port (RFC 9421 §2.2.3). */
    static String authority(HttpUrl url) {
        String host = url.host().contains(":") ? "[" + url.host() + "]" : url.host();
        return url.port() == HttpUrl.defaultPort(url.scheme()) ? host : host + ":" + url.port();
    }

    /** The lines that are signed (RFC 9421 §2.5), and the list of their names. */
    static final class Base {
        private final StringBuilder lines = new StringBuilder(512);
        private final StringBuilder names = new StringBuilder(128).append('(');

        void line(String name, String value) {
            lines.append('"').append(name).append("\": ").append(value).append('\n');
            names.append(names.length() > 1 ? " \"" : "\"").append(name).append('"');
        }

        String parameters(Instant created, String nonce, String keyId) {
            return names + ");created=" + created.getEpochSecond() + ";expires="
                    + created.plus(VALIDITY).getEpochSecond() + ";nonce=\"" + nonce + "\";keyid=\"" + keyId
                    + "\";tag=\"fuzhi-v1\"";
        }

        String end(String parameters) {
            return lines.append("\"@signature-params\": ").append(parameters).toString();
        }
    }
}
