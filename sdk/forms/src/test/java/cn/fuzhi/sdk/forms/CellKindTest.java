package cn.fuzhi.sdk.forms;

import static org.assertj.core.api.Assertions.assertThat;

import cn.fuzhi.sdk.model.Pairing;
import cn.fuzhi.sdk.model.School;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Cases I07, I17 and I18 of the failure catalogue: what a spreadsheet program makes of what somebody typed. */
final class CellKindTest {
    private static final String[] TITLES = {"学校标识码", "学校名称", "所属县区", "城乡分类", "学生数", "供方内部编号"};
    private final SchoolDirectoryForm schools =
            SchoolDirectoryForm.of(Examples.context().build());

    private FormResult<School> school(Examples.Filling line) {
        return schools.read(Examples.workbook(sheet -> {
            Examples.row(sheet, 0, TITLES);
            Examples.row(sheet, 1, "2161000005", "略阳县示例第五小学", "略阳县", "村庄", "86");
            line.into(sheet);
        }));
    }

    @Test
    void readsTheTextThatAFormulaLeft() {
        FormResult<School> result = schools.read(stored("<f>TEXT(7,\"000\")</f><v>007</v>", "str"));

        assertThat(result.problems()).isEmpty();
        assertThat(result.records())
                .singleElement()
                .satisfies(school -> assertThat(school.sourceId()).isEqualTo("007"));
        assertThat(result.notes()).extracting(FormNote::message).contains("公式单元格按其保存的结果读取");
    }

    @Test
    void readsTheNumberThatAFormulaLeft() {
        FormResult<School> result = schools.read(stored("<f>3*4</f><v>12</v>", "n"));

        assertThat(result.records())
                .singleElement()
                .satisfies(school -> assertThat(school.sourceId()).isEqualTo("12"));
    }

    @ParameterizedTest
    @CsvSource({"<f>A9/0</f><v>#DIV/0!</v>,e", "<f>A9</f>,n", "<f>HYPERLINK(1)</f><v>#REF!</v>,str"})
    void reportsAFormulaWithoutAResult(String cell, String type) {
        FormResult<School> result = schools.read(stored(cell, type));

        assertThat(result.records()).isEmpty();
        assertThat(result.problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.cell()).isEqualTo("Sheet1!F2"));
    }

    @Test
    void reportsADateInAColumnForText() {
        FormResult<School> result = school(sheet -> {
            sheet.value(1, 1, LocalDateTime.of(2022, 9, 16, 0, 0));
            sheet.style(1, 1).format("m/d").set();
        });

        assertThat(result.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.cell()).isEqualTo("Sheet1!B2");
            assertThat(problem.message()).contains("日期");
        });
    }

    @Test
    void notesANumberInAColumnForText() {
        FormResult<School> result = school(sheet -> sheet.value(1, 5, 1002));

        assertThat(result.records())
                .singleElement()
                .satisfies(school -> assertThat(school.sourceId()).isEqualTo("1002"));
        assertThat(result.notes()).extracting(FormNote::message).contains("数字单元格按文本读取");
    }

    @Test
    void reportsANumberOfMoreDigitsThanACellKeeps() {
        FormResult<School> result = school(sheet -> sheet.value(1, 5, new java.math.BigDecimal("1234567890123456")));

        assertThat(result.problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("15 位"));
    }

    @ParameterizedTest
    @CsvSource({"'1,234',1234", "８６,86", "86人,86", "' 86 ',86"})
    void notesWhatItTidiesInANumber(String written, int read) {
        FormResult<School> result = school(sheet -> sheet.value(1, 4, written));

        assertThat(result.problems()).isEmpty();
        assertThat(result.records())
                .singleElement()
                .satisfies(school -> assertThat(school.studentCount()).isEqualTo(read));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1，2", "1,23", "12,34,567", "99999999999", "-1", "1.5", "一百"})
    void doesNotGuessANumber(String written) {
        FormResult<School> result = school(sheet -> sheet.value(1, 4, written));

        assertThat(result.records()).isEmpty();
        assertThat(result.problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.cell()).isEqualTo("Sheet1!E2"));
    }

    @Test
    void takesTheBoundsOfASchoolYearHoweverItIsWritten() {
        PairingListForm pairings = PairingListForm.of(Examples.context().build());
        FormResult<Pairing> result = pairings.read(Examples.workbook(sheet -> {
            Examples.row(sheet, 0, "帮扶学校标识码", "受援学校标识码", "是否固定结对", "三个课堂类型", "学年");
            Examples.row(sheet, 1, "2161000001", "2161000002", "是", "专递课堂", "2022—2023学年");
        }));

        assertThat(result.problems()).isEmpty();
        assertThat(result.records()).singleElement().satisfies(pairing -> {
            assertThat(pairing.schoolYear()).isEqualTo("2022-2023");
            assertThat(pairing.validFrom()).isEqualTo(LocalDate.of(2022, 9, 1));
            assertThat(pairing.validTo()).isEqualTo(LocalDate.of(2023, 8, 31));
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠x", "'=1", "''+1"})
    void neutralisesWhatACsvWouldRunAndReadsItBack(String text) throws IOException {
        School school = Examples.RURAL.toBuilder().designationReason(text + "。").build();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        schools.writeCsv(List.of(school), StandardCharsets.UTF_8, out);

        assertThat(out.toString(StandardCharsets.UTF_8)).contains("'" + text + "。");
        assertThat(RawCell.text(text).text()).isEqualTo(text);
        FormResult<School> result = schools.read(FormFile.of("学校.csv", out.toByteArray()));
        assertThat(result.records())
                .singleElement()
                .satisfies(read -> assertThat(read.designationReason()).isEqualTo(Text.trim(text + "。")));
        assertThat(result.notes()).extracting(FormNote::message).contains("去掉了文字前的一个撇号");
    }

    @ParameterizedTest
    @ValueSource(strings = {"'引文'", "示例", "1-2", "a=b", "'"})
    void leavesOtherCsvTextsAlone(String text) {
        assertThat(CsvSheet.isNeutralised(text)).isFalse();
    }

    /** A workbook whose cell F2 has a result that a spreadsheet program stored; the library writes formulas without one. */
    private static FormFile stored(String content, String type) {
        FormFile file = Examples.workbook(sheet -> {
            Examples.row(sheet, 0, TITLES);
            Examples.row(sheet, 1, "2161000005", "略阳县示例第五小学", "略阳县", "村庄", "86");
            sheet.value(1, 5, 424_242);
        });
        return Examples.changed(
                file,
                "<c r=\"F2\" t=\"n\"><v>424242</v>",
                "<c r=\"F2\" t=\"" + type + "\">" + content.replace("\"", "&quot;"));
    }
}
