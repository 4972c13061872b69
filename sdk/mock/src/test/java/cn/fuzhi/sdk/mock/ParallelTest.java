package cn.fuzhi.sdk.mock;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class ParallelTest {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @Test
    void leaksNoPortAndNoThreadOverTwoHundredPlatforms() throws Exception {
        useOne();
        int before = serverThreads();
        ExecutorService pool = Executors.newFixedThreadPool(8);
        List<Future<Integer>> running = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            running.add(pool.submit(ParallelTest::useOne));
        }
        Set<Integer> ports = new TreeSet<>();
        for (Future<Integer> port : running) {
            ports.add(port.get());
        }
        pool.shutdown();
        // Only now: while others start, one of them may have been given the same port again.
        for (int port : ports) {
            assertFree(port);
        }

        assertThat(serverThreads()).isLessThanOrEqualTo(before);
    }

    /** Starts a platform, pushes a record of its own, and finds nothing else there. */
    private static int useOne() {
        try (MockPlatform mock = MockPlatform.start()) {
            Vendor vendor = new Vendor(mock.baseUrl(), mock.keyId(), mock.secret(), HTTP);
            ObjectNode school = Examples.supportedSchool();
            vendor.post("/v1/schools", Vendor.batch(Vendor.upsert("2161000002", 1, school)));
            assertThat(vendor.get("/v1/schools").body().get("items")).hasSize(1);
            return URI.create(mock.baseUrl()).getPort();
        }
    }

    private static void assertFree(int port) throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress("localhost", port));
            assertThat(socket.isBound()).isTrue();
        }
    }

    private static int serverThreads() {
        return (int) Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("qtp"))
                .count();
    }

    @Test
    void speaksHttpsWithACertificateThatAClientCanTrust() throws Exception {
        try (MockPlatform mock = MockPlatform.builder().https().start()) {
            Vendor vendor = Vendor.trusting(mock);

            assertThat(mock.baseUrl()).startsWith("https://");
            assertThat(vendor.get("/v1/time").status()).as(mock.report()).isEqualTo(200);
        }
    }

    @Test
    void letsTheStubsOfATestWinAndSurvivesTheirReset() {
        try (MockPlatform mock = MockPlatform.start()) {
            var stub = com.github.tomakehurst.wiremock.client.WireMock.get("/v1/time")
                    .willReturn(com.github.tomakehurst.wiremock.client.WireMock.status(418));
            mock.wireMock().stubFor(stub);
            assertThat(Vendor.of(mock).get("/v1/time").status()).isEqualTo(418);

            mock.wireMock().resetAll();

            assertThat(Vendor.of(mock).get("/v1/time").status()).isEqualTo(200);
        }
    }
}
