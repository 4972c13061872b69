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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Cuts the power at every moment that a recorded run allows; more with {@code -Dpower.images=N}. */
class PowerCutTest {
    private static final String STRACE = "/usr/bin/strace";
    private static final int IMAGES = Integer.getInteger("power.images", 3000);
    private static final int WITHOUT_SYNC = 100;
    private static final int RECORDS = 120;
    private static final int KEYS = 40;
    private static final long SEED = Long.getLong("power.seed", 9);

    @TempDir
    Path folder;

    /** Some machines have no strace, or do not let it trace. Where it works, nothing that fails later is an excuse. */
    @BeforeAll
    static void probe() throws Exception {
        assumeTrue(Files.isExecutable(Path.of(STRACE)), "skipped: needs strace");
        Process probe = new ProcessBuilder(STRACE, "-f", "-o", "/dev/null", "/bin/true")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        boolean ended = probe.waitFor(60, TimeUnit.SECONDS);
        probe.destroyForcibly();
        assumeTrue(ended && probe.exitValue() == 0, "skipped: strace may not trace here");
    }

    @Test
    @Tag("L11")
    @Tag("L12")
    @Timeout(value = 2, unit = TimeUnit.HOURS)
    void keepsEveryAcknowledgedRecord() throws Exception {
        PowerCut record = record();
        List<String> lost = lostIn(record, IMAGES);
        System.out.printf(
                "power cut: images=%d steps=%d checkpointedPages=%d logsBegun=%d lost=%d%n",
                IMAGES, record.length(), record.checkpointed(), record.resets(), lost.size());
        assertThat(lost).as("seed %d", SEED).isEmpty();
        assertThat(record.checkpointed()).as("checkpoints were recorded").isPositive();
        assertThat(record.resets()).as("the log was begun anew").isGreaterThan(2);
    }

    /** The same judge with the same images finds losses where there are some. */
    @Test
    @Tag("L11")
    @Timeout(value = 20, unit = TimeUnit.MINUTES)
    void wouldLoseRecordsWithoutSync() throws Exception {
        List<String> lost = lostIn(record("PRAGMA synchronous=OFF"), WITHOUT_SYNC);
        System.out.printf("power cut without sync: images=%d lost=%d%n", WITHOUT_SYNC, lost.size());
        assertThat(lost).isNotEmpty();
    }

    private PowerCut record(String... weaken) throws Exception {
        Path run = Files.createDirectory(folder.resolve("run"));
        Path trace = folder.resolve("trace");
        Path said = folder.resolve("errors");
        List<String> command = new ArrayList<>(List.of(
                STRACE,
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
                String.valueOf(RECORDS)));
        command.addAll(List.of(weaken));
        Process child = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(said.toFile())
                .start();
        try {
            assertThat(child.waitFor(10, TimeUnit.MINUTES))
                    .as("the recorded program ends")
                    .isTrue();
            assertThat(child.exitValue()).as(Files.readString(said)).isZero();
        } finally {
            child.destroyForcibly();
        }
        PowerCut record = new PowerCut(trace, run);
        assertThat(record.saidBefore(record.length())).contains("ACK " + (RECORDS - 1));
        return record;
    }

    /** What is missing in how many images, each with the cut at which it was. */
    private List<String> lostIn(PowerCut record, int images) throws IOException {
        Random random = new Random(SEED);
        List<String> lost = new ArrayList<>();
        for (int i = 0; i < images; i++) {
            int cut = 1 + random.nextInt(record.length());
            String missing = missing(record, cut, random, i % 2 == 0);
            if (!missing.isEmpty()) {
                lost.add("cut at " + cut + ": " + missing);
            }
        }
        return lost;
    }

    private String missing(PowerCut record, int cut, Random random, boolean subset) throws IOException {
        Path image = Files.createDirectory(folder.resolve("image"));
        try {
            record.image(cut, random, image, subset);
            return missing(record.saidBefore(cut), image.resolve("outbox.db"));
        } finally {
            try (Stream<Path> files = Files.list(image)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(image);
        }
    }

    /** Every key holds what was acknowledged last, or what was being stored then; empty when that is so. */
    private static String missing(List<String> said, Path database) {
        Map<String, Integer> last = new HashMap<>();
        int next = 0;
        for (String word : said) {
            next = Integer.parseInt(word.substring(4)) + 1;
            last.put(Records.usageKey((next - 1) % KEYS), next - 1);
        }
        if (last.isEmpty()) {
            return "";
        }
        Map<String, String> stored;
        try {
            stored = digests(database);
        } catch (SQLException e) {
            return "the file cannot be read: " + e.getMessage();
        }
        String underWay = digest(next);
        StringBuilder missing = new StringBuilder(stored.getOrDefault("", ""));
        last.forEach((key, value) -> {
            String there = stored.get(key);
            if (!digest(value).equals(there) && !underWay.equals(there)) {
                missing.append(key).append(" is not ").append(value).append("; ");
            }
        });
        return missing.toString();
    }

    /** The digest of the bytes of every key, calculated anew while they are there; under an empty key what is wrong with the file. */
    private static Map<String, String> digests(Path database) throws SQLException {
        Map<String, String> digests = new HashMap<>();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
                Statement statement = connection.createStatement()) {
            try (ResultSet rows =
                    statement.executeQuery("SELECT record_key, state, digest, payload FROM fuzhi_outbox_entry")) {
                while (rows.next()) {
                    byte[] payload = rows.getBytes(4);
                    boolean delivered = "DELIVERED".equals(rows.getString(2));
                    String digest = delivered ? rows.getString(3) : payload == null ? "" : RecordCodec.digest(payload);
                    digests.put(rows.getString(1), digest);
                }
            }
            try (ResultSet rows = statement.executeQuery("PRAGMA integrity_check")) {
                if (!"ok".equals(rows.getString(1))) {
                    digests.put("", "integrity_check: " + rows.getString(1));
                }
            }
        }
        return digests;
    }

    private static String digest(int value) {
        return RecordCodec.freeze(Records.usage(value % KEYS, value)).digest();
    }
}
