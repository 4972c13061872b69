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
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
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
    private final OkHttpClient http =
            new OkHttpClient.Builder().socketFactory(new NoDelay()).build();
    private final String url;

    HandWritten(String url) {
        this.url = url + "v1/usage-reports";
    }

    /** Sends one batch and returns how many results say that a record was taken. */
    int send(List<UsageReport> batch) throws IOException, GeneralSecurityException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(64 * 1024);
        try (OutputStream gzip = new FastGzip(bytes);
                JsonGenerator out = json.createGenerator(gzip)) {
            write(out, batch);
        }
        byte[] body = bytes.toByteArray();
        String digest =
                "sha-256=:" + base64(MessageDigest.getInstance("SHA-256").digest(body)) + ":";
        String key = UUID.randomUUID().toString();
        Request request = new Request.Builder()
                .url(url)
                .header("Content-Encoding", "gzip")
                .header("Content-Digest", digest)
                .header("Idempotency-Key", key)
                .header("Signature", "fuzhi=:" + sign(digest, key) + ":")
                .post(RequestBody.create(body, JSON))
                .build();
        try (Response response = http.newCall(request).execute()) {
            return taken(response);
        }
    }

    /** A signature of a request without a body. */
    String signature() throws GeneralSecurityException {
        return "fuzhi=:" + sign("", "") + ":";
    }

    private String sign(String digest, String key) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET, "HmacSHA256"));
        String base = "\"@method\": POST\n\"@path\": /v1/usage-reports\n\"content-digest\": " + digest
                + "\n\"idempotency-key\": " + key + "\n\"created\": " + System.currentTimeMillis() / 1000;
        return base64(mac.doFinal(base.getBytes(StandardCharsets.UTF_8)));
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
