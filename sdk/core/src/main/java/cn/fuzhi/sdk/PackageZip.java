package cn.fuzhi.sdk;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/** The zip of an offline package: written with fixed times, read with limits. Nothing is ever unpacked to disk. */
final class PackageZip {
    /** What {@code POST /v1/packages} takes. */
    static final int LARGEST = 50 << 20;

    /** All files together, for they are in memory at once. */
    static final int INFLATED = 2 * LARGEST;

    private static final int ENTRIES = 500;
    private static final int RATIO = 200;
    private static final int RATIO_FROM = 1 << 20;
    private static final Pattern NAME = Pattern.compile(
            "manifest\\.json|data\\.jsonl|form\\.xlsx|receipt\\.json|attachments/[\\p{L}\\p{N}][\\p{L}\\p{N} ._()（）-]{0,120}");

    private PackageZip() {}

    static boolean isAllowed(String name) {
        return NAME.matcher(name).matches() && !name.contains("..");
    }

    /** How much a zip file of a size may hold; what is written keeps it, so that what is written can be read. */
    private static int room(int zipped) {
        return (int) Math.min(INFLATED, Math.max(RATIO_FROM, (long) RATIO * zipped));
    }

    /** Refuses to give out what {@link #read} would not take. */
    static void requireReadable(Map<String, byte[]> files, int zipped) {
        long total = files.values().stream().mapToLong(file -> file.length).sum();
        if (zipped > LARGEST) {
            throw refused("报送包超过 50 MiB，请拆分或减少附件", "the package is larger than 50 MiB; split it");
        }
        if (files.size() > ENTRIES) {
            throw refused("报送包的文件超过 500 个，请减少附件", "the package has more than 500 files; attach fewer");
        }
        if (total > room(zipped)) {
            throw refused("报送包展开后过大，请拆分", "the package inflates beyond what is read again; split it");
        }
    }

    static void write(Map<String, byte[]> files, OutputStream out) throws IOException {
        ZipOutputStream zip = new ZipOutputStream(out, StandardCharsets.UTF_8);
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            ZipEntry entry = new ZipEntry(file.getKey());
            // A fixed time: the same records make the same package.
            entry.setTimeLocal(java.time.LocalDateTime.of(2000, 1, 1, 0, 0));
            zip.putNextEntry(entry);
            zip.write(file.getValue());
            zip.closeEntry();
        }
        zip.finish();
    }

    static Map<String, byte[]> read(byte[] content) {
        if (content.length > LARGEST) {
            throw refused("报送包超过 50 MiB", "the package is larger than 50 MiB");
        }
        Map<String, byte[]> files = new LinkedHashMap<>();
        int left = room(content.length);
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(content), StandardCharsets.UTF_8)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (!isAllowed(entry.getName()) || files.size() >= ENTRIES || files.containsKey(entry.getName())) {
                    throw refused(
                            "报送包内有不允许的文件名、重复文件或文件过多",
                            "the package has a file name that is not allowed, twice the same, or too many files");
                }
                byte[] file = zip.readNBytes(left + 1);
                left -= file.length;
                if (left < 0) {
                    throw refused("报送包展开后过大，拒绝读取", "the package inflates beyond reason and is refused");
                }
                files.put(entry.getName(), file);
            }
        } catch (IOException | IllegalArgumentException e) {
            throw refused("报送包已损坏，请重新生成", "the package is damaged; make it again");
        }
        return files;
    }

    static FuzhiException refused(String message, String messageEn) {
        return new FuzhiException.Refused(FuzhiException.Details.of(message, messageEn), null);
    }
}
