package cn.fuzhi.sdk;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.matchingJsonPath;
import static com.github.tomakehurst.wiremock.client.WireMock.notMatching;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

import cn.fuzhi.sdk.model.ItemResult;
import cn.fuzhi.sdk.model.School;
import cn.fuzhi.sdk.model.Verdict;
import cn.fuzhi.sdk.rules.Divisions;
import cn.fuzhi.sdk.rules.RuleContext;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the client makes of answers to batches: too large, not compressed, item by item. */
class BatchAnswersTest extends ScriptedAnswers {
    @Test
    @Tag("S20")
    void everyCompressedBatchThatIsRefusedFallsBackHoweverManyAreOnTheWay() {
        PLATFORM.stubFor(
                any(anyUrl()).willReturn(problem(415, "UNSUPPORTED_MEDIA").withFixedDelay(100)));
        PLATFORM.stubFor(any(anyUrl())
                .withHeader("Content-Encoding", absent())
                .willReturn(json("{\"requestId\":\"r1\",\"results\":[]}")));
        PushReport report = client.push(Samples.schools(2000));
        assertThat(report.failure()).isNull();
        PLATFORM.verify(4, postRequestedFor(anyUrl()).withoutHeader("Content-Encoding"));
    }

    @Test
    void theLimitsOfThePlatformWinAndAreForgottenAfterAnHour() {
        PLATFORM.stubFor(any(anyUrl()).willReturn(problem(400, "BATCH_TOO_LARGE")));
        PLATFORM.stubFor(any(anyUrl())
                .withRequestBody(matchingJsonPath("$.items.size()", equalTo("3")))
                .willReturn(json("{\"requestId\":\"r\",\"results\":[]}")));
        PLATFORM.stubFor(any(anyUrl())
                .withRequestBody(matchingJsonPath("$.items.size()", equalTo("1")))
                .willReturn(json("{\"requestId\":\"r\",\"results\":[]}")));
        PLATFORM.stubFor(any(urlEqualTo("/v1/capabilities"))
                .willReturn(json("{\"contractVersion\":\"0.1.0\",\"maxBatchItems\":3,\"maxBatchBytes\":1048576}")));
        client.push(Samples.schools(10));
        PLATFORM.verify(5, postRequestedFor(anyUrl()));
        PLATFORM.verify(1, getRequestedFor(anyUrl()));
        client.push(Samples.schools(10));
        PLATFORM.verify(5 + 4, postRequestedFor(anyUrl()));
        ports.pass(Duration.ofMinutes(61));
        client.push(Samples.schools(10));
        PLATFORM.verify(5 + 4 + 5, postRequestedFor(anyUrl()));
    }

    @Test
    @Tag("S17")
    void aRequestThatWasTooLargeIsRememberedForAnHour() {
        PLATFORM.stubFor(any(anyUrl()).willReturn(problem(413, "PAYLOAD_TOO_LARGE")));
        PLATFORM.stubFor(any(anyUrl())
                .withRequestBody(notMatching("(?s).{60000,}"))
                .willReturn(json("{\"requestId\":\"r\",\"results\":[]}")));
        client.push(Samples.schools(300));
        long refused = tooLarge();
        assertThat(refused).isPositive();
        client.push(Samples.schools(300));
        assertThat(tooLarge()).isEqualTo(refused);
        ports.pass(Duration.ofMinutes(61));
        client.push(Samples.schools(300));
        assertThat(tooLarge()).isGreaterThan(refused);
    }

    @Test
    @Tag("S07")
    void aRecordThatIsForbiddenIsDataOfTheReport() {
        always(json("{\"requestId\":\"r\",\"results\":["
                + "{\"key\":\"2161000001\",\"result\":\"REJECTED\",\"violations\":[{\"key\":\"2161000001\",\"pointer\":\"\","
                + "\"rule\":\"OUT_OF_JURISDICTION\",\"severity\":\"ERROR\",\"message\":\"超出管辖范围\"}]},"
                + "{\"key\":\"2161000002\",\"result\":\"CREATED\"}]}"));
        PushReport report = client.push(Samples.schools(2));
        assertThat(report.acceptedCount()).isEqualTo(1);
        assertThat(report.notAccepted())
                .singleElement()
                .satisfies(row ->
                        assertThat(row.outcome().violations().get(0).rule()).isEqualTo("OUT_OF_JURISDICTION"));
    }

    @Test
    @Tag("S13")
    @Tag("S14")
    void aNewerVersionIsReportedAndTheSameOneIsASuccess() {
        always(json("{\"requestId\":\"r\",\"results\":["
                + "{\"key\":\"2161000001\",\"result\":\"STALE\",\"currentVersion\":9},"
                + "{\"key\":\"2161000002\",\"result\":\"UNCHANGED\",\"version\":7}]}"));
        PushReport report = client.push(Samples.schools(2));
        assertThat(report.acceptedCount()).isEqualTo(1);
        assertThat(report.notAccepted())
                .singleElement()
                .satisfies(row -> assertThat(row.outcome().currentVersion()).isEqualTo(9));
        requests(1);
    }

    @Test
    void strangeAnswersAreWarnedOfOnceUntilAGoodOneComes() {
        BatchBody.Oddities oddities = new BatchBody.Oddities();
        BatchBody body = new BatchBody(new BatchLimits(1, 1 << 16), oddities);
        body.add(SCHOOL, SCHOOL.key());
        ItemResult good =
                ItemResult.builder().key(SCHOOL.key()).result(Verdict.CREATED).build();
        ItemResult other = good.toBuilder().result(Verdict.REJECTED).build();
        assertThat(body.match(List.of(good, other)).get(0).isDecided()).isFalse();
        assertThat(oddities.isWarned()).isTrue();
        body.match(List.of(good, good.toBuilder().key("unknown").build()));
        assertThat(oddities.isWarned()).isTrue();
        assertThat(body.match(List.of(good)).get(0).isAccepted()).isTrue();
        assertThat(oddities.isWarned()).isFalse();
    }

    @Test
    @Tag("S17")
    @Tag("S18")
    void aBatchThatIsTooLargeIsHalvedAndASingleItemRefused() {
        always(problem(413, "PAYLOAD_TOO_LARGE"));
        PushReport report = client.push(Samples.schools(4));
        assertThat(report.counts()).containsOnly(java.util.Map.entry(Verdict.REJECTED, 4L));
        assertThat(report.rows().get(0).outcome().violations().get(0).rule()).isEqualTo("PAYLOAD_TOO_LARGE");
        PLATFORM.verify(7, postRequestedFor(anyUrl()));
        PLATFORM.verify(1, getRequestedFor(urlEqualTo("/v1/capabilities")));
        assertThat(disposition()).isEqualTo(BatchReply.Disposition.SPLIT);
    }

    @Test
    @Tag("S02")
    void recordsThatAWholeRefusalNamesAreRefusedAndTheRestIsSent() {
        first(
                aResponse()
                        .withStatus(422)
                        .withHeader("Content-Type", "application/problem+json")
                        .withBody("""
                        {"status":422,"code":"VALIDATION_FAILED","detail":"d","requestId":"r","violations":[
                        {"key":"2161000001","pointer":"/name","rule":"R-03","severity":"WARNING","message":"m"},
                        {"key":"2161000002","pointer":"/name","rule":"R-02","severity":"ERROR","message":"m"}]}
                        """),
                json("{\"requestId\":\"r1\",\"results\":[{\"key\":\"2161000001\",\"result\":\"CREATED\"},"
                        + "{\"key\":\"2161000003\",\"result\":\"CREATED\"}]}"));
        PushReport report = client.push(Samples.schools(3));
        assertThat(report.acceptedCount()).isEqualTo(2);
        assertThat(report.notAccepted())
                .singleElement()
                .satisfies(row -> assertThat(row.outcome().key()).isEqualTo("2161000002"));
    }

    @Test
    void whatTheHostKnowsDecidesRulesBeforeAnythingIsSent() {
        always(json("{\"requestId\":\"r\",\"results\":[]}"));
        School nowhere = SCHOOL.toBuilder().divisionCode("610799").build();
        client.push(List.of(nowhere));
        requests(1);
        close();
        client = Clients.of(PLATFORM.baseUrl(), ports)
                .ruleContext(
                        RuleContext.builder().divisions(Divisions.bundled()).build())
                .build();
        assertThat(client.push(List.of(nowhere)).notAccepted())
                .singleElement()
                .satisfies(row ->
                        assertThat(row.outcome().violations().get(0).rule()).isEqualTo("R-04"));
        requests(1);
    }

    @Test
    void aFindingThatIsNullTakesNoVerdictWithIt() {
        always(json("{\"requestId\":\"r\",\"results\":["
                + "{\"key\":\"2161000001\",\"result\":\"REJECTED\",\"violations\":[null],\"warnings\":[null]},"
                + "{\"key\":\"2161000002\",\"result\":\"CREATED\"}]}"));
        PushReport report = client.push(Samples.schools(2));
        assertThat(report.counts())
                .containsOnly(java.util.Map.entry(Verdict.REJECTED, 1L), java.util.Map.entry(Verdict.CREATED, 1L));
        assertThat(((BatchReply.Decided) send(2)).outcomes().get("2161000001").violations())
                .isEmpty();
    }

    @Test
    void ofTwoVersionsOfARecordEachIsJudgedByItself() {
        always(json(DONE));
        PushReport report =
                client.push(List.of(SCHOOL.toBuilder().divisionCode("61").build(), SCHOOL));
        assertThat(report.counts())
                .containsOnly(java.util.Map.entry(Verdict.REJECTED, 1L), java.util.Map.entry(Verdict.CREATED, 1L));
        requests(1);
    }

    @Test
    @Tag("S20")
    void gzipThatIsNotTakenIsSwitchedOffForGood() {
        PLATFORM.stubFor(any(anyUrl()).willReturn(problem(415, "UNSUPPORTED_MEDIA")));
        PLATFORM.stubFor(any(anyUrl()).withHeader("Content-Encoding", absent()).willReturn(json(DONE)));
        client.push(Samples.schools(20));
        requests(2);
        client.push(Samples.schools(20));
        requests(3);
    }

    @Test
    @Tag("S51")
    @Tag("S52")
    @Tag("S53")
    @Tag("S54")
    @Tag("S55")
    @Tag("S56")
    @Tag("S57")
    void resultsAreMatchedByKeyAndNothingElse() {
        always(json("""
                        {"requestId":"r","results":[
                        {"key":"2161000005","result":"CREATED"},
                        {"key":"2161000004","result":"CREATED"},{"key":"2161000004","result":"REJECTED"},
                        {"key":"2161000003","result":"UPDATED"},{"key":"2161000003","result":"UPDATED"},
                        {"key":"2161000002 ","result":"CREATED"},{"key":"9999999999","result":"CREATED"},
                        {"key":"2161000001","result":"REJECTED"}]}
                        """));
        BatchReply.Decided decided = (BatchReply.Decided) send(5);
        assertThat(decided.outcomes()).hasSize(5);
        assertThat(decided.outcomes().get("2161000001").verdict()).isEqualTo(Verdict.REJECTED);
        assertThat(decided.outcomes().get("2161000002").isDecided()).isFalse();
        assertThat(decided.outcomes().get("2161000003").verdict()).isEqualTo(Verdict.UPDATED);
        assertThat(decided.outcomes().get("2161000004").isDecided()).isFalse();
        assertThat(decided.outcomes().get("2161000005").verdict()).isEqualTo(Verdict.CREATED);
    }

    private static long tooLarge() {
        return PLATFORM.getAllServeEvents().stream()
                .filter(event -> event.getResponse().getStatus() == 413
                        && "POST".equals(event.getRequest().getMethod().getName()))
                .count();
    }
}
