package cn.fuzhi.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cn.fuzhi.sdk.model.AnnualSummary;
import cn.fuzhi.sdk.model.CaseStudy;
import cn.fuzhi.sdk.model.DeadlineKind;
import cn.fuzhi.sdk.model.RecordKind;
import cn.fuzhi.sdk.model.School;
import cn.fuzhi.sdk.model.SchoolStatus;
import cn.fuzhi.sdk.model.Submission;
import cn.fuzhi.sdk.model.Timetable;
import cn.fuzhi.sdk.model.TimetableIssuerType;
import cn.fuzhi.sdk.model.TimetableState;
import cn.fuzhi.sdk.model.UnitKind;
import cn.fuzhi.sdk.model.UrbanRuralClass;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ReportPackageTest {
    private static final byte[] SECRET = "a secret of thirty-two characters".getBytes(StandardCharsets.UTF_8);
    private static final OffsetDateTime NOW = OffsetDateTime.parse("2022-09-15T16:30:00+08:00");
    private static final School SCHOOL = School.builder()
            .schoolCode("2161000001")
            .unitKind(UnitKind.SCHOOL)
            .name("略阳县示例第一小学")
            .divisionCode("610727")
            .urbanRuralClass(UrbanRuralClass.TOWN_CENTER)
            .status(SchoolStatus.ACTIVE)
            .build();
    private static final Timetable HEAD = Timetable.builder()
            .issuerType(TimetableIssuerType.COUNTY)
            .issuerCode("610727")
            .issuerName("略阳县")
            .bodyCode("610727")
            .periodStart(LocalDate.of(2022, 9, 15))
            .periodEnd(LocalDate.of(2022, 9, 28))
            .state(TimetableState.SUBMITTED)
            .build();

    private static ReportPackage example() {
        return ReportPackage.builder(DeadlineKind.TIMETABLE, "610727", "2022-09-15")
                .add(RecordCodec.freeze(SCHOOL), 7)
                .add(RecordCodec.freeze(HEAD), 8)
                .add(RecordCodec.freezeDeletion(RecordKind.SCHOOL, "2161000009"), 9)
                .submittedBy("LUEYANG01")
                .form(new byte[] {'P', 'K'})
                .attach("扫描件 (1).pdf", new byte[] {1, 2, 3})
                .sign("lueyang-1", "HmacSHA256", SECRET, NOW);
    }

    private static byte[] bytes(ReportPackage report) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        report.write(out);
        return out.toByteArray();
    }

    @Test
    void carriesTheSameBytesAndDigestsAsAPush() throws IOException {
        ReportPackage report = ReportPackage.read(bytes(example()));

        assertThat(report.fileName()).isEqualTo("610727_TIMETABLE_2022-09-15_001.zip");
        assertThat(report.items()).hasSize(4);
        FrozenRecord school = report.items().get(0).record();
        assertThat(school).isEqualTo(RecordCodec.freeze(SCHOOL));
        assertThat(report.items().get(0).version()).isEqualTo(7);
        assertThat(report.items().get(1).record().scope()).isEqualTo("610727~2022-09-15");
        assertThat(report.items().get(2).record().payload()).isNull();
        assertThat(report.attachments()).containsExactly("扫描件 (1).pdf");
        assertThat(report.attachment("扫描件 (1).pdf")).contains(new byte[] {1, 2, 3});
        assertThat(report.form()).isPresent();
        assertThat(report.createdAt()).isEqualTo(NOW);
    }

    @Test
    void statesCountAndDigestOfTheScope() {
        FrozenRecord last = example().items().get(3).record();
        Submission submission = RecordCodec.parse(Submission.class, last.payload());

        String line =
                "TIMETABLE\t" + HEAD.key() + "\t8\t" + RecordCodec.freeze(HEAD).digest() + "\n";
        assertThat(submission.itemCount()).isEqualTo(1);
        assertThat(submission.digest()).isEqualTo(RecordCodec.digest(line.getBytes(StandardCharsets.UTF_8)));
        assertThat(submission.key()).isEqualTo("LUEYANG01~TIMETABLE~610727~2022-09-15");
    }

    @Test
    void statesNothingOfOtherKindsOfTheSameBodyAndPeriod() {
        AnnualSummary summary = Contract.example(AnnualSummary.class);
        CaseStudy study = Contract.example(CaseStudy.class).toBuilder()
                .bodyCode(summary.bodyCode())
                .year(summary.year())
                .build();
        assertThat(RecordCodec.freeze(study).scope())
                .isEqualTo(RecordCodec.freeze(summary).scope());
        ReportPackage report = ReportPackage.builder(
                        DeadlineKind.ANNUAL_SUMMARY, summary.bodyCode(), String.valueOf(summary.year()))
                .add(RecordCodec.freeze(study), 7)
                .add(RecordCodec.freeze(summary), 8)
                .submittedBy("LUEYANG01")
                .sign("lueyang-1", "HmacSHA256", SECRET, NOW);
        Submission submission = RecordCodec.parse(
                Submission.class, report.items().get(2).record().payload());
        String line = "ANNUAL_SUMMARY\t" + summary.key() + "\t8\t"
                + RecordCodec.freeze(summary).digest() + "\n";
        assertThat(submission.itemCount()).isEqualTo(1);
        assertThat(submission.digest()).isEqualTo(RecordCodec.digest(line.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void isTheSameFileForTheSameContents() throws IOException {
        assertThat(bytes(example())).isEqualTo(bytes(example()));
        assertThat(example().manifestDigest())
                .isEqualTo(ReportPackage.read(bytes(example())).manifestDigest());
    }

    @Test
    void knowsItsSignature() throws IOException {
        ReportPackage report = ReportPackage.read(bytes(example()));

        assertThat(report.keyId()).isEqualTo("lueyang-1");
        assertThat(report.isSignedBy("HmacSHA256", SECRET)).isTrue();
        assertThat(report.isSignedBy("HmacSHA256", new byte[32])).isFalse();
        byte[] forged = changed("manifest.json", text -> text.replace("\"sequence\":1", "\"sequence\":2"));
        assertThat(ReportPackage.read(forged).isSignedBy("HmacSHA256", SECRET)).isFalse();
    }

    @Test
    void refusesChangedDataMissingFilesAndWrongCounts() throws IOException {
        byte[] data = changed("data.jsonl", text -> text.replace("示例第一", "示例第二"));
        byte[] counts = changed("manifest.json", text -> text.replace("\"SCHOOL\":2", "\"SCHOOL\":3"));
        byte[] missing = changed("form.xlsx", text -> null);

        assertThatThrownBy(() -> ReportPackage.read(data)).isInstanceOf(FuzhiException.Refused.class);
        assertThatThrownBy(() -> ReportPackage.read(counts)).hasMessageContaining("条数与清单不符");
        assertThatThrownBy(() -> ReportPackage.read(missing)).hasMessageContaining("文件与清单不符");
        assertThatThrownBy(() -> ReportPackage.read(new byte[] {1, 2, 3})).isInstanceOf(FuzhiException.Refused.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"../manifest.json", "/etc/x", "attachments/../../x", "attachments/a/b.pdf", "C:\\x", "other.txt"
            })
    void refusesNamesThatLeaveThePackage(String name) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry(name));
            zip.closeEntry();
        }

        assertThatThrownBy(() -> ReportPackage.read(out.toByteArray())).hasMessageContaining("不允许的文件名");
        assertThatThrownBy(() ->
                        ReportPackage.builder(DeadlineKind.USAGE, "610727", "x").attach("../x", new byte[0]))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesABomb() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("data.jsonl"));
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 100; i++) {
                zip.write(zeros);
            }
        }

        assertThatThrownBy(() -> ReportPackage.read(out.toByteArray())).hasMessageContaining("展开后过大");
    }

    @Test
    void readsItsReceiptAndNoOther() {
        String receipt =
                "{\"receiptNumber\":\"20220915-610727-0001\",\"deadlineKind\":\"TIMETABLE\",\"bodyCode\":\"610727\","
                        + "\"periodKey\":\"%s\",\"receivedAt\":\"2022-09-15T16:30:00+08:00\",\"acceptedCount\":1}";

        assertThat(example()
                        .receipt(String.format(receipt, "2022-09-15").getBytes(StandardCharsets.UTF_8))
                        .receiptNumber())
                .isEqualTo("20220915-610727-0001");
        assertThatThrownBy(() ->
                        example().receipt(String.format(receipt, "2022-09-29").getBytes(StandardCharsets.UTF_8)))
                .hasMessageContaining("不属于这次报送");
        assertThatThrownBy(() -> example().receipt(new byte[] {'{'})).hasMessageContaining("无法读取");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"bodyCode\":\"610727\"|\"bodyCode\":\"../../etc/x\"",
                "\"periodKey\":\"2022-09-15\"|\"periodKey\":\"../x\"",
                "\"periodKey\":\"2022-09-15\"|\"periodKey\":null",
                "\"deadlineKind\":\"TIMETABLE\"|\"deadlineKind\":\"A/B\"",
                "\"sequence\":1|\"sequence\":0",
                "\"files\":[|\"files\":[null,",
                "\"files\":[|\"files\":[{},",
                "\"sizeBytes\":3|\"sizeBytes\":4",
                "\"keyId\":\"lueyang-1\"|\"keyId\":null",
                "\"keyId\":\"lueyang-1\"|\"keyId\":\"\"",
                "\"createdAt\":|\"other\":",
                "\"counts\":|\"other\":"
            })
    void refusesAManifestThatIsBuiltToDeceive(String change) throws IOException {
        String[] words = change.split("\\|", -1);
        byte[] hostile = changed("manifest.json", text -> {
            assertThat(text).contains(words[0]);
            return text.replace(words[0], words[1]);
        });

        assertThatThrownBy(() -> ReportPackage.read(hostile)).isInstanceOf(FuzhiException.Refused.class);
    }

    @Test
    void refusesAFileThatIsListedTwice() throws IOException {
        byte[] twice = changed("manifest.json", text -> {
            String data = text.substring(text.indexOf("{\"name\":\"data"), text.indexOf("},{\"name\":\"form") + 1);
            String form = text.substring(text.indexOf("{\"name\":\"form"), text.indexOf("},{\"name\":\"att") + 1);
            return text.replace(form, data);
        });

        assertThatThrownBy(() -> ReportPackage.read(twice)).hasMessageContaining("文件与清单不符");
    }

    @Test
    void takesADamagedSignatureForNoSignature() throws IOException {
        byte[] damaged = changed(
                "manifest.json",
                text -> text.replaceFirst("\"signature\":\"[^\"]{3}([^\"=]*)=*\"", "\"signature\":\"$1\""));

        assertThat(ReportPackage.read(damaged).isSignedBy("HmacSHA256", SECRET)).isFalse();
    }

    @Test
    void signsOnlyWhatCanBeReadAgain() throws IOException {
        ReportPackage.Builder many = ReportPackage.builder(DeadlineKind.USAGE, "610727", "2022-09-15");
        for (int i = 0; i < 499; i++) {
            many.attach("a" + i, new byte[] {1});
        }
        ReportPackage.Builder large = ReportPackage.builder(DeadlineKind.USAGE, "610727", "2022-09-15");
        large.attach("zeros", new byte[3 << 20]);

        assertThatThrownBy(() -> many.sign("k", "HmacSHA256", SECRET, NOW)).hasMessageContaining("超过 500 个");
        assertThatThrownBy(() -> large.sign("k", "HmacSHA256", SECRET, NOW)).hasMessageContaining("展开后过大");
    }

    @Test
    void refusesToBuildWhatNobodyCouldRead() {
        ReportPackage.Builder report = ReportPackage.builder(DeadlineKind.USAGE, "610727", "2022-09-15");

        assertThatThrownBy(() -> report.add(RecordCodec.freeze(SCHOOL), 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> report.sequence(1_000)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ReportPackage.builder(DeadlineKind.USAGE, "../../x", "2022"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ReportPackage.builder(DeadlineKind.USAGE, "610727", "a/b"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void takesARecordOnce() throws IOException {
        ReportPackage.Builder report = ReportPackage.builder(DeadlineKind.USAGE, "610727", "2022-09-15")
                .add(RecordCodec.freeze(SCHOOL), 1);
        byte[] data = PackageLines.write(example().items());
        byte[] more = PackageLines.write(Stream.concat(
                        example().items().stream(), example().items().stream().limit(1))
                .toList());
        byte[] twice = changed(
                changed("data.jsonl", text -> new String(more, StandardCharsets.UTF_8)),
                "manifest.json",
                text -> text.replace(RecordCodec.digest(data), RecordCodec.digest(more))
                        .replace("\"sizeBytes\":" + data.length, "\"sizeBytes\":" + more.length)
                        .replace("\"SCHOOL\":2", "\"SCHOOL\":3"));

        assertThatThrownBy(() -> report.add(RecordCodec.freeze(SCHOOL), 2))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ReportPackage.read(twice)).hasMessageContaining("同一记录出现两次");
    }

    @Test
    void readsNothingButUtf8() throws IOException {
        byte[] data = "{\"op\":\"DELETE\",\"kind\":\"SCHOOL\",\"key\":\"1\",\"version\":1}\n"
                .getBytes(StandardCharsets.UTF_16);
        byte[] record =
                "{\"op\":\"UPSERT\",\"kind\":\"SCHOOL\",\"key\":\"1\",\"version\":1,\"record\":{\"name\":\"x\"}}\n"
                        .getBytes(StandardCharsets.UTF_16LE);

        assertThatThrownBy(() -> PackageLines.read(data)).isInstanceOf(FuzhiException.Refused.class);
        assertThatThrownBy(() -> PackageLines.read(record)).isInstanceOf(FuzhiException.Refused.class);
    }

    @Test
    void readsNoManifestThatIsLargerThanAnyPackageNeeds() throws IOException {
        StringBuilder noise = new StringBuilder(); // of zeros the zip would be refused sooner
        new Random(1).ints(1 << 18).forEach(number -> noise.append(Integer.toHexString(number)));
        byte[] large =
                changed("manifest.json", text -> text.replace("\"keyId\"", "\"noise\":\"" + noise + "\",\"keyId\""));

        assertThatThrownBy(() -> ReportPackage.read(large)).hasMessageContaining("manifest.json 过大");
    }

    @Test
    void keepsWhatItWasGivenWhateverBecomesOfTheArrays() throws IOException {
        byte[] attachment = {1, 2, 3};
        byte[] form = {'P', 'K'};
        ReportPackage report = ReportPackage.builder(DeadlineKind.USAGE, "610727", "2022-09-15")
                .form(form)
                .attach("a", attachment)
                .sign("k", "HmacSHA256", SECRET, NOW);
        attachment[0] = 9;
        form[0] = 9;
        report.attachment("a").orElseThrow()[0] = 9;
        report.form().orElseThrow()[0] = 9;

        ReportPackage read = ReportPackage.read(bytes(report));
        assertThat(read.attachment("a")).contains(new byte[] {1, 2, 3});
        assertThat(read.form()).contains(new byte[] {'P', 'K'});
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "密钥", "a b"})
    void signsUnderNoNameThatIsRefusedWhenItIsRead(String keyId) {
        ReportPackage.Builder report = ReportPackage.builder(DeadlineKind.USAGE, "610727", "2022-09-15");

        assertThatThrownBy(() -> report.sign(keyId, "HmacSHA256", SECRET, NOW))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void namesTheVersionOfTheContract() throws IOException {
        String contract;
        try (var in = ReportPackageTest.class.getResourceAsStream("/fuzhi/openapi.yaml")) {
            contract = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }

        assertThat(contract).containsPattern("(?m)^  version: ['\"]?" + ReportPackage.SPEC_VERSION + "['\"]?$");
    }

    private static byte[] changed(String name, UnaryOperator<String> change) throws IOException {
        return changed(bytes(example()), name, change);
    }

    private static byte[] changed(byte[] content, String name, UnaryOperator<String> change) throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(content))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                files.put(entry.getName(), zip.readAllBytes());
            }
        }
        String text = change.apply(new String(files.get(name), StandardCharsets.UTF_8));
        if (text == null) {
            files.remove(name);
        } else {
            files.put(name, text.getBytes(StandardCharsets.UTF_8));
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PackageZip.write(files, out);
        return out.toByteArray();
    }
}
