package cn.fuzhi.sdk.mock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
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
}
