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
import cn.fuzhi.sdk.model.DeadlineKind;
import cn.fuzhi.sdk.model.PushRecord;
import cn.fuzhi.sdk.model.Receipt;
import cn.fuzhi.sdk.model.RecordKind;
import cn.fuzhi.sdk.model.School;
import cn.fuzhi.sdk.model.SchoolEntry;
import cn.fuzhi.sdk.model.SchoolPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
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
        for (String page :
                List.of("{\"items\":[]}", "{\"items\":[],\"hasMore\":true}", "{\"items\":[],\"nextAfter\":1}")) {
            PLATFORM.stubFor(get(urlPathEqualTo("/v1/changes")).willReturn(json(page)));
            assertThatExceptionOfType(FuzhiException.Protocol.class)
                    .isThrownBy(() -> client.changesAfter(1).stream().toList());
        }
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
