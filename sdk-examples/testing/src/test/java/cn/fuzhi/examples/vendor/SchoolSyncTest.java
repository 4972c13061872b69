package cn.fuzhi.examples.vendor;

import static org.assertj.core.api.Assertions.assertThat;

import cn.fuzhi.sdk.Credentials;
import cn.fuzhi.sdk.FuzhiClient;
import cn.fuzhi.sdk.mock.Fault;
import cn.fuzhi.sdk.mock.FuzhiMock;
import cn.fuzhi.sdk.mock.MockPlatform;
import cn.fuzhi.sdk.model.School;
import cn.fuzhi.sdk.model.SchoolStatus;
import cn.fuzhi.sdk.model.UnitKind;
import cn.fuzhi.sdk.model.UrbanRuralClass;
import cn.fuzhi.sdk.outbox.Outbox;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a vendor tests its own code against the mock: every test has a platform of its own. */
@FuzhiMock
class SchoolSyncTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private FuzhiClient client;
    private Outbox outbox;

    @BeforeEach
    void connect(MockPlatform platform, @TempDir Path folder) {
        client = FuzhiClient.builder()
                .baseUrl(platform.baseUrl())
                .credentials(Credentials.hmacSha256(platform.keyId(), platform::secret))
                .build();
        outbox = Outbox.builder()
                .client(client)
                .file(folder.resolve("outbox.db"))
                .startJitter(Duration.ZERO)
                .build();
    }

    @AfterEach
    void disconnect() {
        outbox.close();
        client.close();
    }

    @Test
    void tellsTheProvinceThatASchoolWasClosed(MockPlatform platform) throws InterruptedException {
        SchoolSync sync = new SchoolSync(outbox);
        sync.changed(List.of(school()));
        sync.closed(school(), LocalDate.of(2022, 9, 1));

        assertThat(outbox.flush(PATIENCE).isComplete()).isTrue();
        assertThat(platform.held(School.class)).extracting(School::status).containsExactly(SchoolStatus.CLOSED);
    }

    @Test
    void losesNothingWhenTheAnswerIsLost(MockPlatform platform) throws InterruptedException {
        platform.faults()
                .add(Fault.resetBefore().afterApplying().on("pushSchools").once());

        new SchoolSync(outbox).changed(List.of(school()));

        assertThat(outbox.flush(PATIENCE).isComplete()).isTrue();
        assertThat(platform.faults().struck()).isEqualTo(1);
        assertThat(platform.held(School.class)).containsExactly(school());
    }

    private static School school() {
        return School.builder()
                .schoolCode("2161000001")
                .unitKind(UnitKind.SCHOOL)
                .name("略阳县示例第一小学")
                .divisionCode("610727")
                .urbanRuralClass(UrbanRuralClass.TOWN_CENTER)
                .status(SchoolStatus.ACTIVE)
                .build();
    }
}
