package cn.fuzhi.sdk.rules;

import cn.fuzhi.sdk.model.NewAttachment;
import cn.fuzhi.sdk.model.PushRecord;
import java.util.Collection;

/**
 * Decides every rule that can be decided before anything is sent: the constraints of the single fields, the rules across fields
 * ({@code R-xx}) and the rules across records ({@code X-03}, {@code X-07}, {@code X-11}, {@code X-12}, {@code X-14},
 * {@code X-16}, {@code X-17}, {@code X-27}). May be called from any thread.
 */
public final class Rules {
    private Rules() {}

    /**
     * Checks records together, in time proportional to n log n.
     *
     * <p>A record that lacks a required value is an error by {@code R-01} and is not judged further. Where two records collide,
     * the later one carries the finding and names the other. No finding shows a personal value.
     *
     * @param records records of any kinds, usually everything that is pushed together: what is among them counts as known to
     *     the rules across records
     * @param context what else is known; {@link RuleContext#none()} leaves rules unchecked, which the report says
     * @return what was found, in the order of the records, findings across records last
     */
    public static RuleReport check(Collection<? extends PushRecord> records, RuleContext context) {
        Check check = new Check(Known.of(records, context), context);
        records.forEach(check::record);
        AcrossRecords.check(check);
        return check.report();
    }

    /**
     * Checks a file before it is uploaded ({@code R-34}).
     *
     * @param attachment name, type and size of the file
     * @return what was found
     */
    public static RuleReport check(NewAttachment attachment) {
        Check check = new Check(Known.NOTHING, RuleContext.none());
        attachment.check(check.v);
        AttachmentRules.check(attachment, check);
        return check.report();
    }
}
