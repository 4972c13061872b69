package cn.fuzhi.sdk;

import cn.fuzhi.sdk.BatchReply.Disposition;
import cn.fuzhi.sdk.Failures.Ruling;
import cn.fuzhi.sdk.model.Problem;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** An attempt that did not succeed, inside the pipeline: the ruling about it, and the exception that the caller would get. */
final class Failed extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Ruling ruling;
    private final transient FuzhiException shown;
    private final transient @Nullable Answer answer;
    private final boolean local;
    private final boolean doubtful;

    private Failed(Ruling ruling, FuzhiException shown, @Nullable Answer answer, boolean local, boolean doubtful) {
        super(null, null, false, false);
        this.ruling = ruling;
        this.shown = shown;
        this.answer = answer;
        this.local = local;
        this.doubtful = doubtful;
    }

    /**
     * What an answer that is no success says beside its status.
     *
     * @param status status
     * @param problem the problem of the body, or null
     * @param retryAfter the wait that was asked for, or null
     * @param date time at the platform, from the problem or the header, or null
     */
    record Answer(
            int status,
            @Nullable Problem problem,
            @Nullable Duration retryAfter,
            @Nullable Instant date) {}

    static Failed answered(Ruling ruling, FuzhiException shown, Answer answer, boolean doubtful) {
        return new Failed(ruling, shown, answer, false, doubtful);
    }

    static Failed unanswered(Ruling ruling, FuzhiException shown, boolean doubtful) {
        return new Failed(ruling, shown, null, false, doubtful);
    }

    /** Nothing was sent: the client itself did not let the attempt go. */
    static Failed notTried(FuzhiException shown) {
        return new Failed(Failures.NOT_TRIED, shown, null, true, false);
    }

    /** The same failure of a call one of whose earlier attempts the platform may have applied. */
    Failed afterDoubt() {
        return new Failed(ruling, shown, answer, local, true);
    }

    /** Whether the platform may have applied what it did not answer. */
    boolean isDoubtful() {
        return doubtful;
    }

    /**
     * Whether the platform itself says of the request that it was not applied, earlier attempts included. A wrong signature, a
     * redirect or the 404 of a gateway says nothing about those.
     */
    boolean isFinal() {
        return answer != null && answer.problem() != null && ruling.disposition() == Disposition.BISECT;
    }

    Ruling ruling() {
        return ruling;
    }

    FuzhiException shown() {
        return shown;
    }

    @Nullable
    Answer answer() {
        return answer;
    }

    boolean isLocal() {
        return local;
    }

    boolean isRetryable() {
        return !local && ruling.next() != Failures.Next.STOP;
    }

    boolean isPaced() {
        return ruling.next() == Failures.Next.RETRY_PACED;
    }
}
