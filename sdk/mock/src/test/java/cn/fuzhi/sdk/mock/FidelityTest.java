package cn.fuzhi.sdk.mock;

import static cn.fuzhi.sdk.mock.Vendor.batch;
import static cn.fuzhi.sdk.mock.Vendor.delete;
import static cn.fuzhi.sdk.mock.Vendor.upsert;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
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

    @Test
    void storesNothingInADryRun() {
        String other = "2161099903";
        ObjectNode school = school("示例核对学校五").put("schoolCode", other);

        assertThat(vendor.post("/v1/schools?dryRun=true", batch(upsert(other, next(), school)))
                        .verdict(other))
                .isEqualTo("CREATED");
        assertThat(vendor.get("/v1/schools/" + other).code()).isEqualTo("NOT_FOUND");
    }

    @Test
    void answersARepeatedRequestAsBefore() {
        String key = UUID.randomUUID().toString();
        byte[] body = Vendor.bytes(batch(upsert(KEY, next(), school("示例核对学校六"))));
        Vendor.Answer first = vendor.send("POST", "/v1/schools", body, "application/json", key);
        byte[] other = Vendor.bytes(batch(delete("2161099904", next())));

        assertThat(vendor.send("POST", "/v1/schools", body, "application/json", key)
                        .body())
                .isEqualTo(first.body());
        assertThat(vendor.send("POST", "/v1/schools", other, "application/json", key)
                        .code())
                .isEqualTo("IDEMPOTENCY_MISMATCH");
    }

    @Test
    void assignsAVersionToWhoStatesNone() {
        vendor.post("/v1/schools", batch(delete(KEY, next())));
        String other = "2161099905";
        Vendor.Answer answer = vendor.post(
                "/v1/schools", batch(upsert(other, 0, school("示例核对学校七").put("schoolCode", other))));
        long assigned = answer.result(other).get("version").asLong();

        assertThat(assigned).isPositive();
        assertThat(vendor.get("/v1/schools/" + other).body().at("/meta/version").asLong())
                .isEqualTo(assigned);
        vendor.post("/v1/schools", batch(delete(other, assigned + 1)));
    }

    @Test
    void keepsTheVersionOfWhatWasDeleted() {
        long now = next();
        vendor.post("/v1/schools", batch(upsert(KEY, now, school("示例核对学校八"))));
        vendor.post("/v1/schools", batch(delete(KEY, next())));

        assertThat(vendor.get("/v1/schools/" + KEY).code()).isEqualTo("NOT_FOUND");
        assertThat(vendor.post("/v1/schools", batch(upsert(KEY, now, school("示例核对学校八"))))
                        .verdict(KEY))
                .isEqualTo("STALE");
    }

    @Test
    void verifiesSignaturesAndTakesEachOnce() throws Exception {
        HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        var request = vendor.request("GET", "/v1/time", new byte[0], "", null);
        assertThat(http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(200);
        assertThat(http.send(request, HttpResponse.BodyHandlers.ofString()).body())
                .contains("NONCE_REUSED");
        vendor.tamper = components -> {
            components.put("@path", "/v1/other");
            return components;
        };
        assertThat(vendor.get("/v1/time").code()).isEqualTo("SIGNATURE_INVALID");
        vendor.tamper = components -> components;
        vendor.clock = Instant.now().minusSeconds(3_600);
        assertThat(vendor.get("/v1/time").code()).isEqualTo("CLOCK_SKEW");
        vendor.clock = Instant.EPOCH;
    }

    @Test
    void warnsOfWhatItDoesNotKnowAndChecksReferences() {
        Vendor.Answer answer = vendor.post(
                "/v1/schools", batch(upsert(KEY, next(), school("示例核对学校九").put("nmae", "x"))));
        assertThat(answer.result(KEY).at("/warnings/0/rule").asText()).isEqualTo("UNKNOWN_PROPERTY");

        ObjectNode site = school("示例核对教学点").put("unitKind", "TEACHING_SITE").put("siteCode", "2161099906-01");
        site.put("parentSchoolCode", "2161099906").remove("schoolCode");
        assertThat(vendor.post("/v1/schools", batch(upsert("2161099906-01", next(), site)))
                        .result("2161099906-01")
                        .at("/violations/0/rule")
                        .asText())
                .isEqualTo("UNKNOWN_REFERENCE");
    }

    @Test
    void keepsToTheJurisdictionAndTheMethodsOfAPath() {
        List<String> own = new ArrayList<>();
        vendor.get("/v1/whoami").body().get("divisionCodes").forEach(code -> own.add(code.asText()));
        String foreign = own.contains("610100") ? "610800" : "610100";

        assertThat(vendor.get("/v1/coverage-reports?scopeCode=" + foreign).code())
                .isEqualTo("OUT_OF_JURISDICTION");
        Vendor.Answer refused = vendor.send("DELETE", "/v1/schools", new byte[0], "", null);
        assertThat(refused.code()).isEqualTo("METHOD_NOT_ALLOWED");
        assertThat(vendor.get("/v1/schools?cursor=nonsense").code()).isEqualTo("BAD_REQUEST");
    }

    @Test
    void takesAFileInPartsAndChecksItsDigest() {
        byte[] file = ("%PDF " + version).getBytes(StandardCharsets.UTF_8);
        ObjectNode announced = Vendor.JSON
                .createObjectNode()
                .put("fileName", "check.pdf")
                .put("mediaType", "application/pdf")
                .put("sizeBytes", file.length)
                .put("sha256", java.util.HexFormat.of().formatHex(Vendor.sha256(file)));
        String path = "/v1/attachments/"
                + vendor.post("/v1/attachments", announced)
                        .body()
                        .get("attachmentId")
                        .asText();
        vendor.send(
                "PUT",
                path + "/parts/1",
                file,
                "application/octet-stream",
                UUID.randomUUID().toString());
        Vendor.Answer done = vendor.send(
                "POST", path + "/complete", new byte[0], "", UUID.randomUUID().toString());

        assertThat(done.body().get("state").asText()).isEqualTo("COMPLETE");
    }
}
