package cn.fuzhi.sdk.mock;

import static cn.fuzhi.sdk.mock.Vendor.batch;
import static cn.fuzhi.sdk.mock.Vendor.delete;
import static cn.fuzhi.sdk.mock.Vendor.upsert;
import static org.assertj.core.api.Assertions.assertThat;

import cn.fuzhi.sdk.model.RecordKind;
import cn.fuzhi.sdk.model.School;
import cn.fuzhi.sdk.model.Verdict;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PushTest {
    private static final String KEY = "2161000001";

    private final MockPlatform mock = MockPlatform.start();
    private final Vendor vendor = Vendor.of(mock);

    @AfterEach
    void stop() {
        mock.close();
    }

    private static ObjectNode school(String code, String name) {
        return Vendor.JSON
                .createObjectNode()
                .put("schoolCode", code)
                .put("unitKind", "SCHOOL")
                .put("name", name)
                .put("divisionCode", "610727")
                .put("urbanRuralClass", "121")
                .put("status", "ACTIVE");
    }

    @Test
    void storesWhatIsPushedAndGivesItBack() {
        Vendor.Answer pushed = vendor.post("/v1/schools", batch(upsert(KEY, 5, school(KEY, "略阳县示例第一小学"))));

        assertThat(pushed.status()).as(mock.report()).isEqualTo(200);
        assertThat(pushed.verdict(KEY)).isEqualTo("CREATED");
        Vendor.Answer read = vendor.get("/v1/schools/" + KEY);
        assertThat(read.body().at("/record/name").asText()).isEqualTo("略阳县示例第一小学");
        assertThat(read.body().at("/meta/version").asLong()).isEqualTo(5);
        assertThat(mock.held(School.class)).extracting(School::name).containsExactly("略阳县示例第一小学");
    }

    @Test
    void decidesByVersionAndDigest() {
        ObjectNode first = school(KEY, "示例一");
        ObjectNode second = school(KEY, "示例二");
        vendor.post("/v1/schools", batch(upsert(KEY, 5, first)));

        assertThat(vendor.post("/v1/schools", batch(upsert(KEY, 5, first))).verdict(KEY))
                .isEqualTo("UNCHANGED");
        assertThat(vendor.post("/v1/schools", batch(upsert(KEY, 5, second))).verdict(KEY))
                .isEqualTo("CONFLICT");
        assertThat(vendor.post("/v1/schools", batch(upsert(KEY, 4, second))).verdict(KEY))
                .isEqualTo("STALE");
        assertThat(vendor.post("/v1/schools", batch(upsert(KEY, 6, second))).verdict(KEY))
                .isEqualTo("UPDATED");
        assertThat(vendor.post("/v1/schools", batch(delete(KEY, 7))).verdict(KEY))
                .isEqualTo("DELETED");
        assertThat(vendor.post("/v1/schools", batch(upsert(KEY, 6, second))).verdict(KEY))
                .isEqualTo("STALE");
        assertThat(vendor.get("/v1/schools/" + KEY).code()).isEqualTo("NOT_FOUND");
    }

    @Test
    void explainsEveryRefusedItemAndTakesTheOthers() {
        ObjectNode wrong = school("2161000002", "");
        wrong.put("divisionCode", "999999").put("nmae", "略阳");
        Vendor.Answer pushed =
                vendor.post("/v1/schools", batch(upsert(KEY, 1, school(KEY, "示例一")), upsert("2161000002", 1, wrong)));

        assertThat(pushed.verdict(KEY)).isEqualTo("CREATED");
        assertThat(pushed.verdict("2161000002")).isEqualTo("REJECTED");
        assertThat(pushed.result("2161000002").at("/violations/0/rule").asText())
                .isEqualTo("R-01");
        assertThat(pushed.result("2161000002").at("/warnings/0/rule").asText()).isEqualTo("UNKNOWN_PROPERTY");
        assertThat(mock.refused()).extracting(Refusal::verdict).containsExactly(Verdict.REJECTED);
    }

    @Test
    void saysOnceWhatTwoRulesFind() {
        ObjectNode unknown = school("2161000002", "示例二");
        unknown.put("divisionCode", "619998");
        Vendor.Answer pushed = vendor.post("/v1/schools", batch(upsert("2161000002", 1, unknown)));

        JsonNode violations = pushed.result("2161000002").path("violations");
        assertThat(violations).hasSize(1);
        assertThat(violations.at("/0/rule").asText()).isEqualTo("R-04");
    }

    @Test
    void appliesOnceUnderOneIdempotencyKey() {
        byte[] body = Vendor.bytes(batch(upsert(KEY, 0, school(KEY, "示例一"))));
        String key = "8e03978e-40d5-43e8-bc93-6894a57f9324";

        Vendor.Answer first = vendor.send("POST", "/v1/schools", body, "application/json", key);
        Vendor.Answer again = vendor.send("POST", "/v1/schools", body, "application/json", key);
        Vendor.Answer other =
                vendor.send("POST", "/v1/schools", Vendor.bytes(batch(delete(KEY, 9))), "application/json", key);

        assertThat(first.verdict(KEY)).isEqualTo("CREATED");
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(other.code()).isEqualTo("IDEMPOTENCY_MISMATCH");
        assertThat(other.status()).isEqualTo(422);
    }

    @Test
    void storesNothingInADryRun() {
        Vendor.Answer dry = vendor.post("/v1/schools?dryRun=true", batch(upsert(KEY, 1, school(KEY, "示例一"))));

        assertThat(dry.verdict(KEY)).isEqualTo("CREATED");
        assertThat(mock.find(RecordKind.SCHOOL, KEY)).isEmpty();
        assertThat(vendor.get("/v1/changes?after=0").body().path("items")).isEmpty();
    }

    @Test
    void appliesTheRequestWhoseAnswerAFaultTakesAway() {
        mock.faults().add(Fault.status(504).afterApplying().on("pushSchools").once());

        Vendor.Answer lost = vendor.post("/v1/schools", batch(upsert(KEY, 1, school(KEY, "示例一"))));
        Vendor.Answer again = vendor.post("/v1/schools", batch(upsert(KEY, 1, school(KEY, "示例一"))));

        assertThat(lost.status()).isEqualTo(504);
        assertThat(lost.code()).isEqualTo("TIMEOUT");
        assertThat(again.verdict(KEY)).isEqualTo("UNCHANGED");
    }
}
