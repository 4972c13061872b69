package cn.fuzhi.sdk.mock;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SignatureTest {
    private final MockPlatform mock = MockPlatform.start();
    private final Vendor vendor = Vendor.of(mock);

    @AfterEach
    void stop() {
        mock.close();
    }

    private static Map<String, String> with(Map<String, String> map, String name, String value) {
        Map<String, String> changed = new LinkedHashMap<>(map);
        changed.put(name, value);
        return changed;
    }

    private String explanation() {
        return String.valueOf(mock.arrived().get(mock.arrived().size() - 1).explanation());
    }

    @Test
    void acceptsWhatTheContractDescribes() {
        assertThat(vendor.get("/v1/whoami").body().get("platformCode").asText()).isEqualTo("LUEYANG01");
        assertThat(vendor.get("/v1/schools?limit=1&name=%E4%B8%80").status()).isEqualTo(200);
    }

    @Test
    void namesTheComponentThatDiffersAndShowsBothBases() {
        vendor.tamper = components -> with(components, "@authority", "localhost");

        Vendor.Answer refused = vendor.get("/v1/whoami");

        assertThat(refused.code()).isEqualTo("SIGNATURE_INVALID");
        assertThat(refused.body().get("detailEn").asText()).contains("@authority differs: signed as 'localhost'");
        assertThat(explanation())
                .contains("Base that was signed:\n\"@method\": GET\n\"@authority\": localhost\n")
                .contains("Base as received:")
                .doesNotContain(new String(mock.secret(), StandardCharsets.UTF_8));
    }

    @Test
    void saysThatTheSecretIsAnotherWhenNothingElseExplainsIt() {
        Vendor stranger = new Vendor(mock.baseUrl(), mock.keyId(), "another".getBytes(StandardCharsets.UTF_8));

        assertThat(stranger.get("/v1/time").body().get("detailEn").asText()).contains("the secret is another one");
    }

    @Test
    void findsABodyThatChangedOnTheWay() {
        vendor.headers = headers -> with(headers, "Content-Digest", "sha-256=:AAAA:");

        assertThat(vendor.post("/v1/schools", Vendor.batch())
                        .body()
                        .get("detailEn")
                        .asText())
                .contains("content-digest differs");
    }

    @Test
    void tellsTheTimeToAClockThatIsOff() {
        vendor.clock = mock.clock().instant().minus(Duration.ofMinutes(10));

        Vendor.Answer refused = vendor.get("/v1/time");

        assertThat(refused.code()).isEqualTo("CLOCK_SKEW");
        assertThat(refused.body().get("serverTime").asText()).isNotEmpty();
    }

    @Test
    void measuresByItsOwnClockAndSendsItAsDate() {
        mock.clock().stopAt(Instant.parse("2022-09-15T02:00:00Z"));
        vendor.clock = mock.clock().instant();

        Vendor.Answer time = vendor.get("/v1/time");

        assertThat(time.body().get("serverTime").asText()).isEqualTo("2022-09-15T10:00:00+08:00");
        assertThat(time.http().headers().allValues("Date")).containsExactly("Thu, 15 Sep 2022 02:00:00 GMT");
    }

    @Test
    void takesASignatureOnce() throws Exception {
        HttpClient http = HttpClient.newHttpClient();
        HttpRequest request = vendor.request("GET", "/v1/time", new byte[0], "", null);

        int first = http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        String again = http.send(request, HttpResponse.BodyHandlers.ofString()).body();

        assertThat(first).isEqualTo(200);
        assertThat(again).contains("NONCE_REUSED");
    }

    @Test
    void acceptsBothSecretsDuringARotationAndOneAfterwards() {
        byte[] next = "the-next-secret".getBytes(StandardCharsets.UTF_8);
        mock.rotateSecret(next, true);
        assertThat(vendor.get("/v1/time").status()).isEqualTo(200);

        mock.rotateSecret(next, false);

        assertThat(vendor.get("/v1/time").code()).isEqualTo("SIGNATURE_INVALID");
        assertThat(Vendor.of(mock).get("/v1/time").status()).isEqualTo(200);
        mock.enableKey(false);
        assertThat(Vendor.of(mock).get("/v1/time").code()).isEqualTo("APP_KEY_DISABLED");
    }
}
