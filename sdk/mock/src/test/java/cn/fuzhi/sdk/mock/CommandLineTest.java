package cn.fuzhi.sdk.mock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandLineTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final List<MockPlatform> running = new ArrayList<>();
    private final HttpClient http = HttpClient.newHttpClient();

    @AfterEach
    void stop() {
        running.forEach(MockPlatform::close);
    }

    private int run(String... arguments) {
        Main.Start start = Main.start(
                arguments,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        running.addAll(start.running());
        return start.exitCode();
    }

    private String send(String method, String path, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(running.get(0).baseUrl() + path))
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    @Test
    void saysWhereItListensAndHowLongItTook() {
        assertThat(run("--port", "0")).isZero();

        assertThat(out.toString(StandardCharsets.UTF_8)).contains(running.get(0).baseUrl(), "mock-key", " ms");
    }

    @Test
    void printsTheSecretThatEverybodyKnowsAndNoOther() {
        run("--port", "0");
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("secret: " + new String(running.get(0).secret(), StandardCharsets.UTF_8));

        out.reset();
        run("--port", "0", "--key", "lueyang-2022", "--secret", "known-to-nobody-else");
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("lueyang-2022", "secret: --secret")
                .doesNotContain("known-to-nobody-else");
    }

    @Test
    void explainsATakenPortAndAWrongOption() {
        run("--port", "0");
        String port = running.get(0).baseUrl().replaceFirst(".*:", "");

        assertThat(run("--port", port)).isEqualTo(3);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("port " + port + " cannot be used");
        assertThat(run("--prot", "1")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("unknown option --prot");
    }

    @Test
    void loadsRecordsAndNamesTheLineThatIsWrong(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("schools.jsonl");
        String school =
                Examples.without("School", "formerNames", "formerSchoolCodes").toString();
        Files.writeString(file, "{\"kind\":\"SCHOOL\",\"record\":" + school + "}\n");
        assertThat(run("--port", "0", "--data", folder.toString())).isZero();
        assertThat(running.get(0).held(cn.fuzhi.sdk.model.School.class)).hasSize(1);

        Files.writeString(file, "{\"kind\":\"SCHOOL\"}\n");
        assertThat(run("--port", "0", "--data", folder.toString())).isEqualTo(4);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("schools.jsonl:1");
    }

    @Test
    void wantsSignaturesUnlessToldOtherwise() throws Exception {
        run("--port", "0");

        assertThat(send("GET", "/v1/time", "")).contains("SIGNATURE_INVALID");
    }

    @Test
    void isControlledOverHttp() throws Exception {
        run("--port", "0", "--allow-unsigned");

        assertThat(send("PUT", "/__fuzhi/clock", "{\"stopAt\":\"2022-09-15T09:00:00+08:00\"}"))
                .contains("2022-09-15T09:00:00+08:00");
        assertThat(send("GET", "/v1/time", "")).contains("\"serverTime\":\"2022-09-15T09:00:00+08:00\"");
        send("POST", "/__fuzhi/faults", "{\"effect\":\"status\",\"status\":503,\"times\":1}");
        assertThat(send("GET", "/v1/time", "")).contains("MAINTENANCE");
        assertThat(send("GET", "/__fuzhi/arrived", "")).contains("getServerTime", "MAINTENANCE");
        assertThat(send("POST", "/__fuzhi/faults", "{\"effect\":\"nonsense\"}")).contains("unknown effect");
        assertThat(send("POST", "/__fuzhi/reset", "")).contains("\"arrived\":0");
        assertThat(send("GET", "/__fuzhi/openapi.yaml", "")).startsWith("openapi:");
        assertThat(send("GET", "/__fuzhi/docs/index.html", "")).contains("<title>");
    }

    /** Runs the lines of the documentation with curl, as a reader would. */
    @Test
    void doesWhatTheDocumentationShowsWithCurl() throws Exception {
        assumeTrue(hasCurl(), "curl is not installed");
        run("--port", "0", "--allow-unsigned");
        List<JsonNode> answers = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of("README.md"))) {
            if (line.startsWith("curl ")) {
                answers.add(Vendor.JSON.readTree(shell(line)));
            }
        }

        assertThat(answers).hasSize(7);
        assertThat(answers.get(0).at("/results/0/result").asText()).isEqualTo("CREATED");
        assertThat(answers.get(1).at("/record/name").asText()).isEqualTo("略阳县示例第一小学");
        assertThat(answers.get(2).at("/results/0/violations/0/rule").asText()).isEqualTo("R-04");
        assertThat(answers.get(3).at("/items/0/key").asText()).isEqualTo("2161000002");
        assertThat(answers.get(4).at("/results/0/result").asText()).isEqualTo("CREATED");
        assertThat(answers.get(5).at("/results/0/submission/state").asText()).isEqualTo("ACCEPTED");
        assertThat(answers.get(5).at("/results/0/submission/platformCount").asInt())
                .isEqualTo(1);
        assertThat(answers.get(6).at("/items/0/receiptNumber").asText()).endsWith("-610727-0001");
    }

    private static boolean hasCurl() throws InterruptedException {
        try {
            return new ProcessBuilder("curl", "--version")
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private byte[] shell(String line) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", line);
        builder.environment().put("FUZHI", running.get(0).baseUrl());
        builder.redirectError(ProcessBuilder.Redirect.INHERIT);
        return builder.start().getInputStream().readAllBytes();
    }

    @Test
    void saysWhichOptionCannotBeUsed() {
        assertThat(run("--port", "0", "--body", "999999")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("no body or division 999999");
        assertThat(run("--port", "0", "--platform", "x")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("not a platform code: x");
        assertThat(run("--port", "0", "--certificate", "target/none.pem")).isEqualTo(4);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("--certificate needs --https");
    }

    @Test
    void writesTheCertificateThatAClientHasToTrust(@TempDir Path folder) throws Exception {
        assumeTrue(hasCurl(), "curl is not installed");
        Path file = folder.resolve("mock.pem");
        assertThat(run("--port", "0", "--https", "--allow-unsigned", "--certificate", file.toString()))
                .isZero();
        String trusting = "curl -sS --cacert '" + file + "' \"$FUZHI";

        assertThat(new String(shell(trusting + "/v1/time\""), StandardCharsets.UTF_8))
                .contains("serverTime");
        assertThat(new String(shell(trusting + "/__fuzhi/certificate.pem\""), StandardCharsets.UTF_8))
                .isEqualTo(Files.readString(file));
    }

    @Test
    void scriptsEveryFaultOverHttp() throws Exception {
        run("--port", "0", "--allow-unsigned");
        String school = Vendor.JSON.writeValueAsString(
                Vendor.batch(Vendor.upsert("2161000002", 1, Examples.supportedSchool())));

        send(
                "POST",
                "/__fuzhi/faults",
                "{\"effect\":\"answer\",\"status\":418,\"contentType\":\"text/plain\",\"body\":\"tea\"}");
        assertThat(send("GET", "/v1/time", "")).isEqualTo("tea");
        send("DELETE", "/__fuzhi/faults", "");
        assertThat(push(school)).contains("CREATED");
        assertThat(send("POST", "/__fuzhi/forget", "{\"kind\":\"SCHOOL\",\"key\":\"2161000002\"}"))
                .contains("\"SCHOOL\":0");
        assertThat(push(school)).contains("CREATED");
        assertThat(send("POST", "/__fuzhi/forget", "{\"since\":\"2000-01-01T00:00:00+08:00\"}"))
                .contains("\"SCHOOL\":0");
        assertThat(send("POST", "/__fuzhi/forget", "{\"kind\":\"SCHOOL\",\"key\":\"x\"}"))
                .contains("the platform holds no");
        assertThat(send("POST", "/__fuzhi/forget-answers", "")).contains("\"held\"");
    }

    private String push(String batch) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(running.get(0).baseUrl() + "/v1/schools"))
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", java.util.UUID.randomUUID().toString())
                .POST(HttpRequest.BodyPublishers.ofString(batch))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    @Test
    void playsWithKeysOverHttp() throws Exception {
        run("--port", "0");
        MockPlatform mock = running.get(0);
        Vendor old = Vendor.of(mock);

        send("POST", "/__fuzhi/secret", "{\"secret\":\"another-secret\"}");
        assertThat(old.get("/v1/time").code()).isEqualTo("SIGNATURE_INVALID");
        assertThat(Vendor.of(mock).get("/v1/time").status()).isEqualTo(200);
        send("PUT", "/__fuzhi/key", "{\"enabled\":false}");
        assertThat(Vendor.of(mock).get("/v1/time").code()).isEqualTo("APP_KEY_DISABLED");
        send(
                "POST",
                "/__fuzhi/keys",
                "{\"id\":\"second\",\"secret\":\"s2\",\"platform\":\"OTHER001\",\"bodies\":[\"610100\"],\"scopes\":[\"report:read\"]}");
        Vendor second = new Vendor(mock.baseUrl(), "second", "s2".getBytes(StandardCharsets.UTF_8));
        assertThat(second.get("/v1/whoami").body().get("platformCode").asText()).isEqualTo("OTHER001");
        assertThat(second.post("/v1/schools", Vendor.batch(Vendor.delete("2161000001", 1)))
                        .code())
                .isEqualTo("SCOPE_MISSING");
    }

    @Test
    void servesTheStepsOfTheDocumentationWithItsOwnAddress() throws Exception {
        run("--port", "0", "--allow-unsigned");
        String page = send("GET", "/__fuzhi/docs/curl.html", "");
        List<String> documented = Files.readAllLines(Path.of("README.md")).stream()
                .filter(line -> line.startsWith("curl "))
                .toList();

        assertThat(page.lines().map(line -> line.replace("&gt;", ">").replace("&amp;", "&")))
                .containsSubsequence(documented)
                .contains("FUZHI=" + running.get(0).baseUrl());
        assertThat(send("GET", "/__fuzhi/docs/index.html", "")).contains("href=\"curl.html\"");
    }

    /** Only where the jar was built before; the best of three, because the machine may be busy with something else. */
    @Test
    void isReadyInThreeSecondsAsAJar() throws Exception {
        Path jar = Path.of("target/fuzhi-mock.jar");
        assumeTrue(Files.exists(jar), "the jar is made after the tests");
        long best = Long.MAX_VALUE;
        for (int i = 0; i < 3 && best >= 3_000; i++) {
            best = Math.min(best, readyAfter(jar));
        }
        assertThat(best).isLessThan(3_000);
    }

    private static long readyAfter(Path jar) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-jar",
                        jar.toString(),
                        "--port",
                        "0")
                .redirectErrorStream(true)
                .start();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                if (line.contains("ready after ")) {
                    return Long.parseLong(line.replaceAll(".*ready after (\\d+) ms.*", "$1"));
                }
            }
            throw new AssertionError("the jar did not start");
        } finally {
            process.destroy();
            process.waitFor();
        }
    }
}
