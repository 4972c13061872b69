package cn.fuzhi.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import cn.fuzhi.sdk.api.SchoolsApi;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Signatures of requests as they arrive at a server that knows nothing of the signer. */
@Timeout(60)
class EnvelopeTest {
    private final FakePorts ports = new FakePorts();
    private RawServer server;
    private FuzhiClient client;

    @AfterEach
    void stop() throws IOException {
        client.close(Duration.ZERO);
        server.close();
    }

    private void start(String answer) throws IOException {
        server = new RawServer(RawServer.json(answer));
        client = Clients.of(server.url(), ports).build();
    }

    private SignatureVerifier verifier(String algorithm) {
        return new SignatureVerifier("127.0.0.1:" + server.port(), Clients.KEY_ID, Clients.SECRET, algorithm);
    }

    private String verdict(SignatureVerifier verifier, RawServer.Received request) {
        String[] line = request.head().lines().findFirst().orElseThrow().split(" ", -1);
        int question = line[1].indexOf('?');
        String path = question < 0 ? line[1] : line[1].substring(0, question);
        String query = question < 0 ? null : line[1].substring(question + 1);
        return verifier.verify(line[0], path, query, request::header, request.body(), ports.now());
    }

    private void allAreValid(int count) {
        SignatureVerifier verifier = verifier("HmacSHA256");
        assertThat(server.received())
                .hasSize(count)
                .allSatisfy(request -> assertThat(verdict(verifier, request)).isEqualTo("VALID"));
    }

    @Test
    @Tag("A15")
    void compressedAndPlainBatchesAreSignedAsSent() throws IOException {
        start("{\"requestId\":\"r\",\"results\":[]}");
        client.push(Samples.schools(50));
        client.push(Samples.schools(1));
        client.dryRun(Samples.schools(1));
        assertThat(server.received().get(0).header("Content-Encoding")).isEqualTo("gzip");
        assertThat(server.received().get(1).header("Content-Encoding")).isNull();
        allAreValid(3);
    }

    @Test
    void readsAreSignedWithAndWithoutAQuery() throws IOException {
        start("{\"items\":[],\"hasMore\":false,\"key\":\"k\",\"serverTime\":\"2022-09-15T09:00:00+08:00\"}");
        client.schools().list(SchoolsApi.Query.builder().build());
        client.schools().list(null, null, null, "略阳 & 示例+1", "=?&#", 5);
        client.schools().get("2161000001");
        client.deadlines().due("610727");
        allAreValid(server.received().size());
        assertThat(server.received().size()).isGreaterThanOrEqualTo(4);
    }

    @Test
    void partsOfAFileAreSigned(@TempDir Path folder) throws IOException {
        byte[] content = {1, 2, 3};
        String digest = RecordCodec.digest(content);
        server = new RawServer(
                RawServer.json("{\"attachmentId\":\"ATT-1\",\"partSizeBytes\":8,\"state\":\"UPLOADING\"}"),
                RawServer.json("{\"partNo\":1,\"sizeBytes\":3,\"sha256\":\"" + digest + "\"}"),
                RawServer.json("{\"attachmentId\":\"ATT-1\",\"state\":\"COMPLETE\"}"));
        client = Clients.of(server.url(), ports).build();
        client.upload(Files.write(folder.resolve("plan.pdf"), content), "application/pdf");
        assertThat(server.received().get(1).head()).startsWith("PUT /v1/attachments/ATT-1/parts/1 ");
        allAreValid(3);
    }

    @Test
    @Tag("A16")
    void theAlgorithmIsBoundToTheKeyId() throws IOException {
        start("{\"requestId\":\"r\",\"results\":[]}");
        client.push(Samples.schools(1));
        RawServer.Received request = server.received().get(0);
        assertThat(request.header("Signature-Input")).doesNotContain("alg=");
        assertThat(verdict(verifier("HmacSHA512"), request))
                .as("a platform that has another algorithm on file for this key id")
                .isEqualTo("SIGNATURE");
        RawServer.Received claimed =
                new RawServer.Received(request.head().replace(";tag=", ";alg=\"hmac-sha512\";tag="), request.body());
        assertThat(List.of(verdict(verifier("HmacSHA512"), claimed), verdict(verifier("HmacSHA256"), claimed)))
                .containsOnly("PROFILE");
    }
}
