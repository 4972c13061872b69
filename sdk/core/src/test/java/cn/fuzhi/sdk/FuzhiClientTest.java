package cn.fuzhi.sdk;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

import cn.fuzhi.sdk.model.RecordKind;
import cn.fuzhi.sdk.model.School;
import cn.fuzhi.sdk.model.SchoolEntry;
import cn.fuzhi.sdk.model.Verdict;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Typed calls and pushes against a stubbed platform. */
class FuzhiClientTest {
    @RegisterExtension
    static final WireMockExtension PLATFORM = WireMockExtension.newInstance()
            .options(WireMockConfiguration.wireMockConfig().dynamicPort())
            .build();

    private FuzhiClient client;

    @BeforeEach
    void open() {
        client = Clients.of(PLATFORM.baseUrl()).build();
    }

    @AfterEach
    void close() {
        client.close();
    }

    static ResponseDefinitionBuilder json(String body) {
        return aResponse().withHeader("Content-Type", "application/json").withBody(body);
    }

    @Test
    void readsOneRecord() {
        PLATFORM.stubFor(get("/v1/schools/2161000001")
                .willReturn(json(
                        "{\"key\":\"2161000001\",\"record\":{\"schoolCode\":\"2161000001\",\"name\":\"略阳县示例第一小学\"},"
                                + "\"meta\":{\"version\":1}}")));
        SchoolEntry entry = client.schools().get("2161000001");
        assertThat(entry.record().name()).isEqualTo("略阳县示例第一小学");
        PLATFORM.verify(getRequestedFor(urlEqualTo("/v1/schools/2161000001"))
                .withHeader("Accept", equalTo("application/json, application/problem+json")));
    }

    @Test
    void pushesACollectionAndMatchesByKey() throws Exception {
        PLATFORM.stubFor(post(urlPathEqualTo("/v1/schools"))
                .willReturn(json("{\"requestId\":\"r1\",\"results\":[{\"key\":\"2161000002\",\"result\":\"UPDATED\"},"
                        + "{\"key\":\"2161000001\",\"result\":\"CREATED\"}]}")));
        PushReport report = client.push(List.of(Samples.school("2161000001"), Samples.school("2161000002")));
        assertThat(report.counts()).containsEntry(Verdict.CREATED, 1L).containsEntry(Verdict.UPDATED, 1L);
        assertThat(report.isComplete()).isTrue();
    }

    @Test
    void sendsAFrozenBatchOnce() throws Exception {
        PLATFORM.stubFor(post(urlPathEqualTo("/v1/schools"))
                .willReturn(
                        json("{\"requestId\":\"r1\",\"results\":[{\"key\":\"2161000001\",\"result\":\"CREATED\"}]}")));
        School school = Samples.school("2161000001");
        BatchReply reply = client.send(new BatchSender.Batch(
                RecordKind.SCHOOL,
                List.of(new BatchSender.Item(RecordCodec.freeze(school), 7)),
                Duration.ofSeconds(10)));
        assertThat(reply)
                .isInstanceOfSatisfying(
                        BatchReply.Decided.class,
                        decided -> assertThat(
                                        decided.outcomes().get("2161000001").verdict())
                                .isEqualTo(Verdict.CREATED));
    }
}
