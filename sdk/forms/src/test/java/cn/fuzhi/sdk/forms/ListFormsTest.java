package cn.fuzhi.sdk.forms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import cn.fuzhi.sdk.model.ClassroomType;
import cn.fuzhi.sdk.model.Pairing;
import cn.fuzhi.sdk.model.PairingStatus;
import cn.fuzhi.sdk.model.School;
import cn.fuzhi.sdk.model.Severity;
import cn.fuzhi.sdk.model.UsageByClassroomType;
import cn.fuzhi.sdk.model.UsageGranularity;
import cn.fuzhi.sdk.model.UsageReport;
import cn.fuzhi.sdk.model.UsageScopeType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ListFormsTest {
    private final PairingListForm pairings =
            PairingListForm.of(Examples.context().build());
    private final SchoolDirectoryForm schools =
            SchoolDirectoryForm.of(Examples.context().build());
    private final UsageForm usage =
            UsageForm.of(Examples.context().periodKey("2022-09-15").build());

    @Test
    void readsAPairingListWithNamesOnly() {
        FormResult<Pairing> result = pairings.read(Examples.workbook(sheet -> {
            Examples.row(sheet, 0, "序号", "帮扶学校", "受援学校", "是否固定结对", "三个课堂类型");
            Examples.row(sheet, 1, "1", "示例一小", "原略阳县示例乡村小学", "是", "专递课堂、名师课堂");
        }));

        assertThat(result.problems()).isEmpty();
        assertThat(result.records()).singleElement().satisfies(pairing -> {
            assertThat(pairing.key()).isEqualTo("2022-2023~2161000001~2161000002");
            assertThat(pairing.validFrom()).isEqualTo("2022-09-01");
            assertThat(pairing.validTo()).isEqualTo("2023-08-31");
            assertThat(pairing.status()).isEqualTo(PairingStatus.ACTIVE);
            assertThat(pairing.classroomTypes()).containsExactly(ClassroomType.DELIVERY, ClassroomType.MASTER_TEACHER);
        });
        assertThat(result.notes())
                .extracting(FormNote::message)
                .contains("“示例一小”按简称对应学校标识码 2161000001", "“原略阳县示例乡村小学”按曾用名对应学校标识码 2161000002");
    }

    @Test
    void listsTheCandidatesOfAnAmbiguousName() {
        FormResult<Pairing> result = pairings.read(Examples.workbook(sheet -> {
            Examples.row(sheet, 0, "帮扶学校", "受援学校", "是否固定结对", "三个课堂类型");
            Examples.row(sheet, 1, "示例一小", "中心小学", "是", "专递课堂");
        }));

        assertThat(result.records()).isEmpty();
        assertThat(result.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.cell()).isEqualTo("Sheet1!B2");
            assertThat(problem.columnZh()).isEqualTo("受援学校");
            assertThat(problem.hint()).contains("2161000003 略阳县示例东沟小学", "2161000004 略阳县示例西沟小学");
        });
    }

    @Test
    void keepsOneOfTwinRowsAndRefusesContradictions() {
        FormResult<Pairing> result = pairings.read(Examples.workbook(sheet -> {
            Examples.row(sheet, 0, "帮扶学校标识码", "受援学校标识码", "是否固定结对", "三个课堂类型");
            Examples.row(sheet, 1, "2161000001", "2161000002", "是", "专递课堂");
            Examples.row(sheet, 2, "2161000001", "2161000002", "是", "专递课堂");
            Examples.row(sheet, 3, "2161000001", "2161000002", "否", "专递课堂");
        }));

        assertThat(result.records()).hasSize(1);
        assertThat(result.problems())
                .extracting(CellProblem::row, CellProblem::severity)
                .containsExactly(tuple(3, Severity.WARNING), tuple(4, Severity.ERROR));
    }

    @Test
    void readsADirectoryWithoutOurColumns() {
        FormResult<School> result = schools.read(Examples.workbook(sheet -> {
            Examples.row(sheet, 0, "学校（机构）标识码", "学校名称", "所属县区", "城乡分类", "在校生数");
            sheet.value(1, 0, 2_161_000_005L);
            Examples.row(sheet, 1, "", "略阳县示例第五小学", "略阳县", "村庄", "８６");
        }));

        assertThat(result.problems()).isEmpty();
        assertThat(result.records()).singleElement().satisfies(school -> {
            assertThat(school.schoolCode()).isEqualTo("2161000005");
            assertThat(school.divisionCode()).isEqualTo("610727");
            assertThat(school.studentCount()).isEqualTo(86);
        });
    }

    @Test
    void keepsTheDifferenceBetweenZeroAndNotMeasured() {
        FormResult<UsageReport> result = usage.read(Examples.workbook(sheet -> {
            Examples.row(sheet, 0, "学校名称", "统计日期", "登录次数", "直播课次数");
            Examples.row(sheet, 1, "示例乡小", "2022年9月16日", "0");
        }));

        assertThat(result.problems()).isEmpty();
        assertThat(result.records()).singleElement().satisfies(report -> {
            assertThat(report.key()).isEqualTo("LUEYANG01~SCHOOL~2161000002~2022-09-16~DAY");
            assertThat(report.loginCount()).isZero();
            assertThat(report.liveLessonCount()).isNull();
            assertThat(report.scope()).isEqualTo("610727~2022-09-15");
        });
    }

    @Test
    void writesTheSplitByClassroomType() {
        UsageReport report = UsageReport.builder()
                .platformCode("LUEYANG01")
                .scopeType(UsageScopeType.DIVISION)
                .scopeCode("610727")
                .scopeName("略阳县")
                .statOn(LocalDate.of(2022, 9, 15))
                .granularity(UsageGranularity.BIWEEK)
                .bodyCode("610727")
                .periodKey("2022-09-15")
                .liveLessonCount(7L)
                .byClassroomType(List.of(
                        UsageByClassroomType.builder()
                                .classroomType(ClassroomType.DELIVERY)
                                .liveLessonCount(3L)
                                .build(),
                        UsageByClassroomType.builder()
                                .classroomType(ClassroomType.PRESTIGE_SCHOOL)
                                .receivingStudentCount(0L)
                                .build()))
                .build();

        FormResult<UsageReport> again = usage.read(Examples.written(out -> usage.write(List.of(report), out)));

        assertThat(again.problems()).isEmpty();
        assertThat(again.records()).containsExactly(report);
    }

    @Test
    void readsItsOwnCsvInEveryCharacterSet() throws IOException {
        List<School> all = List.of(Examples.STRONG, Examples.RURAL);
        for (Charset charset : List.of(StandardCharsets.UTF_8, Charset.forName("GB18030"))) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            schools.writeCsv(all, charset, out);

            FormResult<School> result =
                    schools.read(FormFile.of("学校.csv", out.toByteArray()).withCharset(charset));

            assertThat(result.problems()).isEmpty();
            assertThat(result.records()).isEqualTo(all);
        }
    }
}
