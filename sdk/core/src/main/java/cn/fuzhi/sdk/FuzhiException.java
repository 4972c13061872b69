package cn.fuzhi.sdk;

import cn.fuzhi.sdk.model.Violation;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Why a call did not succeed, sorted by what to do next: wait ({@link Throttled}, {@link Unavailable}), fix the data
 * ({@link Refused}), fix the credentials ({@link Unauthenticated}), find out what happened ({@link OutcomeUnknown}), or report
 * a bug ({@link Protocol}).
 *
 * <p>Messages are Chinese and English and carry no payload, no secret and no personal value.
 */
public abstract sealed class FuzhiException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final @Nullable String code;
    private final @Nullable String requestId;
    private final boolean retryable;
    private final @Nullable Duration retryAfter;
    /** Lost when the exception is serialised; its message shows the first ones. */
    private final transient @Nullable List<Violation> violations;

    private FuzhiException(Details details, @Nullable Throwable cause) {
        super(details.text(), cause);
        this.status = details.status();
        this.code = details.code();
        this.requestId = details.requestId();
        this.retryable = details.retryable();
        this.retryAfter = details.retryAfter();
        this.violations = details.violations();
    }

    /**
     * What is known about a failure.
     *
     * @param status HTTP status, 0 when there was no answer
     * @param code code of the error catalogue, such as {@code RATE_LIMITED}, or null
     * @param message what happened, in Chinese
     * @param messageEn what happened, in English
     * @param requestId the platform's number of the request, for the hotline
     * @param retryable whether the same call can succeed later
     * @param retryAfter how long to wait at least, or null
     * @param violations what is wrong with the data, values masked
     */
    record Details(
            int status,
            @Nullable String code,
            String message,
            String messageEn,
            @Nullable String requestId,
            boolean retryable,
            @Nullable Duration retryAfter,
            List<Violation> violations) {
        private static final int SHOWN = 5;

        Details {
            violations = ItemOutcome.present(violations);
        }

        static Details of(String message, String messageEn) {
            return new Details(0, null, message, messageEn, null, false, null, List.of());
        }

        String text() {
            StringBuilder text = new StringBuilder(message).append(" / ").append(messageEn);
            if (code != null || status != 0) {
                text.append(" [")
                        .append(status)
                        .append(code == null ? "" : " " + code)
                        .append(']');
            }
            if (requestId != null) {
                text.append(" 请求号/requestId=").append(requestId);
            }
            violations.stream().limit(SHOWN).forEach(v -> text.append("\n  ").append(line(v)));
            if (violations.size() > SHOWN) {
                text.append("\n  … ").append(violations.size() - SHOWN).append(" 项/more");
            }
            return text.toString();
        }

        /** A platform may send anything, null and lines of a log included, so every part is cleaned by itself. */
        private static String line(Violation v) {
            return Stream.of(
                            Explained.clean(v.key()),
                            Explained.clean(v.pointer()),
                            Explained.clean(v.rule()),
                            Explained.clean(v.message()),
                            "/",
                            Explained.clean(v.messageEn()))
                    .filter(part -> !part.isEmpty())
                    .collect(Collectors.joining(" "));
        }
    }

    /**
     * Returns the HTTP status.
     *
     * @return the status, or 0 when no answer came
     */
    public int status() {
        return status;
    }

    /**
     * Returns the code of the error catalogue.
     *
     * @return such as {@code RATE_LIMITED}, or null when the platform gave none
     */
    public @Nullable String code() {
        return code;
    }

    /**
     * Returns the number under which the platform knows the request.
     *
     * @return the number to tell the hotline, or null
     */
    public @Nullable String requestId() {
        return requestId;
    }

    /**
     * Tells whether the same call can succeed later without a change.
     *
     * @return true if it is worth repeating
     */
    public boolean retryable() {
        return retryable;
    }

    /**
     * Returns how long to wait at least before the call is repeated.
     *
     * @return the wait that the platform asked for, or null
     */
    public @Nullable Duration retryAfter() {
        return retryAfter;
    }

    /**
     * Lists what is wrong with the data.
     *
     * @return the violations with values masked; empty when the data is not the reason, or when this comes from another process
     */
    public List<Violation> violations() {
        return violations == null ? List.of() : violations;
    }

    /** Too many requests: wait {@link #retryAfter()}. */
    public static final class Throttled extends FuzhiException {
        private static final long serialVersionUID = 1L;

        Throttled(Details details, @Nullable Throwable cause) {
            super(details, cause);
        }
    }

    /** The platform cannot be reached or cannot answer now; nothing is known to be wrong with the call. */
    public static final class Unavailable extends FuzhiException {
        private static final long serialVersionUID = 1L;

        Unavailable(Details details, @Nullable Throwable cause) {
            super(details, cause);
        }
    }

    /** The data or the call is not acceptable: fix what {@link #violations()} or the message names. */
    public static final class Refused extends FuzhiException {
        private static final long serialVersionUID = 1L;

        Refused(Details details, @Nullable Throwable cause) {
            super(details, cause);
        }
    }

    /** The credentials, the permission or the signature is not accepted: fix the configuration. */
    public static final class Unauthenticated extends FuzhiException {
        private static final long serialVersionUID = 1L;

        Unauthenticated(Details details, @Nullable Throwable cause) {
            super(details, cause);
        }
    }

    /** A write was sent and may or may not have been applied; read before writing again. */
    public static final class OutcomeUnknown extends FuzhiException {
        private static final long serialVersionUID = 1L;

        OutcomeUnknown(Details details, @Nullable Throwable cause) {
            super(details, cause);
        }
    }

    /** The answer breaks the contract, or the address is not the platform's. */
    public static final class Protocol extends FuzhiException {
        private static final long serialVersionUID = 1L;

        Protocol(Details details, @Nullable Throwable cause) {
            super(details, cause);
        }
    }
}
