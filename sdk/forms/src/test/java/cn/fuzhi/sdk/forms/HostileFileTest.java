package cn.fuzhi.sdk.forms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cn.fuzhi.sdk.forms.FormException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Cases I04, I07, I10 to I18 of the failure catalogue: every hostile file ends in a clear error, soon and in little memory. */
final class HostileFileTest {
    private static final Duration SOON = Duration.ofSeconds(5);
    /** A file just below the limits is read, and is no attack. */
    private static final Duration READ_SOON = SOON.multipliedBy(2);

    @TempDir
    Path folder;

    private static FormResult<?> read(FormFile file) {
        return PairingListForm.of(Examples.context().build()).read(file);
    }

    private static void refused(FormFile file, Reason reason) {
        refused(() -> read(file), reason);
    }

    private static void refused(ThrowingCallable reading, Reason reason) {
        assertThatThrownBy(reading)
                .isInstanceOfSatisfying(
                        FormException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    @Test
    void refusesEncryptedAndOldWorkbooks() {
        byte[] ole = {(byte) 0xD0, (byte) 0xCF, 0x11, (byte) 0xE0, (byte) 0xA1, (byte) 0xB1, 0x1A, (byte) 0xE1};

        refused(FormFile.of("secret.xlsx", ole), Reason.ENCRYPTED);
    }

    @Test
    void refusesMacros() {
        Map<String, byte[]> parts = parts();
        parts.put("xl/vbaProject.bin", new byte[] {1});

        refused(file(parts), Reason.MACROS);
    }

    @Test
    void refusesMacrosByContentType() {
        Map<String, byte[]> parts = parts();
        parts.computeIfPresent(
                "[Content_Types].xml",
                (name, xml) -> text(xml)
                        .replace("spreadsheetml.sheet.main+xml", "ms-excel.sheet.macroEnabled.main+xml")
                        .getBytes(StandardCharsets.UTF_8));

        refused(file(parts), Reason.MACROS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml", "xl/styles.xml"})
    void refusesExternalEntities(String part) {
        Map<String, byte[]> parts = parts();
        parts.computeIfPresent(
                part,
                (name, xml) -> text(xml)
                        .replaceFirst("\\?>", "?><!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/hostname\">]>")
                        .getBytes(StandardCharsets.UTF_8));

        refused(file(parts), Reason.UNSAFE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"../xl/evil.xml", "/etc/evil", "xl\\evil.xml", "C:evil", "XL/WORKBOOK.XML"})
    void refusesEntryNamesThatDeceive(String name) {
        Map<String, byte[]> parts = parts();
        parts.put(name, new byte[] {1});

        refused(file(parts), Reason.UNSAFE);
    }

    @Test
    void refusesAZipThatIsNoWorkbook() {
        refused(file(Map.of("hello.txt", new byte[] {1})), Reason.NOT_A_FORM);
    }

    @Test
    void refusesACutOffWorkbook() {
        byte[] whole = zip(parts());
        byte[] half = java.util.Arrays.copyOf(whole, whole.length / 2);

        refused(FormFile.of("half.xlsx", half), Reason.DAMAGED);
    }

    @Test
    void refusesADamagedSheet() {
        Map<String, byte[]> parts = parts();
        parts.computeIfPresent(
                "xl/worksheets/sheet1.xml", (name, xml) -> java.util.Arrays.copyOf(xml, xml.length - 80));

        refused(file(parts), Reason.DAMAGED);
    }

    @Test
    void readsTheStoredResultOfAFormulaAndNothingElse() {
        FormResult<?> result = read(Examples.workbook(sheet -> {
            Examples.row(sheet, 0, "帮扶学校", "受援学校", "是否固定结对", "三个课堂类型");
            Examples.row(sheet, 1, "", "示例乡小", "是", "专递课堂");
            sheet.formula(1, 0, "HYPERLINK(\"http://127.0.0.1:1/x\",\"示例一小\")");
        }));

        assertThat(result.records()).isEmpty();
        assertThat(result.problems()).extracting(CellProblem::cell).contains("Sheet1!A2");
    }

    @Test
    void refusesMojibakeInEveryDirection() {
        byte[] gbk = "帮扶学校,受援学校\r\n".getBytes(Charset.forName("GB18030"));
        byte[] utf16 = "帮扶学校,受援学校\r\n".getBytes(StandardCharsets.UTF_16);
        byte[] bom = "\uFEFF帮扶学校,受援学校\r\n".getBytes(StandardCharsets.UTF_8);

        refused(FormFile.of("gbk.csv", gbk), Reason.WRONG_CHARSET);
        refused(FormFile.of("utf16.csv", utf16), Reason.WRONG_CHARSET);
        refused(FormFile.of("bom.csv", bom).withCharset(Charset.forName("GB18030")), Reason.WRONG_CHARSET);
    }

    @Test
    void refusesBinaryText() {
        refused(FormFile.of("zero.csv", new byte[] {'a', 0, 'b', '\n'}), Reason.NOT_A_FORM);
    }

    @Test
    void refusesAQuoteThatIsNeverClosed() {
        String text = "帮扶学校,受援学校,是否固定结对,三个课堂类型\r\n\"示例一小,示例乡小,是,专递课堂\r\n";

        refused(FormFile.of("open.csv", text.getBytes(StandardCharsets.UTF_8)), Reason.BAD_CSV);
    }

    /** A file that would exhaust a reader without limits; each is read by a JVM of its own with 256 MB. */
    enum Heavy {
        ZIP_BOMB(Reason.TOO_LARGE) {
            @Override
            void write(OutputStream out) throws IOException {
                sheet(out, xml -> {
                    byte[] spaces = " ".repeat(1 << 20).getBytes(StandardCharsets.UTF_8);
                    for (int i = 0; i < 2_000; i++) {
                        xml.write(spaces);
                    }
                });
            }
        },
        MILLION_ENTRIES(Reason.TOO_LARGE) {
            @Override
            void write(OutputStream out) throws IOException {
                try (ZipOutputStream zip = new ZipOutputStream(out)) {
                    zip.setLevel(0);
                    for (int i = 0; i < 400_000; i++) {
                        zip.putNextEntry(new ZipEntry("e" + i));
                    }
                }
            }
        },
        HUGE_USED_RANGE(null) {
            @Override
            void write(OutputStream out) throws IOException {
                sheet(out, xml -> {
                    for (int row = 1; row <= 1_048_576; row += row < 3_000 ? 1 : 1_000) {
                        String cells = "<row r=\"" + row + "\"><c r=\"A" + row + "\" s=\"0\"/><c r=\"XFD" + row
                                + "\" s=\"0\"/></row>";
                        xml.write(cells.getBytes(StandardCharsets.UTF_8));
                    }
                });
            }
        },
        MILLIONS_OF_STRINGS(Reason.TOO_LARGE) {
            @Override
            void write(OutputStream out) throws IOException {
                Map<String, byte[]> parts = parts();
                StringBuilder strings = new StringBuilder("<sst>");
                for (int i = 0; i < 5_000_000; i++) {
                    strings.append("<si><t>")
                            .append(Integer.toString(i * 7_919, 36))
                            .append("</t></si>");
                }
                parts.put(
                        "xl/sharedStrings.xml",
                        strings.append("</sst>").toString().getBytes(StandardCharsets.UTF_8));
                zip(parts, out);
            }
        },
        STRINGS_JUST_BELOW_THE_LIMIT(null) {
            @Override
            void write(OutputStream out) throws IOException {
                Map<String, byte[]> parts = parts();
                StringBuilder strings = new StringBuilder("<sst>");
                for (int i = 0; i < 999_000; i++) {
                    strings.append("<si><t>")
                            .append(Integer.toString(i * 7_919, 36))
                            .append("x".repeat(35))
                            .append("</t></si>");
                }
                parts.put(
                        "xl/sharedStrings.xml",
                        strings.append("</sst>").toString().getBytes(StandardCharsets.UTF_8));
                // The library reads texts as they are asked for, so a cell asks for the last one.
                parts.computeIfPresent(
                        "xl/worksheets/sheet1.xml",
                        (name, xml) ->
                                text(xml).replace("<v>3</v>", "<v>998999</v>").getBytes(StandardCharsets.UTF_8));
                zip(parts, out);
            }
        },
        STYLES_JUST_BELOW_THE_LIMIT(null) {
            @Override
            void write(OutputStream out) throws IOException {
                styles(out, 65_000);
            }
        },
        HUNDREDS_OF_THOUSANDS_OF_STYLES(Reason.TOO_LARGE) {
            @Override
            void write(OutputStream out) throws IOException {
                styles(out, 500_000);
            }
        },
        HUNDREDS_OF_SHEETS(null) {
            @Override
            void write(OutputStream out) throws IOException {
                Map<String, byte[]> parts = parts();
                for (int i = 0; i < 1_900; i++) {
                    parts.put("xl/worksheets/x" + i + ".xml", "<worksheet/>".getBytes(StandardCharsets.UTF_8));
                }
                zip(parts, out);
            }
        },
        MERGED_CELLS_THAT_NEVER_END(Reason.DAMAGED) {
            @Override
            void write(OutputStream out) throws IOException {
                sheet(out, HostileFileTest::titles, noise("<mergeCell a", 80_000));
            }
        },
        MERGED_CELLS_WITHOUT_A_PLACE(null) {
            @Override
            void write(OutputStream out) throws IOException {
                sheet(out, HostileFileTest::titles, noise("<mergeCell a=\"1\"/>", 40_000));
            }
        },
        MORE_MERGED_CELLS_THAN_ARE_KEPT(Reason.TOO_LARGE) {
            @Override
            void write(OutputStream out) throws IOException {
                sheet(out, HostileFileTest::titles, noise("<mergeCell ref=\"A1:B2\" b", 90_000));
            }
        },
        MERGED_CELLS_OVER_ALL_ROWS(Reason.TOO_LARGE) {
            @Override
            void write(OutputStream out) throws IOException {
                sheet(
                        out,
                        xml -> {
                            titles(xml);
                            lines(xml, 1_000_000, row -> cell("B", row));
                        },
                        xml -> {
                            for (int i = 0; i < 30_000; i++) {
                                String merge = "<mergeCell ref=\"A" + (2 + i) + ":A1048576\"/>";
                                xml.write(merge.getBytes(StandardCharsets.UTF_8));
                            }
                        });
            }
        },
        ROWS_OF_ONE_CELL(Reason.TOO_LARGE) {
            @Override
            void write(OutputStream out) throws IOException {
                sheet(out, xml -> {
                    titles(xml);
                    lines(xml, 1_000_000, row -> cell("C", row));
                });
            }
        },
        LINES_AS_WIDE_AS_THE_SHEET(Reason.TOO_LARGE) {
            @Override
            void write(OutputStream out) throws IOException {
                sheet(out, xml -> {
                    titles(xml);
                    lines(xml, 190_000, row -> cell("A", row) + cell("C", row) + cell("XFD", row));
                });
            }
        },
        MILLIONS_OF_CELLS(Reason.TOO_LARGE) {
            @Override
            void write(OutputStream out) throws IOException {
                sheet(out, xml -> {
                    titles(xml);
                    String cells = "<c/>".repeat(500);
                    lines(xml, 150_000, row -> cell("A", row) + cells);
                });
            }
        },
        CELLS_JUST_BELOW_THE_LIMIT(null) {
            @Override
            void write(OutputStream out) throws IOException {
                sheet(out, xml -> {
                    titles(xml);
                    String cells = "<c/>".repeat(58);
                    lines(xml, 199_000, row -> cell("A", row) + cell("C", row) + cells);
                });
            }
        },
        PLACES_JUST_BELOW_THE_LIMIT(null) {
            @Override
            void write(OutputStream out) throws IOException {
                sheet(out, xml -> {
                    titles(xml);
                    lines(xml, 3_890, row -> cell("A", row) + cell("C", row) + cell("XFD", row));
                });
            }
        },
        FIELDS_JUST_BELOW_THE_LIMIT(null) {
            @Override
            void write(OutputStream out) throws IOException {
                out.write("帮扶学校,受援学校,是否固定结对,三个课堂类型\n".getBytes(StandardCharsets.UTF_8));
                byte[] line = ("1" + ",1".repeat(99) + "\n").getBytes(StandardCharsets.UTF_8);
                for (int i = 0; i < 199_000; i++) {
                    out.write(line);
                }
            }
        },
        WIDE_TEXT(Reason.TOO_LARGE) {
            @Override
            void write(OutputStream out) throws IOException {
                out.write("帮扶学校,受援学校,是否固定结对,三个课堂类型\n".getBytes(StandardCharsets.UTF_8));
                byte[] line = ("1" + ",1".repeat(9_000) + "\n").getBytes(StandardCharsets.UTF_8);
                for (int i = 0; i < 12_000; i++) {
                    out.write(line);
                }
            }
        },
        ENDLESS_LINE(Reason.BAD_CSV) {
            @Override
            void write(OutputStream out) throws IOException {
                byte[] text = "帮扶学校,".repeat(80_000).getBytes(StandardCharsets.UTF_8);
                for (int i = 0; i < 1_000; i++) {
                    out.write(text);
                }
            }
        },
        ENDLESS_FIELD(Reason.BAD_CSV) {
            @Override
            void write(OutputStream out) throws IOException {
                out.write('"');
                byte[] text = "x".repeat(1 << 20).getBytes(StandardCharsets.UTF_8);
                for (int i = 0; i < 1_000; i++) {
                    out.write(text);
                }
            }
        };

        final Reason reason;

        Heavy(Reason reason) {
            this.reason = reason;
        }

        abstract void write(OutputStream out) throws IOException;
    }

    @ParameterizedTest
    @EnumSource
    void endsSoonInLittleMemory(Heavy heavy) throws Exception {
        Path file = folder.resolve(heavy.name());
        try (OutputStream out = new java.io.BufferedOutputStream(Files.newOutputStream(file))) {
            heavy.write(out);
        }
        String end = heavy.reason == null ? "READ" : heavy.reason.name();
        Duration soon = heavy.reason == null ? READ_SOON : SOON;
        Duration took = read(file, end);
        // On a machine with other builds everything takes up to twice as long; the quickest of three counts.
        for (int again = 0; again < 2 && took.compareTo(soon) >= 0; again++) {
            took = read(file, end);
        }
        assertThat(took).isLessThan(soon);
    }

    /** Lets a child read a file that must end in this way, and returns how long it took. */
    private Duration read(Path file, String end) throws Exception {
        Path said = folder.resolve(file.getFileName() + ".said");
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        HostileFileTest.class.getName(),
                        file.toString())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        try {
            assertThat(child.waitFor(60, TimeUnit.SECONDS)).as("ends at all").isTrue();
        } finally {
            child.destroyForcibly();
        }
        String text = Files.readString(said).strip();
        String[] words = text.split(" ", -1);
        assertThat(words[0]).as(text).isEqualTo(end);
        return Duration.ofMillis(Long.parseLong(words[1]));
    }

    /**
     * The child: reads one file and says how it ended, and after how many milliseconds since its start: on the wall, or of
     * processor time where that is less, because other builds of the machine hold it up.
     */
    public static void main(String[] args) {
        String end;
        try {
            read(FormFile.of(Path.of(args[0])));
            end = "READ";
        } catch (FormException e) {
            end = e.reason().name();
        }
        Duration cpu = ProcessHandle.current().info().totalCpuDuration().orElseThrow();
        long wall = ManagementFactory.getRuntimeMXBean().getUptime();
        System.out.println(end + " " + Math.min(wall, cpu.toMillis()));
    }

    private static void titles(OutputStream xml) throws IOException {
        StringBuilder row = new StringBuilder("<row r=\"1\">");
        List<String> titles = List.of("帮扶学校", "受援学校", "是否固定结对", "三个课堂类型");
        for (int i = 0; i < titles.size(); i++) {
            row.append("<c r=\"")
                    .append((char) ('A' + i))
                    .append("1\" t=\"inlineStr\"><is><t>")
                    .append(titles.get(i))
                    .append("</t></is></c>");
        }
        xml.write(row.append("</row>").toString().getBytes(StandardCharsets.UTF_8));
    }

    private static void lines(OutputStream xml, int count, IntFunction<String> cells) throws IOException {
        for (int row = 2; row < count + 2; row++) {
            String text = "<row r=\"" + row + "\">" + cells.apply(row) + "</row>";
            xml.write(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static String cell(String column, int row) {
        return "<c r=\"" + column + row + "\"><v>" + row * 7_919L % 1_000_003 + "</v></c>";
    }

    private static Rows noise(String text, int times) {
        return xml -> xml.write(text.repeat(times).getBytes(StandardCharsets.UTF_8));
    }

    private static void styles(OutputStream out, int count) throws IOException {
        Map<String, byte[]> parts = parts();
        StringBuilder formats = new StringBuilder("<cellXfs>");
        for (int i = 0; i < count; i++) {
            formats.append("<xf numFmtId=\"")
                    .append(i % 50)
                    .append("\" fontId=\"")
                    .append(i * 31 % 977)
                    .append("\"/>");
        }
        parts.computeIfPresent(
                "xl/styles.xml",
                (name, xml) -> text(xml)
                        .replace("<cellXfs", formats + "</cellXfs><cellXfs")
                        .getBytes(StandardCharsets.UTF_8));
        zip(parts, out);
    }

    private static Map<String, byte[]> parts() {
        FormFile file = Examples.workbook(sheet -> Examples.row(sheet, 0, "帮扶学校", "受援学校", "是否固定结对", "三个课堂类型"));
        Map<String, byte[]> parts = new LinkedHashMap<>();
        try {
            Path copy = Files.createTempFile("parts", ".xlsx");
            Files.write(copy, file.content());
            try (ZipFile zip = new ZipFile(copy.toFile())) {
                for (ZipEntry entry : java.util.Collections.list(zip.entries())) {
                    parts.put(entry.getName(), zip.getInputStream(entry).readAllBytes());
                }
            }
            Files.delete(copy);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return parts;
    }

    private static String text(byte[] xml) {
        return new String(xml, StandardCharsets.UTF_8);
    }

    private static FormFile file(Map<String, byte[]> parts) {
        return FormFile.of("crafted.xlsx", zip(parts));
    }

    private static byte[] zip(Map<String, byte[]> parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            zip(parts, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static void zip(Map<String, byte[]> parts, OutputStream out) throws IOException {
        ZipOutputStream zip = new ZipOutputStream(out);
        for (Map.Entry<String, byte[]> part : parts.entrySet()) {
            zip.putNextEntry(new ZipEntry(part.getKey()));
            zip.write(part.getValue());
        }
        zip.finish();
    }

    /** Writes the inside of a sheet. */
    interface Rows {
        void write(OutputStream xml) throws IOException;
    }

    private static void sheet(OutputStream out, Rows rows) throws IOException {
        sheet(out, rows, xml -> {});
    }

    private static void sheet(OutputStream out, Rows rows, Rows tail) throws IOException {
        Map<String, byte[]> parts = parts();
        parts.remove("xl/worksheets/sheet1.xml");
        ZipOutputStream zip = new ZipOutputStream(out);
        for (Map.Entry<String, byte[]> part : parts.entrySet()) {
            zip.putNextEntry(new ZipEntry(part.getKey()));
            zip.write(part.getValue());
        }
        zip.putNextEntry(new ZipEntry("xl/worksheets/sheet1.xml"));
        String start = "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">"
                + "<dimension ref=\"A1:XFD1048576\"/><sheetData>";
        zip.write(start.getBytes(StandardCharsets.UTF_8));
        rows.write(zip);
        zip.write("</sheetData>".getBytes(StandardCharsets.UTF_8));
        tail.write(zip);
        zip.write("</worksheet>".getBytes(StandardCharsets.UTF_8));
        zip.finish();
    }
}
