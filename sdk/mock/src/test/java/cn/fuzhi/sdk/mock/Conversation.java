package cn.fuzhi.sdk.mock;

import cn.fuzhi.sdk.model.Deadline;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * Everything that can be asked of a platform once: every operation, and every code of the error catalogue, provoked and not
 * scripted wherever that is possible. Each answer is handed to a judge. Every request also follows the contract, as far as it can
 * while it provokes an error, so that a validating proxy in between lets it pass.
 */
final class Conversation {
    /** Codes for which the mock has no cause of its own, or none that a request of the contract could have. */
    static final List<String> SCRIPTED =
            List.of("INTERNAL", "IP_NOT_ALLOWED", "METHOD_NOT_ALLOWED", "PLATFORM_NOT_INTEGRATED", "TIMEOUT");

    /** The platform's public name: a proxy changes the Host header, but not what is signed. */
    static final String AUTHORITY = "platform.example.invalid";

    private static final byte[] OTHER = "secret-of-another-platform".getBytes(StandardCharsets.UTF_8);
    private static final byte[] PDF = "%PDF-1.4 example".getBytes(StandardCharsets.US_ASCII);

    private final MockPlatform mock;
    private final String baseUrl;
    private final Vendor vendor;
    private final BiConsumer<String, Vendor.Answer> judge;
    private final Map<String, Integer> operations = new TreeMap<>();
    private final Map<String, Integer> codes = new TreeMap<>();
    private final Map<String, Integer> itemCodes = new TreeMap<>();

    Conversation(MockPlatform mock, String baseUrl, BiConsumer<String, Vendor.Answer> judge) {
        this.mock = mock;
        this.baseUrl = baseUrl;
        this.judge = judge;
        this.vendor = vendor(mock.keyId(), mock.secret());
    }

    /** A platform that a conversation can be held with, directly or through a proxy. */
    static MockPlatform platform() {
        return MockPlatform.builder()
                .authority(AUTHORITY)
                .limits(60, 1024 * 1024, 1_000)
                .start();
    }

    private Vendor vendor(String keyId, byte[] secret) {
        Vendor other = new Vendor(baseUrl, keyId, secret);
        other.tamper = components -> with(components, "@authority", AUTHORITY);
        return other;
    }

    private static Map<String, String> with(Map<String, String> map, String name, String value) {
        Map<String, String> changed = new LinkedHashMap<>(map);
        changed.put(name, value);
        return changed;
    }

    /** Operations that were answered with 200, and how often. */
    Map<String, Integer> operations() {
        return operations;
    }

    /** Codes of problems, and how often they came. */
    Map<String, Integer> codes() {
        return codes;
    }

    /** Codes inside the results of batches, and how often they came. */
    Map<String, Integer> itemCodes() {
        return itemCodes;
    }

    String counts() {
        return operations.size() + " operations with 200, " + codes.size() + " codes of problems, " + itemCodes.size()
                + " codes of items; "
                + sum(operations) + " answers and " + sum(codes) + " problems judged";
    }

    private static int sum(Map<String, Integer> counts) {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }

    static Set<String> allOperations() {
        Set<String> all = new TreeSet<>();
        Examples.CONTRACT
                .get("paths")
                .forEach(path -> path.forEach(
                        operation -> all.add(operation.get("operationId").asText())));
        return all;
    }

    /** Notes an answer of an operation, and has it judged. */
    private Vendor.Answer note(String operationId, Vendor.Answer answer) {
        judge.accept(operationId, answer);
        if (answer.status() == 200) {
            operations.merge(operationId, 1, Integer::sum);
        } else {
            codes.merge(answer.code(), 1, Integer::sum);
        }
        for (JsonNode result : answer.body().path("results")) {
            for (String list : List.of("violations", "warnings")) {
                result.path(list).forEach(finding -> {
                    String rule = finding.get("rule").asText();
                    if (!rule.matches("[RX]-\\d\\d")) {
                        itemCodes.merge(rule, 1, Integer::sum);
                    }
                });
            }
        }
        return answer;
    }

    /** Asks every operation once, with an answer of 200 each. */
    void everyOperation() {
        String attachment = attachment(Vendor.sha256(PDF));
        note("getAttachment", vendor.get("/v1/attachments/" + attachment));
        note("completeAttachment", complete(attachment));
        kinds(attachment);
        for (String operation : List.of("Capabilities", "ServerTime", "Health", "WhoAmI")) {
            String path = operation.equals("ServerTime") ? "time" : operation.toLowerCase(Locale.ROOT);
            note("get" + operation, vendor.get("/v1/" + path));
        }
        figures();
        notices();
        byte[] zip = AsciiPackage.of(mock.keyId(), mock.secret());
        note("importPackage", vendor.send("POST", "/v1/packages", zip, "application/zip", uuid()));
    }

    private static String uuid() {
        return UUID.randomUUID().toString();
    }

    private String attachment(byte[] sha256) {
        ObjectNode announced = Vendor.JSON
                .createObjectNode()
                .put("fileName", "plan.pdf")
                .put("mediaType", "application/pdf")
                .put("sizeBytes", PDF.length)
                .put("sha256", HexFormat.of().formatHex(sha256));
        String id = note("createAttachment", vendor.post("/v1/attachments", announced))
                .body()
                .get("attachmentId")
                .asText();
        String part = "/v1/attachments/" + id + "/parts/1";
        note("putAttachmentPart", vendor.send("PUT", part, PDF, "application/octet-stream", uuid()));
        return id;
    }

    private Vendor.Answer complete(String attachment) {
        return vendor.send("POST", "/v1/attachments/" + attachment + "/complete", new byte[0], "", uuid());
    }

    private void kinds(String attachment) {
        Map<String, String> tags = new TreeMap<>();
        Examples.CONTRACT.at("/components/schemas").properties().forEach(schema -> {
            if (schema.getValue().has("x-kind")) {
                tags.put(schema.getValue().get("x-path").asText(), schema.getKey());
            }
        });
        Map<String, Vendor.Answer> pushed = Examples.pushOneOfEach(vendor, attachment);
        pushed.put("submissions", vendor.post("/v1/submissions", Vendor.batch(emptySubmission("2022-10-13"))));
        tags.forEach((path, schema) -> {
            String tag = schema(schema).get("x-tag").asText();
            Vendor.Answer push = note("push" + tag, pushed.get(path));
            String verdict = push.body().at("/results/0/result").asText();
            if (!verdict.matches("CREATED|UPDATED|UNCHANGED")) {
                throw new AssertionError(path + " was not taken: " + push.body());
            }
            JsonNode page =
                    note("list" + tag, vendor.get("/v1/" + path + "?limit=1")).body();
            String key = page.at("/items/0/key").asText();
            note("get" + schema, vendor.get("/v1/" + path + "/" + key));
        });
    }

    private static JsonNode schema(String name) {
        return Examples.CONTRACT.at("/components/schemas/" + name);
    }

    private static ObjectNode emptySubmission(String period) {
        ObjectNode submission = Examples.without("Submission", "excluded")
                .put("itemCount", 0)
                .put("periodKey", period)
                .put("digest", HexFormat.of().formatHex(Vendor.sha256(new byte[0])));
        return Examples.item(schema("Submission"), submission);
    }

    private void figures() {
        note("getSubmissionOutcome", vendor.get("/v1/submissions/LUEYANG01~TIMETABLE~610727~2022-10-13/outcome"));
        JsonNode receipts = note("listReceipts", vendor.get("/v1/receipts")).body();
        String receipt = receipts.at("/items/0/receiptNumber").asText();
        note("getReceipt", vendor.get("/v1/receipts/" + receipt));
        note("listChanges", vendor.get("/v1/changes?after=0"));
        JsonNode digests =
                note("getDigests", vendor.get("/v1/digests?kind=SCHOOL")).body();
        String bucket = digests.at("/buckets/0/bucket").asText();
        note("getDigestEntries", vendor.get("/v1/digests/entries?kind=SCHOOL&bucket=" + bucket));
        note("listDivisions", vendor.get("/v1/divisions?level=CITY"));
        note("getDivision", vendor.get("/v1/divisions/610727"));
        note("listReportingBodies", vendor.get("/v1/reporting-bodies"));
        note("getReportingBody", vendor.get("/v1/reporting-bodies/610700"));
        note("listCodeSets", vendor.get("/v1/code-sets"));
        note("getCodeSet", vendor.get("/v1/code-sets/urbanRuralClass"));
        note("listDeadlines", vendor.get("/v1/deadlines?bodyCode=610727"));
        note("getCoverageReport", vendor.get("/v1/coverage-reports?scopeCode=610727"));
        note("listUncoveredSchools", vendor.get("/v1/coverage-reports/uncovered-schools?scopeCode=610727"));
        note("getStatistics", vendor.get("/v1/statistics?scopeCode=610727&granularity=YEAR"));
        note("getStatisticsSnapshot", vendor.get("/v1/statistics/snapshots/SNAP-2022-610700"));
        note("listLecturerWorkloads", vendor.get("/v1/lecturer-workloads?termCode=2022-2023-1"));
    }

    private void notices() {
        String bulletin =
                "/v1/bulletins/" + Examples.of("Bulletin").get("bulletinNo").asText();
        note("listBulletins", vendor.get("/v1/bulletins"));
        note("getBulletin", vendor.get(bulletin));
        note("acknowledgeBulletin", vendor.post(bulletin + "/ack", Examples.of("Acknowledgement")));
        String notice = "/v1/security-notices/"
                + Examples.of("SecurityNotice").get("noticeNo").asText();
        ObjectNode acknowledged = Vendor.JSON.createObjectNode().put("state", "ACKNOWLEDGED");
        note("listSecurityNotices", vendor.get("/v1/security-notices"));
        note("getSecurityNotice", vendor.get(notice));
        note("acknowledgeSecurityNotice", vendor.post(notice + "/ack", acknowledged));
        note("listCommendations", vendor.get("/v1/commendations"));
        String commendation = Examples.of("Commendation").get("commendationKey").asText();
        note("getCommendation", vendor.get("/v1/commendations/" + commendation));
    }

    /** Provokes every code of the catalogue; the operations were asked before, so there is something to run against. */
    void everyCode() {
        signatures();
        requests();
        state();
        items();
        SCRIPTED.forEach(code -> struck(Fault.problem(code)));
        struck(Fault.quota(0, Duration.ofMinutes(1)));
        struck(Fault.maintenance(Duration.ofMinutes(1)));
        mock.clock().advance(Duration.ofDays(401));
        vendor.clock = mock.clock().instant();
        note("listChanges", vendor.get("/v1/changes?after=0"));
    }

    private void struck(Fault fault) {
        mock.faults().add(fault);
        note("listSchools", vendor.get("/v1/schools"));
        mock.faults().clear();
    }

    private void signatures() {
        Vendor crooked = vendor(mock.keyId(), mock.secret());
        crooked.tamper = components -> with(components, "@method", "PATCH");
        note("getServerTime", crooked.get("/v1/time"));
        Vendor slow = vendor(mock.keyId(), mock.secret());
        slow.clock = Instant.now().minus(Duration.ofMinutes(10));
        note("getServerTime", slow.get("/v1/time"));
        note("getServerTime", vendor("ghost", OTHER).get("/v1/time"));
        mock.enableKey(false);
        note("getServerTime", vendor.get("/v1/time"));
        mock.enableKey(true);
        HttpRequest once = vendor.request("GET", "/v1/time", new byte[0], "", null);
        note("getServerTime", send(once));
        note("getServerTime", send(once));
        mock.addKey(MockPlatform.builder().key("reader", OTHER).scopes("school:read"));
        note("pushSchools", vendor("reader", OTHER).post("/v1/schools", Vendor.batch(Vendor.delete("2161000001", 9))));
    }

    private static Vendor.Answer send(HttpRequest request) {
        try {
            HttpClient http =
                    HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
            HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
            return new Vendor.Answer(response.statusCode(), Vendor.JSON.readTree(response.body()), response);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void requests() {
        note("listSchools", vendor.get("/v1/schools?cursor=nonsense"));
        note("getSchool", vendor.get("/v1/schools/2161999999"));
        note("getCoverageReport", vendor.get("/v1/coverage-reports?scopeCode=610100"));
        ObjectNode deep = Examples.supportedSchool();
        ArrayNode nested = deep.putArray("unknownNested");
        for (int i = 0; i < 80; i++) {
            nested = nested.addArray();
        }
        note("pushSchools", vendor.post("/v1/schools", Vendor.batch(Vendor.upsert("2161000002", 9, deep))));
        ObjectNode long_ = Examples.supportedSchool().put("unknownText", "x".repeat(1_100_000));
        note("pushSchools", vendor.post("/v1/schools", Vendor.batch(Vendor.upsert("2161000002", 9, long_))));
        ObjectNode[] many = new ObjectNode[61];
        for (int i = 0; i < many.length; i++) {
            many[i] = Vendor.delete(String.valueOf(2161000100L + i), 1);
        }
        note("pushSchools", vendor.post("/v1/schools", Vendor.batch(many)));
        vendor.headers = headers -> with(headers, "Content-Encoding", "br");
        note("pushSchools", vendor.post("/v1/schools", Vendor.batch(Vendor.delete("2161000100", 1))));
        vendor.headers = headers -> headers;
    }

    private void state() {
        byte[] one = Vendor.bytes(Vendor.batch(Vendor.delete("2161000100", 1)));
        byte[] other = Vendor.bytes(Vendor.batch(Vendor.delete("2161000101", 1)));
        String key = uuid();
        note("pushSchools", vendor.send("POST", "/v1/schools", one, "application/json", key));
        note("pushSchools", vendor.send("POST", "/v1/schools", other, "application/json", key));
        busy(one);
        String empty = attachment(Vendor.sha256(new byte[] {1}));
        note("completeAttachment", complete(empty));
        ObjectNode announced = Vendor.JSON
                .createObjectNode()
                .put("fileName", "other.pdf")
                .put("mediaType", "application/pdf")
                .put("sizeBytes", 3)
                .put("sha256", HexFormat.of().formatHex(Vendor.sha256(new byte[] {2})));
        String missing = note("createAttachment", vendor.post("/v1/attachments", announced))
                .body()
                .get("attachmentId")
                .asText();
        note("completeAttachment", complete(missing));
        String notice = "/v1/security-notices/"
                + Examples.of("SecurityNotice").get("noticeNo").asText();
        ObjectNode resolved = Vendor.JSON.createObjectNode().put("state", "RESOLVED");
        note("acknowledgeSecurityNotice", vendor.post(notice + "/ack", resolved));
    }

    /** Repeats a request whose answer is still on its way. */
    private void busy(byte[] body) {
        String key = uuid();
        Supplier<Vendor.Answer> push = () -> vendor.send("POST", "/v1/schools", body, "application/json", key);
        int before = mock.arrived().size();
        mock.faults().add(Fault.latency(Duration.ofSeconds(4)).once());
        CompletableFuture<Vendor.Answer> first = CompletableFuture.supplyAsync(push);
        while (mock.arrived().size() == before && !first.isDone()) {
            Thread.onSpinWait();
        }
        note("pushSchools", push.get());
        note("pushSchools", first.join());
        mock.faults().clear();
    }

    private void items() {
        ObjectNode school = Examples.supportedSchool();
        note("pushSchools", vendor.post("/v1/schools", Vendor.batch(Vendor.upsert("2161000009", 1, school))));
        ObjectNode renamed = Examples.supportedSchool().put("name", "略阳县另一所学校");
        note("pushSchools", vendor.post("/v1/schools", Vendor.batch(Vendor.upsert("2161000002", 1, renamed))));
        ObjectNode misspelt = Examples.supportedSchool().put("nmae", "x");
        note("pushSchools", vendor.post("/v1/schools", Vendor.batch(Vendor.upsert("2161000002", 2, misspelt))));
        mock.addKey("other", OTHER, "OTHER001", "610700");
        note(
                "pushSchools",
                vendor("other", OTHER).post("/v1/schools", Vendor.batch(Vendor.upsert("2161000002", 9, school))));
        ObjectNode lesson = Examples.of("Lesson").put("lessonNo", "L-99").put("timetableKey", "610727~2022-12-08");
        note("pushLessons", vendor.post("/v1/lessons", Vendor.batch(Examples.item(schema("Lesson"), lesson))));
        ObjectNode closed = Examples.of("Deadline").put("periodKey", "2021-09-16");
        closed.put("opensAt", "2021-09-01T00:00:00+08:00").put("dueAt", "2021-09-16T23:59:59+08:00");
        closed.put("closesAt", "2021-10-16T23:59:59+08:00").remove(List.of("graceUntil", "shiftedFrom"));
        mock.addDeadline(Vendor.JSON_MODEL.convertValue(closed, Deadline.class));
        note("pushSubmissions", vendor.post("/v1/submissions", Vendor.batch(emptySubmission("2021-09-16"))));
    }
}
