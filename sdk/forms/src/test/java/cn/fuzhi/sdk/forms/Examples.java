package cn.fuzhi.sdk.forms;

import cn.fuzhi.sdk.model.Division;
import cn.fuzhi.sdk.model.DivisionCodeStatus;
import cn.fuzhi.sdk.model.DivisionLevel;
import cn.fuzhi.sdk.model.School;
import cn.fuzhi.sdk.model.SchoolStatus;
import cn.fuzhi.sdk.model.SchoolType;
import cn.fuzhi.sdk.model.Stage;
import cn.fuzhi.sdk.model.UnitKind;
import cn.fuzhi.sdk.model.UrbanRuralClass;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.dhatim.fastexcel.Workbook;
import org.dhatim.fastexcel.Worksheet;

/** Invented schools of one county, and workbooks made cell by cell. */
final class Examples {
    static final List<Division> DIVISIONS = List.of(
            division("610000", "陕西省", DivisionLevel.PROVINCE),
            division("610100", "西安市", DivisionLevel.CITY),
            division("610700", "汉中市", DivisionLevel.CITY),
            division("610727", "略阳县", DivisionLevel.COUNTY));
    static final School STRONG = school("2161000001", "略阳县示例第一小学", "示例一小");
    static final School RURAL = school("2161000002", "略阳县示例乡村小学", "示例乡小");
    static final School TWIN_ONE = school("2161000003", "略阳县示例东沟小学", "中心小学");
    static final School TWIN_TWO = school("2161000004", "略阳县示例西沟小学", "中心小学");

    private Examples() {}

    static FormContext.Builder context() {
        return FormContext.builder()
                .platform("LUEYANG01", "略阳县智慧教育平台")
                .bodyCode("610727")
                .year(2022)
                .schoolYear("2022-2023")
                .divisions(DIVISIONS)
                .schools(SchoolDirectory.of(List.of(STRONG, RURAL, TWIN_ONE, TWIN_TWO)));
    }

    private static Division division(String code, String name, DivisionLevel level) {
        return Division.builder()
                .code(code)
                .name(name)
                .level(level)
                .codeStatus(DivisionCodeStatus.OFFICIAL)
                .build();
    }

    private static School school(String code, String name, String shortName) {
        return School.builder()
                .schoolCode(code)
                .unitKind(UnitKind.SCHOOL)
                .name(name)
                .shortName(shortName)
                .formerNames(List.of("原" + name))
                .divisionCode("610727")
                .urbanRuralClass(UrbanRuralClass.VILLAGE)
                .schoolType(SchoolType.PRIMARY_SCHOOL)
                .stages(List.of(Stage.PRIMARY))
                .status(SchoolStatus.ACTIVE)
                .build();
    }

    /** Fills a workbook. */
    interface Filling {
        void into(Worksheet sheet);
    }

    static FormFile workbook(Filling... sheets) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (Workbook workbook = new Workbook(out, "test", null)) {
            for (int i = 0; i < sheets.length; i++) {
                sheets[i].into(workbook.newWorksheet("Sheet" + (i + 1)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return FormFile.of("test.xlsx", out.toByteArray());
    }

    static void row(Worksheet sheet, int row, String... values) {
        for (int i = 0; i < values.length; i++) {
            if (!values[i].isEmpty()) {
                sheet.value(row, i, values[i]);
            }
        }
    }

    /** A form that writes. */
    interface Writing {
        void to(java.io.OutputStream out) throws IOException;
    }

    static FormFile written(Writing writing) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            writing.to(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return FormFile.of("written.xlsx", out.toByteArray());
    }

    /** One part of a workbook as text. */
    static String part(FormFile file, String name) {
        return new String(Objects.requireNonNull(parts(file).get(name)), StandardCharsets.UTF_8);
    }

    /** All parts of a workbook by their names, in their order. */
    static Map<String, byte[]> parts(FormFile file) {
        Map<String, byte[]> parts = new LinkedHashMap<>();
        try {
            Path copy = Files.createTempFile("parts", ".xlsx");
            Files.write(copy, Objects.requireNonNull(file.content()));
            try (ZipFile zip = new ZipFile(copy.toFile())) {
                for (ZipEntry entry : Collections.list(zip.entries())) {
                    parts.put(entry.getName(), zip.getInputStream(entry).readAllBytes());
                }
            } finally {
                Files.delete(copy);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return parts;
    }

    /** A workbook of these parts. */
    static FormFile packed(String name, Map<String, byte[]> parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, byte[]> part : parts.entrySet()) {
                zip.putNextEntry(new ZipEntry(part.getKey()));
                zip.write(part.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return FormFile.of(name, out.toByteArray());
    }

    /** The same workbook with a text replaced in all its parts. */
    static FormFile changed(FormFile file, String text, String other) {
        Map<String, byte[]> parts = parts(file);
        parts.replaceAll((name, content) ->
                new String(content, StandardCharsets.UTF_8).replace(text, other).getBytes(StandardCharsets.UTF_8));
        return packed("changed.xlsx", parts);
    }
}
