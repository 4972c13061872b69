package cn.fuzhi.sdk.mock;

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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Issues receipts: numbered, chained per platform by the hash of the one before, signed with Ed25519.
 *
 * <p>What is signed are the lines {@code name TAB value LF} of all fields before {@code signature}, in the order of the schema of
 * a receipt. Guarded by the lock of the platform.
 */
final class ReceiptBook {
    static final String KEY_ID = "mock-receipts";

    private final KeyPair keys = newKeys();
    private final List<ObjectNode> receipts = new ArrayList<>();
    private final Map<String, Integer> places = new HashMap<>();
    private final Map<String, String> lastHash = new HashMap<>();
    private final Map<String, Integer> numbers = new HashMap<>();
    private final List<String> fields;

    ReceiptBook(Contract contract) {
        fields = new ArrayList<>();
        contract.schema("Receipt").get("properties").fieldNames().forEachRemaining(fields::add);
        fields.remove("signature");
    }

    /** The public key as X.509 SubjectPublicKeyInfo, DER in base64. */
    String publicKey() {
        return Base64.getEncoder().encodeToString(keys.getPublic().getEncoded());
    }

    /** Completes a receipt with number, time, chain and signature, and keeps it. */
    ObjectNode issue(ObjectNode facts, OffsetDateTime now) {
        String platform = facts.get("platformCode").asText();
        String day = now.toLocalDate().toString().replace("-", "");
        String body = facts.get("bodyCode").asText();
        int number = numbers.merge(day + body, 1, Integer::sum);
        facts.put("receiptNumber", day + "-" + body + "-" + String.format("%04d", number))
                .put("receivedAt", MockClock.text(now))
                .put("previousHash", lastHash.getOrDefault(platform, "0".repeat(64)))
                .put("keyId", KEY_ID);
        ObjectNode receipt = Json.object();
        fields.forEach(field -> receipt.set(field, facts.get(field)));
        byte[] lines = lines(receipt, now).getBytes(StandardCharsets.UTF_8);
        receipt.put("signature", sign(lines));
        lastHash.put(platform, Digests.hex(lines));
        places.put(receipt.get("receiptNumber").asText(), receipts.size());
        receipts.add(receipt);
        return receipt;
    }

    private String lines(JsonNode receipt, OffsetDateTime receivedAt) {
        StringBuilder lines = new StringBuilder();
        for (String field : fields) {
            String value = field.equals("receivedAt")
                    ? String.valueOf(receivedAt.toEpochSecond())
                    : receipt.get(field).asText();
            lines.append(field).append('\t').append(value).append('\n');
        }
        return lines.toString();
    }

    Stream<ObjectNode> stream() {
        return receipts.stream();
    }

    /** The place of a receipt among all, as a text that sorts. */
    String place(ObjectNode receipt) {
        return String.format("%010d", places.get(receipt.get("receiptNumber").asText()));
    }

    @Nullable
    ObjectNode find(String number) {
        Integer place = places.get(number);
        return place == null ? null : receipts.get(place);
    }

    private String sign(byte[] lines) {
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(keys.getPrivate());
            signature.update(lines);
            return Base64.getEncoder().encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the key was made for this algorithm", e);
        }
    }

    private static KeyPair newKeys() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Ed25519 is part of Java since 15", e);
        }
    }
}
