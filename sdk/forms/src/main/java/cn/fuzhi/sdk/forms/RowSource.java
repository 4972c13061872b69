package cn.fuzhi.sdk.forms;

import java.io.Closeable;
import java.util.Iterator;
import java.util.List;

/** The sheets of an open file. Rows are read as they are asked for; only one sheet is read at a time. */
interface RowSource extends Closeable {
    /** Lists the sheets in their order, hidden ones included. */
    List<SheetRows> sheets();

    /** A sheet and its rows; empty rows may be left out. */
    interface SheetRows {
        String name();

        boolean hidden();

        /** Reads the rows from the top; may be called again. */
        Iterator<RawRow> rows();
    }
}
