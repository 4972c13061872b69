package cn.fuzhi.sdk.forms;

import java.util.Set;

/** The labels of Annex 1 of 陕教信办〔2022〕15号, and of what we add to its right. */
final class PlanLabels {
    static final String UNIT = "单位（公章）";
    static final String FILLED_ON = "填表时间";
    static final String PRINCIPAL = "负责人";
    static final String CONTACT = "具体工作联系人";
    static final String PHONE = "联系电话";
    static final String BASICS = "基本情况";
    static final String TOTAL = "辖区学校总数量";
    static final String PAIRED = "已结对学校数量";
    static final String UNPAIRED = "未结对学校数量";
    static final String COVERED = "平台覆盖学校数量";
    static final String STUDIOS = "已注册的“名师工作室”账号数量";
    static final String LIVE = "已开展的各类直播课次数";
    static final String GOAL = "总体预期目标";
    static final String TASKS = "重点工作";
    static final String MEASURES = "主要措施";
    static final String SAFEGUARDS = "工作保障";
    static final String YEAR = "计划年度";
    static final String BODY = "报送单位代码";
    static final String SINCE = "直播课次数起算日期";
    static final String FUNDING = "经费（元）";
    static final String HARDWARE = "硬件设施改善";
    static final String INCENTIVE = "激励机制";
    static final String SCAN = "盖章扫描件编号";
    static final String REVISION = "修订号";
    static final String STATUS = "报送状态";
    static final String SOURCE = "供方内部编号";

    /** Labels with numbered entries; every other one has one value. */
    static final Set<String> LISTS = Set.of(TASKS, MEASURES);

    private PlanLabels() {}
}
