package cn.fuzhi.sdk.benchmarks;

import cn.fuzhi.sdk.Credentials;
import cn.fuzhi.sdk.FuzhiClient;
import cn.fuzhi.sdk.PushReport;
import cn.fuzhi.sdk.model.School;
import cn.fuzhi.sdk.model.SchoolStatus;
import cn.fuzhi.sdk.model.UnitKind;
import cn.fuzhi.sdk.model.UrbanRuralClass;
import cn.fuzhi.sdk.model.UsageReport;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * The mock platform as a program with a heap of 300 MB, schema, rules and signatures on: how soon it is ready, how many batches
 * of 500 it takes in a second, and what 100,000 records cost.
 */
final class MockBenchmark {
    private static final int SCHOOLS = 500;
    private static final int BATCH = 500;
    private static final int BATCHES = 200;
    private static final int ROUNDS = 5;
    private static final Pattern URL = Pattern.compile("(https?://localhost:\\d+)");
    private static final Pattern READY = Pattern.compile("ready after (\\d+) ms");

    private MockBenchmark() {}

    static void run(Figures figures) throws Exception {
        String secret = new String(HandWritten.SECRET, StandardCharsets.UTF_8);
        Process mock = Children.java(
                        "-Xmx300m",
                        "-jar",
                        Built.file("mock/target/fuzhi-mock.jar").toString(),
                        "--port",
                        "0",
                        "--secret",
                        secret)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            BufferedReader out =
                    new BufferedReader(new InputStreamReader(mock.getInputStream(), StandardCharsets.UTF_8));
            String url = next(out, URL);
            figures.put("mock.ready.ms", Double.parseDouble(next(out, READY)));
            try (FuzhiClient client = FuzhiClient.builder()
                    .baseUrl(url)
                    .credentials(Credentials.hmacSha256("mock-key", HandWritten.SECRET::clone))
                    .rateLimit(0)
                    .build()) {
                push(figures, client);
            }
            figures.put("mock.held.records", (double) BATCH * BATCHES + SCHOOLS);
            figures.put("mock.held.rss_mb", residentMegabytes(mock.pid()));
        } finally {
            mock.destroy();
        }
    }

    private static String next(BufferedReader out, Pattern wanted) throws IOException {
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            Matcher matcher = wanted.matcher(line);
            if (matcher.find()) {
                return matcher.group(1);
            }
        }
        throw new IOException("the mock platform did not start");
    }

    private static void push(Figures figures, FuzhiClient client) throws Exception {
        take(
                client.push(IntStream.range(0, SCHOOLS)
                        .mapToObj(MockBenchmark::school)
                        .toList()),
                SCHOOLS);
        double[] rates = new double[ROUNDS];
        int perRound = BATCHES / ROUNDS;
        for (int round = 0; round < ROUNDS; round++) {
            int from = round * perRound * BATCH;
            List<UsageReport> records = IntStream.range(from, from + perRound * BATCH)
                    .mapToObj(i -> UsageRecords.one(i % SCHOOLS + i / SCHOOLS * UsageRecords.SCHOOLS))
                    .toList();
            rates[round] = perRound
                    * 1000.0
                    / Pairs.millis(() -> take(client.push(records), records.size()))
                            .once();
        }
        figures.put("mock.batches", Pairs.median(rates));
    }

    private static void take(PushReport report, int all) {
        if (report.acceptedCount() != all) {
            throw new IllegalStateException("not taken: " + report.notAccepted().get(0));
        }
    }

    private static School school(int i) {
        return School.builder()
                .schoolCode(String.valueOf(UsageRecords.FIRST_SCHOOL + i))
                .unitKind(UnitKind.SCHOOL)
                .name("略阳县示例第" + i + "小学")
                .divisionCode("610727")
                .urbanRuralClass(UrbanRuralClass.TOWN_CENTER)
                .status(SchoolStatus.ACTIVE)
                .build();
    }

    private static double residentMegabytes(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc", String.valueOf(pid), "status")).stream()
                        .filter(line -> line.startsWith("VmRSS:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                        .findFirst()
                        .orElseThrow()
                / 1000.0;
    }
}
