package cn.fuzhi.sdk;

import cn.fuzhi.sdk.model.Receipt;
import cn.fuzhi.sdk.model.ReceiptKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Verifies receipts (报送凭证) without asking the platform: signature, validity of the key, and the chain of one platform's
 * receipts. The keys come from {@code client.service().capabilities().receiptKeys()} and are worth keeping.
 *
 * <p>Immutable; for any number of threads.
 */
public final class ReceiptVerifier {
    /** The {@code previousHash} of the first receipt of a platform. */
    private static final String FIRST = "0".repeat(64);

    private final Map<String, ReceiptKey> keys = new HashMap<>();

    private ReceiptVerifier(List<ReceiptKey> keys) {
        keys.stream().filter(ReceiptVerifier::isWhole).forEach(key -> this.keys.put(key.keyId(), key));
    }

    @SuppressWarnings("ConstantValue") // Jackson puts null where a property is absent.
    private static boolean isWhole(ReceiptKey key) {
        return key != null && key.publicKeyBase64() != null && key.validFrom() != null;
    }

    /** What a receipt is worth. */
    public enum Result {
        /** Signed by a known key that was valid then. */
        VALID,
        /** Signed by a key that is not among the known ones: read the capabilities again. */
        UNKNOWN_KEY,
        /** Received at a time for which the key is not valid. */
        KEY_NOT_VALID,
        /** Changed after it was signed, or not signed by the platform. */
        FORGED
    }

    /**
     * Makes a verifier.
     *
     * @param keys public keys of the platform, Ed25519 (RFC 8032)
     * @return the verifier
     */
    public static ReceiptVerifier of(List<ReceiptKey> keys) {
        return new ReceiptVerifier(keys);
    }

    /**
     * Verifies one receipt.
     *
     * @param receipt a receipt
     * @return what it is worth
     */
    public Result verify(Receipt receipt) {
        ReceiptKey key = keys.get(receipt.keyId());
        if (key == null) {
            return Result.UNKNOWN_KEY;
        }
        if (receipt.receivedAt() == null || receipt.signature() == null || !isSigned(receipt, key)) {
            return Result.FORGED;
        }
        OffsetDateTime at = receipt.receivedAt();
        boolean early = at.isBefore(key.validFrom());
        boolean late = key.validTo() != null && at.isAfter(key.validTo());
        return early || late ? Result.KEY_NOT_VALID : Result.VALID;
    }

    /**
     * Tells whether receipts of one platform follow one another without a gap or a change.
     *
     * @param receipts all receipts, oldest first; the first one may be any
     * @return true if each names the hash of the one before
     */
    public static boolean isChain(List<Receipt> receipts) {
        for (int i = 1; i < receipts.size(); i++) {
            if (!hash(receipts.get(i - 1)).equals(receipts.get(i).previousHash())) {
                return false;
            }
        }
        return true;
    }

    /**
     * Tells whether a receipt is the first of its platform.
     *
     * @param receipt a receipt
     * @return true if it names no receipt before it
     */
    public static boolean isFirst(Receipt receipt) {
        return FIRST.equals(receipt.previousHash());
    }

    /**
     * Computes what the next receipt of the same platform must name as {@code previousHash}.
     *
     * @param receipt a receipt
     * @return SHA-256 of the signed lines, lower-case hex
     */
    public static String hash(Receipt receipt) {
        return RecordCodec.digest(lines(receipt));
    }

    private static boolean isSigned(Receipt receipt, ReceiptKey key) {
        try {
            PublicKey ed25519 = KeyFactory.getInstance("Ed25519")
                    .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(key.publicKeyBase64())));
            Signature signature = Signature.getInstance("Ed25519");
            signature.initVerify(ed25519);
            signature.update(lines(receipt));
            return signature.verify(Base64.getDecoder().decode(receipt.signature()));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return false;
        }
    }

    /** The signed lines: {@code name TAB value LF} of all fields but the signature, in the order of the schema. */
    private static byte[] lines(Receipt receipt) {
        StringBuilder lines = new StringBuilder(512);
        line(lines, "receiptNumber", receipt.receiptNumber());
        line(lines, "submissionKey", receipt.submissionKey());
        line(lines, "deadlineKind", receipt.deadlineKind());
        line(lines, "bodyCode", receipt.bodyCode());
        line(lines, "periodKey", receipt.periodKey());
        line(lines, "platformCode", receipt.platformCode());
        OffsetDateTime at = receipt.receivedAt();
        line(lines, "receivedAt", at == null ? null : at.toEpochSecond());
        line(lines, "channel", receipt.channel());
        line(lines, "timeliness", receipt.timeliness());
        line(lines, "acceptedCount", receipt.acceptedCount());
        line(lines, "unchangedCount", receipt.unchangedCount());
        line(lines, "warningCount", receipt.warningCount());
        line(lines, "rejectedCount", receipt.rejectedCount());
        line(lines, "digest", receipt.digest());
        line(lines, "previousHash", receipt.previousHash());
        line(lines, "keyId", receipt.keyId());
        return lines.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void line(StringBuilder lines, String name, @Nullable Object value) {
        lines.append(name).append('\t').append(value).append('\n');
    }
}
