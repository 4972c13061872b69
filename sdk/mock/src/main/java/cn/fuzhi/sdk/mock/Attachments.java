package cn.fuzhi.sdk.mock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.security.MessageDigest;
import java.time.OffsetDateTime;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Files that are uploaded in parts. Bytes are kept until a file is complete, and at most {@value #BYTES} at a time, so that memory
 * is bounded.
 */
final class Attachments {
    private static final long BYTES = 128L * 1024 * 1024;
    private static final int PART = 1024 * 1024;

    private final Contract contract;
    private final Catalogue catalogue;
    private final MockClock clock;
    private final Map<String, File> files = new LinkedHashMap<>();
    private long bytes;

    /** A file and what has arrived of it. */
    private static final class File {
        final ObjectNode facts;
        final Map<Integer, byte[]> parts = new TreeMap<>();
        final Map<Integer, ObjectNode> arrived = new TreeMap<>();
        final OffsetDateTime created;

        File(ObjectNode facts, OffsetDateTime created) {
            this.facts = facts;
            this.created = created;
        }

        long size() {
            return facts.get("sizeBytes").asLong();
        }

        boolean complete() {
            return facts.get("state").asText().equals("COMPLETE");
        }

        boolean expired() {
            return facts.get("state").asText().equals("EXPIRED");
        }

        ObjectNode view() {
            ObjectNode view = facts.deepCopy();
            if (!arrived.isEmpty()) {
                arrived.values().forEach(view.putArray("receivedParts")::add);
            }
            return view;
        }
    }

    Attachments(Contract contract, Catalogue catalogue, MockClock clock) {
        this.contract = contract;
        this.catalogue = catalogue;
        this.clock = clock;
    }

    /** Adds the operations to a table by operation id. */
    void addTo(Map<String, Function<Request, JsonNode>> operations) {
        operations.put("createAttachment", this::create);
        operations.put("getAttachment", request -> file(request).view());
        operations.put("putAttachmentPart", this::put);
        operations.put("completeAttachment", this::complete);
    }

    /** True for a file that records may refer to. */
    boolean isComplete(String attachmentId) {
        File file = files.get(attachmentId);
        return file != null && file.complete();
    }

    private JsonNode create(Request request) {
        JsonNode wanted = request.json();
        Findings findings = new Findings(catalogue, null);
        new SchemaWalk(contract, findings).check(contract.schema("NewAttachment"), wanted);
        if (findings.refuses()) {
            throw Problem.of("VALIDATION_FAILED", findings.errors());
        }
        expire();
        for (File file : files.values()) {
            if (!file.expired()
                    && file.facts.get("sha256").equals(wanted.get("sha256"))
                    && file.size() == wanted.get("sizeBytes").asLong()) {
                return file.view();
            }
        }
        OffsetDateTime now = clock.now();
        ObjectNode facts = Json.object().put("attachmentId", String.format("ATT-%06d", files.size() + 1));
        for (String field : new String[] {"fileName", "mediaType", "sizeBytes", "sha256"}) {
            facts.set(field, wanted.get(field));
        }
        facts.put("partSizeBytes", PART)
                .put("state", "UPLOADING")
                .put("scanState", "PENDING")
                .put("createdAt", MockClock.text(now))
                .put("expiresAt", MockClock.text(now.plusDays(7)));
        File file = new File(facts, now);
        files.put(facts.get("attachmentId").asText(), file);
        return file.view();
    }

    private File file(Request request) {
        expire();
        File file = files.get(request.required("attachmentId"));
        if (file == null) {
            throw Problem.of("NOT_FOUND");
        }
        return file;
    }

    /** What stays incomplete for seven days is given up, and its bytes with it; the same file can then be announced again. */
    private void expire() {
        OffsetDateTime oldest = clock.now().minusDays(7);
        for (File file : files.values()) {
            if (!file.complete() && !file.expired() && file.created.isBefore(oldest)) {
                file.facts.put("state", "EXPIRED");
                bytes -= file.parts.values().stream()
                        .mapToLong(part -> part.length)
                        .sum();
                file.parts.clear();
                file.arrived.clear();
            }
        }
    }

    private JsonNode put(Request request) {
        File file = file(request);
        int number = Integer.parseInt(request.required("partNo"));
        byte[] part = request.call().body();
        long count = (file.size() + PART - 1) / PART;
        if (!file.facts.get("state").asText().equals("UPLOADING")) {
            throw Problem.of("STATE_CONFLICT");
        }
        byte[] before = file.parts.get(number);
        long more = (long) part.length - (before == null ? 0 : before.length);
        if (part.length > Limits.PART || part.length > PART || bytes + more > BYTES) {
            throw Problem.of("PAYLOAD_TOO_LARGE");
        }
        long expected = number == count ? file.size() - (count - 1) * PART : PART;
        if (number < 1 || number > count || part.length != expected) {
            throw Problem.of(
                    "BAD_REQUEST", "分片编号或大小有误。", "Part " + number + " of " + count + " has " + expected + " bytes.");
        }
        file.parts.put(number, part);
        bytes += more;
        ObjectNode arrived = Json.object()
                .put("partNo", number)
                .put("sizeBytes", part.length)
                .put("sha256", Digests.hex(part))
                .put("receivedAt", MockClock.text(clock.now()));
        file.arrived.put(number, arrived);
        return arrived;
    }

    private JsonNode complete(Request request) {
        File file = file(request);
        if (file.complete()) {
            return file.view();
        }
        if (file.expired()) {
            throw Problem.of("STATE_CONFLICT", "附件已过期，请重新创建。", "The attachment has expired; announce it again.");
        }
        MessageDigest digest = Digests.sha256();
        long size = 0;
        for (byte[] part : file.parts.values()) {
            digest.update(part);
            size += part.length;
        }
        if (size != file.size()) {
            throw Problem.of("STATE_CONFLICT", "分片未齐。", "Parts are missing.");
        }
        if (!HexFormat.of()
                .formatHex(digest.digest())
                .equals(file.facts.get("sha256").asText())) {
            throw Problem.of("DIGEST_MISMATCH");
        }
        bytes -= size;
        file.parts.clear();
        file.facts.put("state", "COMPLETE").put("scanState", "CLEAN").put("completedAt", MockClock.text(clock.now()));
        return file.view();
    }
}
