package cn.fuzhi.sdk.mock;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The digests that both sides compare: of a file, of a set of records, of the buckets of a kind. */
final class Digests {
    static final Comparator<String> BY_BYTES = (one, other) ->
            Arrays.compareUnsigned(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));

    private Digests() {}

    static MessageDigest sha256() {
        return digest("SHA-256");
    }

    static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has " + algorithm, e);
        }
    }

    static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(sha256().digest(bytes));
    }

    static String hex(String text) {
        return hex(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The digest of a submission: lines {@code kind TAB key TAB version TAB digest LF}, sorted by the bytes of kind and key. */
    static String ofSubmission(List<Stored> covered) {
        Map<String, String> lines = new TreeMap<>(BY_BYTES);
        covered.forEach(stored -> lines.put(
                stored.kind().name() + "\t" + stored.key(), stored.kind().name() + "\t" + stored.line()));
        return hex(String.join("", lines.values()));
    }

    /** The bucket of a key: the first byte of its SHA-256. */
    static String bucket(String key) {
        return hex(key).substring(0, 2);
    }

    static ObjectNode summary(Kind kind, @Nullable String scope, Stream<Stored> records) {
        Map<String, List<Stored>> buckets = new TreeMap<>();
        records.forEach(stored -> buckets.computeIfAbsent(bucket(stored.key()), name -> new ArrayList<>())
                .add(stored));
        ObjectNode summary = Json.object().put("kind", kind.name());
        if (scope != null) {
            summary.put("scope", scope);
        }
        summary.put("bucketCount", 256)
                .put("itemCount", buckets.values().stream().mapToInt(List::size).sum());
        ArrayNode nodes = summary.putArray("buckets");
        buckets.forEach((bucket, stored) -> {
            StringBuilder lines = new StringBuilder();
            sorted(stored).forEach(entry -> lines.append(entry.line()));
            nodes.addObject().put("bucket", bucket).put("count", stored.size()).put("digest", hex(lines.toString()));
        });
        return summary;
    }

    static ObjectNode entries(Kind kind, String bucket, Stream<Stored> records) {
        ObjectNode entries = Json.object().put("kind", kind.name()).put("bucket", bucket);
        ArrayNode items = entries.putArray("items");
        sorted(records.filter(stored -> bucket(stored.key()).equals(bucket)).toList())
                .forEach(stored -> items.addObject()
                        .put("key", stored.key())
                        .put("version", stored.version())
                        .put("digest", stored.digest()));
        return entries;
    }

    private static List<Stored> sorted(List<Stored> records) {
        return records.stream()
                .sorted(Comparator.comparing(Stored::key, BY_BYTES))
                .toList();
    }
}
