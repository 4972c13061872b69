package cn.fuzhi.sdk.outbox;

import org.jspecify.annotations.Nullable;

/** The outbox cannot keep a record or cannot be opened; {@link #reason()} tells what to do. Messages hold no personal values. */
public final class OutboxException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why, sorted by what to do next. */
    public enum Reason {
        /** The limit of rows or bytes is reached: deliver, or raise it; or the disk is almost full. Nothing was stored. */
        FULL,
        /** The store failed. Unless the text says otherwise nothing was stored; enqueueing again is always harmless. */
        STORAGE,
        /** The configuration or the database is not fit for the promise; the text names the setting to change. */
        UNSUITABLE,
        /** Another process has the file open. */
        IN_USE
    }

    private final Reason reason;

    OutboxException(Reason reason, String message, String messageEn, @Nullable Throwable cause) {
        super(message + " / " + messageEn, cause);
        this.reason = reason;
    }

    /**
     * Returns why.
     *
     * @return the reason
     */
    public Reason reason() {
        return reason;
    }
}
