package cn.fuzhi.sdk.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import cn.fuzhi.sdk.RecordCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cuts the power at every moment that a recorded run allows; more with {@code -Dpower.images=N}. */
class PowerCutTest {
    private static final Path STRACE = Path.of("/usr/bin/strace");
    private static final int IMAGES = Integer.getInteger("power.images", 1000);

    @TempDir
    Path folder;

    @Test
    void keepsEveryAcknowledgedRecord() throws Exception {
        int lost = lostIn("FULL", IMAGES);
        System.out.println("power cut: images=" + IMAGES + " lost=" + lost);
        assertThat(lost).isZero();
    }

    @Test
    void wouldLoseRecordsWithoutSync() throws Exception {
        int lost = lostIn("OFF", 100);
        System.out.println("power cut without sync: images=100 lost=" + lost);
        assertThat(lost).isPositive();
    }

    private int lostIn(String synchronous, int images) throws Exception {
        assumeTrue(Files.isExecutable(STRACE), "skipped: needs strace");
        Path run = Files.createDirectory(folder.resolve("run"));
        Path trace = folder.resolve("trace");
        List<String> command = List.of(
                STRACE.toString(),
                "-f",
                "-xx",
                "-s",
                "200000",
                "-o",
                trace.toString(),
                "-e",
                "trace=openat,pwrite64,write,ftruncate,fsync,fdatasync,close,unlink",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                PowerCutChild.class.getName(),
                run.resolve("outbox.db").toString(),
                "80",
                synchronous);
        Process child = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        assumeTrue(child.waitFor(180, TimeUnit.SECONDS), "the recorded program did not end");
        assumeTrue(child.exitValue() == 0, "skipped: strace may not trace here");
        PowerCut record = new PowerCut(trace, run);
        assertThat(record.saidBefore(record.length())).contains("ACK 79");
        Random random = new Random(9);
        int lost = 0;
        for (int i = 0; i < images; i++) {
            int cut = 1 + random.nextInt(record.length());
            lost += loses(record, cut, random, i % 2 == 0) ? 1 : 0;
        }
        return lost;
    }

    private boolean loses(PowerCut record, int cut, Random random, boolean subset) throws IOException {
        Path image = Files.createDirectory(folder.resolve("image"));
        try {
            record.image(cut, random, image, subset);
            return !isComplete(record.saidBefore(cut), image.resolve("outbox.db"));
        } finally {
            try (Stream<Path> files = Files.list(image)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(image);
        }
    }

    /** Every key holds what was acknowledged last, or what was being stored then. */
    private static boolean isComplete(List<String> said, Path database) {
        Map<String, Integer> last = new HashMap<>();
        int next = 0;
        for (String word : said) {
            next = Integer.parseInt(word.substring(4)) + 1;
            last.put(Records.usageKey((next - 1) % 40), next - 1);
        }
        if (last.isEmpty()) {
            return true;
        }
        Map<String, String> stored = new HashMap<>();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT record_key, digest FROM fuzhi_outbox_entry")) {
            while (rows.next()) {
                stored.put(rows.getString(1), rows.getString(2));
            }
        } catch (SQLException e) {
            return false;
        }
        String underWay = digest(next);
        return last.entrySet().stream().allMatch(entry -> {
            String there = stored.get(entry.getKey());
            return digest(entry.getValue()).equals(there) || underWay.equals(there);
        });
    }

    private static String digest(int value) {
        return RecordCodec.freeze(Records.usage(value % 40, value)).digest();
    }
}
