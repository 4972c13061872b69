package cn.fuzhi.sdk;

import cn.fuzhi.sdk.api.DeadlinesApi;
import cn.fuzhi.sdk.api.UncoveredSchoolsApi;
import cn.fuzhi.sdk.model.Deadline;
import cn.fuzhi.sdk.model.DeadlineKind;
import cn.fuzhi.sdk.model.DeadlinePage;
import cn.fuzhi.sdk.model.PushRecord;
import cn.fuzhi.sdk.model.UncoveredSchool;
import cn.fuzhi.sdk.model.UncoveredSchoolPage;
import cn.fuzhi.sdk.rules.RuleContext;
import cn.fuzhi.sdk.rules.RuleReport;
import cn.fuzhi.sdk.rules.Rules;
import java.util.Collection;

/** Puts together what several answers of the platform say about a report. */
final class Reporting {
    private static final int PAGE = 1000;

    private final FuzhiClient client;
    private final RuleContext context;

    Reporting(FuzhiClient client, RuleContext context) {
        this.client = client;
        this.context = context;
    }

    DueReport due(String bodyCode) {
        DeadlinesApi.Query query =
                DeadlinesApi.Query.builder().bodyCode(bodyCode).build();
        return DueReport.of(bodyCode, client.service().time().serverTime(), deadlines(query));
    }

    Preflight preflight(
            DeadlineKind kind, String bodyCode, String periodKey, Collection<? extends PushRecord> records) {
        DeadlinesApi.Query query =
                DeadlinesApi.Query.builder().kind(kind).bodyCode(bodyCode).build();
        Deadline deadline = deadlines(query).stream()
                .filter(found -> periodKey.equals(found.periodKey()))
                .findFirst()
                .orElse(null);
        RuleReport rules = Rules.check(records, context);
        PushReport dryRun = client.dryRun(records);
        return new Preflight(
                kind,
                bodyCode,
                periodKey,
                deadline,
                rules,
                dryRun,
                uncovered(bodyCode).stream().toList());
    }

    private Pages<Deadline> deadlines(DeadlinesApi.Query query) {
        return Pages.of(
                cursor -> client.deadlines()
                        .list(query.toBuilder().cursor(cursor).limit(PAGE).build()),
                DeadlinePage::items,
                DeadlinePage::nextCursor);
    }

    private Pages<UncoveredSchool> uncovered(String bodyCode) {
        UncoveredSchoolsApi.Query query =
                UncoveredSchoolsApi.Query.builder().scopeCode(bodyCode).build();
        return Pages.of(
                cursor -> client.uncoveredSchools()
                        .list(query.toBuilder().cursor(cursor).limit(PAGE).build()),
                UncoveredSchoolPage::items,
                UncoveredSchoolPage::nextCursor);
    }
}
