package cn.fuzhi.sdk.forms;

import static org.assertj.core.api.Assertions.assertThat;

import cn.fuzhi.sdk.model.AnnualPlan;
import cn.fuzhi.sdk.model.Contact;
import cn.fuzhi.sdk.model.FilingStatus;
import cn.fuzhi.sdk.model.PlanFigures;
import cn.fuzhi.sdk.model.PlanKeyTask;
import cn.fuzhi.sdk.model.PlanMeasure;
import cn.fuzhi.sdk.model.PlanSafeguards;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AnnualPlanFormTest {
    static final AnnualPlan PLAN = AnnualPlan.builder()
            .planYear(2022)
            .reportingBodyCode("610700")
            .reportingBodyName("汉中市教育局")
            .filledOn(LocalDate.of(2022, 8, 18))
            .principal(new Contact("李示例", "13800000000"))
            .contact(new Contact("张样本", "029-80000000"))
            .basics(new PlanFigures(120L, 84L, 36L, 96L, 12L, 340L, LocalDate.of(2022, 3, 1)))
            .overallGoal("年底前实现城乡学校网络结对全覆盖，三个课堂常态化应用。\n改善硬件设施，完善激励机制。")
            .keyTasks(List.of(new PlanKeyTask(1, "为每所乡村学校确定固定的结对帮扶学校"), new PlanKeyTask(2, "按周组织专递课堂\n2. 开足开齐课程")))
            .measures(List.of(
                    new PlanMeasure(1, 2, "召开城乡学校结对会议，确认结对名单", LocalDate.of(2022, 9, 10)),
                    new PlanMeasure(2, 1, "每隔一周报送网络直播课课表", null)))
            .safeguards(
                    new PlanSafeguards("成立工作专班，每月检查一次推进情况", new BigDecimal("120000.5"), "改造二十间普通多媒体教室", "线上课时计入工作量"))
            .revision(1)
            .status(FilingStatus.SUBMITTED)
            .build();

    private final AnnualPlanForm form = AnnualPlanForm.of(Examples.context().build());

    @Test
    void readsWhatItWrites() {
        FormResult<AnnualPlan> result = form.read(Examples.written(out -> form.write(List.of(PLAN), out)));

        assertThat(result.problems()).isEmpty();
        assertThat(result.records()).containsExactly(PLAN);
    }

    @Test
    void readsNumberedLinesAndValuesBehindColons() {
        FormResult<AnnualPlan> result = form.read(Examples.workbook(sheet -> {
            Examples.row(sheet, 0, "年度推进计划表");
            Examples.row(sheet, 1, "单位（公章）：汉中市教育局", "", "填表时间：2022 年 8 月 18 日");
            Examples.row(sheet, 2, "负责人", "李示例", "联系电话", "138 0000 0000");
            Examples.row(sheet, 3, "具体工作联系人", "张样本", "联系电话", "（029）80000000");
            Examples.row(sheet, 4, "基本情况", "辖区学校总数量", "120所", "已结对学校数量", "84", "未结对学校数量", "36");
            Examples.row(sheet, 5, "", "平台覆盖学校数量", "96", "已注册的\"名师工作室\"账号数量", "12", "已开展的各类直播课次数", "340");
            Examples.row(sheet, 6, "总体预期目标", "全覆盖");
            Examples.row(sheet, 7, "重点工作", "1.结对\n2、专递课堂");
            Examples.row(sheet, 8, "主要措施", "1. 开会\n2. 排课");
            Examples.row(sheet, 9, "工作保障", "专班");
        }));

        assertThat(result.problems()).isEmpty();
        AnnualPlan plan = result.records().get(0);
        assertThat(plan.reportingBodyCode()).isEqualTo("610700");
        assertThat(plan.planYear()).isEqualTo(2022);
        assertThat(plan.principal()).isEqualTo(new Contact("李示例", "13800000000"));
        assertThat(plan.contact()).isEqualTo(new Contact("张样本", "029-80000000"));
        assertThat(plan.basics().totalSchoolCount()).isEqualTo(120);
        assertThat(plan.keyTasks()).containsExactly(new PlanKeyTask(1, "结对"), new PlanKeyTask(2, "专递课堂"));
        assertThat(plan.measures()).extracting(PlanMeasure::keyTaskNo).containsExactly(1, 2);
        assertThat(result.notes()).extracting(FormNote::message).contains("未写明对应的重点工作，按相同序号对应");
    }

    @Test
    void namesTheLabelsWithoutAValue() {
        FormResult<AnnualPlan> result = form.read(Examples.workbook(sheet -> {
            Examples.row(sheet, 1, "单位（公章）", "汉中市教育局", "填表时间", "8月");
            Examples.row(sheet, 2, "负责人", "", "联系电话", "");
            Examples.row(sheet, 4, "基本情况", "辖区学校总数量", "一百", "已结对学校数量", "84", "未结对学校数量", "36");
        }));

        assertThat(result.records()).isEmpty();
        assertThat(result.problems())
                .filteredOn(problem -> problem.row() > 0)
                .extracting(CellProblem::cell, CellProblem::columnZh)
                .contains(
                        org.assertj.core.api.Assertions.tuple("Sheet1!D2", "填表时间"),
                        org.assertj.core.api.Assertions.tuple("Sheet1!B3", "负责人"),
                        org.assertj.core.api.Assertions.tuple("Sheet1!C5", "辖区学校总数量"));
    }

    /** A plan as people fill it, changed in one place. */
    private static FormFile filled(Examples.Filling change) {
        return Examples.workbook(sheet -> {
            Examples.row(sheet, 0, "年度推进计划表");
            Examples.row(sheet, 1, "单位（公章）", "汉中市教育局", "填表时间", "2022年8月18日");
            Examples.row(sheet, 2, "负责人", "李示例", "联系电话", "13800000000");
            Examples.row(sheet, 3, "具体工作联系人", "张样本", "联系电话", "029-80000000");
            Examples.row(sheet, 4, "基本情况", "辖区学校总数量", "120", "已结对学校数量", "84", "未结对学校数量", "36");
            Examples.row(sheet, 5, "", "平台覆盖学校数量", "96", "已注册的“名师工作室”账号数量", "12", "已开展的各类直播课次数", "340");
            Examples.row(sheet, 6, "总体预期目标", "全覆盖");
            Examples.row(sheet, 7, "重点工作", "1.结对");
            Examples.row(sheet, 8, "主要措施", "1.开会");
            Examples.row(sheet, 9, "工作保障", "专班");
            change.into(sheet);
        });
    }

    @Test
    void reportsTextThatBelongsToNoLabel() {
        FormResult<AnnualPlan> result = form.read(filled(sheet -> {
            Examples.row(sheet, 10, "", "另设专项经费");
            Examples.row(sheet, 11, "注：一式两份");
            sheet.value(2, 4, "（兼）");
        }));

        assertThat(result.records()).isEmpty();
        assertThat(result.problems())
                .extracting(CellProblem::cell)
                .containsExactlyInAnyOrder("Sheet1!B11", "Sheet1!E3");
        assertThat(result.notes()).extracting(FormNote::message).contains("表外说明，未读取");
    }

    @Test
    void keepsWhatStandsBeforeTheFirstNumberAndNumbersWithinTheText() {
        FormResult<AnnualPlan> result = form.read(filled(sheet -> {
            sheet.value(7, 1, "围绕全覆盖：\n1.结对\n9.10前完成名单\n2.专递课堂");
            sheet.value(8, 1, "1.开会\n2.9月排课\n12.25前总结\n3.检查");
        }));

        assertThat(result.problems()).isEmpty();
        AnnualPlan plan = result.records().get(0);
        assertThat(plan.keyTasks())
                .containsExactly(new PlanKeyTask(1, "围绕全覆盖：\n结对\n9.10前完成名单"), new PlanKeyTask(2, "专递课堂"));
        assertThat(plan.measures())
                .extracting(PlanMeasure::no, PlanMeasure::text)
                .containsExactly(
                        org.assertj.core.api.Assertions.tuple(1, "开会"),
                        org.assertj.core.api.Assertions.tuple(2, "9月排课\n12.25前总结"),
                        org.assertj.core.api.Assertions.tuple(3, "检查"));
        assertThat(result.notes()).extracting(FormNote::message).contains("序号前的文字并入第一条");
    }

    @Test
    void doesNotMixOurColumnsIntoALine() {
        FormResult<AnnualPlan> result = form.read(filled(sheet -> {
            Examples.row(sheet, 8, "主要措施", "1", "开会", "", "", "", "", "直播课次数起算日期", "2022-03-01");
            sheet.value(7, 9, "待审");
        }));

        assertThat(result.problems()).extracting(CellProblem::cell).containsExactly("Sheet1!J8");
        FormResult<AnnualPlan> clean = form.read(
                filled(sheet -> Examples.row(sheet, 8, "主要措施", "1", "开会", "", "", "", "", "直播课次数起算日期", "2022-03-01")));
        AnnualPlan plan = clean.records().get(0);
        assertThat(plan.measures())
                .singleElement()
                .satisfies(measure -> assertThat(measure.dueOn()).isNull());
        assertThat(plan.basics().liveLessonCountSince()).isEqualTo("2022-03-01");
    }

    @Test
    void readsItsCellsLikeThoseOfATable() {
        FormResult<AnnualPlan> result = form.read(filled(sheet -> {
            sheet.value(2, 1, "李 示例");
            sheet.value(2, 3, 13_800_000_000L);
            sheet.value(4, 2, "120所");
        }));

        assertThat(result.problems()).isEmpty();
        assertThat(result.records().get(0).principal()).isEqualTo(new Contact("李示例", "13800000000"));
        assertThat(result.notes())
                .extracting(FormNote::message)
                .contains("去掉姓名中间的空格", "号码存成了数字，按文本读取", "去掉数字中的空格、千分位逗号和数字后的单位，全角数字改为半角");
    }

    @Test
    void reportsWhatItsCellsCannotMean() {
        FormResult<AnnualPlan> result = form.read(filled(sheet -> {
            sheet.value(2, 3, "12345");
            sheet.value(4, 2, "1，2");
            sheet.value(6, 1, java.time.LocalDateTime.of(2022, 9, 1, 0, 0));
            sheet.style(6, 1).format("m/d").set();
            Examples.row(sheet, 9, "工作保障", "专班", "报送状态", "拟报");
        }));

        assertThat(result.records()).isEmpty();
        assertThat(result.problems())
                .extracting(CellProblem::cell)
                .containsExactlyInAnyOrder("Sheet1!D3", "Sheet1!C5", "Sheet1!B7", "Sheet1!D10");
    }
}
