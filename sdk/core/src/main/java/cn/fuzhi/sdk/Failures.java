package cn.fuzhi.sdk;

import cn.fuzhi.sdk.BatchReply.Disposition;
import org.jspecify.annotations.Nullable;

/**
 * The classification table: what a status or a transport outcome means for a call, for the outbox, and for the breaker. The only
 * place that compares status codes.
 */
final class Failures {
    /** Code of the catalogue for a request that is still being worked on under the same idempotency key. */
    private static final String IN_PROGRESS = "IN_PROGRESS";

    /** Code for a batch over a limit that the platform has set lower than the contract does. */
    private static final String BATCH_TOO_LARGE = "BATCH_TOO_LARGE";

    private static final String IDEMPOTENCY_MISMATCH = "IDEMPOTENCY_MISMATCH";

    private Failures() {}

    /** What repeating an operation can do. */
    enum Safety {
        /** Reads. */
        SAFE,
        /** A write under an idempotency key. */
        KEYED,
        /** A write that the platform would apply twice. */
        UNKEYED
    }

    /** How an attempt ended without an answer that can be used. */
    enum Transport {
        /** The platform cannot have seen the request. */
        NOT_SENT,
        /** The other side is not the platform, or does not trust us. */
        UNTRUSTED,
        /** The platform may have applied the request: reset, timeout, truncated or unreadable answer. */
        AMBIGUOUS
    }

    /** The exception that a caller gets. */
    enum Kind {
        THROTTLED,
        UNAVAILABLE,
        REFUSED,
        UNAUTHENTICATED,
        OUTCOME_UNKNOWN,
        PROTOCOL
    }

    /** What the pipeline does next. */
    enum Next {
        STOP,
        RETRY,
        /** Retry, slowly: the platform asked for it. */
        RETRY_PACED
    }

    /** What is put right once, and the request sent again, before anything else is done. */
    enum Correction {
        NONE,
        /** Correct the clock, or read the secret again. */
        SIGNATURE,
        /** Send without gzip. */
        PLAIN_BODY,
        /** Send over a new connection. */
        CONNECTION
    }

    /** What the breaker learns. */
    enum Health {
        SUCCESS,
        FAILURE,
        IGNORED
    }

    /** One cell of the table. */
    record Ruling(Kind kind, Next next, Correction correction, Disposition disposition, Health health) {
        private Ruling(Kind kind, Next next, Disposition disposition, Health health) {
            this(kind, next, Correction.NONE, disposition, health);
        }

        private Ruling corrected(Correction first) {
            return new Ruling(kind, next, first, disposition, health);
        }

        private Ruling stop(Kind shown) {
            return new Ruling(shown, Next.STOP, correction, disposition, health);
        }
    }

    private static final Ruling NOT_SENT = new Ruling(Kind.UNAVAILABLE, Next.RETRY, Disposition.RETRY, Health.FAILURE);
    private static final Ruling UNTRUSTED = new Ruling(Kind.PROTOCOL, Next.STOP, Disposition.PAUSE_ALL, Health.IGNORED);
    private static final Ruling AMBIGUOUS = NOT_SENT;
    private static final Ruling UNREADABLE = new Ruling(Kind.PROTOCOL, Next.RETRY, Disposition.RETRY, Health.FAILURE);
    private static final Ruling REFUSED = new Ruling(Kind.REFUSED, Next.STOP, Disposition.BISECT, Health.SUCCESS);
    private static final Ruling MISCONFIGURED =
            new Ruling(Kind.PROTOCOL, Next.STOP, Disposition.PAUSE_KIND, Health.SUCCESS);
    private static final Ruling ABSENT = new Ruling(Kind.REFUSED, Next.STOP, Disposition.PAUSE_KIND, Health.SUCCESS);
    private static final Ruling FORBIDDEN =
            new Ruling(Kind.UNAUTHENTICATED, Next.STOP, Disposition.PAUSE_KIND, Health.SUCCESS);
    private static final Ruling UNAUTHENTICATED = new Ruling(
                    Kind.UNAUTHENTICATED, Next.STOP, Disposition.PAUSE_ALL, Health.IGNORED)
            .corrected(Correction.SIGNATURE);
    private static final Ruling TIMED_OUT =
            new Ruling(Kind.UNAVAILABLE, Next.RETRY_PACED, Disposition.PAUSE_HOST, Health.FAILURE);
    private static final Ruling TOO_EARLY =
            new Ruling(Kind.UNAVAILABLE, Next.RETRY_PACED, Disposition.PAUSE_HOST, Health.IGNORED);
    private static final Ruling THROTTLED =
            new Ruling(Kind.THROTTLED, Next.RETRY_PACED, Disposition.PAUSE_HOST, Health.IGNORED);
    private static final Ruling STILL_RUNNING =
            new Ruling(Kind.UNAVAILABLE, Next.RETRY_PACED, Disposition.RETRY_UNCOUNTED, Health.SUCCESS);
    private static final Ruling TOO_LARGE = new Ruling(Kind.REFUSED, Next.STOP, Disposition.SPLIT, Health.SUCCESS);
    private static final Ruling MISDIRECTED =
            new Ruling(Kind.PROTOCOL, Next.STOP, Disposition.RETRY, Health.IGNORED).corrected(Correction.CONNECTION);
    private static final Ruling SERVER_ERROR = NOT_SENT;

    /** A success that is longer than what is read: asked again, the platform would give the same. */
    static final Ruling TOO_LONG = new Ruling(Kind.PROTOCOL, Next.STOP, Disposition.RETRY, Health.IGNORED);

    /** The secret cannot be had: nothing was sent, and nothing will be until somebody has looked. */
    static final Ruling NO_SECRET = new Ruling(Kind.UNAUTHENTICATED, Next.STOP, Disposition.PAUSE_ALL, Health.IGNORED);

    /** What is done while the breaker is open or the client is too busy: nothing was sent, nothing was learnt. */
    static final Ruling NOT_TRIED = new Ruling(Kind.UNAVAILABLE, Next.STOP, Disposition.NOT_TRIED, Health.IGNORED);

    /**
     * Rules on an attempt without a usable answer.
     *
     * @param outcome how it ended
     * @param safety what a repetition could do
     */
    static Ruling of(Transport outcome, Safety safety) {
        return switch (outcome) {
            case NOT_SENT -> NOT_SENT;
            case UNTRUSTED -> UNTRUSTED;
            case AMBIGUOUS -> safety == Safety.UNKEYED ? AMBIGUOUS.stop(Kind.OUTCOME_UNKNOWN) : AMBIGUOUS;
        };
    }

    /**
     * Rules on an answer; a 200 comes here only when its body is not the JSON of the contract.
     *
     * @param status status
     * @param code code of the problem, or null
     * @param safety what a repetition could do
     * @param paced whether the answer has a {@code Retry-After} that can be read
     * @param wish what {@code Fuzhi-Retry} says, or null
     */
    static Ruling of(int status, @Nullable String code, Safety safety, boolean paced, @Nullable Boolean wish) {
        Ruling ruling = safety == Safety.UNKEYED ? unkeyed(status, code, paced) : row(status, code);
        if (wish == null || isUnreadable(status)) {
            return ruling;
        }
        return wish ? repeated(ruling) : forbidden(ruling);
    }

    /** Whether a status is that of a success, which is one only with the JSON of the contract. */
    private static boolean isUnreadable(int status) {
        return status < 300;
    }

    private static Ruling row(int status, @Nullable String code) {
        return switch (status) {
            case 400 -> BATCH_TOO_LARGE.equals(code) ? TOO_LARGE : REFUSED;
            case 401 -> UNAUTHENTICATED;
            case 403 -> FORBIDDEN;
            case 404, 410 -> ABSENT;
            case 408 -> TIMED_OUT;
            case 409 -> IN_PROGRESS.equals(code) ? STILL_RUNNING : REFUSED;
            case 412, 428 -> REFUSED;
            case 413 -> TOO_LARGE;
            case 415 -> MISCONFIGURED.corrected(Correction.PLAIN_BODY);
            case 421 -> MISDIRECTED;
            // The bytes changed under their key: repeating that can only do harm, somebody has to look.
            case 422 -> IDEMPOTENCY_MISMATCH.equals(code) ? MISCONFIGURED : REFUSED;
            case 425 -> TOO_EARLY;
            case 429 -> THROTTLED;
            case 501 -> MISCONFIGURED;
            default -> range(status);
        };
    }

    private static Ruling range(int status) {
        if (isUnreadable(status)) {
            return UNREADABLE;
        }
        if (status < 400) {
            return UNTRUSTED;
        }
        return status < 500 ? MISCONFIGURED : SERVER_ERROR;
    }

    private static Ruling unkeyed(int status, @Nullable String code, boolean paced) {
        Ruling row = row(status, code);
        return switch (status) {
            case 408 -> row.stop(Kind.OUTCOME_UNKNOWN);
            case 409 -> row.stop(Kind.REFUSED);
            case 425, 429 -> row;
            case 503 -> paced ? row : row.stop(Kind.OUTCOME_UNKNOWN);
            default -> row.next() == Next.STOP ? row : row.stop(Kind.OUTCOME_UNKNOWN);
        };
    }

    /** The platform says that the same request may be sent again. */
    private static Ruling repeated(Ruling ruling) {
        Kind kind = ruling.next() == Next.STOP ? Kind.UNAVAILABLE : ruling.kind();
        Next next = ruling.next() == Next.STOP ? Next.RETRY : ruling.next();
        boolean waits =
                ruling.disposition() == Disposition.PAUSE_HOST || ruling.disposition() == Disposition.RETRY_UNCOUNTED;
        return new Ruling(kind, next, waits ? ruling.disposition() : Disposition.RETRY, ruling.health())
                .corrected(ruling.correction());
    }

    /** The platform says that repeating is useless: whoever must not lose anything waits until somebody has looked. */
    private static Ruling forbidden(Ruling ruling) {
        if (ruling.next() == Next.STOP) {
            // A correction sends another request, not the same one again.
            return ruling;
        }
        return new Ruling(ruling.kind(), Next.STOP, Disposition.PAUSE_KIND, ruling.health());
    }
}
