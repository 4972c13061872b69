package cn.fuzhi.sdk.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.DriverManager;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class GroupCommitTest {
    @Test
    void goesOnAfterAConnectionThatCouldNotBeOpened() throws Exception {
        AtomicInteger left = new AtomicInteger(2);
        GroupCommit commits = new GroupCommit(
                () -> {
                    if (left.getAndDecrement() > 0) {
                        throw new IllegalStateException("scripted");
                    }
                    return DriverManager.getConnection("jdbc:sqlite::memory:");
                },
                () -> 1,
                "test");
        try (commits) {
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> answer(commits)).hasRootCauseMessage("scripted");
            }
            assertThat(answer(commits)).isEqualTo(42);
        }
    }

    @Test
    void tellsTheCallerOfAnErrorAndGoesOn() throws Exception {
        GroupCommit commits =
                new GroupCommit(() -> DriverManager.getConnection("jdbc:sqlite::memory:"), () -> 1, "test");
        try (commits) {
            assertThatThrownBy(() -> CompletableFuture.supplyAsync(() -> commits.write(tx -> {
                                throw new AssertionError("scripted");
                            }))
                            .get(10, TimeUnit.SECONDS))
                    .hasRootCauseMessage("scripted");
            assertThat(answer(commits)).isEqualTo(42);
        }
    }

    /** Asks on another thread, so that a writer that is dead fails the test instead of hanging it. */
    private static long answer(GroupCommit commits) throws Exception {
        return CompletableFuture.supplyAsync(() -> commits.write(tx -> tx.number("SELECT 42")))
                .get(10, TimeUnit.SECONDS);
    }
}
