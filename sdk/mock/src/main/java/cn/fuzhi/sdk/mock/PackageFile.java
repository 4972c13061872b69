package cn.fuzhi.sdk.mock;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The zip of an offline package, opened with limits and checked against its manifest: exactly the listed files, each as it is
 * described, and a signature by the key of the caller. Written from the contract, without a line of the SDK's package code.
 */
final class PackageFile {
    private static final int RATIO = 200;
    private static final int RATIO_FROM = 1 << 20;
    private static final int ENTRIES = 500;
    private static final String MANIFEST = "manifest.json";
    private static final Pattern NAME = Pattern.compile(
            "manifest\\.json|data\\.jsonl|form\\.xlsx|attachments/[\\p{L}\\p{N}][\\p{L}\\p{N} ._()（）-]{0,120}");
    private static final Pattern SIGNATURE = Pattern.compile(",\"signature\":\"([A-Za-z0-9+/=]{1,200})\"}\\s*$");
    private static final Map<String, String> ALGORITHMS = Map.of("hmac-sha256", "HmacSHA256", "hmac-sm3", "HmacSM3");

    private final Map<String, byte[]> files;
    private final JsonNode manifest;

    private PackageFile(Map<String, byte[]> files, JsonNode manifest) {
        this.files = files;
        this.manifest = manifest;
    }

    static PackageFile open(byte[] zip) {
        Map<String, byte[]> files = unzip(zip);
        byte[] stored = files.get(MANIFEST);
        if (stored == null || !files.containsKey("data.jsonl")) {
            throw Problem.of(
                    "VALIDATION_FAILED",
                    "报送包缺少 manifest.json 或 data.jsonl。",
                    "manifest.json or data.jsonl is missing.");
        }
        try {
            return new PackageFile(files, Json.MAPPER.readTree(stored));
        } catch (IOException e) {
            throw Problem.of("INVALID_JSON", "", "manifest.json cannot be read.");
        }
    }

    private static Map<String, byte[]> unzip(byte[] zip) {
        Map<String, byte[]> files = new LinkedHashMap<>();
        long left = Math.min(2L * Limits.BODY, Math.max(RATIO_FROM, (long) RATIO * zip.length));
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip), StandardCharsets.UTF_8)) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                String name = entry.getName();
                boolean allowed = NAME.matcher(name).matches() && !name.contains("..") && !files.containsKey(name);
                if (!allowed || files.size() >= ENTRIES) {
                    throw Problem.of(
                            "VALIDATION_FAILED",
                            "报送包含有不允许的路径、重复文件或文件过多。",
                            "An entry is not allowed, or is there twice.");
                }
                byte[] bytes = in.readNBytes((int) left + 1);
                left -= bytes.length;
                if (left < 0) {
                    throw Problem.of("PAYLOAD_TOO_LARGE");
                }
                files.put(name, bytes);
            }
        } catch (IOException | IllegalArgumentException e) {
            throw Problem.of("BAD_REQUEST", "报送包不是有效的 zip 文件。", "The body is not a zip file.");
        }
        return files;
    }

    /** Every file that the manifest lists must be there with the digest that it states, and no other. */
    void requireListedFiles() {
        Set<String> names = new HashSet<>();
        for (JsonNode listed : manifest.path("files")) {
            String name = listed.path("name").asText();
            byte[] file = files.get(name);
            if (file == null
                    || name.equals(MANIFEST)
                    || !names.add(name)
                    || listed.path("sizeBytes").asLong(-1) != file.length
                    || !listed.path("sha256").asText().equals(Digests.hex(file))) {
                throw Problem.of("DIGEST_MISMATCH");
            }
        }
        if (names.size() != files.size() - 1) {
            throw Problem.of("DIGEST_MISMATCH", "报送包含有清单之外的文件。", "A file is not listed in the manifest.");
        }
    }

    /** The manifest names every digest, so its signature covers the whole package. */
    void requireSignatureOf(Caller caller) {
        if (!manifest.path("keyId").asText().equals(caller.keyId())) {
            throw forged("报送包由另一密钥签名", "The package names another key id than the request.");
        }
        String stored = new String(file(MANIFEST), StandardCharsets.ISO_8859_1);
        Matcher end = SIGNATURE.matcher(stored);
        if (!end.find()) {
            throw forged("报送包没有签名", "manifest.json does not end with a signature.");
        }
        byte[] signed = (stored.substring(0, end.start()) + "}").getBytes(StandardCharsets.ISO_8859_1);
        byte[] signature;
        try {
            signature = Base64.getDecoder().decode(end.group(1));
        } catch (IllegalArgumentException e) {
            throw forged("报送包的签名不是 base64", "The signature of the package is not base64.");
        }
        if (caller.secrets().stream()
                .noneMatch(secret -> MessageDigest.isEqual(signature, mac(caller.algorithm(), secret, signed)))) {
            throw forged("报送包的签名与密钥不符", "The signature of the package does not verify with the secret of the key.");
        }
    }

    private static Problem forged(String zh, String en) {
        return Problem.of("SIGNATURE_INVALID", zh + "。", en);
    }

    private static byte[] mac(String algorithm, byte[] secret, byte[] text) {
        try {
            String name = Objects.requireNonNull(ALGORITHMS.get(algorithm), algorithm);
            Mac mac = Mac.getInstance(name);
            mac.init(new SecretKeySpec(secret, name));
            return mac.doFinal(text);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no security provider on the class path has " + algorithm, e);
        }
    }

    /** A property of the manifest as text, empty when it is absent. */
    String stated(String property) {
        return manifest.path(property).asText();
    }

    JsonNode counts() {
        return manifest.path("counts");
    }

    byte[] data() {
        return file("data.jsonl");
    }

    /** The identity of the package. */
    String digest() {
        return Digests.hex(file(MANIFEST));
    }

    private byte[] file(String name) {
        return Objects.requireNonNull(files.get(name));
    }
}
