package cn.fuzhi.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cn.fuzhi.sdk.model.AnnualPlan;
import cn.fuzhi.sdk.model.ImplementationPlan;
import cn.fuzhi.sdk.model.PushRecord;
import cn.fuzhi.sdk.model.RecordKind;
import cn.fuzhi.sdk.model.School;
import cn.fuzhi.sdk.model.UnitKind;
import cn.fuzhi.sdk.rules.RuleContext;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a push owes its caller when many batches are on the way: every record is accounted for, and in order where it matters. */
@Timeout(60)
class PushTest {
    private final CountDownLatch release = new CountDownLatch(1);
    private RawServer server;
    private FuzhiClient client;

    @AfterEach
    void stop() throws IOException {
        release.countDown();
        if (client != null) {
            client.close(Duration.ZERO);
        }
        if (server != null) {
            server.close();
        }
    }

    /** Reads a batch and returns the keys in it. */
    private static List<String> keys(RawServer.Connection connection) throws IOException {
        byte[] body = connection.readBody(1);
        boolean gzip = body.length > 1 && body[0] == 0x1f;
        JsonNode items = Json.MAPPER
                .readTree(gzip ? new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes() : body)
                .get("items");
        List<String> keys = new ArrayList<>();
        items.forEach(item -> keys.add(item.get("key").textValue()));
        return keys;
    }

    private static void accept(RawServer.Connection connection, List<String> keys) throws IOException {
        StringBuilder results = new StringBuilder();
        keys.forEach(key -> results.append(results.isEmpty() ? "" : ",")
                .append("{\"key\":\"")
                .append(key)
                .append("\",\"result\":\"CREATED\"}"));
        String body = "{\"requestId\":\"r\",\"results\":[" + results + "]}";
        connection.write(RawServer.response(200, "Content-Type: application/json\r\n", body.length()) + body);
    }

    /** Accepts two batches and leaves all others without an answer, which it counts. */
    private RawServer.Step twoBatchesThenNone(CountDownLatch hanging) {
        AtomicInteger batches = new AtomicInteger();
        return connection -> {
            List<String> keys = keys(connection);
            if (batches.incrementAndGet() <= 2) {
                accept(connection, keys);
            } else {
                hanging.countDown();
                await(release);
            }
        };
    }

    @Test
    void anErrorInAWorkerReachesTheCaller() throws IOException {
        server = new RawServer(connection -> accept(connection, keys(connection)));
        client = Clients.of(server.url())
                .credentials(Credentials.hmacSha256("k", () -> {
                    throw new NoClassDefFoundError("provider");
                }))
                .build();
        assertThatThrownBy(() -> client.push(Samples.schools(3000))).isInstanceOf(NoClassDefFoundError.class);
        assertThatThrownBy(() -> client.push(RecordKind.SCHOOL, Samples.schools(3000).stream(), Progress.NONE))
                .isInstanceOf(NoClassDefFoundError.class);
    }

    /** In a thread of its own, because a push that hangs waits whether it is interrupted or not. */
    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aWorkerThatCannotBeStartedEndsThePush() {
        OutOfMemoryError none = new OutOfMemoryError("unable to create native thread");
        ThreadPoolExecutor workers =
                new ThreadPoolExecutor(0, 2, 1, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                    throw none;
                });
        Batches batches = new Batches(null, null, Ports.SYSTEM, workers, 2);
        RuleContext rules = RuleContext.builder().build();
        Stream<School> schools = Samples.schools(3000).stream();
        assertThatThrownBy(() -> Push.stream(batches, rules, RecordKind.SCHOOL, schools, Progress.NONE))
                .isSameAs(none);
    }

    @Test
    void anInterruptThatHostCodeLeavesBehindEndsNoOtherBatch() throws IOException {
        server = new RawServer(connection -> accept(connection, keys(connection)));
        client = Clients.of(server.url(), Ports.SYSTEM).batchesInFlight(1).build();
        List<School> schools = Samples.schools(5000);
        PushReport report = client.push(
                RecordKind.SCHOOL,
                schools.stream(),
                (decided, accepted) -> Thread.currentThread().interrupt());
        assertThat(report.acceptedCount()).isEqualTo(5000);
    }

    @Test
    @Tag("U07")
    void progressThatThrowsAnErrorIsLeftAlone() throws IOException {
        server = new RawServer(connection -> accept(connection, keys(connection)));
        client = Clients.of(server.url()).build();
        PushReport report = client.push(Samples.schools(1200), (decided, accepted) -> {
            throw new AssertionError("progress");
        });
        assertThat(report.isComplete()).isTrue();
        assertThat(report.totalCount()).isEqualTo(1200);
    }

    @Test
    @Tag("U06")
    void anInterruptedPushAccountsForEveryRecord() throws Exception {
        for (boolean stream : new boolean[] {false, true}) {
            CountDownLatch hanging = new CountDownLatch(2);
            server = new RawServer(twoBatchesThenNone(hanging));
            client = Clients.of(server.url(), Ports.SYSTEM).batchesInFlight(2).build();
            List<School> schools = Samples.schools(5000);
            CompletableFuture<PushReport> report = new CompletableFuture<>();
            Thread caller = new Thread(() -> {
                PushReport got =
                        stream ? client.push(RecordKind.SCHOOL, schools.stream(), Progress.NONE) : client.push(schools);
                assertThat(Thread.interrupted()).isTrue();
                report.complete(got);
            });
            caller.setUncaughtExceptionHandler((thread, e) -> report.completeExceptionally(e));
            caller.start();
            hanging.await();
            caller.interrupt();
            PushReport got = report.get(30, TimeUnit.SECONDS);
            assertThat(got.totalCount()).isEqualTo(5000);
            assertThat(got.acceptedCount()).isEqualTo(1000);
            assertThat(got.undecidedCount()).isEqualTo(4000);
            assertThat(got.isComplete()).isFalse();
            assertThat(got.failure()).hasMessageContaining("interrupted");
            assertThat(got.failure().getSuppressed()).hasSizeLessThanOrEqualTo(3);
            client.close(Duration.ZERO);
            server.close();
        }
    }

    @Test
    void asManyBatchesAsMayBeAreOnTheWayAndNeverMore() throws IOException {
        for (int most : new int[] {1, 3}) {
            AtomicInteger now = new AtomicInteger();
            List<Integer> seen = new CopyOnWriteArrayList<>();
            List<String> received = new CopyOnWriteArrayList<>();
            CountDownLatch together = new CountDownLatch(most);
            server = new RawServer(connection -> {
                List<String> keys = keys(connection);
                seen.add(now.incrementAndGet());
                received.addAll(keys);
                together.countDown();
                await(together);
                now.decrementAndGet();
                accept(connection, keys);
            });
            client =
                    Clients.of(server.url(), Ports.SYSTEM).batchesInFlight(most).build();
            List<School> schools = Samples.schools(6_000);
            PushReport report = client.push(RecordKind.SCHOOL, schools.stream(), Progress.NONE);
            assertThat(report.acceptedCount()).isEqualTo(6_000);
            assertThat(seen).hasSize(12).contains(most).allMatch(count -> count <= most);
            List<String> keys = schools.stream().map(School::key).toList();
            assertThat(received).containsExactlyInAnyOrderElementsOf(keys);
            if (most == 1) {
                assertThat(received).containsExactlyElementsOf(keys);
            }
            client.close(Duration.ZERO);
            server.close();
        }
    }

    @Test
    void twoVersionsOfOneRecordAreNeverOnTheWayTogether() throws IOException {
        List<String> events = new CopyOnWriteArrayList<>();
        CountDownLatch second = new CountDownLatch(1);
        server = new RawServer(connection -> {
            List<String> keys = keys(connection);
            boolean disputed = keys.contains("2161000001");
            if (disputed) {
                if (!events.isEmpty() && "begin".equals(events.get(events.size() - 1))) {
                    second.countDown();
                }
                events.add("begin");
                // Gives the second version the chance to come in; it must not take it.
                awaitAtMost(second, Duration.ofMillis(300));
                events.add("end");
            }
            accept(connection, keys);
        });
        client = Clients.of(server.url()).build();
        List<School> all = new ArrayList<>(Samples.schools(500));
        all.addAll(Samples.schools(900).subList(500, 900));
        all.add(Samples.school("2161000001"));
        all.addAll(Samples.schools(1000).subList(900, 1000));
        PushReport report = client.push(RecordKind.SCHOOL, all.stream(), Progress.NONE);
        assertThat(report.acceptedCount()).isEqualTo(1001);
        assertThat(events).containsExactly("begin", "end", "begin", "end");
    }

    /** Teaching sites with the codes 2161500001 and on, of the schools 2161000001 and on. */
    private static List<School> sites(int count) {
        return Samples.schools(count).stream()
                .map(school -> school.toBuilder()
                        .schoolCode("21615" + school.schoolCode().substring(5))
                        .unitKind(UnitKind.TEACHING_SITE)
                        .parentSchoolCode(school.schoolCode())
                        .build())
                .toList();
    }

    /** Takes a site only when it has answered that it has the school. */
    private static RawServer.Step registry(Set<String> there) {
        CountDownLatch overtaken = new CountDownLatch(1);
        return connection -> {
            List<String> keys = keys(connection);
            if (keys.contains("2161000001")) {
                // Gives the sites the chance to come in; they must not take it.
                awaitAtMost(overtaken, Duration.ofMillis(300));
            } else if (!there.contains("2161000001")) {
                overtaken.countDown();
            }
            there.addAll(keys);
            accept(connection, keys);
        };
    }

    @Test
    void aTeachingSiteNeverOvertakesItsSchool() throws IOException {
        List<School> schools = Samples.schools(500);
        for (boolean stream : new boolean[] {true, false}) {
            server = new RawServer(registry(ConcurrentHashMap.newKeySet()));
            client = Clients.of(server.url()).build();
            List<School> all = new ArrayList<>(stream ? schools : sites(500));
            all.addAll(stream ? sites(500) : schools);
            PushReport report = stream ? client.push(RecordKind.SCHOOL, all.stream(), Progress.NONE) : client.push(all);
            assertThat(report.acceptedCount()).as("stream " + stream).isEqualTo(1000);
            client.close(Duration.ZERO);
            server.close();
        }
    }

    /** Sites whose schools arrived long ago wait for nobody: two batches of them are on the way together. */
    @Test
    void teachingSitesGoSeveralAtATimeBehindTheirSchools() throws IOException {
        CountDownLatch together = new CountDownLatch(2);
        server = new RawServer(connection -> {
            List<String> keys = keys(connection);
            if (!keys.contains("2161000001")) {
                together.countDown();
                await(together);
            }
            accept(connection, keys);
        });
        client = Clients.of(server.url()).build();
        List<School> all = new ArrayList<>(Samples.schools(1));
        sites(1500)
                .forEach(site ->
                        all.add(site.toBuilder().parentSchoolCode("2161000001").build()));
        assertThat(client.push(RecordKind.SCHOOL, all.stream(), Progress.NONE).acceptedCount())
                .isEqualTo(1501);
    }

    @Test
    void versionsOfASchoolKeepTheirOrderAmongWhatTheyReferTo() {
        School first = sites(1).get(0);
        School second = first.toBuilder().parentSchoolCode(null).name("示例学校").build();
        School third = first.toBuilder().parentSchoolCode("2161000002").build();
        School parent = Samples.school("2161000001");
        School circle = parent.toBuilder().successorCode(first.schoolCode()).build();
        assertThat(Ordering.of(List.of(first, second, third, parent))).containsExactly(parent, first, second, third);
        assertThat(Ordering.of(List.of(third, second, first, parent))).containsExactly(parent, third, second, first);
        assertThat(Ordering.of(List.of(first, circle))).containsExactlyInAnyOrder(first, circle);
    }

    @Test
    void theOrderingKnowsEveryReferenceOfAKindToItself() {
        List<String> own = new ArrayList<>();
        Contract.SCHEMAS
                .properties()
                .forEach(schema -> schema.getValue()
                        .path("properties")
                        .properties()
                        .forEach(property -> {
                            String kind = schema.getValue().path("x-kind").asText("none");
                            if (kind.equals(property.getValue().path("x-ref").asText())) {
                                own.add(kind + " " + property.getKey());
                            }
                        }));
        assertThat(own).containsExactlyInAnyOrder("SCHOOL parentSchoolCode", "SCHOOL successorCode");
    }

    @Test
    @Tag("U01")
    void aPushDuringWhichTheClientIsClosedAccountsForEveryRecord() throws Exception {
        for (boolean stream : new boolean[] {false, true}) {
            CountDownLatch hanging = new CountDownLatch(2);
            server = new RawServer(twoBatchesThenNone(hanging));
            client = Clients.of(server.url(), Ports.SYSTEM).batchesInFlight(2).build();
            List<School> schools = Samples.schools(5000);
            CompletableFuture<PushReport> report = CompletableFuture.supplyAsync(
                    () -> stream
                            ? client.push(RecordKind.SCHOOL, schools.stream(), Progress.NONE)
                            : client.push(schools),
                    task -> new Thread(task).start());
            hanging.await();
            client.close(Duration.ZERO);
            PushReport got = report.get(30, TimeUnit.SECONDS);
            assertThat(got.totalCount()).isEqualTo(5000);
            assertThat(got.acceptedCount()).isEqualTo(1000);
            assertThat(got.undecidedCount()).isEqualTo(4000);
            assertThat(got.failure())
                    .isInstanceOf(FuzhiException.Unavailable.class)
                    .hasMessageContaining("closed");
            server.close();
        }
    }

    @Test
    @Tag("U02")
    void aClosedClientPushesNothingAndClosesTheStream() throws IOException {
        server = new RawServer(connection -> accept(connection, keys(connection)));
        client = Clients.of(server.url()).build();
        client.close();
        AtomicInteger closed = new AtomicInteger();
        Stream<School> schools = Samples.schools(10).stream().onClose(closed::incrementAndGet);
        assertThatThrownBy(() -> client.push(RecordKind.SCHOOL, schools, Progress.NONE))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> client.dryRun(List.of())).isInstanceOf(IllegalStateException.class);
        assertThat(closed).hasValue(1);
        assertThat(server.received()).isEmpty();
    }

    @Test
    void kindsOfOneRankAreSentOneAfterTheOther() throws IOException {
        server = new RawServer(connection -> accept(connection, keys(connection)));
        client = Clients.of(server.url()).build();
        PushRecord one = Contract.example(ImplementationPlan.class);
        PushRecord other = Contract.example(AnnualPlan.class);
        assertThat(one.kind().rank()).isEqualTo(other.kind().rank());
        PushReport report = client.push(Stream.generate(() -> List.of(one, other))
                .limit(3)
                .flatMap(List::stream)
                .toList());
        List<RecordKind> order =
                report.rows().stream().map(PushReport.Row::kind).toList();
        assertThat(order).containsExactly(other.kind(), other.kind(), other.kind(), one.kind(), one.kind(), one.kind());
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static void awaitAtMost(CountDownLatch latch, Duration time) throws IOException {
        try {
            if (latch.await(time.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException("two at once");
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
