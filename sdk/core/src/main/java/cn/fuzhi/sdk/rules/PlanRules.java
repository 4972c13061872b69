package cn.fuzhi.sdk.rules;

import cn.fuzhi.sdk.model.AnnualPlan;
import cn.fuzhi.sdk.model.ImplementationPlan;
import cn.fuzhi.sdk.model.PlanFigures;
import cn.fuzhi.sdk.model.PlanKeyTask;
import cn.fuzhi.sdk.model.PlanMeasure;
import cn.fuzhi.sdk.model.PlanMilestone;
import cn.fuzhi.sdk.model.Rule;
import cn.fuzhi.sdk.model.Severity;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Rules on the yearly plan of Annex 1 and on the six counts, which the yearly summary repeats. */
final class PlanRules {
    private PlanRules() {}

    static void check(AnnualPlan plan, Check check) {
        figures(plan.basics(), "basics", check);
        numbered(plan.keyTasks().stream().map(PlanKeyTask::no).toList(), "keyTasks", "重点工作", check);
        numbered(plan.measures().stream().map(PlanMeasure::no).toList(), "measures", "主要措施", check);
        Set<Integer> tasks = plan.keyTasks().stream().map(PlanKeyTask::no).collect(Collectors.toSet());
        for (int i = 0; i < plan.measures().size(); i++) {
            measure(plan.measures().get(i), "measures/" + i, tasks, plan.planYear(), check);
        }
        filledOn(plan.filledOn(), check);
    }

    /** R-24, as in the yearly plan. */
    static void milestones(ImplementationPlan plan, Check check) {
        numbered(plan.milestones().stream().map(PlanMilestone::no).toList(), "milestones", "时间表和路线图", check);
    }

    /** */
    static void figures(PlanFigures figures, String at, Check check) {
        long total = figures.totalSchoolCount();
        long paired = figures.pairedSchoolCount();
        long covered = figures.coveredSchoolCount();
        long sum = paired + figures.unpairedSchoolCount();
        if (sum != total) {
            check.v.add(Rule.R_20, at + "/totalSchoolCount", "辖区学校总数量", "value", text(total), "other", text(sum));
        }
        atMost(paired, total, at + "/pairedSchoolCount", "已结对学校数量", check);
        atMost(covered, total, at + "/coveredSchoolCount", "平台覆盖学校数量", check);
        if (covered < paired) {
            String field = at + "/coveredSchoolCount";
            check.v.add(Rule.R_22, field, "平台覆盖学校数量", "value", text(covered), "other", text(paired));
        }
    }

    /** */
    private static void atMost(long count, long total, String field, String zhName, Check check) {
        if (count > total) {
            check.v.add(Rule.R_21, field, zhName, "value", text(count), "max", text(total));
        }
    }

    /** R-24, the milder half: numbers run from 1 without gaps. */
    private static void numbered(List<Integer> numbers, String field, String zhName, Check check) {
        for (int i = 0; i < numbers.size(); i++) {
            if (numbers.get(i) != i + 1) {
                String at = field + "/" + i + "/no";
                check.v.add(Rule.R_24, Severity.WARNING, at, zhName, "value", text(numbers.get(i)));
                return;
            }
        }
    }

    /** */
    private static void measure(PlanMeasure measure, String at, Set<Integer> tasks, int year, Check check) {
        if (!tasks.contains(measure.keyTaskNo())) {
            check.v.add(Rule.R_24, at + "/keyTaskNo", "对应重点工作序号", "value", text(measure.keyTaskNo()));
        }
        LocalDate due = measure.dueOn();
        if (due != null && due.getYear() != year) {
            check.v.add(Rule.R_25, at + "/dueOn", "时间节点", "value", due.toString());
        }
    }

    /** */
    private static void filledOn(LocalDate day, Check check) {
        LocalDate today = check.context.today;
        if (today == null) {
            check.notChecked(Rule.R_26, "没有提供当前日期", "no day was given");
        } else if (day.isAfter(today)) {
            check.v.add(Rule.R_26, "filledOn", "填表时间", "value", day.toString());
        }
    }

    private static String text(long number) {
        return String.valueOf(number);
    }
}
