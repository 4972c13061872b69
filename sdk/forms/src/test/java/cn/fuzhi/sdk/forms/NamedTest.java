package cn.fuzhi.sdk.forms;

import static org.assertj.core.api.Assertions.assertThat;

import cn.fuzhi.sdk.model.Division;
import cn.fuzhi.sdk.model.School;
import cn.fuzhi.sdk.model.UsageReport;
import cn.fuzhi.sdk.rules.Divisions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names of divisions and schools become codes only where it is clear which one is meant. */
final class NamedTest {
    private final FormContext province = FormContext.builder()
            .platform("LUEYANG01", null)
            .divisions(Divisions.bundled().all())
            .build();

    @ParameterizedTest
    @CsvSource({
        "略阳县,610727",
        "略阳,610727",
        "汉中市略阳县,610727",
        "陕西省略阳县,610727",
        "610727,610727",
        "西安,610100",
        "杨陵区,610403",
        "咸阳市杨陵区,610403",
        "神木市,610881"
    })
    void findsADivision(String name, String code) {
        assertThat(province.division(name)).extracting(Division::code).isEqualTo(code);
        assertThat(province.place(name).former()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"户县,610118", "旬阳县,610981", "610125,610118"})
    void readsAnAbolishedDivisionAsWhatReplacedIt(String name, String code) {
        FormContext.Place place = province.place(name);

        assertThat(place.division()).extracting(Division::code).isEqualTo(code);
        assertThat(place.former()).isTrue();
    }

    @Test
    void doesNotChooseACountyThatIsNotInTheCity() {
        FormContext.Place place = province.place("西安市略阳县");

        assertThat(place.division()).isNull();
        assertThat(place.candidates()).extracting(Division::code).contains("610100", "610727");
    }

    @Test
    void notesAndWarnsInTheCell() {
        FormResult<School> result = SchoolDirectoryForm.of(province).read(Examples.workbook(sheet -> {
            Examples.row(sheet, 0, "学校标识码", "学校名称", "所属县区", "城乡分类");
            Examples.row(sheet, 1, "2161000005", "示例第五小学", "略阳", "村庄");
            Examples.row(sheet, 2, "2161000006", "示例第六小学", "户县", "村庄");
            Examples.row(sheet, 3, "2161000007", "示例第七小学", "西安市略阳县", "村庄");
        }));

        assertThat(result.records()).extracting(School::divisionCode).containsExactly("610727", "610118");
        assertThat(result.notes()).extracting(FormNote::messageEn).contains("matched to division code 610727");
        assertThat(result.problems()).extracting(CellProblem::cell).containsExactly("Sheet1!C3", "Sheet1!C4");
        assertThat(result.problems()).extracting(CellProblem::rule).containsExactly("R-05", "FORM");
    }

    @Test
    void choosesAmongSchoolsOfOneNameByDivisionAndSaysSo() {
        School here = Examples.STRONG.toBuilder()
                .schoolCode("2161000011")
                .name("中心小学")
                .build();
        School there =
                here.toBuilder().schoolCode("2161000012").divisionCode("610113").build();
        SchoolDirectory directory = SchoolDirectory.of(List.of(here, there));

        assertThat(directory.find("中心小学", null).schools()).hasSize(2);
        assertThat(directory.find("中心小学", "610113").schools()).containsExactly(there);
        assertThat(directory.find("中心小学", "610113").narrowed()).isTrue();
        assertThat(directory.find("中心小学", "610700").schools()).containsExactly(here);
        assertThat(SchoolDirectory.isIn(there, "610727")).isFalse();
        assertThat(SchoolDirectory.isIn(there, "610100")).isTrue();
    }

    @Test
    void warnsWhenSchoolAndDivisionDisagree() {
        String[] line = OddityTest.line(4, "西安市");

        var result = OddityTest.read(TimetableForm.of(Examples.context().build()), "略阳县 9/15-9/28 名师示范课课表", line);

        assertThat(result.problems())
                .filteredOn(problem ->
                        problem.columnZh() != null && problem.columnZh().equals("单位"))
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.isError()).isFalse();
                    assertThat(problem.message()).contains("610727");
                });
    }

    @Test
    void doesNotChooseAmongIssuersOfOneName() {
        var result = OddityTest.read(
                TimetableForm.of(Examples.context().build()), "中心小学 9/15-9/28 名师示范课课表", OddityTest.line(0, "1"));

        assertThat(result.records()).isEmpty();
        assertThat(result.problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.hint()).contains("2161000003", "2161000004"));
    }

    @Test
    void notesTheDivisionOfAUsageReport() {
        FormResult<UsageReport> result = UsageForm.of(province).read(Examples.workbook(sheet -> {
            Examples.row(sheet, 0, "统计范围名称", "统计日期", "登录次数");
            Examples.row(sheet, 1, "略阳", "2022-09-16", "3");
        }));

        assertThat(result.records()).extracting(UsageReport::scopeCode).containsExactly("610727");
        assertThat(result.notes()).extracting(FormNote::messageEn).contains("matched to division code 610727");
    }
}
