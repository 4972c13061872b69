package cn.fuzhi.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.Key;
import java.security.Provider;
import java.security.ProviderException;
import java.security.Security;
import java.security.spec.AlgorithmParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.MacSpi;
import okhttp3.MediaType;
import okhttp3.Request;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Signatures against published vectors and against a verifier that shares nothing with the signer. */
class SigningTest {
    private static final String AUTHORITY = "platform.example.invalid";
    private static final MediaType JSON = MediaType.get("application/json; charset=utf-8");

    private final FakePorts ports = new FakePorts();
    private final SignatureVerifier verifier =
            new SignatureVerifier(AUTHORITY, Clients.KEY_ID, Clients.SECRET, "HmacSHA256");

    @AfterEach
    void removeProvider() {
        Security.removeProvider(BouncyCastleProvider.PROVIDER_NAME);
    }

    private static JsonNode vectors() throws IOException {
        return Json.MAPPER.readTree(SigningTest.class.getResourceAsStream("test-vectors.json"));
    }

    private Request signed(byte[] body) {
        Payload.Body bytes = new Payload(body, body.length, JSON).body(false);
        Request request = new Request.Builder()
                .url("https://10.0.0.7/v1/schools?dryRun=true")
                .header(MessageSignature.IDEMPOTENCY_KEY, "8e03978e-40d5-43e8-bc93-6894a57f9324")
                .post(bytes)
                .build();
        Signer signer = new Signer(Credentials.hmacSha256(Clients.KEY_ID, Clients.SECRET::clone));
        Request.Builder attempt = request.newBuilder();
        new MessageSignature(signer, AUTHORITY, new ClockOffset(ports), ports).sign(request, bytes, attempt);
        return attempt.build();
    }

    private String verdict(Request request, byte[] body) {
        return verifier.verify(
                request.method(),
                request.url().encodedPath(),
                request.url().encodedQuery(),
                name -> "content-type".equals(name) ? JSON.toString() : request.header(name),
                body,
                ports.now());
    }

    @Test
    void computesTheVectorOfTheStandard() throws IOException {
        JsonNode vector = vectors().get("rfc9421");
        byte[] key = Base64.getDecoder().decode(vector.get("keyBase64").textValue());
        MessageSignature.Base base = new MessageSignature.Base();
        base.line("date", "Tue, 20 Apr 2021 02:07:55 GMT");
        base.line("@authority", "example.com");
        base.line("content-type", "application/json");
        String parameters =
                "(\"date\" \"@authority\" \"content-type\");created=1618884473;keyid=\"test-shared-secret\"";
        String text = base.end(parameters);
        assertThat(text).isEqualTo(vector.get("signatureBase").textValue());
        assertThat(new Signer(Credentials.hmacSha256("test-shared-secret", key::clone)).sign(text))
                .isEqualTo(vector.get("signatureBase64").textValue());
    }

    @Test
    void computesTheVectorsOfSm3WithAnInstalledProvider() throws Exception {
        // Some Java platforms bring SM3 along; then there is nothing to refuse.
        if (!Signer.isSupported(Credentials.hmacSm3("k", () -> new byte[] {1}))) {
            assertThatThrownBy(() -> FuzhiClient.builder()
                            .baseUrl("https://platform.example.invalid")
                            .credentials(Credentials.hmacSm3("k", () -> new byte[] {1}))
                            .build())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("HmacSM3");
        }
        Security.addProvider(new BouncyCastleProvider());
        JsonNode hash = vectors().get("sm3").get(0);
        byte[] digest = java.security.MessageDigest.getInstance("SM3")
                .digest(hash.get("input").textValue().getBytes(StandardCharsets.UTF_8));
        assertThat(HexFormat.of().formatHex(digest))
                .isEqualTo(hash.get("digestHex").textValue());
        JsonNode mac = vectors().get("hmacSm3").get(0);
        byte[] key = mac.get("keyUtf8").textValue().getBytes(StandardCharsets.UTF_8);
        String code = new Signer(Credentials.hmacSm3("k", key::clone))
                .sign(mac.get("messageUtf8").textValue());
        assertThat(HexFormat.of().formatHex(Base64.getDecoder().decode(code)))
                .isEqualTo(mac.get("hex").textValue());
    }

    /** A device that is taken away while it is in use. */
    public static final class LostDevice extends MacSpi {
        /** Made by the Java platform, by its name. */
        public LostDevice() {}

        @Override
        protected int engineGetMacLength() {
            return 32;
        }

        @Override
        protected void engineInit(Key key, AlgorithmParameterSpec parameters) {}

        @Override
        protected void engineUpdate(byte input) {}

        @Override
        protected void engineUpdate(byte[] input, int offset, int length) {}

        @Override
        protected byte[] engineDoFinal() {
            throw new ProviderException("device removed");
        }

        @Override
        protected void engineReset() {}
    }

    @Test
    void aProviderThatFailsWhileSigningIsAnErrorOfTheCredentials() {
        Provider provider = new Provider("LostDevice", "1", "test") {
            private static final long serialVersionUID = 1L;
        };
        provider.put("Mac.HmacLostDevice", LostDevice.class.getName());
        Security.addProvider(provider);
        try {
            Signer signer = new Signer(new Credentials.Hmac("k", "HmacLostDevice", () -> new byte[] {1}));
            assertThatThrownBy(() -> signer.sign("base"))
                    .isInstanceOf(FuzhiException.Unauthenticated.class)
                    .hasMessageContaining("ProviderException")
                    .hasMessageContaining("keyId=k");
        } finally {
            Security.removeProvider(provider.getName());
        }
    }

    @Test
    void anAlgorithmThatNoProviderHasIsRefusedAtOnce() {
        assertThatThrownBy(() -> FuzhiClient.builder()
                        .baseUrl("https://platform.example.invalid")
                        .credentials(new Credentials.Hmac("k", "HmacNobodyHas", () -> new byte[] {1}))
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("HmacNobodyHas");
    }

    @Test
    @Tag("A15")
    void anIndependentVerifierAcceptsWhatWasSignedUnderThePublicName() {
        byte[] body = "{\"items\":[]}".getBytes(StandardCharsets.UTF_8);
        assertThat(verdict(signed(body), body)).isEqualTo("VALID");
    }

    @Test
    @Tag("A14")
    void aChangedBodyPathQueryKeyOrNonceIsRefused() {
        byte[] body = "{\"items\":[]}".getBytes(StandardCharsets.UTF_8);
        Request request = signed(body);
        assertThat(verdict(request, "{\"items\":[1]}".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo("DIGEST");
        assertThat(verdict(changed(request, "https://10.0.0.7/v1/pairings?dryRun=true"), body))
                .isEqualTo("SIGNATURE");
        assertThat(verdict(changed(request, "https://10.0.0.7/v1/schools?dryRun=false"), body))
                .isEqualTo("SIGNATURE");
        assertThat(verdict(
                        request.newBuilder().header("Idempotency-Key", "other").build(), body))
                .isEqualTo("SIGNATURE");
        String input = request.header("Signature-Input");
        String nonce = input.replaceAll(".*nonce=\"([^\"]*)\".*", "$1");
        assertThat(verdict(
                        request.newBuilder()
                                .header("Signature-Input", input.replace(nonce, "0".repeat(32)))
                                .build(),
                        body))
                .isEqualTo("SIGNATURE");
    }

    private static Request changed(Request request, String url) {
        return request.newBuilder().url(url).build();
    }

    @Test
    @Tag("A13")
    void anExpiredOrRepeatedSignatureIsRefused() {
        byte[] body = "{\"items\":[]}".getBytes(StandardCharsets.UTF_8);
        Request request = signed(body);
        assertThat(verdict(request, body)).isEqualTo("VALID");
        assertThat(verdict(request, body)).isEqualTo("NONCE");
        Request late = signed(body);
        ports.pass(Duration.ofSeconds(301));
        assertThat(verdict(late, body)).isEqualTo("EXPIRED");
    }

    @Test
    @Tag("A12")
    void aWallClockThatJumpsDuringTheRunChangesNothing() {
        ClockOffset clock = new ClockOffset(ports);
        Instant before = clock.now();
        ports.setWallClockBy(Duration.ofHours(-3));
        assertThat(clock.now()).isAfterOrEqualTo(before);
    }

    @Test
    @Tag("A18")
    void aSecretThatCannotBeHadIsAClearErrorWithoutTheSecret() {
        List<Signer> signers = new ArrayList<>();
        signers.add(new Signer(Credentials.hmacSha256("k", () -> null)));
        signers.add(new Signer(Credentials.hmacSha256("k", () -> new byte[0])));
        signers.add(new Signer(Credentials.hmacSha256("k", () -> {
            throw new IllegalStateException("vault says: top-secret-value");
        })));
        for (Signer signer : signers) {
            assertThatThrownBy(() -> signer.sign("base"))
                    .isInstanceOf(FuzhiException.Unauthenticated.class)
                    .hasNoCause()
                    .hasMessageContaining("keyId=k")
                    .hasMessageNotContaining("top-secret-value");
        }
    }

    @Test
    @Tag("A19")
    void theSecretIsWipedAfterUseAndInNoText() {
        byte[] given = Clients.SECRET.clone();
        Credentials credentials = Credentials.hmacSha256(Clients.KEY_ID, () -> given);
        new Signer(credentials).sign("base");
        assertThat(given).containsOnly(0);
        assertThat(credentials).hasToString("HmacSHA256[keyId=test-key]");
    }

    @Test
    @Tag("A17")
    void theSecretIsReadAgainOnlyWhenItWasForgotten() {
        List<byte[]> secrets = new ArrayList<>(List.of(new byte[] {1}, new byte[] {2}));
        Signer signer = new Signer(Credentials.hmacSha256("k", () -> secrets.remove(0)));
        String first = signer.sign("base");
        assertThat(signer.sign("base")).isEqualTo(first);
        signer.forget();
        assertThat(signer.sign("base")).isNotEqualTo(first);
        assertThat(secrets).isEmpty();
    }
}
