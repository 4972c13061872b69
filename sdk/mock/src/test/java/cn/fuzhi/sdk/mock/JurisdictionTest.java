package cn.fuzhi.sdk.mock;

import static cn.fuzhi.sdk.mock.Vendor.batch;
import static cn.fuzhi.sdk.mock.Vendor.delete;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Three callers: who pushed, another platform of the same city, and a county next door. */
class JurisdictionTest {
    private static final byte[] SECRET = "other-secret".getBytes(StandardCharsets.UTF_8);
    private static final String SUBMISSION = "LUEYANG01~TIMETABLE~610727~2022-10-13";

    private final MockPlatform mock = MockPlatform.start();
    private final Vendor owner = Vendor.of(mock);
    private Vendor city;
    private Vendor neighbour;

    @BeforeEach
    void fill() {
        Examples.pushOneOfEach(owner, "ATT-NONE");
        ObjectNode submission = Examples.without("Submission", "excluded").put("itemCount", 0);
        submission.put("periodKey", "2022-10-13").put("digest", "0".repeat(64));
        owner.post("/v1/submissions", batch(Examples.item(schema("Submission"), submission)));
        mock.addKey("city", SECRET, "CITY0001", "610700");
        mock.addKey("neighbour", SECRET, "NEXT0001", "610722");
        city = new Vendor(mock.baseUrl(), "city", SECRET);
        neighbour = new Vendor(mock.baseUrl(), "neighbour", SECRET);
    }

    @AfterEach
    void stop() {
        mock.close();
    }

    private static JsonNode schema(String name) {
        return Examples.CONTRACT.at("/components/schemas/" + name);
    }

    private static List<String> keys(Vendor vendor, String path) {
        List<String> keys = new ArrayList<>();
        vendor.get(path)
                .body()
                .get("items")
                .forEach(item -> keys.add(item.get("key").asText()));
        return keys;
    }

    @Test
    void showsRecordsToThoseWhoseDivisionsTheyName() {
        for (String path : List.of(
                "schools",
                "admin-accounts",
                "lessons",
                "lesson-sessions",
                "timetables",
                "pairings",
                "usage-reports",
                "contents",
                "training-activities",
                "submissions")) {
            List<String> held = keys(owner, "/v1/" + path);
            assertThat(held).as(path).isNotEmpty();
            assertThat(keys(city, "/v1/" + path)).as(path).isEqualTo(held);
            assertThat(keys(neighbour, "/v1/" + path)).as(path).isEmpty();
            assertThat(neighbour.get("/v1/" + path + "/" + held.get(0)).code())
                    .as(path)
                    .isEqualTo("OUT_OF_JURISDICTION");
        }
    }

    @Test
    void showsTheFeedOnlyAsFarAsTheRecordsAndAlsoTheirDeletion() {
        owner.post("/v1/schools", batch(delete("2161000002", 99)));

        assertThat(keys(neighbour, "/v1/changes?after=0")).isEmpty();
        JsonNode last = owner.get("/v1/changes?after=0&limit=1000").body().get("items");
        assertThat(last.get(last.size() - 1).get("op").asText()).isEqualTo("DELETE");
        assertThat(city.get("/v1/changes?after=0&limit=1000").body().get("items"))
                .isEqualTo(last);
    }

    @Test
    void refusesOutcomesAndFiguresOfOthers() {
        List<String> paths = List.of(
                "/v1/submissions/" + SUBMISSION + "/outcome",
                "/v1/coverage-reports?scopeCode=610727",
                "/v1/coverage-reports/uncovered-schools?scopeCode=610727",
                "/v1/statistics?scopeCode=610727",
                "/v1/statistics/snapshots/SNAP-2022-610700",
                "/v1/lecturer-workloads?termCode=2022-2023-1&bodyCode=610727");
        for (String path : paths) {
            assertThat(city.get(path).status()).as(path).isEqualTo(200);
            assertThat(neighbour.get(path).code()).as(path).isEqualTo("OUT_OF_JURISDICTION");
        }
        String workloads = "/v1/lecturer-workloads?termCode=2022-2023-1";
        assertThat(city.get(workloads).body().get("items")).hasSize(1);
        assertThat(neighbour.get(workloads).body().get("items")).isEmpty();
    }

    /** Lists that are computed keep their place by an item, so that what comes meanwhile is not shown twice. */
    @Test
    void pagesOverReceiptsWhileNewOnesCome() {
        mock.clock().stopAt(Instant.parse("2022-10-13T02:00:00Z"));
        owner.clock = mock.clock().instant();
        List<String> seen = new ArrayList<>();
        submit(1);
        submit(2);
        JsonNode page = owner.get("/v1/receipts?limit=1").body();
        seen.add(page.at("/items/0/receiptNumber").asText());
        submit(3);
        page = owner.get("/v1/receipts?limit=1&cursor=" + page.get("nextCursor").asText())
                .body();
        seen.add(page.at("/items/0/receiptNumber").asText());

        assertThat(seen).containsExactly("20221013-610727-0002", "20221013-610727-0001");
        assertThat(page.get("hasMore").asBoolean()).isFalse();
    }

    private void submit(long number) {
        ObjectNode submission = Examples.without("Submission", "excluded").put("itemCount", 0);
        submission.put("periodKey", "2022-10-13");
        submission.put("digest", java.util.HexFormat.of().formatHex(Vendor.sha256(new byte[0])));
        submission.put("comment", "第" + number + "次");
        ObjectNode item = Examples.item(schema("Submission"), submission).put("version", 10 + number);
        assertThat(owner.post("/v1/submissions", batch(item))
                        .body()
                        .at("/results/0/submission/state")
                        .asText())
                .isEqualTo("ACCEPTED");
    }

    @Test
    void announcesTheNewKeyOfASchoolThatWasRecoded() {
        ObjectNode next =
                Examples.supportedSchool().put("schoolCode", "3161000002").put("name", "略阳县新校名");
        ObjectNode old = Examples.supportedSchool().put("status", "RECODED").put("successorCode", "3161000002");
        old.put("changedOn", "2022-09-01");
        owner.post("/v1/schools", batch(Examples.item(schema("School"), next)));
        JsonNode answer = owner.post(
                        "/v1/schools",
                        batch(Examples.item(schema("School"), old).put("version", 2)))
                .body();

        JsonNode changes =
                owner.get("/v1/changes?after=0&kinds=SCHOOL&limit=1000").body().get("items");
        JsonNode last = changes.get(changes.size() - 1);
        assertThat(last.get("op").asText()).as("%s", answer).isEqualTo("REKEY");
        assertThat(last.get("key").asText()).isEqualTo("3161000002");
        assertThat(last.get("oldKey").asText()).isEqualTo("2161000002");
    }
}
