package cn.fuzhi.sdk;

import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.put;
import static com.github.tomakehurst.wiremock.client.WireMock.putRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathMatching;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import cn.fuzhi.sdk.api.DeadlinesApi;
import cn.fuzhi.sdk.api.ReceiptsApi;
import cn.fuzhi.sdk.model.Bulletin;
import cn.fuzhi.sdk.model.Change;
import cn.fuzhi.sdk.model.Content;
import cn.fuzhi.sdk.model.DeadlineKind;
import cn.fuzhi.sdk.model.Pairing;
import cn.fuzhi.sdk.model.PushRecord;
import cn.fuzhi.sdk.model.Receipt;
import cn.fuzhi.sdk.model.RecordKind;
import cn.fuzhi.sdk.model.School;
import cn.fuzhi.sdk.model.SchoolEntry;
import cn.fuzhi.sdk.model.SchoolPage;
import cn.fuzhi.sdk.model.Severity;
import cn.fuzhi.sdk.model.TrainingActivity;
import cn.fuzhi.sdk.model.UnitKind;
import cn.fuzhi.sdk.model.Verdict;
import cn.fuzhi.sdk.model.Violation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lists, the change feed, deadlines, preflight and files. */
class ReportingTest extends ScriptedAnswers {
    @Override
    @BeforeEach
    void open() {
        client = Clients.of(PLATFORM.baseUrl()).build();
    }

    private static String entry(String key) {
        return "{\"key\":\"" + key + "\",\"record\":{\"name\":\"x\"},\"meta\":{\"version\":1}}";
    }

    private Pages<SchoolEntry> schools() {
        return Pages.of(
                cursor -> client.schools().list(null, null, null, null, cursor, 1),
                SchoolPage::items,
                SchoolPage::hasMore,
                SchoolPage::nextCursor);
    }

    @Test
    void readsAPageOnlyWhenItIsNeeded() {
        PLATFORM.stubFor(get(urlPathEqualTo("/v1/schools"))
                .withQueryParam("cursor", absent())
                .willReturn(json("{\"items\":[" + entry("1") + "],\"nextCursor\":\"c2\",\"hasMore\":true}")));
        PLATFORM.stubFor(get(urlPathEqualTo("/v1/schools"))
                .withQueryParam("cursor", equalTo("c2"))
                .willReturn(json("{\"items\":[" + entry("2") + "],\"hasMore\":false}")));
        Pages<SchoolEntry> pages = schools();
        Iterator<SchoolEntry> iterator = pages.iterator();
        assertThat(iterator.next().key()).isEqualTo("1");
        PLATFORM.verify(1, getRequestedFor(urlPathEqualTo("/v1/schools")));
        assertThat(iterator.next().key()).isEqualTo("2");
        assertThat(iterator.hasNext()).isFalse();
        assertThat(pages.stream().map(SchoolEntry::key)).containsExactly("1", "2");
    }

    @Test
    void aCursorThatDoesNotAdvanceEndsTheList() {
        PLATFORM.stubFor(get(urlPathEqualTo("/v1/schools"))
                .willReturn(json("{\"items\":[],\"nextCursor\":\"same\",\"hasMore\":true}")));
        assertThatExceptionOfType(FuzhiException.Protocol.class)
                .isThrownBy(schools().iterator()::next);
    }

    @Test
    void cursorsThatGoInACircleEndTheList() {
        for (String[] step : new String[][] {{null, "a"}, {"a", "b"}, {"b", "c"}, {"c", "a"}}) {
            PLATFORM.stubFor(get(urlPathEqualTo("/v1/schools"))
                    .withQueryParam("cursor", step[0] == null ? absent() : equalTo(step[0]))
                    .willReturn(json("{\"items\":[],\"nextCursor\":\"" + step[1] + "\",\"hasMore\":true}")));
        }
        assertThatExceptionOfType(FuzhiException.Protocol.class)
                .isThrownBy(schools().iterator()::next);
    }

    @Test
    void aPageOfChangesThatDoesNotSayHowToGoOnIsNoEndOfTheFeed() {
        for (String page : List.of(
                "{\"items\":[]}",
                "{\"items\":[],\"hasMore\":true}",
                "{\"items\":[],\"hasMore\":false}",
                "{\"items\":[],\"nextAfter\":1}")) {
            PLATFORM.stubFor(get(urlPathEqualTo("/v1/changes")).willReturn(json(page)));
            assertThatExceptionOfType(FuzhiException.Protocol.class)
                    .isThrownBy(() -> client.changesAfter(1).stream().toList());
        }
    }

    @Test
    void aPageThatDoesNotSayHowToGoOnIsNoEndOfAnyList() {
        for (String page : List.of("{}", "{\"items\":[]}", "{\"items\":[],\"hasMore\":true}")) {
            always(json(page));
            assertThatExceptionOfType(FuzhiException.Protocol.class)
                    .isThrownBy(() -> schools().stream().toList());
            assertThatExceptionOfType(FuzhiException.Protocol.class)
                    .isThrownBy(() -> client.records(School.class).stream().toList());
            assertThatExceptionOfType(FuzhiException.Protocol.class)
                    .isThrownBy(() -> client
                            .deadlines()
                            .all(DeadlinesApi.Query.builder().build())
                            .stream()
                            .toList());
        }
        always(json("{\"items\":[null," + entry("1") + "],\"hasMore\":false}"));
        assertThat(schools().stream().map(SchoolEntry::key)).containsExactly("1");
        assertThat(client.records(School.class).stream()).hasSize(1);
    }

    @Test
    void aPageThatIsTooLongIsAskedForInSmallerOnes() {
        String full = (entry("1").replace("\"x\"", "\"" + "长".repeat(30_000) + "\"") + ",").repeat(100);
        PLATFORM.stubFor(get(urlPathEqualTo("/v1/schools"))
                .willReturn(json("{\"items\":[" + full + entry("2") + "],\"hasMore\":false}")));
        PLATFORM.stubFor(get(urlPathEqualTo("/v1/schools"))
                .withQueryParam("limit", equalTo("250"))
                .withQueryParam("cursor", absent())
                .willReturn(json("{\"items\":[" + entry("1") + "],\"nextCursor\":\"c2\",\"hasMore\":true}")));
        PLATFORM.stubFor(get(urlPathEqualTo("/v1/schools"))
                .withQueryParam("limit", equalTo("250"))
                .withQueryParam("cursor", equalTo("c2"))
                .willReturn(json("{\"items\":[" + entry("2") + "],\"hasMore\":false}")));
        assertThat(client.records(School.class).stream()).hasSize(2);
        requests(4);
        assertThatExceptionOfType(FuzhiException.Protocol.class)
                .isThrownBy(() -> client.schools().list(null, null, null, null, null, 1000))
                .withMessageContaining("limit")
                .matches(e -> !e.retryable());
        requests(5);
    }

    @Test
    void readsTheChangeFeedToItsEnd() {
        PLATFORM.stubFor(get(urlPathEqualTo("/v1/changes"))
                .withQueryParam("after", equalTo("4711"))
                .withQueryParam("kinds", equalTo("SCHOOL,PAIRING"))
                .willReturn(
                        json("{\"items\":[{\"changeSeq\":4712,\"kind\":\"SCHOOL\",\"key\":\"1\",\"op\":\"UPSERT\"}],"
                                + "\"nextAfter\":4712,\"hasMore\":true}")));
        PLATFORM.stubFor(get(urlPathEqualTo("/v1/changes"))
                .withQueryParam("after", equalTo("4712"))
                .willReturn(
                        json("{\"items\":[{\"changeSeq\":4713,\"kind\":\"SCHOOL\",\"key\":\"2\",\"op\":\"DELETE\"}],"
                                + "\"nextAfter\":4713,\"hasMore\":false}")));
        assertThat(client.changesAfter(4711, RecordKind.SCHOOL, RecordKind.PAIRING).stream()
                        .map(Change::changeSeq))
                .containsExactly(4712L, 4713L);
    }

    private void calendar() {
        PLATFORM.stubFor(get("/v1/time")
                .willReturn(json("{\"serverTime\":\"2022-09-15T09:00:00+08:00\",\"epochMillis\":1663203600000,"
                        + "\"timeZone\":\"Asia/Shanghai\"}")));
        PLATFORM.stubFor(get(urlPathEqualTo("/v1/deadlines"))
                .willReturn(json("{\"hasMore\":false,\"items\":["
                        + deadline("2022-09-01", "2022-09-01", "OVERDUE") + ","
                        + deadline("2022-09-15", "2022-09-15", "OPEN") + ","
                        + deadline("2022-08-18", "2022-08-18", "ACCEPTED") + ","
                        + deadline("2022-08-04", "2022-08-04", "CLOSED") + "]}")));
    }

    private static String deadline(String period, String due, String state) {
        return "{\"kind\":\"TIMETABLE\",\"periodKey\":\"" + period + "\",\"bodyCode\":\"610727\","
                + "\"opensAt\":\"2022-08-01T00:00:00+08:00\",\"dueAt\":\"" + due + "T23:59:59+08:00\",\"state\":\""
                + state
                + "\"}";
    }

    @Test
    void tellsWhatIsDueLateMetAndMissed() {
        calendar();
        DueReport report = client.due("610727");
        assertThat(report.due()).extracting("periodKey").containsExactly("2022-09-15");
        assertThat(report.overdue()).extracting("periodKey").containsExactly("2022-09-01");
        assertThat(report.met()).extracting("periodKey").containsExactly("2022-08-18");
        assertThat(report.missed()).extracting("periodKey").containsExactly("2022-08-04");
        assertThat(report.toString()).contains("逾期", "待报", "2022-09-15 23:59");
    }

    @Test
    void anIncompleteCalendarIsABrokenAnswer() {
        for (String lack : List.of("kind", "dueAt")) {
            calendar();
            PLATFORM.stubFor(get(urlPathEqualTo("/v1/deadlines"))
                    .willReturn(json("{\"hasMore\":false,\"items\":[null,"
                            + deadline("2022-09-01", "2022-09-01", "OPEN").replace("\"" + lack + "\"", "\"other\"")
                            + "]}")));
            assertThatExceptionOfType(FuzhiException.Protocol.class).as(lack).isThrownBy(() -> client.due("610727"));
        }
        calendar();
        PLATFORM.stubFor(get("/v1/time").willReturn(json("{}")));
        assertThatExceptionOfType(FuzhiException.Protocol.class).isThrownBy(() -> client.due("610727"));
    }

    private static String unknown(String key, String... pointers) {
        return "{\"key\":\"" + key + "\",\"result\":\"REJECTED\",\"violations\":["
                + Stream.of(pointers)
                        .map(pointer -> "{\"rule\":\"UNKNOWN_REFERENCE\",\"severity\":\"ERROR\",\"pointer\":\""
                                + pointer + "\",\"message\":\"不存在\"}")
                        .collect(Collectors.joining(","))
                + "]}";
    }

    @Test
    void aDryRunExcusesWhatRefersToAnotherRecordOfItsCall() {
        School school = Samples.school("2161000001");
        School site = school.toBuilder()
                .schoolCode("2161500001")
                .unitKind(UnitKind.TEACHING_SITE)
                .parentSchoolCode("2161000001")
                .build();
        School elsewhere = site.toBuilder()
                .schoolCode("2161500002")
                .parentSchoolCode("2161999999")
                .build();
        School ofRefused = site.toBuilder()
                .schoolCode("2161500003")
                .parentSchoolCode("2161500002")
                .build();
        Pairing pairing = Contract.example(Pairing.class).toBuilder()
                .supportingSchoolCode("2161000001")
                .supportedSchoolCode("2161500001")
                .build();
        PLATFORM.stubFor(post(urlPathEqualTo("/v1/schools"))
                .willReturn(json("{\"requestId\":\"r\",\"dryRun\":true,\"results\":["
                        + "{\"key\":\"2161000001\",\"result\":\"CREATED\"},"
                        + unknown("2161500001", "/parentSchoolCode") + ","
                        + unknown("2161500002", "/parentSchoolCode") + ","
                        + unknown("2161500003", "/parentSchoolCode", "no pointer") + "]}")));
        PLATFORM.stubFor(post(urlPathEqualTo("/v1/pairings"))
                .willReturn(json("{\"requestId\":\"r\",\"dryRun\":true,\"results\":["
                        + unknown(pairing.key(), "/supportingSchoolCode", "/supportedSchoolCode") + "]}")));
        PushReport report = client.dryRun(List.of(school, site, elsewhere, ofRefused, pairing));
        assertThat(report.notAccepted())
                .extracting(row -> row.outcome().key())
                .containsExactlyInAnyOrder("2161500002", "2161500003");
        assertThat(report.acceptedCount()).isEqualTo(3);
        assertThat(report.totalCount()).isEqualTo(5);
        assertThat(report.rows().stream()
                        .filter(row -> row.outcome().key().equals(pairing.key()))
                        .flatMap(row -> row.outcome().warnings().stream()))
                .hasSize(2);
        assertThat(report.rows().stream()
                        .flatMap(row -> row.outcome().warnings().stream())
                        .map(Violation::severity))
                .containsOnly(Severity.WARNING);
        PushReport pushed = client.push(List.of(school, site));
        assertThat(pushed.acceptedCount()).as("a push excuses nothing").isEqualTo(1);
    }

    @Test
    void aDryRunExcusesNothingForAKeyOfAnotherKind() {
        TrainingActivity activity = Contract.example(TrainingActivity.class);
        Content content = Contract.example(Content.class).toBuilder()
                .lessonKey(activity.key())
                .build();
        PLATFORM.stubFor(post(urlPathEqualTo("/v1/training-activities"))
                .willReturn(json("{\"requestId\":\"r\",\"results\":[{\"key\":\"" + activity.key()
                        + "\",\"result\":\"CREATED\"}]}")));
        PLATFORM.stubFor(post(urlPathEqualTo("/v1/contents"))
                .willReturn(json("{\"requestId\":\"r\",\"results\":[" + unknown(content.key(), "/lessonKey") + "]}")));
        assertThat(client.dryRun(List.of(activity, content)).acceptedCount()).isEqualTo(1);
    }

    @Test
    void aDryRunExcusesARecordWhenAllItsVersionsCouldBe() {
        School school = Samples.school("2161000001");
        School lost = Samples.school("2161000002").toBuilder()
                .parentSchoolCode("2161999999")
                .build();
        School found = lost.toBuilder().parentSchoolCode("2161000001").build();
        PushReport asked = new PushReport(
                true,
                Map.of(Verdict.CREATED, 1L, Verdict.REJECTED, 2L),
                0,
                List.of(
                        row(school, Verdict.CREATED, null),
                        row(lost, Verdict.REJECTED, null),
                        row(found, Verdict.REJECTED, 7L)),
                0,
                null);
        assertThat(new DryRun(List.of(school, lost, found)).excused(asked)).isEqualTo(asked);
        PushReport excused = new DryRun(List.of(school, found, found)).excused(asked);
        assertThat(excused.counts()).isEqualTo(Map.of(Verdict.CREATED, 2L, Verdict.UPDATED, 1L));
    }

    private static PushReport.Row row(School school, Verdict verdict, Long held) {
        Violation unknown = Violation.builder()
                .rule("UNKNOWN_REFERENCE")
                .severity(Severity.ERROR)
                .pointer("/parentSchoolCode")
                .message("不存在")
                .build();
        List<Violation> violations = Verdict.REJECTED.equals(verdict) ? List.of(unknown) : List.of();
        return new PushReport.Row(
                school.kind(), new ItemOutcome(school.key(), verdict, null, held, null, violations, List.of(), null));
    }

    @Test
    void preflightPutsBothSidesIntoOneReport() {
        calendar();
        PLATFORM.stubFor(post(urlPathEqualTo("/v1/schools"))
                .withQueryParam("dryRun", equalTo("true"))
                .willReturn(json("{\"requestId\":\"r\",\"dryRun\":true,\"results\":["
                        + "{\"key\":\"2161000001\",\"result\":\"CREATED\"}]}")));
        PLATFORM.stubFor(get(urlPathEqualTo("/v1/coverage-reports/uncovered-schools"))
                .willReturn(json("{\"items\":[{\"schoolCode\":\"2161000009\",\"name\":\"示例乡村小学\","
                        + "\"divisionCode\":\"610727\"}],\"hasMore\":false}")));
        Preflight preflight =
                client.preflight(DeadlineKind.TIMETABLE, "610727", "2022-09-15", List.of(Samples.school("2161000001")));
        assertThat(preflight.isReady()).isTrue();
        assertThat(preflight.uncovered()).hasSize(1);
        assertThat(preflight.toString()).contains("可以报送", "2161000009");
        PLATFORM.verify(1, postRequestedFor(urlPathEqualTo("/v1/schools")));
    }

    @Test
    void aDeadlineThatIsClosedIsNeverReady() {
        calendar();
        PLATFORM.stubFor(post(urlPathEqualTo("/v1/schools"))
                .willReturn(json("{\"requestId\":\"r\",\"dryRun\":true,\"results\":["
                        + "{\"key\":\"2161000001\",\"result\":\"CREATED\"}]}")));
        PLATFORM.stubFor(get(urlPathEqualTo("/v1/coverage-reports/uncovered-schools"))
                .willReturn(json("{\"items\":[],\"hasMore\":false}")));
        Preflight late =
                client.preflight(DeadlineKind.TIMETABLE, "610727", "2022-08-04", List.of(Samples.school("2161000001")));
        assertThat(late.isReady()).isFalse();
        assertThat(late.toString()).contains("尚不能报送", "已关闭");
        Preflight overdue =
                client.preflight(DeadlineKind.TIMETABLE, "610727", "2022-09-01", List.of(Samples.school("2161000001")));
        assertThat(overdue.isReady()).as("late, and still accepted").isTrue();
    }

    @Test
    void theCalendarTellsWhatIsDue() {
        calendar();
        assertThat(client.deadlines().due("610727")).isEqualTo(client.due("610727"));
        assertThat(client
                        .deadlines()
                        .all(DeadlinesApi.Query.builder().bodyCode("610727").build())
                        .stream())
                .hasSize(4);
    }

    @Test
    void allRecordsOfAKindAreOneLine() {
        PLATFORM.stubFor(get(urlPathEqualTo("/v1/schools"))
                .withQueryParam("cursor", absent())
                .willReturn(json("{\"items\":[" + entry("1") + "],\"nextCursor\":\"c2\",\"hasMore\":true}")));
        PLATFORM.stubFor(get(urlPathEqualTo("/v1/schools"))
                .withQueryParam("cursor", equalTo("c2"))
                .willReturn(json("{\"items\":[" + entry("2") + "],\"hasMore\":false}")));
        Iterator<School> schools = client.records(School.class).iterator();
        assertThat(schools.next().name()).isEqualTo("x");
        PLATFORM.verify(1, getRequestedFor(urlPathEqualTo("/v1/schools")));
        assertThat(client.records(School.class).stream()).hasSize(2);
        assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> client.records(PushRecord.class));
    }

    private static String example(String schema) {
        return Contract.example(schema).toString();
    }

    @Test
    void readsCoverageAndStatistics() {
        PLATFORM.stubFor(get(urlPathEqualTo("/v1/coverage-reports"))
                .withQueryParam("scopeCode", equalTo("610727"))
                .willReturn(json(example("CoverageReport"))));
        PLATFORM.stubFor(get(urlPathEqualTo("/v1/statistics"))
                .withQueryParam("scopeCode", equalTo("610727"))
                .willReturn(json(example("StatisticsReport"))));
        assertThat(client.coverageReports()
                        .get("610727", null, null, null, null)
                        .ruralSchoolCount())
                .isEqualTo(Contract.example("CoverageReport")
                        .get("ruralSchoolCount")
                        .longValue());
        assertThat(client.statistics().get("610727", null, null).scopeCode())
                .isEqualTo(Contract.example("StatisticsReport").get("scopeCode").textValue());
    }

    @Test
    void readsBulletinsAndReceipts() {
        PLATFORM.stubFor(get(urlPathEqualTo("/v1/bulletins"))
                .willReturn(json("{\"items\":[" + example("Bulletin") + "],\"hasMore\":false}")));
        PLATFORM.stubFor(get(urlPathEqualTo("/v1/receipts"))
                .willReturn(json("{\"items\":[" + example("Receipt") + "],\"hasMore\":false}")));
        Bulletin bulletin =
                client.bulletins().list(null, true, null, null).items().get(0);
        assertThat(bulletin.bulletinNo())
                .isEqualTo(Contract.example("Bulletin").get("bulletinNo").textValue());
        Receipt receipt = client.receipts()
                .list(ReceiptsApi.Query.builder().bodyCode("610727").build())
                .items()
                .get(0);
        assertThat(receipt.receiptNumber())
                .isEqualTo(Contract.example("Receipt").get("receiptNumber").textValue());
        assertThat(ReceiptVerifier.of(List.of()).verify(receipt)).isEqualTo(ReceiptVerifier.Result.UNKNOWN_KEY);
    }

    @Test
    void aPartSizeThatCannotBeIsRefused(@TempDir Path folder) throws IOException {
        Path file = Files.write(folder.resolve("plan.pdf"), new byte[] {1, 2, 3});
        for (String size : List.of("", "\"partSizeBytes\":0,", "\"partSizeBytes\":-1,", "\"partSizeBytes\":8388609,")) {
            PLATFORM.stubFor(post("/v1/attachments")
                    .willReturn(json("{\"attachmentId\":\"ATT-1\"," + size + "\"state\":\"UPLOADING\"}")));
            assertThatExceptionOfType(FuzhiException.Protocol.class)
                    .as(size)
                    .isThrownBy(() -> client.upload(file, "application/pdf"));
        }
    }

    @Test
    void anAttachmentNumberThatLeadsAwayIsRefused(@TempDir Path folder) throws IOException {
        Path file = Files.write(folder.resolve("plan.pdf"), new byte[] {1, 2, 3});
        for (String id : List.of("", "\"attachmentId\":\"..\",", "\"attachmentId\":\"a/b\",")) {
            PLATFORM.stubFor(post("/v1/attachments")
                    .willReturn(json("{" + id + "\"partSizeBytes\":8,\"state\":\"UPLOADING\"}")));
            assertThatExceptionOfType(FuzhiException.Protocol.class)
                    .as(id)
                    .isThrownBy(() -> client.upload(file, "application/pdf"));
        }
        PLATFORM.verify(0, putRequestedFor(urlPathMatching(".*")));
    }

    @Test
    void aFileThatAnotherUploadHasCompletedMeanwhileIsThere(@TempDir Path folder) throws IOException {
        Path file = Files.write(folder.resolve("plan.pdf"), new byte[] {1, 2, 3});
        PLATFORM.stubFor(post("/v1/attachments")
                .willReturn(json("{\"attachmentId\":\"ATT-1\",\"partSizeBytes\":8,\"state\":\"UPLOADING\","
                        + "\"receivedParts\":[null]}")));
        PLATFORM.stubFor(
                put(urlPathMatching("/v1/attachments/ATT-1/parts/.*")).willReturn(problem(409, "STATE_CONFLICT")));
        PLATFORM.stubFor(
                get("/v1/attachments/ATT-1").willReturn(json("{\"attachmentId\":\"ATT-1\",\"state\":\"COMPLETE\"}")));
        assertThat(client.upload(file, "application/pdf").attachmentId()).isEqualTo("ATT-1");
        PLATFORM.stubFor(
                get("/v1/attachments/ATT-1").willReturn(json("{\"attachmentId\":\"ATT-1\",\"state\":\"UPLOADING\"}")));
        assertThatExceptionOfType(FuzhiException.Refused.class)
                .isThrownBy(() -> client.upload(file, "application/pdf"));
        PLATFORM.stubFor(put(urlPathMatching("/v1/attachments/ATT-1/parts/.*"))
                .willReturn(json("{\"partNo\":1,\"sha256\":\"" + RecordCodec.digest(new byte[] {1, 2, 3}) + "\"}")));
        PLATFORM.stubFor(post("/v1/attachments/ATT-1/complete")
                .willReturn(json("{\"attachmentId\":\"ATT-1\",\"state\":\"UPLOADING\"}")));
        assertThatExceptionOfType(FuzhiException.Protocol.class)
                .isThrownBy(() -> client.upload(file, "application/pdf"));
    }

    @Test
    void aPartThatArrivedChangedIsNoSuccess(@TempDir Path folder) throws IOException {
        Path file = Files.write(folder.resolve("plan.pdf"), new byte[] {1, 2, 3});
        PLATFORM.stubFor(post("/v1/attachments")
                .willReturn(json("{\"attachmentId\":\"ATT-1\",\"partSizeBytes\":8,\"state\":\"UPLOADING\"}")));
        PLATFORM.stubFor(put(urlPathMatching("/v1/attachments/ATT-1/parts/.*"))
                .willReturn(json("{\"partNo\":1,\"sizeBytes\":3,\"sha256\":\"" + "0".repeat(64) + "\"}")));
        assertThatExceptionOfType(FuzhiException.Protocol.class)
                .isThrownBy(() -> client.upload(file, "application/pdf"));
        PLATFORM.verify(0, postRequestedFor(urlPathEqualTo("/v1/attachments/ATT-1/complete")));
    }

    @Test
    void anUploadGoesOnWhereItEnded(@TempDir Path folder) throws IOException {
        Path file = Files.write(folder.resolve("plan.pdf"), new byte[] {1, 2, 3, 4, 5});
        String first = RecordCodec.digest(new byte[] {1, 2});
        PLATFORM.stubFor(post("/v1/attachments")
                .willReturn(json("{\"attachmentId\":\"ATT-1\",\"partSizeBytes\":2,\"state\":\"UPLOADING\","
                        + "\"receivedParts\":[{\"partNo\":1,\"sizeBytes\":2,\"sha256\":\"" + first + "\"}]}")));
        PLATFORM.stubFor(put(urlPathEqualTo("/v1/attachments/ATT-1/parts/2"))
                .willReturn(json("{\"partNo\":2,\"sizeBytes\":2,\"sha256\":\"" + RecordCodec.digest(new byte[] {3, 4})
                        + "\"}")));
        PLATFORM.stubFor(put(urlPathEqualTo("/v1/attachments/ATT-1/parts/3"))
                .willReturn(json(
                        "{\"partNo\":3,\"sizeBytes\":1,\"sha256\":\"" + RecordCodec.digest(new byte[] {5}) + "\"}")));
        PLATFORM.stubFor(post("/v1/attachments/ATT-1/complete")
                .willReturn(json("{\"attachmentId\":\"ATT-1\",\"state\":\"COMPLETE\"}")));
        assertThat(client.upload(file, "application/pdf").attachmentId()).isEqualTo("ATT-1");
        PLATFORM.verify(0, putRequestedFor(urlPathEqualTo("/v1/attachments/ATT-1/parts/1")));
        PLATFORM.verify(1, putRequestedFor(urlPathEqualTo("/v1/attachments/ATT-1/parts/2")));
        PLATFORM.verify(1, putRequestedFor(urlPathEqualTo("/v1/attachments/ATT-1/parts/3")));
        assertThatExceptionOfType(FuzhiException.Refused.class)
                .isThrownBy(() -> client.upload(file, "application/x-msdownload"));
    }
}
