package cn.fuzhi.sdk.mock;

import static cn.fuzhi.sdk.mock.Vendor.batch;
import static cn.fuzhi.sdk.mock.Vendor.upsert;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SubmissionTest {
    private static final String TIMETABLE = "610727~2022-09-15";
    private static final String SUBMISSION = "LUEYANG01~TIMETABLE~610727~2022-09-15";
    private static final Instant ON_TIME = Instant.parse("2022-09-15T02:00:00Z");

    private final MockPlatform mock = MockPlatform.start();
    private final Vendor vendor = Vendor.of(mock);

    @BeforeEach
    void stopTheClock() {
        mock.clock().stopAt(ON_TIME);
        vendor.clock = ON_TIME;
    }

    @AfterEach
    void stop() {
        mock.close();
    }

    private String pushTimetable() {
        ObjectNode timetable = Examples.of("Timetable");
        vendor.post("/v1/timetables", batch(upsert(TIMETABLE, 7, timetable)));
        String digest = HexFormat.of().formatHex(Vendor.sha256(Vendor.bytes(timetable)));
        return "TIMETABLE\t" + TIMETABLE + "\t7\t" + digest + "\n";
    }

    private JsonNode submit(long version, int count, String lines) {
        ObjectNode submission = Examples.of("Submission");
        submission.remove("excluded");
        String digest = HexFormat.of().formatHex(Vendor.sha256(lines.getBytes(StandardCharsets.UTF_8)));
        submission.put("itemCount", count).put("digest", digest);
        Vendor.Answer answer = vendor.post("/v1/submissions", batch(upsert(SUBMISSION, version, submission)));
        assertThat(answer.verdict(SUBMISSION)).as(mock.report()).isIn("CREATED", "UPDATED", "UNCHANGED");
        return answer.result(SUBMISSION).get("submission");
    }

    @Test
    void acceptsEqualDigestsAndSaysWhereTheyDiffer() {
        String line = pushTimetable();

        JsonNode mismatch = submit(1, 2, line);
        JsonNode accepted = submit(2, 1, line);

        assertThat(mismatch.get("state").asText()).isEqualTo("MISMATCH");
        assertThat(mismatch.get("platformCount").asInt()).isEqualTo(1);
        assertThat(accepted.get("state").asText()).isEqualTo("ACCEPTED");
        assertThat(accepted.at("/receipt/timeliness").asText()).isEqualTo("ON_TIME");
        assertThat(vendor.get("/v1/submissions/" + SUBMISSION + "/outcome").body())
                .isEqualTo(accepted);
        assertThat(vendor.get("/v1/deadlines?kind=TIMETABLE&bodyCode=610727&from=2022-09-15&to=2022-09-15")
                        .body()
                        .at("/items/0/state")
                        .asText())
                .isEqualTo("ACCEPTED");
    }

    @Test
    void givesTheSameReceiptWhenTheSubmissionComesAgain() {
        String line = pushTimetable();

        JsonNode first = submit(1, 1, line);
        JsonNode again = submit(1, 1, line);

        assertThat(again).isEqualTo(first);
        assertThat(vendor.get("/v1/receipts").body().get("items")).hasSize(1);
    }

    @Test
    void marksALateSubmissionInsteadOfRefusingIt() {
        String line = pushTimetable();
        mock.clock().stopAt(Instant.parse("2022-10-01T00:00:00Z"));
        vendor.clock = mock.clock().instant();

        assertThat(submit(1, 1, line).at("/receipt/timeliness").asText()).isEqualTo("LATE");
    }

    @Test
    void chainsAndSignsReceiptsSoThatAnyoneCanVerifyThem() throws Exception {
        String line = pushTimetable();
        submit(1, 1, line);
        submit(2, 1, line);

        List<JsonNode> receipts = new ArrayList<>();
        vendor.get("/v1/receipts").body().get("items").forEach(receipt -> receipts.add(0, receipt));
        String previous = "0".repeat(64);
        for (JsonNode receipt : receipts) {
            assertThat(receipt.get("previousHash").asText()).isEqualTo(previous);
            byte[] lines = lines(receipt);
            assertThat(verifies(lines, receipt.get("signature").asText())).isTrue();
            previous = HexFormat.of().formatHex(Vendor.sha256(lines));
        }
        assertThat(receipts).hasSize(2);
    }

    private static byte[] lines(JsonNode receipt) {
        StringBuilder lines = new StringBuilder();
        Iterator<String> fields = receipt.fieldNames();
        while (fields.hasNext()) {
            String field = fields.next();
            String value = receipt.get(field).asText();
            if (field.equals("receivedAt")) {
                value = String.valueOf(OffsetDateTime.parse(value).toEpochSecond());
            }
            if (!field.equals("signature")) {
                lines.append(field).append('\t').append(value).append('\n');
            }
        }
        return lines.toString().getBytes(StandardCharsets.UTF_8);
    }

    private boolean verifies(byte[] lines, String signature) throws Exception {
        String key = vendor.get("/v1/capabilities")
                .body()
                .at("/receiptKeys/0/publicKeyBase64")
                .asText();
        Signature verifier = Signature.getInstance("Ed25519");
        verifier.initVerify(KeyFactory.getInstance("Ed25519")
                .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(key))));
        verifier.update(lines);
        return verifier.verify(Base64.getDecoder().decode(signature));
    }
}
