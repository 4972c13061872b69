package cn.fuzhi.sdk.mock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Every answer passes a validating proxy that knows the contract and nothing of this project: Prism, in the version that
 * {@code prism/package-lock.json} pins. {@code sdk/mock/prism/run} installs it and starts this test; without it the test says
 * that it was skipped.
 */
class PrismTest {
    private static final Path PRISM = Path.of("prism/node_modules/@stoplight/prism-cli/dist/index.js");

    private final List<String> findings = new ArrayList<>();
    private MockPlatform mock;
    private Process prism;
    private String proxy;

    @BeforeEach
    void start() throws IOException {
        boolean installed = Files.exists(PRISM) && hasNode();
        if (!installed) {
            System.out.println("Prism: skipped: needs Node; run sdk/mock/prism/run");
        }
        assumeTrue(installed, "skipped: needs Node; run sdk/mock/prism/run");
        mock = Conversation.platform();
        int port = freePort();
        proxy = "http://127.0.0.1:" + port;
        prism = new ProcessBuilder(
                        "node",
                        PRISM.toString(),
                        "proxy",
                        contract().toString(),
                        mock.baseUrl(),
                        "--errors",
                        "--port",
                        String.valueOf(port))
                .redirectErrorStream(true)
                .start();
        awaitReady();
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (prism != null) {
            prism.destroy();
            prism.waitFor();
        }
        if (mock != null) {
            mock.close();
        }
    }

    private static boolean hasNode() {
        try {
            return new ProcessBuilder("node", "--version")
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static Path contract() throws IOException {
        Path file = Path.of("target/openapi-for-prism.yaml");
        Files.write(file, Contract.resource("openapi.yaml"));
        return file;
    }

    /** Reads on afterwards, so that the proxy never waits for its log to be read. */
    private void awaitReady() throws IOException {
        BufferedReader log = new BufferedReader(new InputStreamReader(prism.getInputStream(), StandardCharsets.UTF_8));
        String line = log.readLine();
        StringBuilder seen = new StringBuilder();
        while (line != null && !line.contains("Prism is listening")) {
            seen.append(line).append('\n');
            line = log.readLine();
        }
        assertThat(line).as("%s", seen).isNotNull();
        Thread reader = new Thread(() -> {
            try {
                log.transferTo(Writer.nullWriter());
            } catch (IOException e) {
                // The proxy has ended.
            }
        });
        reader.setDaemon(true);
        reader.start();
    }

    /** A finding is what Prism says of an answer, and an answer that is not the platform's own: Prism could not read it. */
    private void judge(String operationId, Vendor.Answer answer) {
        String body = new String(answer.http().body(), StandardCharsets.UTF_8);
        var headers = answer.http().headers();
        boolean violates =
                headers.firstValue("sl-violations").isPresent() || body.contains("stoplight.io/prism/errors");
        if (violates || headers.firstValue("Fuzhi-Request-Id").isEmpty()) {
            findings.add(operationId + " " + answer.status() + " "
                    + headers.firstValue("sl-violations").orElse("") + " "
                    + body.substring(0, Math.min(1_000, body.length())));
        }
    }

    @Test
    void letsEveryOperationAndEveryCodePass() {
        Conversation conversation = new Conversation(mock, proxy, this::judge);
        conversation.everyOperation();
        conversation.everyCode();

        System.out.println("Prism: " + conversation.counts() + ", " + findings.size() + " findings");
        assertThat(findings).as(mock.report()).isEmpty();
        assertThat(conversation.operations().keySet()).containsExactlyElementsOf(Conversation.allOperations());
        assertThat(conversation.codes().keySet()).containsExactlyElementsOf(ConformanceTest.codes(false));
        assertThat(conversation.itemCodes().keySet()).containsExactlyElementsOf(ConformanceTest.codes(true));
    }

    @Test
    void findsAnswersThatTheContractDoesNotKnow() {
        List<Fault> wrong = List.of(
                Fault.html(),
                Fault.truncated(),
                Fault.answer(200, "application/json", "{\"items\":[{\"key\":1}],\"hasMore\":\"no\"}"),
                Fault.resetMidway());
        for (Fault fault : wrong) {
            int before = findings.size();
            mock.faults().clear();
            mock.faults().add(fault);
            try {
                Vendor vendor = new Vendor(proxy, mock.keyId(), mock.secret());
                judge("listSchools", vendor.get("/v1/schools"));
            } catch (UncheckedIOException e) {
                findings.add("the answer ended early");
            }
            assertThat(findings).as("%s", fault).hasSizeGreaterThan(before);
        }
        System.out.println(
                "Prism: " + findings.size() + " findings in " + wrong.size() + " answers that are wrong on purpose");
    }
}
