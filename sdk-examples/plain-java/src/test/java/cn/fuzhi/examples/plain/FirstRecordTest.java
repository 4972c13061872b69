package cn.fuzhi.examples.plain;

import static org.assertj.core.api.Assertions.assertThat;

import cn.fuzhi.sdk.Credentials;
import cn.fuzhi.sdk.FuzhiClient;
import cn.fuzhi.sdk.mock.MockPlatform;
import cn.fuzhi.sdk.model.School;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FirstRecordTest {
    @Test
    void deliversOneSchoolAndSaysSo(@TempDir Path folder) throws Exception {
        String secret = "a-secret-for-this-test-only";
        try (MockPlatform platform = MockPlatform.builder()
                .key("first-record", secret.getBytes(StandardCharsets.UTF_8))
                .start()) {
            ProcessBuilder program = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            FirstRecord.class.getName(),
                            platform.baseUrl(),
                            platform.keyId(),
                            secret)
                    .directory(folder.toFile())
                    .redirectErrorStream(true);
            Process process = program.start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(process.waitFor()).as(output).isZero();
            assertThat(platform.held(School.class))
                    .extracting(School::schoolCode)
                    .containsExactly("2161000001");
            assertThat(output).contains("delivered=1");
        }
    }

    @Test
    void triesBeforeItPushesAndReadsBack() {
        try (MockPlatform platform = MockPlatform.start();
                FuzhiClient client = FuzhiClient.builder()
                        .baseUrl(platform.baseUrl())
                        .credentials(Credentials.hmacSha256(platform.keyId(), platform::secret))
                        .build()) {
            PrintStream out = System.out;
            ByteArrayOutputStream heard = new ByteArrayOutputStream();
            System.setOut(new PrintStream(heard, true, StandardCharsets.UTF_8));
            try {
                assertThat(TypedCalls.pushCarefully(client, List.of(Samples.school()))
                                .isComplete())
                        .isTrue();
                assertThat(TypedCalls.pairingsOf(client, Samples.school().key()))
                        .isEmpty();
            } finally {
                System.setOut(out);
            }
            assertThat(heard.toString(StandardCharsets.UTF_8))
                    .contains(Samples.school().name());
        }
    }
}
