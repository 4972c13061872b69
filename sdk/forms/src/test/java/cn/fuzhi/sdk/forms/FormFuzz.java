package cn.fuzhi.sdk.forms;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a fuzzer gives to the readers of forms: the first byte chooses the form, the second what the others are: a file as it is, CSV
 * in one of two character sets, or one part of a workbook that is sound otherwise. Nothing may come out but a {@link FormException}.
 */
final class FormFuzz {
    private static final FormContext CONTEXT = Examples.context().build();
    private static final List<Form<?>> FORMS = List.of(
            TimetableForm.of(CONTEXT),
            AnnualPlanForm.of(CONTEXT),
            PairingListForm.of(CONTEXT),
            SchoolDirectoryForm.of(CONTEXT),
            UsageForm.of(CONTEXT));
    private static final String CSV = """
            序号,帮扶学校,受援学校,学段,学校名称,授课时间,"统计日期"\r
            1,示例一小,示例乡小,小学,"甲""校",12月1日9:00-9:40,2022-09-16\r
            """;
    private static final FormFile SOUND = Examples.workbook(sheet -> {
        Examples.row(sheet, 0, "序号", "帮扶学校", "受援学校", "学段", "生效日期");
        Examples.row(sheet, 1, "1", "略阳县示例第一小学", "略阳县示例乡村小学", "小学", "2022年9月1日");
    });
    private static final Map<String, byte[]> PARTS = Examples.parts(SOUND);
    private static final List<String> NAMES = List.copyOf(PARTS.keySet());
    private static final int FILE = NAMES.size();
    private static final int UTF_8 = FILE + 1;
    private static final int GB18030 = FILE + 2;
    private static final int KINDS = FILE + 3;

    private FormFuzz() {}

    /** Writes the first inputs, from which a fuzzer goes on, into a folder. */
    public static void main(String[] args) throws IOException {
        Path folder = Files.createDirectories(Path.of(args[0]));
        List<byte[]> seeds = seeds();
        for (int i = 0; i < seeds.size(); i++) {
            Files.write(folder.resolve("seed-" + i), seeds.get(i));
        }
    }

    static List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        for (int form = 0; form < FORMS.size(); form++) {
            for (int part = 0; part < FILE; part++) {
                seeds.add(seed(form, part, PARTS.get(NAMES.get(part))));
            }
            seeds.add(seed(form, UTF_8, CSV.getBytes(StandardCharsets.UTF_8)));
            seeds.add(seed(form, GB18030, CSV.getBytes(Charset.forName("GB18030"))));
            seeds.add(seed(form, FILE, SOUND.content()));
        }
        return seeds;
    }

    private static byte[] seed(int form, int kind, byte[] input) {
        byte[] seed = new byte[input.length + 2];
        seed[0] = (byte) form;
        seed[1] = (byte) kind;
        System.arraycopy(input, 0, seed, 2, input.length);
        return seed;
    }

    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length > 1) {
            Form<?> form = FORMS.get(Byte.toUnsignedInt(data[0]) % FORMS.size());
            int kind = Byte.toUnsignedInt(data[1]) % KINDS;
            byte[] input = Arrays.copyOfRange(data, 2, data.length);
            try {
                form.read(file(kind, input));
            } catch (FormException e) {
                // says what is wrong
            }
        }
    }

    private static FormFile file(int kind, byte[] input) {
        if (kind == FILE) {
            return FormFile.of("fuzz.xlsx", input);
        }
        FormFile csv = FormFile.of("fuzz.csv", input);
        return kind == UTF_8
                ? csv
                : kind == GB18030 ? csv.withCharset(Charset.forName("GB18030")) : workbook(kind, input);
    }

    private static FormFile workbook(int part, byte[] input) {
        Map<String, byte[]> parts = new LinkedHashMap<>(PARTS);
        parts.put(NAMES.get(part), input);
        return Examples.packed("fuzz.xlsx", parts);
    }
}
