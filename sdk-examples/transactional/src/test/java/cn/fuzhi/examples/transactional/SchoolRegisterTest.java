package cn.fuzhi.examples.transactional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cn.fuzhi.sdk.Credentials;
import cn.fuzhi.sdk.FuzhiClient;
import cn.fuzhi.sdk.mock.MockPlatform;
import cn.fuzhi.sdk.model.RecordKind;
import cn.fuzhi.sdk.model.School;
import cn.fuzhi.sdk.model.SchoolStatus;
import cn.fuzhi.sdk.model.UnitKind;
import cn.fuzhi.sdk.model.UrbanRuralClass;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A real database, and the mock platform as the province. */
@EnabledOnOs(
        value = OS.LINUX,
        architectures = "amd64",
        disabledReason = "内嵌的 PostgreSQL 只有 Linux amd64 版 / the embedded PostgreSQL is for Linux on amd64 only")
class SchoolRegisterTest {
    private static EmbeddedPostgres database;
    private static MockPlatform province;
    private static FuzhiClient client;
    private static SchoolRegister register;

    @BeforeAll
    static void start() throws Exception {
        database = EmbeddedPostgres.start();
        try (Connection connection = database.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE school (code VARCHAR(10) PRIMARY KEY, name VARCHAR(12) NOT NULL)");
        }
        province = MockPlatform.start();
        client = FuzhiClient.builder()
                .baseUrl(province.baseUrl())
                .credentials(Credentials.hmacSha256(province.keyId(), province::secret))
                .build();
        register = new SchoolRegister(database.getPostgresDatabase(), client);
    }

    @AfterAll
    static void stop() throws Exception {
        register.close();
        client.close();
        province.close();
        database.close();
    }

    private static School school(String code, String name) {
        return School.builder()
                .schoolCode(code)
                .unitKind(UnitKind.SCHOOL)
                .name(name)
                .divisionCode("610727")
                .urbanRuralClass(UrbanRuralClass.TOWN_CENTER)
                .status(SchoolStatus.ACTIVE)
                .build();
    }

    @Test
    void whatIsCommittedReachesTheProvince() throws Exception {
        register.save(List.of(school("2161000001", "略阳县示例第一小学")));

        assertThat(register.outbox().flush(Duration.ofSeconds(30)).isComplete()).isTrue();
        assertThat(province.held(School.class)).extracting(School::name).containsExactly("略阳县示例第一小学");
    }

    @Test
    void whatTheDatabaseRefusesIsNotReported() throws Exception {
        List<School> schools = List.of(school("2161000002", "示例二"), school("2161000003", "名称对于本县数据库的列来说实在太长的示例学校"));

        assertThatThrownBy(() -> register.save(schools)).isInstanceOf(SQLException.class);

        assertThat(register.outbox().find(RecordKind.SCHOOL, "2161000002")).isEmpty();
    }
}
