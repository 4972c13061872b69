package cn.fuzhi.sdk.mock;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Imports offline packages: a zip with {@code manifest.json} and {@code data.jsonl}, whose lines are the items of batches with
 * their {@code kind}. The same manifest again changes nothing and answers the same. A dry run takes all kinds in one trial, so that a
 * record may refer to another of its package.
 */
final class Packages {
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
        PackageFile file = PackageFile.open(request.call().body());
        file.requireListedFiles();
        file.requireSignatureOf(request.caller());
        request.requireJurisdiction(file.stated("bodyCode"));
        ObjectNode before = imported.get(file.digest());
        if (before != null) {
            return before.deepCopy().put("requestId", request.id()).put("alreadyImported", true);
        }
        boolean dryRun = request.flag("dryRun");
        ObjectNode answer = Json.object()
                .put("requestId", request.id())
                .put("dryRun", dryRun)
                .put("manifestDigest", file.digest())
                .put("alreadyImported", false);
        count(answer, intake.takeTogether(batches(request, lines(file), dryRun), dryRun));
        if (!dryRun) {
            imported.put(file.digest(), answer);
        }
        return answer;
    }

    /** The items of all lines by their kinds, kinds that others refer to first. */
    private Map<Kind, List<BatchItem>> lines(PackageFile file) {
        byte[] data = file.data();
        Map<Kind, List<BatchItem>> byKind = new LinkedHashMap<>();
        try (JsonParser parser = Json.MAPPER.getFactory().createParser(data)) {
            while (parser.nextToken() == JsonToken.START_OBJECT) {
                int from = (int) parser.currentTokenLocation().getByteOffset();
                JsonNode line = Json.TREES.readValue(parser);
                Kind kind = contract.kind(line.path("kind").asText());
                if (kind == null) {
                    throw Problem.of("VALIDATION_FAILED", "记录种类不存在。", "A line has no known kind.");
                }
                int to = (int) parser.currentLocation().getByteOffset();
                BatchItem item = item(Arrays.copyOfRange(data, from, to));
                requireOwn(file, kind, item);
                byKind.computeIfAbsent(kind, absent -> new ArrayList<>()).add(item);
            }
            if (parser.currentToken() != null) {
                throw Problem.of("INVALID_JSON", "", "data.jsonl has something else than objects.");
            }
        } catch (IOException e) {
            throw Problem.of("INVALID_JSON", "", "data.jsonl cannot be read.");
        }
        ObjectNode counts = Json.object();
        byKind.forEach((kind, items) -> counts.put(kind.name(), items.size()));
        if (!counts.equals(file.counts())) {
            throw Problem.of("VALIDATION_FAILED", "报送包的条数与清单不符。", "The counts are not those of the manifest.");
        }
        return byKind;
    }

    /** The bytes must have the digest of their line, and a submission must be that of the manifest. */
    private static void requireOwn(PackageFile file, Kind kind, BatchItem item) {
        if (item.json() != null && !Digests.hex(item.json()).equals(item.digest())) {
            throw Problem.of("DIGEST_MISMATCH", "data.jsonl 有一行与摘要不符。", "A line of data.jsonl has another digest.");
        }
        boolean other = item.record() != null
                && kind.name().equals("SUBMISSION")
                && Stream.of("deadlineKind", "bodyCode", "periodKey")
                        .anyMatch(field -> !item.record().path(field).asText().equals(file.stated(field)));
        if (other) {
            throw Problem.of("VALIDATION_FAILED", "报送声明与清单不符。", "The submission is not that of the manifest.");
        }
    }

    private static List<Intake.Batch> batches(Request request, Map<Kind, List<BatchItem>> byKind, boolean dryRun) {
        return byKind.entrySet().stream()
                .sorted(Comparator.comparing(
                        entry -> entry.getKey().recordKind().rank()))
                .map(entry -> new Intake.Batch(
                        entry.getKey(), entry.getValue(), request.caller(), "PACKAGE", dryRun, request.forced()))
                .toList();
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
