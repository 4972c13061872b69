package cn.fuzhi.sdk.mock;

import static org.assertj.core.api.Assertions.assertThat;

import cn.fuzhi.sdk.RecordCodec;
import cn.fuzhi.sdk.ReportPackage;
import cn.fuzhi.sdk.model.DeadlineKind;
import cn.fuzhi.sdk.model.Lesson;
import cn.fuzhi.sdk.model.PushRecord;
import cn.fuzhi.sdk.model.Receipt;
import cn.fuzhi.sdk.model.RecordKind;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.Provider;
import java.security.Security;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a county files by package counts once, however it is sent again; a package that somebody made up is not imported. */
class PackageTest {
    private static final Instant ON_TIME = Instant.parse("2022-09-15T02:00:00Z");
    private static final OffsetDateTime NOW = OffsetDateTime.parse("2022-09-15T10:00:00+08:00");
    private static final String LESSON = SampleRecords.lesson().build().key();

    private MockPlatform mock = MockPlatform.start();
    private Vendor vendor = Vendor.of(mock);

    @BeforeEach
    void stopTheClock() {
        mock.clock().stopAt(ON_TIME);
        vendor.clock = ON_TIME;
    }

    @AfterEach
    void stop() {
        mock.close();
    }

    private static ReportPackage.Builder contents(long version) {
        ReportPackage.Builder report = ReportPackage.builder(DeadlineKind.TIMETABLE, "610727", "2022-09-15");
        // The wrong way round: the platform has to find the order in which they can be taken.
        List<PushRecord> records = new java.util.ArrayList<>(SampleRecords.smallCounty());
        java.util.Collections.reverse(records);
        records.replaceAll(record -> record instanceof Lesson lesson ? toOneSchool(lesson) : record);
        records.forEach(record -> report.add(RecordCodec.freeze(record), version));
        return report.submittedBy("LUEYANG01").form(new byte[] {'P', 'K'});
    }

    /** The teaching site among the receivers of the example is not in the small county. */
    private static Lesson toOneSchool(Lesson lesson) {
        return lesson.toBuilder().receivers(lesson.receivers().subList(0, 1)).build();
    }

    /** A later version is stated later: the version of the statement is its time. */
    private ReportPackage signed(long version) {
        return contents(version).sign(mock.keyId(), "HmacSHA256", mock.secret(), NOW.plusSeconds(version));
    }

    private static byte[] bytes(ReportPackage report) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            report.write(out);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private Vendor.Answer file(byte[] zip) {
        return file(zip, "");
    }

    private Vendor.Answer file(byte[] zip, String query) {
        return vendor.send(
                "POST",
                "/v1/packages" + query,
                zip,
                "application/zip",
                UUID.randomUUID().toString());
    }

    /** Pushes the records of a package by the API, each under its version, and gives the verdicts. */
    private List<String> push(ReportPackage report) {
        return report.items().stream()
                .filter(item -> !item.record().kind().equals(RecordKind.SUBMISSION))
                .sorted(java.util.Comparator.comparing(
                        item -> item.record().kind().rank()))
                .map(item -> {
                    ObjectNode record = (ObjectNode) Json.tree(item.record().payload());
                    Vendor.Answer answer = vendor.post(
                            "/v1/"
                                    + Contract.bundled()
                                            .kind(item.record().kind().value())
                                            .path(),
                            Vendor.batch(Vendor.upsert(item.record().key(), item.version(), record)));
                    return answer.verdict(item.record().key());
                })
                .toList();
    }

    @Test
    void countsOnceWhatIsFiledByPackageAndLaterByTheApi() {
        ReportPackage report = signed(5);

        Vendor.Answer first = file(bytes(report));
        Vendor.Answer again = file(bytes(report));
        List<String> pushed = push(report);

        assertThat(first.status()).as(mock.report()).isEqualTo(200);
        assertThat(first.body().path("acceptedCount").asInt())
                .as(first.body().toString())
                .isEqualTo(7);
        assertThat(first.body().path("rejectedCount").asInt()).isZero();
        assertThat(first.body().path("manifestDigest").asText()).isEqualTo(report.manifestDigest());
        assertThat(again.body().path("alreadyImported").asBoolean()).isTrue();
        assertThat(again.body().path("acceptedCount").asInt()).isEqualTo(7);
        assertThat(pushed).hasSize(6).containsOnly("UNCHANGED");
        assertThat(mock.held(Lesson.class)).hasSize(1);
        assertThat(vendor.get("/v1/changes?after=0").body().path("items")).hasSize(7);
    }

    @Test
    void countsOnceWhatIsPushedAndLaterFiledByPackage() {
        ReportPackage report = signed(5);

        List<String> pushed = push(report);
        Vendor.Answer filed = file(bytes(report));

        assertThat(pushed).containsOnly("CREATED");
        assertThat(filed.body().path("unchangedCount").asInt())
                .as(filed.body().toString())
                .isEqualTo(6);
        assertThat(filed.body().path("acceptedCount").asInt()).isEqualTo(1);
        assertThat(filed.body().at("/submission/state").asText()).isEqualTo("ACCEPTED");
    }

    @Test
    void takesAHigherVersionAndLeavesOneRecord() {
        file(bytes(signed(5)));

        Vendor.Answer higher = file(bytes(signed(6)));
        Vendor.Answer lower = file(bytes(signed(4)));

        assertThat(higher.body().path("alreadyImported").asBoolean()).isFalse();
        assertThat(higher.body().path("acceptedCount").asInt()
                        + higher.body().path("unchangedCount").asInt())
                .as(higher.body().toString())
                .isEqualTo(7);
        assertThat(lower.body().path("rejectedCount").asInt()).isGreaterThanOrEqualTo(6);
        assertThat(mock.held(Lesson.class)).hasSize(1);
        assertThat(vendor.get("/v1/lessons/" + LESSON)
                        .body()
                        .at("/meta/version")
                        .asLong())
                .isEqualTo(6);
    }

    @Test
    void givesAReceiptThatThePackageReads() {
        ReportPackage report = signed(5);

        Vendor.Answer filed = file(bytes(report));
        Receipt receipt = report.receipt(Vendor.bytes(filed.body().at("/submission/receipt")));

        assertThat(receipt.bodyCode()).isEqualTo("610727");
        assertThat(receipt.acceptedCount()).isEqualTo(2);
        assertThat(filed.body().at("/submission/receipt/channel").asText()).isEqualTo("PACKAGE");
    }

    @Test
    void triesAllKindsOfAPackageTogetherAndKeepsNothing() {
        Vendor.Answer dry = file(bytes(signed(5)), "?dryRun=true");

        assertThat(dry.body().path("rejectedCount").asInt())
                .as(dry.body().toString())
                .isZero();
        assertThat(dry.body().path("acceptedCount").asInt()).isEqualTo(7);
        assertThat(dry.body().at("/submission/state").asText()).isEqualTo("ACCEPTED");
        assertThat(mock.held(Lesson.class)).isEmpty();
        assertThat(file(bytes(signed(5))).body().path("alreadyImported").asBoolean())
                .isFalse();
    }

    @Test
    void refusesAPackageThatIsSignedByNobodyOrSomebodyElse() {
        byte[] other = bytes(contents(5).sign(mock.keyId(), "HmacSHA256", new byte[32], NOW));
        byte[] otherKey = bytes(contents(5).sign("another-key", "HmacSHA256", mock.secret(), NOW));
        byte[] unsigned = changed(files -> manifest(files, text -> text.replaceFirst(",\"signature\":\"[^\"]*\"", "")));
        byte[] forged = changed(files -> manifest(files, text -> text.replace("\"sequence\":1", "\"sequence\":2")));
        byte[] broken =
                changed(files -> manifest(files, text -> text.replaceFirst("\"signature\":\"...", "\"signature\":\"")));

        for (byte[] zip : List.of(other, otherKey, unsigned, forged, broken)) {
            assertThat(file(zip).code()).isEqualTo("SIGNATURE_INVALID");
        }
        assertThat(mock.held(Lesson.class)).isEmpty();
    }

    @Test
    void refusesFilesThatTheManifestDoesNotDescribe() {
        byte[] unlisted = changed(files -> files.put("attachments/x.pdf", new byte[] {1}));
        byte[] missing = changed(files -> files.remove("form.xlsx"));
        byte[] emptyDigest = changed(
                files -> manifest(files, text -> text.replaceFirst("\"sha256\":\"[0-9a-f]*\"", "\"sha256\":\"\"")));
        byte[] exchanged = changed(files -> files.put("form.xlsx", new byte[] {'P', 'X'}));
        byte[] outside = changed(files -> files.put("../x", new byte[] {1}));

        for (byte[] zip : List.of(unlisted, missing, emptyDigest, exchanged)) {
            assertThat(file(zip).code()).isEqualTo("DIGEST_MISMATCH");
        }
        assertThat(file(outside).code()).isEqualTo("VALIDATION_FAILED");
        assertThat(file(twice()).code()).isEqualTo("VALIDATION_FAILED");
    }

    @Test
    void refusesABodyOutsideTheJurisdiction() {
        byte[] zip = bytes(ReportPackage.builder(DeadlineKind.TIMETABLE, "610100", "2022-09-15")
                .submittedBy("LUEYANG01")
                .sign(mock.keyId(), "HmacSHA256", mock.secret(), NOW));

        assertThat(file(zip).code()).isEqualTo("OUT_OF_JURISDICTION");
    }

    /** The JDK has no HmacSM3. Which function it is makes no difference here, only that the key's algorithm is asked for. */
    @Test
    void verifiesWithTheAlgorithmOfTheKey() {
        Provider stand = new Provider("SM3 for a test", "1", "") {
            private static final long serialVersionUID = 1;

            {
                put("Mac.HmacSM3", "com.sun.crypto.provider.HmacCore$HmacSHA512");
            }
        };
        Security.addProvider(stand);
        try (MockPlatform sm3 = MockPlatform.builder().allowUnsigned().hmacSm3().start()) {
            sm3.clock().stopAt(ON_TIME);
            byte[] good = bytes(contents(5).sign(sm3.keyId(), "HmacSM3", sm3.secret(), NOW));
            byte[] wrong = bytes(contents(5).sign(sm3.keyId(), "HmacSHA256", sm3.secret(), NOW));
            Vendor bare = Vendor.of(sm3);
            bare.clock = ON_TIME;
            bare.headers = sent -> {
                Map<String, String> unsigned = new LinkedHashMap<>(sent);
                unsigned.remove("Signature");
                unsigned.remove("Signature-Input");
                return unsigned;
            };
            vendor = bare;

            assertThat(file(wrong).code()).as(sm3.report()).isEqualTo("SIGNATURE_INVALID");
            assertThat(file(good).body().path("acceptedCount").asInt())
                    .as(sm3.report())
                    .isEqualTo(7);
        } finally {
            Security.removeProvider(stand.getName());
        }
    }

    private byte[] changed(Consumer<Map<String, byte[]>> change) {
        Map<String, byte[]> files = new LinkedHashMap<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(bytes(signed(5))))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                files.put(entry.getName(), zip.readAllBytes());
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        change.accept(files);
        return zip(files);
    }

    private static void manifest(Map<String, byte[]> files, java.util.function.UnaryOperator<String> change) {
        String before = new String(files.get("manifest.json"), StandardCharsets.UTF_8);
        String after = change.apply(before);
        assertThat(after).isNotEqualTo(before);
        files.put("manifest.json", after.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] zip(Map<String, byte[]> files) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                zip.putNextEntry(new ZipEntry(file.getKey()));
                zip.write(file.getValue());
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** The tools of the JDK write no entry twice, so the name of another one of the same length is changed afterwards. */
    private byte[] twice() {
        byte[] zip = changed(files -> files.put("datb.jsonl", new byte[] {'\n'}));
        String text = new String(zip, StandardCharsets.ISO_8859_1).replace("datb.jsonl", "data.jsonl");
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
