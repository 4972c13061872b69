package cn.fuzhi.sdk.mock;

import static org.assertj.core.api.Assertions.assertThat;

import cn.fuzhi.sdk.Credentials;
import cn.fuzhi.sdk.FuzhiClient;
import cn.fuzhi.sdk.Preflight;
import cn.fuzhi.sdk.Progress;
import cn.fuzhi.sdk.PushReport;
import cn.fuzhi.sdk.RecordCodec;
import cn.fuzhi.sdk.model.Attachment;
import cn.fuzhi.sdk.model.DeadlineKind;
import cn.fuzhi.sdk.model.Pairing;
import cn.fuzhi.sdk.model.PushRecord;
import cn.fuzhi.sdk.model.RecordKind;
import cn.fuzhi.sdk.model.School;
import cn.fuzhi.sdk.model.UnitKind;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a body sends first, by the client of the SDK to a platform that holds nothing yet. */
class FirstReportTest {
    private final MockPlatform mock = MockPlatform.start();
    private final FuzhiClient client = FuzhiClient.builder()
            .baseUrl(mock.baseUrl())
            .credentials(Credentials.hmacSha256(mock.keyId(), mock::secret))
            .rateLimit(0)
            .build();

    @AfterEach
    void stop() {
        client.close();
        mock.close();
    }

    private static <T extends PushRecord> T record(Class<T> type, ObjectNode json) {
        return RecordCodec.parse(type, Vendor.bytes(json));
    }

    private static School school(int number) {
        School school = record(School.class, Examples.supportedSchool());
        return school.toBuilder()
                .schoolCode(String.valueOf(2161000000L + number))
                .name("略阳县示例第" + number + "小学")
                .build();
    }

    private static School siteOf(School school) {
        return school.toBuilder()
                .schoolCode(null)
                .siteCode(school.schoolCode() + "-01")
                .unitKind(UnitKind.TEACHING_SITE)
                .name(school.name() + "教学点")
                .parentSchoolCode(school.schoolCode())
                .build();
    }

    @Test
    void canBeSentWhenSchoolsAndPairingsAreCheckedTogether() {
        List<PushRecord> report = List.of(
                record(Pairing.class, Examples.of("Pairing")),
                siteOf(school(2)),
                school(2),
                record(School.class, Examples.of("School")));

        Preflight preflight = client.preflight(DeadlineKind.PAIRING_LIST, "610727", "2022-2023", report);

        assertThat(preflight.dryRun().isComplete()).as(preflight.toString()).isTrue();
        assertThat(preflight.dryRun().acceptedCount()).isEqualTo(4);
        assertThat(mock.held(School.class)).as("a dry run stores nothing").isEmpty();
        assertThat(client.push(report).isComplete()).isTrue();
    }

    @Test
    void keepsEverySiteOfALongStreamBehindItsSchool() {
        List<School> directory = IntStream.rangeClosed(1, 1001)
                .mapToObj(FirstReportTest::school)
                .flatMap(school -> List.of(school, siteOf(school)).stream())
                .toList();

        PushReport pushed = client.push(RecordKind.SCHOOL, directory.stream(), Progress.NONE);

        assertThat(pushed.isComplete()).as(pushed.notAccepted().toString()).isTrue();
        assertThat(mock.held(School.class)).hasSize(2002);
    }

    @Test
    void uploadsOneFileByTwoThreadsAtOnce(@TempDir Path folder) throws Exception {
        for (int round = 0; round < 20; round++) {
            Path file = folder.resolve(round + ".pdf");
            Files.write(file, ("%PDF-1.4 " + "x".repeat(100_000) + round).getBytes(StandardCharsets.UTF_8));
            List<CompletableFuture<Attachment>> uploads = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                CompletableFuture<Attachment> upload = new CompletableFuture<>();
                new Thread(() -> {
                            try {
                                upload.complete(client.upload(file, "application/pdf"));
                            } catch (Exception e) {
                                upload.completeExceptionally(e);
                            }
                        })
                        .start();
                uploads.add(upload);
            }
            assertThat(uploads.get(0).get().attachmentId())
                    .isEqualTo(uploads.get(1).get().attachmentId());
        }
    }
}
