package cn.fuzhi.examples.vendor;

import cn.fuzhi.sdk.model.School;
import cn.fuzhi.sdk.model.SchoolStatus;
import cn.fuzhi.sdk.outbox.Outbox;
import java.time.LocalDate;
import java.util.List;

/** What a vendor has: code that tells the province when a school changes. */
public final class SchoolSync {
    private final Outbox outbox;

    /**
     * Makes the synchronisation.
     *
     * @param outbox where changes go
     */
    public SchoolSync(Outbox outbox) {
        this.outbox = outbox;
    }

    /**
     * Tells that schools were added or changed.
     *
     * @param schools the schools as they are now
     */
    public void changed(List<School> schools) {
        outbox.enqueue(schools);
    }

    /**
     * Tells that a school was closed.
     *
     * @param school the school as it was
     * @param on the day of its closing
     */
    public void closed(School school, LocalDate on) {
        outbox.enqueue(
                school.toBuilder().status(SchoolStatus.CLOSED).changedOn(on).build());
    }
}
