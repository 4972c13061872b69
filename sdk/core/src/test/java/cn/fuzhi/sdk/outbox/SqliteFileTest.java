package cn.fuzhi.sdk.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cn.fuzhi.sdk.model.RecordKind;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteFileTest {
    private static final String CANARY = "金丝雀小学";

    @TempDir
    Path folder;

    private Bench bench;

    @BeforeEach
    void open() {
        bench = Bench.on(folder).open();
    }

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void keepsOtherProcessesOutAlsoAfterARefusalInThisOne() throws Exception {
        assertThat(openInAnotherProcess()).isEqualTo("IN_USE");
        assertThatThrownBy(() -> SqliteFile.take(bench.file))
                .isInstanceOfSatisfying(
                        OutboxException.class, e -> assertThat(e.reason()).isEqualTo(OutboxException.Reason.IN_USE));
        assertThat(openInAnotherProcess()).isEqualTo("IN_USE");
        Path link = Files.createSymbolicLink(folder.resolve("link.db"), bench.file);
        assertThatThrownBy(() -> SqliteFile.take(link)).isInstanceOf(OutboxException.class);
        assertThat(openInAnotherProcess()).isEqualTo("IN_USE");
        bench.outbox.close();
        assertThat(openInAnotherProcess()).isEqualTo("OPEN");
    }

    @Test
    void aLinkElsewhereLeadsToTheSameLock() throws Exception {
        bench.outbox.close();
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        Path link = Files.createSymbolicLink(elsewhere.resolve("outbox.db"), bench.file);
        try (SqliteFile file = SqliteFile.take(link)) {
            assertThat(file.free()).isPositive();
            assertThat(openInAnotherProcess()).isEqualTo("IN_USE");
        }
        try (Stream<Path> beside = Files.list(elsewhere)) {
            assertThat(beside).containsExactly(link);
        }
    }

    @Test
    void opensNoFileAgainForWhoReadsAfterItWasClosed() throws Exception {
        DeadLetters letters = bench.outbox.deadLetters();
        bench.outbox.close();
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> letters.list(null, null, 1)).isInstanceOf(IllegalStateException.class);
        }
    }

    private String openInAnotherProcess() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Opener.class.getName(),
                        bench.file.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return said.strip();
    }

    /** A program of its own that opens a file and says whether it could. */
    static final class Opener {
        private Opener() {}

        public static void main(String[] args) {
            try (SqliteFile file = SqliteFile.take(Path.of(args[0]))) {
                System.out.println(file.free() > 0 ? "OPEN" : "");
            } catch (OutboxException e) {
                System.out.println(e.reason());
            }
        }
    }

    @Test
    void leavesNothingOfErasedContentInAnyFile() throws Exception {
        bench.enqueue(Records.school(1, CANARY));
        bench.enqueue(Records.school(2, "另一所小学"));
        assertThat(isSomewhere(CANARY)).isTrue();
        assertThat(bench.outbox.erase(RecordKind.SCHOOL, Records.code(1))).isTrue();
        assertThat(isSomewhere(CANARY)).isFalse();
        assertThat(isSomewhere("另一所小学")).isTrue();
    }

    @Test
    void leavesNothingOfDeliveredContentInAnyFileWhenItIsClosed() throws Exception {
        bench.enqueue(Records.school(1, CANARY));
        bench.drain();
        bench.outbox.close();
        assertThat(isSomewhere(CANARY)).isFalse();
    }

    private boolean isSomewhere(String text) throws Exception {
        for (String name : new String[] {"outbox.db", "outbox.db-wal"}) {
            Path file = folder.resolve(name);
            if (Files.exists(file) && new String(Files.readAllBytes(file), StandardCharsets.UTF_8).contains(text)) {
                return true;
            }
        }
        return false;
    }

    @Test
    void keepsEveryFileForItsOwnerOnly() throws Exception {
        bench.enqueue(Records.usage(1, 1));
        for (String suffix : new String[] {"", "-wal", "-shm", ".lock", ".reserve"}) {
            assertThat(PosixFilePermissions.toString(
                            Files.getPosixFilePermissions(folder.resolve("outbox.db" + suffix))))
                    .as(suffix)
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void gaveTheReservedRoomBackWhenTheDiskWasFull() {
        try (SqliteFile other = SqliteFile.take(folder.resolve("other.db"))) {
            other.reserve();
            assertThat(folder.resolve("other.db.reserve")).hasSize(8 * 1024 * 1024);
            other.full();
            assertThat(folder.resolve("other.db.reserve")).doesNotExist();
        }
    }
}
