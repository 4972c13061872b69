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

    private static final long INFLATED = 4L * LARGEST;
    private static final int ENTRIES = 500;
    private static final int RATIO = 200;
    private static final int RATIO_FROM = 1 << 20;
    private static final Pattern NAME = Pattern.compile(
            "manifest\\.json|data\\.jsonl|form\\.xlsx|receipt\\.json|attachments/[\\p{L}\\p{N}][\\p{L}\\p{N} ._()（）-]{0,120}");

    private PackageZip() {}

    static boolean isAllowed(String name) {
        return NAME.matcher(name).matches() && !name.contains("..");
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
        long total = 0;
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(content), StandardCharsets.UTF_8)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (!isAllowed(entry.getName()) || files.size() >= ENTRIES || files.containsKey(entry.getName())) {
                    throw refused(
                            "报送包内有不允许的文件名、重复文件或文件过多",
                            "the package has a file name that is not allowed, twice the same, or too many files");
                }
                byte[] file = inflate(zip, content.length, INFLATED - total);
                total += file.length;
                files.put(entry.getName(), file);
            }
        } catch (IOException | IllegalArgumentException e) {
            throw refused("报送包已损坏，请重新生成", "the package is damaged; make it again");
        }
        return files;
    }

    private static byte[] inflate(ZipInputStream zip, int compressed, long left) throws IOException {
        java.io.ByteArrayOutputStream file = new java.io.ByteArrayOutputStream();
        byte[] buffer = new byte[1 << 14];
        for (int read = zip.read(buffer); read >= 0; read = zip.read(buffer)) {
            file.write(buffer, 0, read);
            boolean bomb = file.size() > RATIO_FROM && file.size() / RATIO > compressed;
            if (bomb || file.size() > left) {
                throw refused("报送包展开后过大，拒绝读取", "the package inflates beyond reason and is refused");
            }
        }
        return file.toByteArray();
    }

    static FuzhiException refused(String message, String messageEn) {
        return new FuzhiException.Refused(FuzhiException.Details.of(message, messageEn), null);
    }
}
