package cn.fuzhi.sdk.forms;

import cn.fuzhi.sdk.model.PushRecord;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Collection;

/**
 * A form of the notice, or a list that goes with it, as a spreadsheet. Immutable; safe for use by several threads.
 *
 * @param <T> common type of its records
 */
public sealed interface Form<T extends PushRecord>
        permits AnnualPlanForm, PairingListForm, SchoolDirectoryForm, TimetableForm, UsageForm {
    /**
     * Reads a filled form. Columns are found by their titles; every sheet that has them is read. The records are checked by the
     * constraints of their fields, not by the rules across records.
     *
     * @param file an .xlsx workbook or CSV text
     * @return the records, and everything that is wrong or was interpreted
     * @throws FormException if the file cannot be read at all
     */
    FormResult<T> read(FormFile file);

    /**
     * Writes records into a form as issued, with our own columns to the right. Texts that look like formulas stay texts.
     *
     * @param records the records
     * @param out takes the .xlsx workbook; not closed
     * @throws IOException if {@code out} does
     */
    void write(Collection<? extends T> records, OutputStream out) throws IOException;

    /**
     * Copies a file that was read and marks the cells with problems by colour and comment, so that a clerk can correct and send
     * it again. The copy has the values of the original, not its formats.
     *
     * @param file the file that was read
     * @param result what {@link #read} returned for it
     * @param out takes the .xlsx workbook; not closed
     * @throws IOException if {@code out} does
     */
    default void mark(FormFile file, FormResult<? extends T> result, OutputStream out) throws IOException {
        MarkedCopy.write(file, result, out);
    }
}
