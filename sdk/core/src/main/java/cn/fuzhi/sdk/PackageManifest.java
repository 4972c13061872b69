package cn.fuzhi.sdk;

import cn.fuzhi.sdk.model.DeadlineKind;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * {@code manifest.json} of an offline package. It ends with its signature, which is made over the same bytes without the property:
 *
 * <pre>
 * {"specVersion":…,"files":[{"name":…,"sha256":…,"sizeBytes":…}],…,"keyId":…}                    what is signed
 * {"specVersion":…,"files":[{"name":…,"sha256":…,"sizeBytes":…}],…,"keyId":…,"signature":"…"}    what is stored
 * </pre>
 *
 * @param specVersion version of the contract by which the records are written
 * @param deadlineKind what is reported
 * @param bodyCode who reports
 * @param periodKey the period
 * @param sequence number of the package of this body, kind and period, from 1
 * @param files every other file of the package, with digest and size
 * @param counts number of records by kind
 * @param createdAt when the package was made, with its offset
 * @param sdkVersion version of the SDK that made it
 * @param keyId id of the key that signs; the algorithm is bound to it
 */
@JsonPropertyOrder({
    "specVersion",
    "deadlineKind",
    "bodyCode",
    "periodKey",
    "sequence",
    "files",
    "counts",
    "createdAt",
    "sdkVersion",
    "keyId"
})
record PackageManifest(
        String specVersion,
        DeadlineKind deadlineKind,
        String bodyCode,
        String periodKey,
        int sequence,
        List<Listed> files,
        Map<String, Integer> counts,
        OffsetDateTime createdAt,
        String sdkVersion,
        String keyId) {
    private static final Pattern SIGNATURE = Pattern.compile(",\"signature\":\"([A-Za-z0-9+/]{20,200}={0,2})\"}\\s*$");

    /**
     * A file of the package.
     *
     * @param name path within the package
     * @param sha256 digest in lower-case hex
     * @param sizeBytes size in bytes
     */
    record Listed(String name, String sha256, long sizeBytes) {}

    byte[] signed(String algorithm, byte[] secret) {
        try {
            byte[] plain = Json.WRITER.writeValueAsBytes(this);
            String body = new String(plain, 0, plain.length - 1, StandardCharsets.UTF_8);
            String signature = Base64.getEncoder().encodeToString(mac(algorithm, secret, plain));
            return (body + ",\"signature\":\"" + signature + "\"}").getBytes(StandardCharsets.UTF_8);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IllegalStateException("a manifest can always be written", e);
        }
    }

    static boolean isSigned(byte[] stored, String algorithm, byte[] secret) {
        String text = new String(stored, StandardCharsets.UTF_8);
        Matcher matcher = SIGNATURE.matcher(text);
        if (!matcher.find()) {
            return false;
        }
        byte[] plain = (text.substring(0, matcher.start()) + "}").getBytes(StandardCharsets.UTF_8);
        return MessageDigest.isEqual(Base64.getDecoder().decode(matcher.group(1)), mac(algorithm, secret, plain));
    }

    private static byte[] mac(String algorithm, byte[] secret, byte[] text) {
        try {
            Mac mac = Mac.getInstance(algorithm);
            mac.init(new SecretKeySpec(secret, algorithm));
            return mac.doFinal(text);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("没有安装算法 / no provider has the algorithm " + algorithm, e);
        }
    }
}
