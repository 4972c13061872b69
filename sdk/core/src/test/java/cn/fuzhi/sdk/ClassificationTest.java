package cn.fuzhi.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import cn.fuzhi.sdk.Failures.Ruling;
import cn.fuzhi.sdk.Failures.Safety;
import cn.fuzhi.sdk.Failures.Transport;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The classification against the table that was written by hand: every status and transport outcome, nothing skipped. */
class ClassificationTest {
    private static final Instant DATE = Instant.parse("2022-09-15T01:00:00Z");
    private static final List<RetryAfterForm> FORMS = List.of(
            new RetryAfterForm(List.of(), null),
            new RetryAfterForm(List.of("120"), Duration.ofMinutes(2)),
            new RetryAfterForm(List.of("Thu, 15 Sep 2022 01:00:30 GMT"), Duration.ofSeconds(30)),
            new RetryAfterForm(List.of("soon"), null));

    private record RetryAfterForm(
            List<String> values, @Nullable Duration delay) {}

    private record Row(
            String outcome,
            String code,
            String safe,
            String unkeyed,
            String unkeyedPaced,
            String outbox,
            String breaker,
            String once) {
        static Row of(String line) {
            String[] c = line.split("\\s+", -1);
            return new Row(c[0], c[1], c[2] + " " + c[3], c[4] + " " + c[5], c[6] + " " + c[7], c[8], c[9], c[10]);
        }

        int first() {
            return outcome.matches("\\d.*") ? Integer.parseInt(outcome.split("-", -1)[0]) : -1;
        }

        int last() {
            return outcome.contains("-") ? Integer.parseInt(outcome.split("-", -1)[1]) : first();
        }

        boolean covers(int status) {
            return first() <= status && status <= last();
        }

        String expected(Safety safety, boolean paced) {
            String call = safety != Safety.UNKEYED ? safe : paced ? unkeyedPaced : unkeyed;
            return call + " " + outbox + " " + breaker + " " + once;
        }
    }

    private static List<Row> table() throws IOException {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                ClassificationTest.class.getResourceAsStream("classification.txt"), StandardCharsets.UTF_8))) {
            return lines.lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(Row::of)
                    .toList();
        }
    }

    private static String text(Ruling ruling) {
        return Stream.of(ruling.next(), ruling.kind(), ruling.disposition(), ruling.health(), ruling.correction())
                .map(Enum::name)
                .reduce((a, b) -> a + " " + b)
                .orElseThrow();
    }

    @Test
    @Tag("S10")
    @Tag("S16")
    @Tag("S19")
    @Tag("S22")
    void everyStatusAndTransportOutcomeIsRuledAsTheTableSays() throws IOException {
        List<Row> rows = table();
        int count = 0;
        for (Row row : rows) {
            for (int status = Math.max(100, row.first()); status <= row.last(); status++) {
                count += checkStatus(rows, row, status);
            }
        }
        for (Transport outcome : Transport.values()) {
            Row row = rows.stream()
                    .filter(r -> r.outcome().equals(outcome.name()))
                    .findFirst()
                    .orElseThrow();
            for (Safety safety : Safety.values()) {
                for (RetryAfterForm form : FORMS) {
                    assertThat(text(Failures.of(outcome, safety)))
                            .isEqualTo(row.expected(safety, form.delay() != null));
                    count++;
                }
            }
        }
        System.out.println("COUNT classification cases: " + count);
        assertThat(count).isEqualTo((500 + 3 + 3) * 3 * 4);
    }

    /** Checks a status where the row is the narrowest one for it. */
    private static int checkStatus(List<Row> rows, Row row, int status) {
        Row narrowest = rows.stream()
                .filter(r -> r.covers(status) && r.code().equals(row.code()))
                .min(Comparator.comparingInt(r -> r.last() - r.first()))
                .orElseThrow();
        if (!narrowest.equals(row)) {
            return 0;
        }
        int count = 0;
        for (Safety safety : Safety.values()) {
            for (RetryAfterForm form : FORMS) {
                Duration wait = RetryAfter.of(form.values(), DATE);
                assertThat(wait).isEqualTo(form.delay());
                String code = row.code().equals("*") ? null : row.code();
                assertThat(text(Failures.of(status, code, safety, wait != null, null)))
                        .as("%d %s %s %s", status, code, safety, form.values())
                        .isEqualTo(row.expected(safety, form.delay() != null));
                count++;
            }
        }
        return count;
    }

    @Test
    void theWordOfThePlatformOverridesEveryStatusButNoTransportOutcome() {
        int count = 0;
        for (int status = 300; status < 600; status++) {
            for (Safety safety : Safety.values()) {
                assertThat(Failures.of(status, null, safety, false, true).next())
                        .isNotEqualTo(Failures.Next.STOP);
                Ruling no = Failures.of(status, null, safety, false, false);
                assertThat(no.next()).isEqualTo(Failures.Next.STOP);
                assertThat(no.correction())
                        .as("what is put right is another request: the word of the platform is about the same one")
                        .isEqualTo(
                                Failures.of(status, null, safety, false, null).correction());
                count += 2;
            }
        }
        for (int status = 100; status < 300; status++) {
            assertThat(Failures.of(status, null, Safety.UNKEYED, false, true).next())
                    .as("an unreadable answer is a transport outcome")
                    .isEqualTo(Failures.Next.STOP);
            count++;
        }
        assertThat(count).isEqualTo(300 * 3 * 2 + 200);
    }

    @Test
    @Tag("S26")
    @Tag("S25")
    void retryAfterIsClampedAndGarbageIsAbsent() {
        assertThat(RetryAfter.of(List.of("-5"), DATE)).isZero();
        assertThat(RetryAfter.of(List.of("1000000000"), DATE)).isEqualTo(Duration.ofHours(24));
        assertThat(RetryAfter.of(List.of("99999999999999999999"), DATE)).isEqualTo(Duration.ofHours(24));
        assertThat(RetryAfter.of(List.of("-99999999999999999999"), DATE)).isZero();
        assertThat(RetryAfter.of(List.of("0000000000000000000005"), DATE)).isEqualTo(Duration.ofSeconds(5));
        assertThat(RetryAfter.of(List.of("9".repeat(101)), DATE)).isNull();
        for (String form : List.of(
                "Thu, 15 Sep 2022 01:00:30 GMT", "Thursday, 15-Sep-22 01:00:30 GMT", "Thu Sep 15 01:00:30 2022")) {
            assertThat(RetryAfter.of(List.of(form), DATE)).as(form).isEqualTo(Duration.ofSeconds(30));
        }
        assertThat(RetryAfter.of(List.of("Wed, 14 Sep 2022 01:00:00 GMT"), DATE))
                .isZero();
        assertThat(RetryAfter.of(List.of("3", "7"), DATE)).isEqualTo(Duration.ofSeconds(7));
        assertThat(RetryAfter.of(List.of("Sunday, 06-Nov-94 08:49:37 GMT"), DATE))
                .isZero();
        for (String none : List.of(
                "Thu, 15 Sep 2022 01:00:30 CST",
                "Thu, 31 Sep 2022 01:00:30 GMT",
                "Thu, 15 Sep 2022 01:00:30 GMT and more",
                "Fri, 15 Sep 2022 01:00:30 GMT")) {
            assertThat(RetryAfter.of(List.of(none), DATE)).as(none).isNull();
        }
        assertThat(RetryAfter.of(List.of("soon", "7"), DATE)).isEqualTo(Duration.ofSeconds(7));
        assertThat(RetryAfter.of(List.of("1.5"), DATE)).isNull();
        assertThat(RetryAfter.of(List.of(""), DATE)).isNull();
    }
}
