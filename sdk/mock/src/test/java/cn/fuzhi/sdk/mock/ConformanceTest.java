package cn.fuzhi.sdk.mock;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every operation answers what the contract says, judged by a JSON Schema validator that the platform does not use. */
class ConformanceTest {
    private static final SchemaRegistry SCHEMAS = SchemaRegistry.withDialect(
            Dialects.getOpenApi30(), builder -> builder.schemas(Map.of("urn:spec", Examples.CONTRACT.toString())));

    private final MockPlatform mock = MockPlatform.start();
    private final Vendor vendor = Vendor.of(mock);
    private final List<String> problems = new ArrayList<>();
    private final TreeSet<String> called = new TreeSet<>();

    @AfterEach
    void stop() {
        mock.close();
    }

    /** Notes what is wrong with an answer, judged by the operation that was called. */
    private Vendor.Answer judge(String operationId, Vendor.Answer answer) {
        called.add(operationId);
        JsonNode operation = operation(operationId);
        if (answer.status() != 200) {
            problems.add(operationId + " answered " + answer.status() + " " + answer.body());
            return answer;
        }
        String schema = operation
                .at("/responses/200/content/application~1json/schema/$ref")
                .asText();
        validate(operationId, schema, answer.body());
        return answer;
    }

    private void validate(String what, String ref, JsonNode body) {
        List<Error> errors =
                SCHEMAS.getSchema(SchemaLocation.of("urn:spec" + ref)).validate(body.toString(), InputFormat.JSON);
        errors.forEach(error -> problems.add(what + ": " + error));
    }

    private static JsonNode operation(String operationId) {
        for (JsonNode path : Examples.CONTRACT.get("paths")) {
            for (JsonNode operation : path) {
                if (operation.path("operationId").asText().equals(operationId)) {
                    return operation;
                }
            }
        }
        throw new AssertionError("the contract has no " + operationId);
    }

    @Test
    void answersEveryOperationInTheFormOfTheContract() {
        String attachment = upload();
        Examples.pushOneOfEach(vendor, attachment).forEach((path, answer) -> {
            String verdict = answer.body().at("/results/0/result").asText();
            if (!verdict.matches("CREATED|UNCHANGED|UPDATED")) {
                problems.add(path + ": " + answer.body());
            }
        });
        kinds();
        services();

        assertThat(problems).as(mock.report()).isEmpty();
        TreeSet<String> all = new TreeSet<>();
        Examples.CONTRACT
                .get("paths")
                .forEach(path -> path.forEach(
                        operation -> all.add(operation.get("operationId").asText())));
        all.removeAll(called);
        assertThat(all).containsExactly("importPackage");
    }

    private String upload() {
        byte[] file = {37, 80, 68, 70};
        var announced = Vendor.JSON
                .createObjectNode()
                .put("fileName", "plan.pdf")
                .put("mediaType", "application/pdf")
                .put("sizeBytes", file.length)
                .put("sha256", java.util.HexFormat.of().formatHex(Vendor.sha256(file)));
        String id = judge("createAttachment", vendor.post("/v1/attachments", announced))
                .body()
                .get("attachmentId")
                .asText();
        String uuid = java.util.UUID.randomUUID().toString();
        judge(
                "putAttachmentPart",
                vendor.send("PUT", "/v1/attachments/" + id + "/parts/1", file, "application/octet-stream", uuid));
        judge(
                "completeAttachment",
                vendor.send(
                        "POST",
                        "/v1/attachments/" + id + "/complete",
                        new byte[0],
                        "",
                        java.util.UUID.randomUUID().toString()));
        judge("getAttachment", vendor.get("/v1/attachments/" + id));
        return id;
    }

    private void kinds() {
        Examples.CONTRACT.at("/components/schemas").properties().forEach(schema -> {
            if (!schema.getValue().has("x-kind")) {
                return;
            }
            String path = "/v1/" + schema.getValue().get("x-path").asText();
            String tag = schema.getValue().get("x-tag").asText();
            if (schema.getKey().equals("Submission")) {
                var submission = Examples.without("Submission", "excluded")
                        .put("itemCount", 0)
                        .put("periodKey", "2022-10-13");
                submission.put("digest", java.util.HexFormat.of().formatHex(Vendor.sha256(new byte[0])));
                judge("pushSubmissions", vendor.post(path, Vendor.batch(Examples.item(schema.getValue(), submission))));
            } else {
                judge("push" + tag, vendor.post(path + "?dryRun=true", Vendor.batch(Vendor.delete("x", 1))));
            }
            JsonNode page = judge("list" + tag, vendor.get(path + "?limit=1")).body();
            String key = page.at("/items/0/key").asText();
            judge("get" + schema.getKey(), vendor.get(path + "/" + key));
        });
    }

    private void services() {
        judge("getSubmissionOutcome", vendor.get("/v1/submissions/LUEYANG01~TIMETABLE~610727~2022-10-13/outcome"));
        judge("listReceipts", vendor.get("/v1/receipts"));
        judge("listChanges", vendor.get("/v1/changes?after=0"));
        JsonNode digests =
                judge("getDigests", vendor.get("/v1/digests?kind=SCHOOL")).body();
        String bucket = digests.at("/buckets/0/bucket").asText();
        judge("getDigestEntries", vendor.get("/v1/digests/entries?kind=SCHOOL&bucket=" + bucket));
        judge("listDivisions", vendor.get("/v1/divisions?level=CITY"));
        judge("getDivision", vendor.get("/v1/divisions/610727"));
        judge("listReportingBodies", vendor.get("/v1/reporting-bodies"));
        judge("getReportingBody", vendor.get("/v1/reporting-bodies/610700"));
        judge("listCodeSets", vendor.get("/v1/code-sets"));
        judge("getCodeSet", vendor.get("/v1/code-sets/urbanRuralClass"));
        judge("listDeadlines", vendor.get("/v1/deadlines?bodyCode=610727"));
        judge("getCoverageReport", vendor.get("/v1/coverage-reports?scopeCode=610727"));
        judge("listUncoveredSchools", vendor.get("/v1/coverage-reports/uncovered-schools?scopeCode=610727"));
        judge("getStatistics", vendor.get("/v1/statistics?scopeCode=610727&granularity=YEAR"));
        judge("getStatisticsSnapshot", vendor.get("/v1/statistics/snapshots/SNAP-2022-610700"));
        judge("listLecturerWorkloads", vendor.get("/v1/lecturer-workloads?termCode=2022-2023-1"));
        for (String operation : List.of("Capabilities", "ServerTime", "Health", "WhoAmI")) {
            String path = operation.equals("ServerTime") ? "time" : operation.toLowerCase(java.util.Locale.ROOT);
            judge("get" + operation, vendor.get("/v1/" + path));
        }
        String bulletin = Examples.of("Bulletin").get("bulletinNo").asText();
        judge("listBulletins", vendor.get("/v1/bulletins"));
        judge("getBulletin", vendor.get("/v1/bulletins/" + bulletin));
        judge("acknowledgeBulletin", vendor.post("/v1/bulletins/" + bulletin + "/ack", Examples.of("Acknowledgement")));
        String notice = Examples.of("SecurityNotice").get("noticeNo").asText();
        judge("listSecurityNotices", vendor.get("/v1/security-notices"));
        judge("getSecurityNotice", vendor.get("/v1/security-notices/" + notice));
        judge(
                "acknowledgeSecurityNotice",
                vendor.post("/v1/security-notices/" + notice + "/ack", Examples.of("SecurityNoticeResponse")));
        judge("listCommendations", vendor.get("/v1/commendations"));
        String commendation = Examples.of("Commendation").get("commendationKey").asText();
        judge("getCommendation", vendor.get("/v1/commendations/" + commendation));
        String receipt =
                vendor.get("/v1/receipts").body().at("/items/0/receiptNumber").asText();
        judge("getReceipt", vendor.get("/v1/receipts/" + receipt));
    }

    @Test
    void answersEveryErrorCodeAsAProblemOfTheContract() {
        TreeSet<String> codes = new TreeSet<>();
        new Catalogue()
                .errors().values().stream().filter(entry -> !entry.itemLevel()).forEach(entry -> {
                    mock.faults().clear();
                    mock.faults().add(Fault.problem(entry.code()));
                    Vendor.Answer answer = vendor.get("/v1/schools");
                    assertThat(answer.status()).isEqualTo(entry.status());
                    codes.add(answer.code());
                    validate(entry.code(), "#/components/schemas/Problem", answer.body());
                    assertThat(answer.http().headers().firstValue("Fuzhi-Problem-Code"))
                            .isEmpty();
                });

        assertThat(problems).isEmpty();
        assertThat(codes).hasSize(26);
    }
}
