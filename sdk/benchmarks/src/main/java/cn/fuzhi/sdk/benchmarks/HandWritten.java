package cn.fuzhi.sdk.benchmarks;

import cn.fuzhi.sdk.model.UsageReport;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.net.SocketFactory;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/** What a careful engineer would write for this one task: Jackson streaming, gzip 1, one signature, results counted. */
final class HandWritten {
    static final byte[] SECRET = "benchmark secret of 32 bytes !!!".getBytes(StandardCharsets.US_ASCII);
    private static final MediaType JSON = MediaType.get("application/json; charset=utf-8");

    private final JsonFactory json = new JsonFactory();
    private final OkHttpClient http;
    private final URI target;
    private final SecureRandom random = new SecureRandom();

    HandWritten(String url, OkHttpClient http) {
        this.target = URI.create(url + "v1/usage-reports");
        this.http = http;
    }

    static OkHttpClient plainClient() {
        return new OkHttpClient.Builder().socketFactory(new NoDelay()).build();
    }

    /** Sends one batch and returns how many results say that a record was taken. */
    int send(List<UsageReport> batch) throws IOException, GeneralSecurityException {
        return send(out -> {
            try (JsonGenerator generator = json.createGenerator(out)) {
                write(generator, batch);
            }
        });
    }

    /** The body of a request, before it is compressed. */
    interface Body {
        void writeTo(OutputStream out) throws IOException;
    }

    /** Sends one body and returns how many results say that a record was taken. */
    int send(Body content) throws IOException, GeneralSecurityException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(64 * 1024);
        try (OutputStream gzip = new FastGzip(bytes)) {
            content.writeTo(gzip);
        }
        byte[] body = bytes.toByteArray();
        Map<String, String> covered = new LinkedHashMap<>();
        covered.put("@method", "POST");
        covered.put("@authority", target.getAuthority());
        covered.put("@path", target.getPath());
        covered.put("@query", "?");
        covered.put(
                "content-digest",
                "sha-256=:" + base64(MessageDigest.getInstance("SHA-256").digest(body)) + ":");
        covered.put("content-type", JSON.toString());
        covered.put("idempotency-key", UUID.randomUUID().toString());
        Signed signed = sign(covered);
        Request request = new Request.Builder()
                .url(target.toString())
                .header("Content-Encoding", "gzip")
                .header("Content-Digest", covered.get("content-digest"))
                .header("Idempotency-Key", covered.get("idempotency-key"))
                .header("Signature-Input", signed.input())
                .header("Signature", signed.signature())
                .post(RequestBody.create(body, JSON))
                .build();
        try (Response response = http.newCall(request).execute()) {
            return taken(response);
        }
    }

    /** The two headers of a signature. */
    record Signed(String input, String signature) {}

    /** Signs a read, as the SDK signs it. */
    Signed signRead(String path) throws GeneralSecurityException {
        Map<String, String> covered = new LinkedHashMap<>();
        covered.put("@method", "GET");
        covered.put("@authority", target.getAuthority());
        covered.put("@path", path);
        covered.put("@query", "?");
        return sign(covered);
    }

    private Signed sign(Map<String, String> covered) throws GeneralSecurityException {
        byte[] nonce = new byte[16];
        random.nextBytes(nonce);
        long created = System.currentTimeMillis() / 1000;
        String parameters = "(\"" + String.join("\" \"", covered.keySet()) + "\");created=" + created + ";expires="
                + (created + 300) + ";nonce=\"" + base64(nonce) + "\";keyid=\"benchmark\";tag=\"fuzhi-v1\"";
        StringBuilder base = new StringBuilder(512);
        covered.forEach((name, value) ->
                base.append('"').append(name).append("\": ").append(value).append('\n'));
        base.append("\"@signature-params\": ").append(parameters);
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET, "HmacSHA256"));
        byte[] signature = mac.doFinal(base.toString().getBytes(StandardCharsets.UTF_8));
        return new Signed("fuzhi=" + parameters, "fuzhi=:" + base64(signature) + ":");
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private int taken(Response response) throws IOException {
        int taken = 0;
        try (JsonParser in = json.createParser(response.body().byteStream())) {
            for (JsonToken token = in.nextToken(); token != null; token = in.nextToken()) {
                if (token == JsonToken.FIELD_NAME && "result".equals(in.currentName())) {
                    taken += "CREATED".equals(in.nextTextValue()) ? 1 : 0;
                }
            }
        }
        return taken;
    }

    private static void write(JsonGenerator out, List<UsageReport> batch) throws IOException {
        out.writeStartObject();
        out.writeArrayFieldStart("items");
        for (UsageReport r : batch) {
            out.writeStartObject();
            out.writeStringField("op", "UPSERT");
            out.writeStringField("key", r.key());
            out.writeObjectFieldStart("record");
            record(out, r);
            out.writeEndObject();
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private static void record(JsonGenerator out, UsageReport r) throws IOException {
        out.writeStringField("platformCode", r.platformCode());
        out.writeStringField("scopeType", r.scopeType().value());
        out.writeStringField("scopeCode", r.scopeCode());
        out.writeStringField("scopeName", r.scopeName());
        out.writeStringField("statOn", r.statOn().toString());
        out.writeStringField("granularity", r.granularity().value());
        out.writeStringField("bodyCode", r.bodyCode());
        out.writeStringField("periodKey", r.periodKey());
        number(out, "activeTeacherCount", r.activeTeacherCount());
        number(out, "activeStudentCount", r.activeStudentCount());
        number(out, "loginCount", r.loginCount());
        number(out, "liveLessonCount", r.liveLessonCount());
        number(out, "liveLessonMinutes", r.liveLessonMinutes());
        number(out, "recordedLessonCount", r.recordedLessonCount());
        number(out, "receivingClassCount", r.receivingClassCount());
        number(out, "receivingStudentCount", r.receivingStudentCount());
        number(out, "resourceViewCount", r.resourceViewCount());
        number(out, "resourceDownloadCount", r.resourceDownloadCount());
        number(out, "registeredTeacherCount", r.registeredTeacherCount());
        number(out, "registeredStudentCount", r.registeredStudentCount());
        number(out, "cumulativeLiveLessonCount", r.cumulativeLiveLessonCount());
    }

    private static void number(JsonGenerator out, String name, @org.jspecify.annotations.Nullable Long value)
            throws IOException {
        if (value != null) {
            out.writeNumberField(name, value);
        }
    }

    /** Gzip at level 1, which the SDK uses too. */
    private static final class FastGzip extends GZIPOutputStream {
        private FastGzip(OutputStream out) throws IOException {
            super(out, 1 << 13);
            def.setLevel(1);
        }
    }

    /** Without it OkHttp waits for delayed acknowledgements; a careful engineer would have found out. */
    static final class NoDelay extends SocketFactory {
        private final SocketFactory plain = SocketFactory.getDefault();

        @Override
        public Socket createSocket() throws IOException {
            Socket socket = plain.createSocket();
            socket.setTcpNoDelay(true);
            return socket;
        }

        @Override
        public Socket createSocket(String host, int port) throws IOException {
            return plain.createSocket(host, port);
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress local, int localPort) throws IOException {
            return plain.createSocket(host, port, local, localPort);
        }

        @Override
        public Socket createSocket(InetAddress host, int port) throws IOException {
            return plain.createSocket(host, port);
        }

        @Override
        public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) throws IOException {
            return plain.createSocket(host, port, local, localPort);
        }
    }
}
