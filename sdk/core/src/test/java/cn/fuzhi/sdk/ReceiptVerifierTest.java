package cn.fuzhi.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import cn.fuzhi.sdk.model.DataOrigin;
import cn.fuzhi.sdk.model.DeadlineKind;
import cn.fuzhi.sdk.model.Receipt;
import cn.fuzhi.sdk.model.ReceiptKey;
import cn.fuzhi.sdk.model.Timeliness;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Receipts, signed here by the text of the contract and not by code of the SDK. */
class ReceiptVerifierTest {
    private static final OffsetDateTime AT = OffsetDateTime.parse("2022-09-15T16:30:00+08:00");

    private final KeyPair pair = pair();
    private final ReceiptVerifier verifier = ReceiptVerifier.of(List.of(ReceiptKey.builder()
            .keyId("receipt-2022")
            .publicKeyBase64(Base64.getEncoder().encodeToString(pair.getPublic().getEncoded()))
            .validFrom(OffsetDateTime.parse("2022-01-01T00:00:00+08:00"))
            .validTo(OffsetDateTime.parse("2022-12-31T23:59:59+08:00"))
            .build()));

    private static KeyPair pair() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String lines(String number, OffsetDateTime at, String previous) {
        return "receiptNumber\t" + number + "\nsubmissionKey\tLUEYANG01~TIMETABLE~610727~2022-09-15\n"
                + "deadlineKind\tTIMETABLE\nbodyCode\t610727\nperiodKey\t2022-09-15\nplatformCode\tLUEYANG01\n"
                + "receivedAt\t" + at.toEpochSecond()
                + "\nchannel\tAPI\ntimeliness\tON_TIME\nacceptedCount\t25\nunchangedCount\t0\nwarningCount\t1\n"
                + "rejectedCount\t1\ndigest\t" + "ab".repeat(32) + "\npreviousHash\t" + previous
                + "\nkeyId\treceipt-2022\n";
    }

    private Receipt receipt(String number, OffsetDateTime at, String previous) throws GeneralSecurityException {
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(pair.getPrivate());
        signature.update(lines(number, at, previous).getBytes(StandardCharsets.UTF_8));
        return Receipt.builder()
                .receiptNumber(number)
                .submissionKey("LUEYANG01~TIMETABLE~610727~2022-09-15")
                .deadlineKind(DeadlineKind.TIMETABLE)
                .bodyCode("610727")
                .periodKey("2022-09-15")
                .platformCode("LUEYANG01")
                .receivedAt(at)
                .channel(DataOrigin.of("API"))
                .timeliness(Timeliness.of("ON_TIME"))
                .acceptedCount(25L)
                .unchangedCount(0L)
                .warningCount(1L)
                .rejectedCount(1L)
                .digest("ab".repeat(32))
                .previousHash(previous)
                .keyId("receipt-2022")
                .signature(Base64.getEncoder().encodeToString(signature.sign()))
                .build();
    }

    @Test
    void aGenuineReceiptIsValidAndAChangedOneForged() throws Exception {
        Receipt receipt = receipt("20220915-610727-0001", AT, "0".repeat(64));
        assertThat(verifier.verify(receipt)).isEqualTo(ReceiptVerifier.Result.VALID);
        assertThat(ReceiptVerifier.isFirst(receipt)).isTrue();
        Receipt changed = receipt.toBuilder().acceptedCount(26L).build();
        assertThat(verifier.verify(changed)).isEqualTo(ReceiptVerifier.Result.FORGED);
        Receipt garbage = receipt.toBuilder().signature("not base64").build();
        assertThat(verifier.verify(garbage)).isEqualTo(ReceiptVerifier.Result.FORGED);
        Receipt otherKey = receipt.toBuilder().keyId("receipt-2030").build();
        assertThat(verifier.verify(otherKey)).isEqualTo(ReceiptVerifier.Result.UNKNOWN_KEY);
        Receipt late = receipt("20230915-610727-0001", AT.plusYears(1), "0".repeat(64));
        assertThat(verifier.verify(late)).isEqualTo(ReceiptVerifier.Result.KEY_NOT_VALID);
    }

    @Test
    void aReceiptThatLacksSomethingIsForgedAndNoFault() throws Exception {
        Receipt whole = receipt("20220915-610727-0001", AT, "0".repeat(64));
        JsonNode json = Json.MAPPER.valueToTree(whole);
        for (String name : List.of("receivedAt", "signature", "digest", "previousHash", "channel", "acceptedCount")) {
            ObjectNode gap = json.deepCopy();
            gap.remove(name);
            Receipt receipt = Json.MAPPER.treeToValue(gap, Receipt.class);
            assertThat(verifier.verify(receipt)).as(name).isEqualTo(ReceiptVerifier.Result.FORGED);
            assertThat(ReceiptVerifier.isChain(List.of(receipt, receipt))).isFalse();
        }
    }

    @Test
    void aKeyThatLacksSomethingIsNoKey() throws Exception {
        Receipt receipt = receipt("20220915-610727-0001", AT, "0".repeat(64));
        List<ReceiptKey> keys = new ArrayList<>();
        keys.add(null);
        for (String key : List.of("{\"validFrom\":\"2022-01-01T00:00:00+08:00\"}", "{\"publicKeyBase64\":\"AAAA\"}")) {
            keys.add(Json.MAPPER.readValue(key.replace("{", "{\"keyId\":\"receipt-2022\","), ReceiptKey.class));
        }
        assertThat(ReceiptVerifier.of(keys).verify(receipt)).isEqualTo(ReceiptVerifier.Result.UNKNOWN_KEY);
    }

    @Test
    void theChainOfAPlatformHasNoGap() throws Exception {
        Receipt first = receipt("20220915-610727-0001", AT, "0".repeat(64));
        String hash = RecordCodec.digest(
                lines("20220915-610727-0001", AT, "0".repeat(64)).getBytes(StandardCharsets.UTF_8));
        Receipt second = receipt("20220915-610727-0002", AT, hash);
        Receipt third = receipt("20220915-610727-0003", AT, ReceiptVerifier.hash(second));
        assertThat(ReceiptVerifier.isChain(List.of(first, second, third))).isTrue();
        assertThat(ReceiptVerifier.isChain(List.of(first, third))).isFalse();
    }
}
