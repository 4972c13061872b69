package cn.fuzhi.sdk.forms;

import static cn.fuzhi.sdk.forms.FormException.Reason;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * Looks at a workbook from outside before the spreadsheet library may open it: sizes are counted by inflating every part once,
 * not taken from the file's own table.
 */
final class WorkbookGate {
    private static final long FILE_BYTES = 64L << 20;
    private static final long INFLATED_BYTES = 512L << 20;

    /** Everything but the rows, such as texts and styles: the library keeps it in memory. */
    private static final long TABLE_BYTES = 64L << 20;

    private static final long RATIO = 200;
    private static final long RATIO_FROM_BYTES = 1L << 20;
    private static final int ENTRIES = 2_000;
    private static final int HEAD = 4_096;

    /**
     * What the library keeps for each, or does for each. A workbook of 199,000 lines with sixty cells stays below all of them;
     * up to them 256 MB and ten seconds of processor time are enough.
     */
    private static final Map<String, Integer> MOST = Map.of(
            "si",
            1_000_000,
            "xf",
            65_536,
            "numFmt",
            65_536,
            "sheet",
            500,
            "Relationship",
            2_000,
            "row",
            1_048_576,
            "c",
            12_000_000);

    private static final String[] TAGS = MOST.keySet().toArray(new String[0]);

    private final String name;
    private final byte[] buffer = new byte[1 << 16];
    private final SheetTail tail = new SheetTail();
    private final TagCount tags = new TagCount(TAGS);
    private final Map<String, List<Merge>> merges = new HashMap<>();
    private long total;
    private long tables;

    private WorkbookGate(String name) {
        this.name = name;
    }

    /**
     * Checks a workbook.
     *
     * @return merged cells by sheet name
     * @throws FormException if the file must not be opened
     */
    static Map<String, List<Merge>> check(String name, Path file) throws IOException {
        WorkbookGate gate = new WorkbookGate(name);
        if (Files.size(file) > FILE_BYTES) {
            throw gate.tooLarge();
        }
        try (ZipFile zip = new ZipFile(file.toFile())) {
            gate.checkNames(zip);
            for (ZipEntry entry : (Iterable<ZipEntry>) zip.stream().<ZipEntry>map(e -> e)::iterator) {
                gate.inflate(zip, entry);
            }
            return SheetTail.byName(zip, gate.merges);
        } catch (ZipException | java.io.EOFException e) {
            throw new FormException(
                    Reason.DAMAGED, name + "：文件已损坏，请重新保存或重新下载", "the file is damaged; save or download it again", e);
        }
    }

    private void checkNames(ZipFile zip) {
        if (zip.size() > ENTRIES) {
            throw tooLarge();
        }
        Set<String> seen = new HashSet<>();
        zip.stream().forEach(entry -> {
            String path = entry.getName().toLowerCase(Locale.ROOT);
            if (path.contains("..")
                    || path.startsWith("/")
                    || path.contains("\\")
                    || path.contains(":")
                    || !seen.add(path)) {
                throw new FormException(
                        Reason.UNSAFE,
                        name + "：压缩包内有可疑的文件名，拒绝读取",
                        "the archive has suspicious entry names and is refused");
            }
            if (path.endsWith("vbaproject.bin")) {
                throw macros();
            }
        });
        if (!seen.contains("[content_types].xml") || !seen.contains("xl/workbook.xml")) {
            throw new FormException(
                    Reason.NOT_A_FORM,
                    name + "：不是 .xlsx 表格，请用 Excel 或 WPS 另存为 .xlsx",
                    "not an .xlsx workbook; save the file as .xlsx");
        }
    }

    private void inflate(ZipFile zip, ZipEntry entry) throws IOException {
        String path = entry.getName();
        boolean xml = path.endsWith(".xml") || path.endsWith(".rels");
        boolean sheet = path.startsWith("xl/worksheets/") && xml;
        long size = 0;
        tail.begin();
        tags.begin();
        try (InputStream in = zip.getInputStream(entry)) {
            int read = in.readNBytes(buffer, 0, HEAD);
            if (xml) {
                checkHead(path, new String(buffer, 0, read, StandardCharsets.ISO_8859_1));
            }
            while (read > 0) {
                size += read;
                total += read;
                tables += sheet || !xml ? 0 : read;
                if (sheet) {
                    tail.add(buffer, read);
                }
                if (xml) {
                    tags.add(buffer, read);
                }
                checkSize(size, entry.getCompressedSize());
                read = in.read(buffer);
            }
        }
        if (sheet) {
            List<Merge> merged = tail.merges();
            if (merged == null) {
                throw tooLarge();
            }
            merges.put(path, merged);
        }
    }

    private void checkSize(long size, long compressed) {
        boolean bomb = size > RATIO_FROM_BYTES && compressed > 0 && size / compressed > RATIO;
        if (bomb || total > INFLATED_BYTES || tables > TABLE_BYTES) {
            throw tooLarge();
        }
        for (int i = 0; i < TAGS.length; i++) {
            if (tags.of(i) > MOST.getOrDefault(TAGS[i], 0)) {
                throw tooLarge();
            }
        }
    }

    private void checkHead(String path, String head) {
        String plain = head.replace("\0", "");
        if (plain.contains("<!DOCTYPE") || plain.contains("<!ENTITY")) {
            throw new FormException(
                    Reason.UNSAFE, name + "：文件含有文档类型定义，拒绝读取", "the file has a document type definition and is refused");
        }
        if (path.equals("[Content_Types].xml") && plain.contains("macroEnabled")) {
            throw macros();
        }
    }

    private FormException macros() {
        return new FormException(
                Reason.MACROS, name + "：表格含有宏，请另存为不含宏的 .xlsx", "the workbook has macros; save it as a plain .xlsx");
    }

    private FormException tooLarge() {
        return new FormException(
                Reason.TOO_LARGE,
                name + "：文件过大或压缩比异常，拒绝读取。请删除多余的工作表和空行后另存",
                "the file is too large or compressed beyond reason; remove what is not needed and save it again");
    }
}
