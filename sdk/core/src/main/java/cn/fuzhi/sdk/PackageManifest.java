package cn.fuzhi.sdk;

import cn.fuzhi.sdk.model.DeadlineKind;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

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
    /** Most packages of a body, kind and period; the number has three digits in the name of the file. */
    static final int LAST_SEQUENCE = 999;

    /** Many times what 500 files need. */
    static final int LARGEST = 1 << 20;

    private static final String NAME = "manifest.json";
    private static final Pattern SIGNATURE = Pattern.compile(",\"signature\":\"([A-Za-z0-9+/]{20,200}={0,2})\"}\\s*$");

    /** These become a file name, so they must not be a path; the patterns are those of the contract. */
    private static final Pattern KIND = Pattern.compile("[A-Z][A-Z0-9_]{1,39}");

    private static final Pattern BODY = Pattern.compile("\\d{6}");
    private static final Pattern PERIOD = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,39}");
    private static final Pattern KEY_ID = Pattern.compile("[\\x21-\\x7e]{1,128}");

    /**
     * A file of the package.
     *
     * @param name path within the package
     * @param sha256 digest in lower-case hex
     * @param sizeBytes size in bytes
     */
    record Listed(String name, String sha256, long sizeBytes) {}

    static boolean isNamed(@Nullable DeadlineKind kind, @Nullable String body, @Nullable String period) {
        return kind != null
                && KIND.matcher(kind.value()).matches()
                && body != null
                && BODY.matcher(body).matches()
                && period != null
                && PERIOD.matcher(period).matches()
                && !period.contains("..");
    }

    /** Whatever JSON can leave out is looked at here, once, so that nobody has to ask again. */
    @SuppressWarnings("ConstantValue") // Jackson puts null where a property is absent.
    boolean isComplete() {
        return specVersion != null
                && isNamed(deadlineKind, bodyCode, periodKey)
                && sequence >= 1
                && sequence <= LAST_SEQUENCE
                && files != null
                && files.stream().noneMatch(Objects::isNull)
                && counts != null
                && createdAt != null
                && keyId != null
                && KEY_ID.matcher(keyId).matches();
    }

    /** Tells whether exactly the listed files are there, each once and as it is described. */
    boolean describes(Map<String, byte[]> stored) {
        Set<String> names = new HashSet<>();
        for (Listed listed : files) {
            byte[] file = listed.name() == null ? null : stored.get(listed.name());
            if (file == null
                    || listed.name().equals(NAME)
                    || !names.add(listed.name())
                    || listed.sizeBytes() != file.length
                    || !RecordCodec.digest(file).equals(listed.sha256())) {
                return false;
            }
        }
        return names.size() == stored.size() - 1;
    }

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
        // One character a byte: decoding as UTF-8 would make different damaged bytes the same.
        String text = new String(stored, StandardCharsets.ISO_8859_1);
        Matcher matcher = SIGNATURE.matcher(text);
        if (!matcher.find()) {
            return false;
        }
        byte[] plain = (text.substring(0, matcher.start()) + "}").getBytes(StandardCharsets.ISO_8859_1);
        try {
            byte[] signature = Base64.getDecoder().decode(matcher.group(1));
            return MessageDigest.isEqual(signature, mac(algorithm, secret, plain));
        } catch (IllegalArgumentException e) {
            return false;
        }
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
