package cn.fuzhi.sdk.mock;

import cn.fuzhi.sdk.FrozenRecord;
import cn.fuzhi.sdk.RecordCodec;
import cn.fuzhi.sdk.ReportPackage;
import cn.fuzhi.sdk.model.DeadlineKind;
import cn.fuzhi.sdk.model.Timetable;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * An offline package whose bytes happen to be text. A proxy that reads bodies as text, as Prism does, would spoil any other; so
 * the package is made again with another number until its checksums and sizes are text, too.
 */
final class AsciiPackage {
    /** A file whose checksum is text. */
    private static final byte[] ATTACHED = attached();

    private static final Map<Integer, FrozenRecord> NAMED = new ConcurrentHashMap<>();

    private AsciiPackage() {}

    private static byte[] attached() {
        for (int number = 0; ; number++) {
            byte[] content = String.valueOf(number).getBytes(StandardCharsets.US_ASCII);
            if (hasTextualHeader(content)) {
                return content;
            }
        }
    }

    static byte[] of(String keyId, byte[] secret) {
        for (int attempt = 1; attempt < 40_000; attempt++) {
            Map<String, byte[]> files = files(made(attempt, keyId, secret));
            if (files.values().stream().allMatch(AsciiPackage::hasTextualHeader)) {
                // Checksums and sizes are text; padding moves the offsets until they are, too.
                for (int padding = 0; padding < 60 * 60; padding++) {
                    byte[] zip = stored(files, padding / 60, padding % 60);
                    if (isText(zip)) {
                        return zip;
                    }
                }
            }
        }
        throw new IllegalStateException("no package is text");
    }

    private static boolean hasTextualHeader(byte[] content) {
        ByteBuffer header = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        return isText(header.putInt((int) crc(content)).putInt(content.length).array());
    }

    private static long crc(byte[] content) {
        CRC32 sum = new CRC32();
        sum.update(content);
        return sum.getValue();
    }

    /** The lengths of two names change the sizes, version and number the checksums. */
    private static ReportPackage made(int attempt, String keyId, byte[] secret) {
        return ReportPackage.builder(DeadlineKind.TIMETABLE, "610727", "2022-09-29")
                .add(NAMED.computeIfAbsent(attempt % 59, AsciiPackage::named), attempt)
                .attach("x".repeat(1 + attempt % 113), ATTACHED)
                .sequence(1 + attempt % 999)
                .sign(keyId, "HmacSHA256", secret, OffsetDateTime.parse("2022-09-29T09:00:00+08:00"));
    }

    private static FrozenRecord named(int length) {
        ObjectNode record = Examples.of("Timetable")
                .put("periodStart", "2022-09-29")
                .put("periodEnd", "2022-10-12")
                .put("issuerName", "x".repeat(1 + length));
        return RecordCodec.freeze(Vendor.JSON_MODEL.convertValue(record, Timetable.class));
    }

    private static Map<String, byte[]> files(ReportPackage made) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        Map<String, byte[]> files = new LinkedHashMap<>();
        try {
            made.write(packed);
            try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(packed.toByteArray()))) {
                for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                    files.put(entry.getName(), in.readAllBytes());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }

    private static byte[] stored(Map<String, byte[]> files, int first, int others) {
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(plain)) {
            int padding = first;
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                ZipEntry entry = new ZipEntry(file.getKey());
                entry.setMethod(ZipEntry.STORED);
                entry.setSize(file.getValue().length);
                entry.setCrc(crc(file.getValue()));
                entry.setTimeLocal(LocalDateTime.of(2022, 1, 1, 0, 0, 0));
                entry.setExtra(
                        ("ww" + (char) padding + "\0" + "x".repeat(padding)).getBytes(StandardCharsets.US_ASCII));
                out.putNextEntry(entry);
                out.write(file.getValue());
                padding = others;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return plain.toByteArray();
    }

    private static boolean isText(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
