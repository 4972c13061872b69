package cn.fuzhi.sdk;

import cn.fuzhi.sdk.FuzhiException.Details;
import cn.fuzhi.sdk.model.Mask;
import cn.fuzhi.sdk.model.Problem;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes the exception of a ruling: what happened, and what to do next, in Chinese and English. */
final class Explained {
    private static final int LONGEST = 500;
    /** What moves the cursor of a terminal; OkHttp's own messages have several lines. */
    private static final Pattern HARMFUL = Pattern.compile("[\\p{Cc}&&[^\\n\\t]]");

    private Explained() {}

    /** The exception for an answer of the platform, or of something in front of it. */
    static FuzhiException answer(Failures.Ruling ruling, Failed.Answer answer, @Nullable String requestId) {
        Problem problem = answer.problem();
        String zh = problem == null ? "平台应答状态 " + answer.status() : told(problem.detail());
        String en = problem == null || problem.detailEn() == null
                ? "the answer has status " + answer.status()
                : told(problem.detailEn());
        String id = problem == null || problem.requestId() == null ? requestId : problem.requestId();
        return of(
                ruling,
                answer.status(),
                problem == null ? null : code(problem),
                zh,
                en,
                id == null ? null : clean(id),
                answer.retryAfter(),
                problem == null ? List.of() : problem.violations(),
                null);
    }

    /** The exception for an attempt without a usable answer. */
    static FuzhiException transport(
            Failures.Ruling ruling,
            int status,
            String zh,
            String en,
            @Nullable String requestId,
            @Nullable Throwable e) {
        String id = requestId == null ? null : clean(requestId);
        return of(ruling, status, null, zh, en, id, null, List.of(), e == null ? null : harmless(e));
    }

    /** OkHttp repeats what a server sent, a status line with control characters too: such a cause is told in one line of its own. */
    private static Throwable harmless(Throwable cause) {
        for (Throwable e = cause; e != null; e = e.getCause()) {
            if (e.getMessage() != null && HARMFUL.matcher(e.getMessage()).find()) {
                IOException told = new IOException(clean(cause.toString()));
                told.setStackTrace(cause.getStackTrace());
                return told;
            }
        }
        return cause;
    }

    /** The exception for an answer that lacks what the contract requires. */
    static FuzhiException.Protocol broken(String zh, String en) {
        return new FuzhiException.Protocol(Details.of(zh, en), null);
    }

    /** The exception for a call that the client did not even try. */
    static FuzhiException.Unavailable notTried(String zh, String en, @Nullable Duration retryAfter) {
        return new FuzhiException.Unavailable(new Details(0, null, zh, en, null, true, retryAfter, List.of()), null);
    }

    /** The exception for a write of which nobody knows whether it was applied, after its last attempt. */
    static FuzhiException.OutcomeUnknown unknown(FuzhiException last) {
        Details details = new Details(
                last.status(),
                last.code(),
                "平台可能已处理该请求，但没有可用的应答（" + todoZh(Failures.Kind.OUTCOME_UNKNOWN) + "）",
                "the platform may have applied the request, but gave no usable answer ("
                        + todoEn(Failures.Kind.OUTCOME_UNKNOWN) + ")",
                last.requestId(),
                false,
                last.retryAfter(),
                List.of());
        return new FuzhiException.OutcomeUnknown(details, last);
    }

    private static FuzhiException of(
            Failures.Ruling ruling,
            int status,
            @Nullable String code,
            String zh,
            String en,
            @Nullable String requestId,
            @Nullable Duration retryAfter,
            List<cn.fuzhi.sdk.model.Violation> violations,
            @Nullable Throwable cause) {
        boolean retryable = ruling.next() != Failures.Next.STOP;
        String todo = todoZh(ruling.kind());
        Details details = new Details(
                status,
                code,
                todo.isEmpty() ? zh : zh + "（" + todo + "）",
                en + " (" + todoEn(ruling.kind()) + ")",
                requestId,
                retryable,
                retryAfter,
                violations);
        return switch (ruling.kind()) {
            case THROTTLED -> new FuzhiException.Throttled(details, cause);
            case UNAVAILABLE -> new FuzhiException.Unavailable(details, cause);
            case REFUSED -> new FuzhiException.Refused(details, cause);
            case UNAUTHENTICATED -> new FuzhiException.Unauthenticated(details, cause);
            case OUTCOME_UNKNOWN -> new FuzhiException.OutcomeUnknown(details, cause);
            case PROTOCOL -> new FuzhiException.Protocol(details, cause);
        };
    }

    private static String todoZh(Failures.Kind kind) {
        return switch (kind) {
            case THROTTLED -> "请稍后重试";
            case UNAVAILABLE -> "请稍后重试，无需修改数据";
            case REFUSED -> "请修改数据或参数后重新提交";
            case UNAUTHENTICATED -> "请核对密钥、权限和时钟";
            case OUTCOME_UNKNOWN -> "可能已生效，请先查询再重报";
            case PROTOCOL -> "请核对平台地址、证书和版本，必要时报告问题";
        };
    }

    private static String todoEn(Failures.Kind kind) {
        return switch (kind) {
            case THROTTLED -> "wait, then repeat";
            case UNAVAILABLE -> "repeat later, nothing has to be changed";
            case REFUSED -> "correct the data or the call";
            case UNAUTHENTICATED -> "check key, permissions and clock";
            case OUTCOME_UNKNOWN -> "it may have been applied: read before writing again";
            case PROTOCOL -> "check the address, the certificates and the versions, or report a bug";
        };
    }

    private static @Nullable String code(Problem problem) {
        return problem.code() == null ? null : clean(problem.code());
    }

    /** What the platform says to people, which may repeat what a record says of a person. */
    static String told(@Nullable String text) {
        return text == null ? "" : clean(Mask.numbers(text));
    }

    /** One line of bounded length: what a server sends must not write lines into a log. */
    static String clean(@Nullable String text) {
        if (text == null) {
            return "";
        }
        StringBuilder line = new StringBuilder(Math.min(text.length(), LONGEST));
        text.codePoints().limit(LONGEST).forEach(c -> {
            boolean hidden = Character.isISOControl(c)
                    || Character.getType(c) == Character.FORMAT
                    || Character.getType(c) == Character.LINE_SEPARATOR
                    || Character.getType(c) == Character.PARAGRAPH_SEPARATOR
                    || Character.getType(c) == Character.SURROGATE;
            line.appendCodePoint(hidden ? ' ' : c);
        });
        return line.toString();
    }
}
