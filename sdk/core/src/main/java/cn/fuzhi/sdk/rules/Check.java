package cn.fuzhi.sdk.rules;

import cn.fuzhi.sdk.model.AdminAccount;
import cn.fuzhi.sdk.model.AnnualPlan;
import cn.fuzhi.sdk.model.AnnualSummary;
import cn.fuzhi.sdk.model.Content;
import cn.fuzhi.sdk.model.ImplementationPlan;
import cn.fuzhi.sdk.model.Lesson;
import cn.fuzhi.sdk.model.LessonSession;
import cn.fuzhi.sdk.model.MasterStudio;
import cn.fuzhi.sdk.model.Pairing;
import cn.fuzhi.sdk.model.Platform;
import cn.fuzhi.sdk.model.PushRecord;
import cn.fuzhi.sdk.model.Rule;
import cn.fuzhi.sdk.model.School;
import cn.fuzhi.sdk.model.Timetable;
import cn.fuzhi.sdk.model.TrainingActivity;
import cn.fuzhi.sdk.model.UsageReport;
import cn.fuzhi.sdk.model.Violations;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One run over some records: hands every record to the rules of its kind and collects what they find. */
final class Check {
    final Violations v = new Violations(this::reference);
    final Known known;
    final RuleContext context;

    /** What the rules across records look at: everything that has its required values. */
    final List<PushRecord> complete = new ArrayList<>();

    private final Map<Rule, Gap> gaps = new EnumMap<>(Rule.class);
    private @Nullable PushRecord current;

    Check(Known known, RuleContext context) {
        this.known = known;
        this.context = context;
    }

    void record(PushRecord record) {
        current = record;
        v.enter(record);
        if (v.isIncomplete()) {
            return;
        }
        complete.add(record);
        if (record instanceof Lesson lesson) {
            LessonRules.check(lesson, this);
        } else if (record instanceof LessonSession session) {
            SessionRules.check(session, this);
        } else if (record instanceof UsageReport usage) {
            CodeRules.usage(usage, this);
        } else if (record instanceof School school) {
            SchoolRules.check(school, this);
        } else if (record instanceof Pairing pairing) {
            PairingRules.check(pairing, this);
        } else {
            rare(record);
        }
    }

    private void rare(PushRecord record) {
        if (record instanceof Timetable timetable) {
            TimetableRules.check(timetable, this);
        } else if (record instanceof AnnualPlan plan) {
            PlanRules.check(plan, this);
        } else if (record instanceof AnnualSummary summary) {
            PlanRules.figures(summary.figures(), "figures", this);
        } else if (record instanceof Platform platform) {
            PlatformRules.check(platform, this);
        } else if (record instanceof ImplementationPlan plan) {
            PlanRules.milestones(plan, this);
        } else if (record instanceof AdminAccount account) {
            PlatformRules.account(account, this);
        } else if (record instanceof Content content) {
            StageRules.content(content, this);
            CodeRules.link(content.url(), "url", "访问链接", this);
        } else if (record instanceof MasterStudio studio) {
            StageRules.subjects(studio.subjectCodes(), studio.stages(), this);
        } else if (record instanceof TrainingActivity training) {
            endsAfter(!training.heldToOn().isBefore(training.heldFromOn()), "heldToOn", "结束日期");
        }
    }

    private void reference(Violations at, String target, String value, String field, String zhName) {
        switch (target) {
            case "DIVISION" -> CodeRules.division(value, field, zhName, this);
            case "SCHOOL" -> Province.reference(value, field, zhName, current, this);
            default -> {
                // What the other references name is known to the platform only.
            }
        }
    }

    /** Reports a value that is required under a condition. */
    void require(boolean condition, @Nullable Object value, String field, String zhName) {
        if (condition) {
            v.required(value, field, zhName);
        }
    }

    /** */
    void endsAfter(boolean after, String field, String zhName) {
        if (!after) {
            v.add(Rule.R_11, field, zhName);
        }
    }

    void notChecked(Rule rule, String reason, String reasonEn) {
        gaps.computeIfAbsent(rule, r -> new Gap(reason, reasonEn)).count(current);
    }

    RuleReport report() {
        List<RuleReport.NotChecked> notChecked = new ArrayList<>();
        gaps.forEach((rule, gap) ->
                notChecked.add(new RuleReport.NotChecked(rule.number(), gap.records, gap.reason, gap.reasonEn)));
        return RuleReport.of(v.found(), notChecked);
    }

    /** A rule that lacks context, and the number of records that it would apply to, each counted once. */
    private static final class Gap {
        private final String reason;
        private final String reasonEn;
        private @Nullable PushRecord last;
        private int records;

        Gap(String reason, String reasonEn) {
            this.reason = reason;
            this.reasonEn = reasonEn;
        }

        @SuppressWarnings("ReferenceEquality") // the same record, not an equal one
        void count(@Nullable PushRecord record) {
            if (record != last) {
                records++;
                last = record;
            }
        }
    }
}
