package cn.fuzhi.examples.excel;

import static org.assertj.core.api.Assertions.assertThat;

import cn.fuzhi.sdk.Credentials;
import cn.fuzhi.sdk.FuzhiClient;
import cn.fuzhi.sdk.forms.FormContext;
import cn.fuzhi.sdk.forms.FormFile;
import cn.fuzhi.sdk.forms.SchoolDirectoryForm;
import cn.fuzhi.sdk.mock.Fault;
import cn.fuzhi.sdk.mock.MockPlatform;
import cn.fuzhi.sdk.model.School;
import cn.fuzhi.sdk.outbox.Outbox;
import cn.fuzhi.sdk.rules.Divisions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TimetableDeskTest {
    private static final Path SAMPLES = Path.of("..", "samples");

    @TempDir
    private Path folder;

    private MockPlatform platform;
    private FuzhiClient client;
    private Outbox outbox;
    private TimetableDesk desk;

    @BeforeEach
    void open() {
        platform = MockPlatform.start();
        platform.faults().add(Fault.status(503)); // what is taken stays in the outbox, to be counted
        client = FuzhiClient.builder()
                .baseUrl(platform.baseUrl())
                .credentials(Credentials.hmacSha256(platform.keyId(), platform::secret))
                .build();
        outbox = Outbox.builder()
                .client(client)
                .file(folder.resolve("outbox.db"))
                .build();
        List<School> schools = SchoolDirectoryForm.of(FormContext.builder()
                        .divisions(Divisions.bundled().all())
                        .build())
                .read(FormFile.of(SAMPLES.resolve("schools.xlsx")))
                .records();
        desk = new TimetableDesk(outbox, schools);
    }

    @AfterEach
    void close() {
        outbox.close();
        client.close();
        platform.close();
    }

    @Test
    void enqueuesAGoodTimetable() throws Exception {
        assertThat(desk.take(SAMPLES.resolve("timetable.xlsx"), folder.resolve("corrections.xlsx")))
                .isTrue();

        assertThat(outbox.status().pending()).isGreaterThan(50);
        assertThat(folder.resolve("corrections.xlsx")).doesNotExist();
    }

    @Test
    void sendsATimetableWithMistakesBackMarked() throws Exception {
        Path corrections = folder.resolve("corrections.xlsx");

        assertThat(desk.take(SAMPLES.resolve("timetable-with-problems.xlsx"), corrections))
                .isFalse();

        assertThat(outbox.status().pending()).isZero();
        assertThat(Files.size(corrections)).isPositive();
    }
}
