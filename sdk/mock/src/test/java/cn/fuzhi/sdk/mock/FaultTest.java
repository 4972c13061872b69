package cn.fuzhi.sdk.mock;

import static cn.fuzhi.sdk.mock.Vendor.batch;
import static cn.fuzhi.sdk.mock.Vendor.delete;
import static cn.fuzhi.sdk.mock.Vendor.upsert;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cn.fuzhi.sdk.model.RecordKind;
import cn.fuzhi.sdk.model.ReviewState;
import cn.fuzhi.sdk.model.School;
import cn.fuzhi.sdk.model.Verdict;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FaultTest {
    private static final String ONE = "2161000001";
    private static final String TWO = "2161000002";

    private final MockPlatform mock = MockPlatform.start();
    private final Vendor vendor = Vendor.of(mock);
    private long version;

    @AfterEach
    void stop() {
        mock.close();
    }

    private Vendor.Answer push() {
        ObjectNode one = Examples.without("School", "formerNames", "formerSchoolCodes");
        return vendor.post(
                "/v1/schools", batch(upsert(ONE, ++version, one), upsert(TWO, version, Examples.supportedSchool())));
    }

    @Test
    void resetsBeforeTheRequestIsAppliedOrAfter() {
        mock.faults().add(Fault.resetBefore().once());
        assertThatThrownBy(this::push).isInstanceOf(UncheckedIOException.class);
        assertThat(mock.held(School.class)).isEmpty();

        mock.faults().add(Fault.resetBefore().afterApplying().once());
        assertThatThrownBy(this::push).isInstanceOf(UncheckedIOException.class);
        assertThat(mock.held(School.class)).hasSize(2);
    }

    @Test
    void breaksTheAnswerInTheMiddle() {
        mock.faults().add(Fault.resetMidway().once());
        assertThatThrownBy(this::push).isInstanceOf(UncheckedIOException.class);
        assertThat(mock.held(School.class)).hasSize(2);
    }

    /** On a bare socket, because a client with a pool may or may not notice the end before it sends its next request. */
    @Test
    void breaksTheConnectionBehindACompleteAnswer() throws IOException {
        mock.faults().add(Fault.resetAfter().once());
        try (Socket socket = new Socket("localhost", URI.create(mock.baseUrl()).getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write("GET /v1/time HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(answer)
                    .startsWith("HTTP/1.1 401")
                    .doesNotContainIgnoringCase("Connection: close")
                    .as("complete with its last chunk")
                    .endsWith("}\r\n0\r\n\r\n");
        }
        assertThat(push().verdict(ONE)).isEqualTo("CREATED");
    }

    @Test
    void spoilsResultsInEveryWayAClientMustSurvive() {
        mock.faults().add(Fault.missingResult().forKey(ONE).once());
        assertThat(push().body().get("results")).hasSize(1);
        mock.faults().add(Fault.duplicatedResult().once());
        assertThat(push().body().get("results")).hasSize(3);
        mock.faults().add(Fault.contradictoryResult().forKey(TWO).once());
        assertThat(push().body().get("results").toString()).contains("UPDATED").contains("REJECTED");
        mock.faults().add(Fault.foreignResult().once());
        assertThat(push().verdict("0000000000")).isEqualTo("UPDATED");
        mock.faults().add(Fault.shuffledResults().once());
        assertThat(push().body().at("/results/0/key").asText()).isEqualTo(TWO);
        mock.faults().add(Fault.html().once());
        assertThat(push().http().headers().firstValue("Content-Type").orElse(""))
                .contains("text/html");
        mock.faults().add(Fault.emptyAnswer().once());
        assertThat(push().http().body()).isEmpty();
    }

    @Test
    void givesTheVerdictsThatATestAsksFor() {
        mock.faults()
                .add(Fault.verdict(Verdict.of("FROM_THE_FUTURE")).forKey(ONE).once());

        Vendor.Answer pushed = push();

        assertThat(pushed.verdict(ONE)).isEqualTo("FROM_THE_FUTURE");
        assertThat(pushed.verdict(TWO)).isEqualTo("CREATED");
        assertThat(mock.find(RecordKind.SCHOOL, ONE)).isEmpty();
    }

    @Test
    void throttlesByAQuotaOfItsClock() {
        mock.clock().stopAt(Instant.parse("2022-09-15T02:00:00Z"));
        vendor.clock = mock.clock().instant();
        mock.faults().add(Fault.quota(2, Duration.ofSeconds(10)));

        List<Integer> statuses = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            statuses.add(vendor.get("/v1/time").status());
        }
        assertThat(statuses).containsExactly(200, 200, 429);
        assertThat(vendor.get("/v1/time").http().headers().firstValue("Retry-After"))
                .contains("10");
        mock.clock().advance(Duration.ofSeconds(10));
        assertThat(vendor.get("/v1/time").status()).isEqualTo(200);
    }

    @Test
    void endsAMaintenanceWindowByItsClock() {
        mock.clock().stopAt(Instant.parse("2022-09-15T02:00:00Z"));
        mock.faults().add(Fault.maintenance(Duration.ofHours(6)));
        vendor.clock = mock.clock().instant();

        assertThat(vendor.get("/v1/time").code()).isEqualTo("MAINTENANCE");
        mock.clock().advance(Duration.ofHours(6));
        vendor.clock = mock.clock().instant();
        assertThat(vendor.get("/v1/time").status()).isEqualTo(200);
    }

    @Test
    void lastsAsLongAsAnOutageFromItsFirstStrikeOnHoweverOftenItIsMet() {
        mock.clock().stopAt(Instant.parse("2022-09-15T02:00:00Z"));
        vendor.clock = mock.clock().instant();
        mock.faults().add(Fault.status(503).afterFirst(1).lasting(Duration.ofSeconds(8)));

        assertThat(vendor.get("/v1/time").status()).isEqualTo(200);
        mock.clock().advance(Duration.ofMinutes(1));
        vendor.clock = mock.clock().instant();
        for (int i = 0; i < 7; i++) {
            assertThat(vendor.get("/v1/time").status()).isEqualTo(503);
            mock.clock().advance(Duration.ofSeconds(1));
        }
        assertThat(vendor.get("/v1/time").status()).isEqualTo(503);
        mock.clock().advance(Duration.ofSeconds(1));
        assertThat(vendor.get("/v1/time").status()).isEqualTo(200);
        assertThat(mock.faults().struck()).isEqualTo(8);
    }

    @Test
    void strikesByChanceInTheSameWayWithTheSameSeed() {
        List<List<Integer>> runs = new ArrayList<>();
        for (int run = 0; run < 2; run++) {
            mock.faults().clear();
            mock.faults().add(Fault.status(503).probability(0.5, 42));
            List<Integer> statuses = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                statuses.add(vendor.get("/v1/time").status());
            }
            runs.add(statuses);
        }
        assertThat(runs.get(0)).isEqualTo(runs.get(1)).contains(200, 503);
    }

    @Test
    void forgetsRecordsAsAfterARestoredBackup() {
        push();
        mock.forget(RecordKind.SCHOOL, ONE);

        assertThat(vendor.get("/v1/digests?kind=SCHOOL").body().get("itemCount").asInt())
                .isEqualTo(1);
        assertThat(push().verdict(ONE)).isEqualTo("CREATED");
    }

    @Test
    void announcesWhatTheProvinceDecides() {
        push();
        mock.review(RecordKind.SCHOOL, ONE, ReviewState.RETURNED, "请核对");

        Vendor.Answer changes = vendor.get("/v1/changes?after=2");
        assertThat(changes.body().at("/items/0/op").asText()).isEqualTo("REVIEW");
        assertThat(changes.body().at("/items/0/review/comment").asText()).isEqualTo("请核对");
        assertThat(vendor.get("/v1/schools/" + ONE).body().at("/meta/version").asLong())
                .isEqualTo(version);
    }

    @Test
    void truncatesWhatHttpCallsComplete() {
        mock.faults().add(Fault.truncated().once());

        assertThatThrownBy(this::push)
                .isInstanceOf(UncheckedIOException.class)
                .hasRootCauseInstanceOf(JsonProcessingException.class);
        assertThat(mock.held(School.class)).hasSize(2);
    }

    /** Measured against the wish, never against an upper bound: a busy machine may take longer. */
    @Test
    void takesItsTimeBeforeAndWithinAnAnswer() {
        mock.faults().add(Fault.latency(Duration.ofMillis(400)).once());
        mock.faults().add(Fault.dribble(Duration.ofMillis(400)).once());

        long slow = System.nanoTime();
        assertThat(vendor.get("/v1/time").body().get("timeZone").asText()).isEqualTo("Asia/Shanghai");
        slow = System.nanoTime() - slow;

        assertThat(Duration.ofNanos(slow)).isGreaterThan(Duration.ofMillis(700));
    }

    @Test
    void letsTheFirstRequestsPass() {
        mock.faults().add(Fault.status(503).afterFirst(2).times(1));

        List<Integer> statuses = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            statuses.add(vendor.get("/v1/time").status());
        }
        assertThat(statuses).containsExactly(200, 200, 503, 200);
    }

    /** With POST, which a client does not repeat by itself as it does GET. */
    @Test
    void breaksConnectionsOverHttpsToo() throws Exception {
        try (MockPlatform secure = MockPlatform.builder().https().start()) {
            Vendor trusting = Vendor.trusting(secure);
            for (Fault fault : List.of(Fault.resetBefore(), Fault.resetMidway())) {
                secure.faults().add(fault.once());
                assertThatThrownBy(() -> trusting.post("/v1/schools", batch(delete(ONE, 1))))
                        .as("%s", fault)
                        .isInstanceOf(UncheckedIOException.class);
                secure.faults().clear();
            }
            secure.faults().add(Fault.resetAfter().once());
            assertThat(trusting.get("/v1/time").status()).isEqualTo(200);
            assertThat(secure.arrived()).hasSize(3);
        }
    }

    @Test
    void losesWhatCameSinceTheBackup() {
        mock.clock().stopAt(Instant.parse("2022-09-15T02:00:00Z"));
        vendor.clock = mock.clock().instant();
        vendor.post("/v1/schools", batch(upsert(TWO, 1, Examples.supportedSchool())));
        mock.clock().advance(Duration.ofHours(1));
        vendor.clock = mock.clock().instant();
        vendor.post(
                "/v1/schools", batch(upsert(ONE, 1, Examples.without("School", "formerNames", "formerSchoolCodes"))));

        assertThat(mock.forgetSince(Instant.parse("2022-09-15T03:00:00Z"))).isEqualTo(1);
        assertThat(mock.held(School.class)).extracting(School::key).containsExactly(TWO);
    }
}
