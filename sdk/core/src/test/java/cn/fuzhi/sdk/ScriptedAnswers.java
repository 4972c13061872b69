package cn.fuzhi.sdk;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;

import cn.fuzhi.sdk.model.RecordKind;
import cn.fuzhi.sdk.model.School;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A client and a platform whose answers a test writes down. */
abstract class ScriptedAnswers {
    @RegisterExtension
    static final WireMockExtension PLATFORM = WireMockExtension.newInstance()
            .options(WireMockConfiguration.wireMockConfig().dynamicPort())
            .build();

    static final School SCHOOL = Samples.school("2161000001");
    static final String DONE = "{\"requestId\":\"r1\",\"results\":[{\"key\":\"2161000001\",\"result\":\"CREATED\"}]}";

    final FakePorts ports = new FakePorts();
    FuzhiClient client;

    @BeforeEach
    void open() {
        client = Clients.of(PLATFORM.baseUrl(), ports).build();
    }

    @AfterEach
    void close() {
        client.close(Duration.ZERO);
    }

    static ResponseDefinitionBuilder json(String body) {
        return aResponse().withHeader("Content-Type", "application/json").withBody(body);
    }

    static ResponseDefinitionBuilder problem(int status, String code) {
        return aResponse()
                .withStatus(status)
                .withHeader("Content-Type", "application/problem+json")
                .withBody("{\"status\":" + status + ",\"code\":\"" + code
                        + "\",\"detail\":\"说明\",\"detailEn\":\"detail\",\"requestId\":\"req-1\"}");
    }

    static void always(ResponseDefinitionBuilder answer) {
        PLATFORM.stubFor(any(anyUrl()).willReturn(answer));
    }

    static void first(ResponseDefinitionBuilder first, ResponseDefinitionBuilder then) {
        PLATFORM.stubFor(any(anyUrl())
                .inScenario("s")
                .whenScenarioStateIs(Scenario.STARTED)
                .willReturn(first)
                .willSetStateTo("then"));
        PLATFORM.stubFor(
                any(anyUrl()).inScenario("s").whenScenarioStateIs("then").willReturn(then));
    }

    static void requests(int count) {
        PLATFORM.verify(count, anyRequestedFor(anyUrl()));
    }

    BatchReply send(int items) {
        List<BatchSender.Item> batch = Samples.schools(items).stream()
                .map(school -> new BatchSender.Item(RecordCodec.freeze(school), 7))
                .toList();
        return client.send(new BatchSender.Batch(RecordKind.SCHOOL, batch, Duration.ofSeconds(10)));
    }

    BatchReply.Disposition disposition() {
        return ((BatchReply.Failed) send(1)).disposition();
    }
}
