package cn.fuzhi.examples.county;

import cn.fuzhi.sdk.mock.Fault;
import cn.fuzhi.sdk.mock.MockPlatform;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Properties;
import java.util.Random;

/**
 * The provincial platform, played by the mock in a process of its own, on a bad day: slow, at times unavailable, and at times it
 * applies a batch and breaks the connection before it answers.
 *
 * <p>The word {@code calm} on standard input ends the bad day; the end of the input ends the program.
 */
final class Province {
    private static final int BATCH = 500;
    private static final int BYTES = 1 << 20;
    private static final int REQUESTS_PER_SECOND = 1_000;

    private Province() {}

    public static void main(String[] arguments) throws IOException {
        Job job = Job.of(arguments);
        try (MockPlatform platform = MockPlatform.builder()
                .platform(Workbooks.PLATFORM)
                .limits(BATCH, BYTES, REQUESTS_PER_SECOND)
                .start()) {
            platform.clock().runFrom(Instant.parse("2022-09-14T01:00:00Z"));
            spoil(platform, new Random(job.seed()));
            job.save("platform.properties", address(platform));
            System.out.println("ready");
            BufferedReader words = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String word = words.readLine(); word != null; word = words.readLine()) {
                int struck = platform.faults().struck();
                platform.faults().clear();
                System.out.println("calm " + struck);
            }
        }
    }

    private static void spoil(MockPlatform platform, Random random) {
        platform.faults().add(Fault.latency(Duration.ofMillis(20 + random.nextInt(60))));
        platform.faults().add(Fault.status(503).probability(0.15, random.nextLong()));
        platform.faults().add(Fault.resetBefore().afterApplying().probability(0.10, random.nextLong()));
        platform.faults().add(Fault.resetMidway().probability(0.05, random.nextLong()));
        // The outage: for some seconds no request gets an answer at all.
        platform.faults()
                .add(Fault.resetBefore()
                        .afterFirst(10 + random.nextInt(10))
                        .lasting(Duration.ofSeconds(4 + random.nextInt(6))));
    }

    static Properties address(MockPlatform platform) {
        Properties values = new Properties();
        values.setProperty("baseUrl", platform.baseUrl());
        values.setProperty("keyId", platform.keyId());
        values.setProperty("secret", HexFormat.of().formatHex(platform.secret()));
        return values;
    }
}
