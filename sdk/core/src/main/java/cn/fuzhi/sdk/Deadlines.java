package cn.fuzhi.sdk;

import cn.fuzhi.sdk.api.DeadlinesApi;
import cn.fuzhi.sdk.api.ServiceApi;
import cn.fuzhi.sdk.model.Deadline;
import cn.fuzhi.sdk.model.DeadlineKind;
import cn.fuzhi.sdk.model.DeadlinePage;
import cn.fuzhi.sdk.model.DeadlineState;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/** The calendar of what is to be reported: the operations of the contract, and what a body owes as one report. */
public final class Deadlines implements DeadlinesApi {
    private static final int PAGE = 1000;

    private final DeadlinesApi calendar;
    private final ServiceApi service;

    Deadlines(DeadlinesApi calendar, ServiceApi service) {
        this.calendar = calendar;
        this.service = service;
    }

    @Override
    public DeadlinePage list(
            @Nullable DeadlineKind kind,
            @Nullable String bodyCode,
            @Nullable LocalDate from,
            @Nullable LocalDate to,
            @Nullable DeadlineState state,
            @Nullable String cursor,
            @Nullable Integer limit) {
        return calendar.list(kind, bodyCode, from, to, state, cursor, limit);
    }

    /**
     * Reads all deadlines that a query finds.
     *
     * @param query the query; its cursor and limit are not used
     * @return the deadlines, read page by page when they are needed
     */
    public Pages<Deadline> all(DeadlinesApi.Query query) {
        return Pages.of(
                cursor -> list(query.toBuilder().cursor(cursor).limit(PAGE).build()),
                DeadlinePage::items,
                DeadlinePage::hasMore,
                DeadlinePage::nextCursor);
    }

    /**
     * Tells what a body owes the province: what is due, late, met and missed, and by when.
     *
     * @param bodyCode a reporting body, county or zone within the jurisdiction of the key id
     * @return the report, which can be printed
     */
    public DueReport due(String bodyCode) {
        DeadlinesApi.Query query =
                DeadlinesApi.Query.builder().bodyCode(bodyCode).build();
        return DueReport.of(bodyCode, service.time().serverTime(), all(query));
    }
}
