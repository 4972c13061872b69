package cn.fuzhi.sdk.mock;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@FuzhiMock
class FuzhiMockTest {
    @FuzhiMock
    private static MockPlatform ofTheClass;

    @FuzhiMock
    private MockPlatform ofTheTest;

    @BeforeEach
    void everyoneGetsOne(MockPlatform mock) {
        assertThat(mock).isSameAs(ofTheTest);
    }

    @Test
    void answersWhileTheTestRuns(MockPlatform mock) {
        assertThat(Vendor.of(mock).get("/v1/time").status()).isEqualTo(200);
    }

    @Test
    void sharesThePlatformThatTheClassAskedForFirst() {
        assertThat(ofTheTest).isSameAs(ofTheClass);
    }

    @Nested
    class InANestedClass {
        @Test
        void isThereToo(@FuzhiMock MockPlatform mock) {
            assertThat(mock.baseUrl()).startsWith("http://localhost:");
        }
    }
}
