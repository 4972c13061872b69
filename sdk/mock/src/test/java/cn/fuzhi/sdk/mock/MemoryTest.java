package cn.fuzhi.sdk.mock;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** The mock in a small heap of its own, sent what would fill it. */
class MemoryTest {
    private static final int INFLATED = 20 * 1024 * 1024;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @Test
    void survivesManyLargeBodiesInASmallHeap() throws Exception {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-Dfile.encoding=UTF-8",
                        "-Dstdout.encoding=UTF-8",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "--port",
                        "0",
                        "--allow-unsigned")
                .redirectErrorStream(true)
                .start();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
            String baseUrl = baseUrl(out);
            byte[] body = gzip();

            assertThat(statuses(baseUrl + "/v1/schools", "application/json", body))
                    .containsOnly(413);
            assertThat(statuses(baseUrl + "/v1/packages", "application/zip", body))
                    .isSubsetOf(400, 422);
            assertThat(http.send(
                                    HttpRequest.newBuilder(URI.create(baseUrl + "/v1/time"))
                                            .build(),
                                    HttpResponse.BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(200);
            assertThat(child.isAlive()).isTrue();
        } finally {
            child.destroy();
            child.waitFor();
        }
    }

    private static String baseUrl(BufferedReader out) throws IOException {
        StringBuilder seen = new StringBuilder();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            seen.append(line).append('\n');
            int at = line.indexOf("http://");
            if (at >= 0) {
                return line.substring(at);
            }
        }
        throw new AssertionError("the platform did not start: " + seen);
    }

    private static byte[] gzip() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write("{\"items\":[{\"op\":\"UPSERT\",\"key\":\"1\",\"x\":\"".getBytes(StandardCharsets.US_ASCII));
            out.write(new byte[INFLATED]);
        }
        return bytes.toByteArray();
    }

    /** Sends a body sixty times, sixteen at once. */
    private List<Integer> statuses(String url, String type, byte[] body) {
        List<Integer> statuses = new ArrayList<>();
        for (int round = 0; round < 4; round++) {
            List<CompletableFuture<HttpResponse<String>>> sent = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                        .header("Content-Type", type)
                        .header("Content-Encoding", "gzip")
                        .header("Idempotency-Key", UUID.randomUUID().toString())
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                        .build();
                sent.add(http.sendAsync(request, HttpResponse.BodyHandlers.ofString()));
            }
            sent.forEach(answer -> statuses.add(answer.join().statusCode()));
        }
        return statuses;
    }
}
