package cn.fuzhi.sdk.mock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A vendor's program without the SDK: signs by hand with what the JDK has, and speaks raw HTTP. */
final class Vendor {
    static final ObjectMapper JSON = new ObjectMapper();
    /** For typed records of the model in tests that prepare a platform, never for what goes over the wire. */
    static final ObjectMapper JSON_MODEL = Json.MAPPER;

    private final String baseUrl;
    private final String keyId;
    private final byte[] secret;
    private final HttpClient http;
    Instant clock = Instant.EPOCH;
    UnaryOperator<Map<String, String>> tamper = UnaryOperator.identity();
    UnaryOperator<Map<String, String>> headers = UnaryOperator.identity();

    Vendor(String baseUrl, String keyId, byte[] secret) {
        this(
                baseUrl,
                keyId,
                secret,
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build());
    }

    Vendor(String baseUrl, String keyId, byte[] secret, HttpClient http) {
        this.baseUrl = baseUrl;
        this.keyId = keyId;
        this.secret = secret;
        this.http = http;
    }

    static Vendor of(MockPlatform mock) {
        return new Vendor(mock.baseUrl(), mock.keyId(), mock.secret());
    }

    /** A vendor that trusts the certificate of a platform. */
    static Vendor trusting(MockPlatform mock) throws GeneralSecurityException, IOException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("mock", mock.certificate().orElseThrow());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(context)
                .build();
        return new Vendor(mock.baseUrl(), mock.keyId(), mock.secret(), http);
    }

    /** An answer with its body as JSON; an empty body is an empty object. */
    record Answer(int status, JsonNode body, HttpResponse<byte[]> http) {
        String code() {
            return body.path("code").asText();
        }

        String verdict(String key) {
            return result(key).path("result").asText();
        }

        JsonNode result(String key) {
            for (JsonNode result : body.path("results")) {
                if (result.path("key").asText().equals(key)) {
                    return result;
                }
            }
            return JSON.createObjectNode();
        }
    }

    Answer get(String path) {
        return send("GET", path, new byte[0], "", null);
    }

    Answer post(String path, Object body) {
        return send(
                "POST", path, bytes(body), "application/json", UUID.randomUUID().toString());
    }

    Answer send(String method, String path, byte[] body, String type, String idempotencyKey) {
        try {
            return answer(http.send(
                    request(method, path, body, type, idempotencyKey), HttpResponse.BodyHandlers.ofByteArray()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    HttpRequest request(String method, String path, byte[] body, String type, String idempotencyKey) {
        URI uri = URI.create(baseUrl + path);
        Map<String, String> components = new LinkedHashMap<>();
        components.put("@method", method);
        components.put("@authority", uri.getAuthority());
        components.put("@path", uri.getRawPath());
        components.put("@query", "?" + (uri.getRawQuery() == null ? "" : uri.getRawQuery()));
        Map<String, String> sent = new LinkedHashMap<>();
        if (body.length > 0) {
            sent.put("Content-Digest", "sha-256=:" + Base64.getEncoder().encodeToString(sha256(body)) + ":");
            sent.put("Content-Type", type);
            components.put("content-digest", sent.get("Content-Digest"));
            components.put("content-type", type);
        }
        if (idempotencyKey != null) {
            sent.put("Idempotency-Key", idempotencyKey);
            components.put("idempotency-key", idempotencyKey);
        }
        sign(tamper.apply(components), sent);
        HttpRequest.Builder builder = HttpRequest.newBuilder(uri)
                .method(
                        method,
                        body.length > 0
                                ? HttpRequest.BodyPublishers.ofByteArray(body)
                                : HttpRequest.BodyPublishers.noBody());
        headers.apply(sent).forEach(builder::setHeader);
        return builder.build();
    }

    private void sign(Map<String, String> components, Map<String, String> headers) {
        long created = (clock.equals(Instant.EPOCH) ? Instant.now() : clock).getEpochSecond();
        String names = components.keySet().stream()
                .map(name -> "\"" + name + "\"")
                .reduce((one, other) -> one + " " + other)
                .orElse("");
        String parameters = "(" + names + ");created=" + created + ";expires=" + (created + 300) + ";nonce=\""
                + UUID.randomUUID().toString().replace("-", "") + "\";keyid=\"" + keyId + "\";tag=\"fuzhi-v1\"";
        StringBuilder base = new StringBuilder();
        components.forEach((name, value) ->
                base.append('"').append(name).append("\": ").append(value).append('\n'));
        base.append("\"@signature-params\": ").append(parameters);
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            byte[] signature = mac.doFinal(base.toString().getBytes(StandardCharsets.UTF_8));
            headers.put("Signature-Input", "fuzhi=" + parameters);
            headers.put("Signature", "fuzhi=:" + Base64.getEncoder().encodeToString(signature) + ":");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Answer answer(HttpResponse<byte[]> response) throws IOException {
        boolean json = response.headers().firstValue("Content-Type").orElse("").contains("json");
        JsonNode body = json && response.body().length > 0 ? JSON.readTree(response.body()) : JSON.createObjectNode();
        return new Answer(response.statusCode(), body, response);
    }

    static byte[] bytes(Object body) {
        try {
            return body instanceof byte[] raw ? raw : JSON.writeValueAsBytes(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A batch of one upsert. */
    static ObjectNode batch(ObjectNode... items) {
        ObjectNode batch = JSON.createObjectNode();
        ArrayNode list = batch.putArray("items");
        for (ObjectNode item : items) {
            list.add(item);
        }
        return batch;
    }

    static ObjectNode upsert(String key, long version, ObjectNode record) {
        ObjectNode item = JSON.createObjectNode().put("op", "UPSERT").put("key", key);
        if (version > 0) {
            item.put("version", version);
        }
        item.set("record", record);
        return item;
    }

    static ObjectNode delete(String key, long version) {
        return JSON.createObjectNode().put("op", "DELETE").put("key", key).put("version", version);
    }
}
