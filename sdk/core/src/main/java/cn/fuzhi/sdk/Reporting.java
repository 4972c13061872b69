package cn.fuzhi.sdk;

import cn.fuzhi.sdk.api.DeadlinesApi;
import cn.fuzhi.sdk.api.UncoveredSchoolsApi;
import cn.fuzhi.sdk.model.Change;
import cn.fuzhi.sdk.model.ChangePage;
import cn.fuzhi.sdk.model.Deadline;
import cn.fuzhi.sdk.model.DeadlineKind;
import cn.fuzhi.sdk.model.PushRecord;
import cn.fuzhi.sdk.model.RecordKind;
import cn.fuzhi.sdk.model.UncoveredSchool;
import cn.fuzhi.sdk.model.UncoveredSchoolPage;
import cn.fuzhi.sdk.rules.RuleContext;
import cn.fuzhi.sdk.rules.RuleReport;
import cn.fuzhi.sdk.rules.Rules;
import java.util.Arrays;
import java.util.Collection;
import java.util.stream.Collectors;

/** Puts together what several answers of the platform say about a report. */
final class Reporting {
    private static final int PAGE = 1000;

    private final FuzhiClient client;
    private final RuleContext context;

    Reporting(FuzhiClient client, RuleContext context) {
        this.client = client;
        this.context = context;
    }

    Pages<Change> changes(long after, RecordKind... kinds) {
        String filter = kinds.length == 0
                ? null
                : Arrays.stream(kinds).map(RecordKind::value).collect(Collectors.joining(","));
        return Pages.of(
                cursor -> client.changes().list(cursor == null ? after : Long.parseLong(cursor), filter, PAGE),
                ChangePage::items,
                page -> page.nextAfter() == null ? null : page.hasMore(),
                page -> page.nextAfter() == null ? null : page.nextAfter().toString());
    }

    Preflight preflight(
            DeadlineKind kind, String bodyCode, String periodKey, Collection<? extends PushRecord> records) {
        DeadlinesApi.Query query =
                DeadlinesApi.Query.builder().kind(kind).bodyCode(bodyCode).build();
        Deadline deadline = client.deadlines().all(query).stream()
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

    private Pages<UncoveredSchool> uncovered(String bodyCode) {
        UncoveredSchoolsApi.Query query =
                UncoveredSchoolsApi.Query.builder().scopeCode(bodyCode).build();
        return Pages.of(
                cursor -> client.uncoveredSchools()
                        .list(query.toBuilder().cursor(cursor).limit(PAGE).build()),
                UncoveredSchoolPage::items,
                UncoveredSchoolPage::hasMore,
                UncoveredSchoolPage::nextCursor);
    }
}
