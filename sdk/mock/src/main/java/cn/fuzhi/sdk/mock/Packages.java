package cn.fuzhi.sdk.mock;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * Imports offline packages: a zip with {@code manifest.json} and {@code data.jsonl}, whose lines are the items of batches with
 * their {@code kind}. The same manifest again changes nothing and answers the same.
 */
final class Packages {
    private static final int RATIO = 200;
    private static final int ENTRIES = 1_000;

    private final Contract contract;
    private final Intake intake;
    private final Map<String, ObjectNode> imported = new HashMap<>();

    Packages(Contract contract, Intake intake) {
        this.contract = contract;
        this.intake = intake;
    }

    /** Adds the operation to a table by operation id. */
    void addTo(Map<String, Function<Request, JsonNode>> operations) {
        operations.put("importPackage", this::importPackage);
    }

    private JsonNode importPackage(Request request) {
        Map<String, byte[]> entries = unzip(request.call().body());
        byte[] manifest = entries.get("manifest.json");
        byte[] data = entries.get("data.jsonl");
        if (manifest == null || data == null) {
            throw Problem.of(
                    "VALIDATION_FAILED",
                    "报送包缺少 manifest.json 或 data.jsonl。",
                    "manifest.json or data.jsonl is missing.");
        }
        requireDigests(manifest, entries);
        String digest = Digests.hex(manifest);
        ObjectNode before = imported.get(digest);
        if (before != null) {
            return before.deepCopy().put("requestId", request.id()).put("alreadyImported", true);
        }
        boolean dryRun = request.flag("dryRun");
        ObjectNode answer = Json.object()
                .put("requestId", request.id())
                .put("dryRun", dryRun)
                .put("manifestDigest", digest)
                .put("alreadyImported", false);
        count(answer, take(request, data, dryRun));
        if (!dryRun) {
            imported.put(digest, answer);
        }
        return answer;
    }

    private static Map<String, byte[]> unzip(byte[] zip) {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        long limit = Math.min(4L * Limits.BODY, (long) RATIO * zip.length);
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip), StandardCharsets.UTF_8)) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                String name = entry.getName();
                if (name.contains("..") || name.startsWith("/") || name.contains("\\") || entries.size() >= ENTRIES) {
                    throw Problem.of("VALIDATION_FAILED", "报送包含有不允许的路径。", "An entry has a path that is not allowed.");
                }
                byte[] bytes = in.readNBytes((int) limit + 1);
                limit -= bytes.length;
                if (limit < 0) {
                    throw Problem.of("PAYLOAD_TOO_LARGE");
                }
                entries.put(name, bytes);
            }
        } catch (IOException | IllegalArgumentException e) {
            throw Problem.of("BAD_REQUEST", "报送包不是有效的 zip 文件。", "The body is not a zip file.");
        }
        return entries;
    }

    /** Every file that the manifest lists must be there with the digest that it states. */
    private static void requireDigests(byte[] manifest, Map<String, byte[]> entries) {
        JsonNode tree;
        try {
            tree = Json.MAPPER.readTree(manifest);
        } catch (IOException e) {
            throw Problem.of("INVALID_JSON", "", "manifest.json cannot be read.");
        }
        for (JsonNode file : tree.path("files")) {
            byte[] bytes =
                    entries.get(file.path("name").asText(file.path("path").asText()));
            String stated = file.path("sha256").asText("");
            if (bytes == null || (!stated.isEmpty() && !stated.equals(Digests.hex(bytes)))) {
                throw Problem.of("DIGEST_MISMATCH");
            }
        }
    }

    private List<ObjectNode> take(Request request, byte[] data, boolean dryRun) {
        Map<Integer, Map<Kind, List<BatchItem>>> byRank = new TreeMap<>();
        try (JsonParser parser = Json.MAPPER.getFactory().createParser(data)) {
            while (parser.nextToken() == JsonToken.START_OBJECT) {
                int from = (int) parser.currentTokenLocation().getByteOffset();
                JsonNode line = Json.TREES.readValue(parser);
                Kind kind = contract.kind(line.path("kind").asText());
                if (kind == null) {
                    throw Problem.of("VALIDATION_FAILED", "记录种类不存在。", "A line has no known kind.");
                }
                int to = (int) parser.currentLocation().getByteOffset();
                byRank.computeIfAbsent(kind.recordKind().rank(), rank -> new LinkedHashMap<>())
                        .computeIfAbsent(kind, absent -> new ArrayList<>())
                        .add(item(java.util.Arrays.copyOfRange(data, from, to)));
            }
        } catch (IOException e) {
            throw Problem.of("INVALID_JSON", "", "data.jsonl cannot be read.");
        }
        List<ObjectNode> results = new ArrayList<>();
        byRank.values()
                .forEach(kinds -> kinds.forEach((kind, items) -> results.addAll(intake.take(
                        new Intake.Batch(kind, items, request.caller(), "PACKAGE", dryRun, request.forced())))));
        return results;
    }

    private static BatchItem item(byte[] line) throws IOException {
        try (JsonParser parser = Json.MAPPER.getFactory().createParser(line)) {
            parser.nextToken();
            return BatchItem.readItem(parser, line);
        }
    }

    private static void count(ObjectNode answer, List<ObjectNode> results) {
        Map<String, Integer> counts = new HashMap<>();
        int warned = 0;
        var shown = answer.putArray("results");
        for (ObjectNode result : results) {
            String verdict = result.get("result").asText();
            counts.merge(verdict, 1, Integer::sum);
            warned += result.has("warnings") ? 1 : 0;
            if (result.has("submission")) {
                answer.set("submission", result.get("submission"));
            }
            boolean plain =
                    List.of("CREATED", "UPDATED", "DELETED", "UNCHANGED").contains(verdict);
            if (!plain || result.has("warnings")) {
                shown.add(result);
            }
        }
        int accepted = of(counts, "CREATED") + of(counts, "UPDATED") + of(counts, "DELETED");
        answer.put("acceptedCount", accepted)
                .put("unchangedCount", of(counts, "UNCHANGED"))
                .put("warningCount", warned)
                .put("heldCount", of(counts, "HELD"))
                .put("rejectedCount", of(counts, "REJECTED") + of(counts, "STALE") + of(counts, "CONFLICT"));
    }

    private static int of(Map<String, Integer> counts, String verdict) {
        return counts.getOrDefault(verdict, 0);
    }
}
