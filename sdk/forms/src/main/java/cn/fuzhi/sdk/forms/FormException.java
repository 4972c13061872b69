package cn.fuzhi.sdk.forms;

/**
 * A file that cannot be read as a form at all: not a workbook, encrypted, with macros, damaged, in another character set, or
 * larger than the limits. Choose or save the file as the message says and read it again; repeating alone does not help.
 *
 * <p>The message is Chinese and English and never contains what the file says.
 */
public final class FormException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Short name of the reason, for programs. */
    private final Reason reason;

    FormException(Reason reason, String message, String messageEn) {
        super(message + " / " + messageEn);
        this.reason = reason;
    }

    FormException(Reason reason, String message, String messageEn, Throwable cause) {
        super(message + " / " + messageEn, cause);
        this.reason = reason;
    }

    /**
     * Returns why the file is refused.
     *
     * @return the reason
     */
    public Reason reason() {
        return reason;
    }

    /** Why a file is refused. */
    public enum Reason {
        /** Neither an .xlsx workbook nor text. */
        NOT_A_FORM,
        /** Protected by a password to open it, or an old .xls file, which has the same container. */
        ENCRYPTED,
        /** A workbook with macros. */
        MACROS,
        /** Larger than the limits, or compressed far more than any real workbook. */
        TOO_LARGE,
        /** Built to deceive: names that leave the archive, twice the same part, a document type definition. */
        UNSAFE,
        /** Cut off or damaged. */
        DAMAGED,
        /** Text that is not in the character set that was named. */
        WRONG_CHARSET,
        /** CSV text with a quotation mark that is never closed, or with a line beyond reason. */
        BAD_CSV
    }
}
