package cn.fuzhi.sdk.mock;

import static cn.fuzhi.sdk.mock.Vendor.batch;
import static cn.fuzhi.sdk.mock.Vendor.delete;
import static cn.fuzhi.sdk.mock.Vendor.upsert;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What every platform of the contract does; with -Dfuzhi.baseUrl it is asked of another one than the mock. */
class FidelityTest {
    private static final String KEY = "2161099901";
    private static MockPlatform mock;
    private static Vendor vendor;
    private static long version;

    @BeforeAll
    static void connect() {
        String baseUrl = System.getProperty("fuzhi.baseUrl");
        if (baseUrl == null) {
            mock = MockPlatform.start();
            vendor = Vendor.of(mock);
        } else {
            byte[] secret = System.getProperty("fuzhi.secret", "").getBytes(StandardCharsets.UTF_8);
            vendor = new Vendor(baseUrl, System.getProperty("fuzhi.keyId", ""), secret);
        }
        version = Instant.now().getEpochSecond() * 1_000_000;
    }

    @AfterAll
    static void disconnect() {
        vendor.post("/v1/schools", batch(delete(KEY, next())));
        if (mock != null) {
            mock.close();
        }
    }

    private static long next() {
        return ++version;
    }

    private static ObjectNode school(String name) {
        JsonNode who = vendor.get("/v1/whoami").body();
        String division = who.get("divisionCodes")
                .get(who.get("divisionCodes").size() - 1)
                .asText();
        return Vendor.JSON
                .createObjectNode()
                .put("schoolCode", KEY)
                .put("unitKind", "SCHOOL")
                .put("name", name)
                .put("divisionCode", division)
                .put("urbanRuralClass", "220")
                .put("status", "ACTIVE");
    }

    @Test
    void appliesOnlyAGreaterVersion() {
        long now = next();
        ObjectNode one = school("示例核对学校一");
        vendor.post("/v1/schools", batch(upsert(KEY, now, one)));

        assertThat(vendor.post("/v1/schools", batch(upsert(KEY, now, one))).verdict(KEY))
                .isEqualTo("UNCHANGED");
        Vendor.Answer conflict = vendor.post("/v1/schools", batch(upsert(KEY, now, school("示例核对学校二"))));
        assertThat(conflict.verdict(KEY)).isEqualTo("CONFLICT");
        assertThat(conflict.result(KEY).get("currentVersion").asLong()).isEqualTo(now);
        assertThat(vendor.post("/v1/schools", batch(upsert(KEY, 1, one))).verdict(KEY))
                .isEqualTo("STALE");
    }

    @Test
    void announcesAChangeAndCountsItInTheDigests() {
        vendor.post("/v1/schools", batch(upsert(KEY, next(), school("示例核对学校三"))));

        JsonNode entry = vendor.get("/v1/schools/" + KEY).body();
        long seq = entry.at("/meta/changeSeq").asLong();
        JsonNode change =
                vendor.get("/v1/changes?after=" + (seq - 1) + "&limit=1").body();
        assertThat(change.at("/items/0/key").asText()).isEqualTo(KEY);
        String bucket = java.util.HexFormat.of()
                .formatHex(Vendor.sha256(KEY.getBytes(StandardCharsets.UTF_8)))
                .substring(0, 2);
        List<String> keys = new ArrayList<>();
        vendor.get("/v1/digests/entries?kind=SCHOOL&bucket=" + bucket)
                .body()
                .get("items")
                .forEach(item -> keys.add(item.get("key").asText()));
        assertThat(keys).contains(KEY);
    }

    @Test
    void refusesAnItemWithItsReasonAndKeepsTheRestOfTheBatch() {
        ObjectNode wrong = school("示例核对学校四").put("schoolCode", "2161099902").put("urbanRuralClass", "");
        Vendor.Answer answer = vendor.post(
                "/v1/schools", batch(upsert("2161099902", next(), wrong), upsert(KEY, next(), school("示例核对学校四"))));

        assertThat(answer.verdict("2161099902")).isEqualTo("REJECTED");
        assertThat(answer.result("2161099902").at("/violations/0/pointer").asText())
                .isEqualTo("/urbanRuralClass");
        assertThat(answer.verdict(KEY)).isIn("CREATED", "UPDATED");
    }

    @Test
    void answersProblemsWithACodeOfTheCatalogue() {
        assertThat(vendor.get("/v1/schools/9999999999").code()).isEqualTo("NOT_FOUND");
        assertThat(vendor.get("/v1/nothing").code()).isEqualTo("NOT_FOUND");
        assertThat(vendor.get("/v1/schools?limit=0").code()).isEqualTo("BAD_REQUEST");
        byte[] broken = "{\"items\":[".getBytes(StandardCharsets.UTF_8);
        assertThat(vendor.post("/v1/schools", broken).code()).isEqualTo("INVALID_JSON");
    }

    @Test
    void pagesWithACursorInAStableOrder() {
        JsonNode first = vendor.get("/v1/divisions?limit=2").body();
        JsonNode second = vendor.get("/v1/divisions?limit=2&cursor="
                        + first.get("nextCursor").asText())
                .body();

        assertThat(first.get("hasMore").asBoolean()).isTrue();
        assertThat(second.at("/items/0/code").asText())
                .isGreaterThan(first.at("/items/1/code").asText());
    }
}
