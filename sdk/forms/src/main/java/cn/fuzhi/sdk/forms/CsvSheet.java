package cn.fuzhi.sdk.forms;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.math.BigDecimal;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Writes a table as CSV for people: UTF-8 with a byte order mark, so that spreadsheet programs show Chinese, or another character
 * set that was asked for.
 */
final class CsvSheet {
    /**
     * What a spreadsheet program would run as a formula, also after skipping white space or reading full-width signs, gets an
     * apostrophe in front; {@link CsvRows} removes one again and notes it.
     */
    private static final Pattern FORMULA = Pattern.compile("(?s)'*[=+\\-@\\t\\r\\n＝＋－＠].*");

    private final CsvWriter csv;
    private final Writer text;

    CsvSheet(OutputStream out, Charset charset) throws IOException {
        if (charset.equals(StandardCharsets.UTF_8)) {
            out.write(new byte[] {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF});
        }
        text = new OutputStreamWriter(
                out,
                charset.newEncoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT));
        csv = CsvWriter.builder().lineDelimiter(LineDelimiter.CRLF).build(text);
    }

    /** Tells whether a text was written by {@link #cell}; other programs write apostrophes like this, too. */
    static boolean isNeutralised(String text) {
        return text.startsWith("'") && FORMULA.matcher(text).matches();
    }

    void titles(List<Column> columns) {
        csv.writeRecord(columns.stream().map(Column::title).toList());
    }

    void line(List<? extends @Nullable Object> values) {
        csv.writeRecord(values.stream().map(CsvSheet::cell).toList());
    }

    private static String cell(@Nullable Object value) {
        if (value == null) {
            return "";
        }
        String plain = value instanceof BigDecimal number ? number.toPlainString() : value.toString();
        return value instanceof String && FORMULA.matcher(plain).matches() ? "'" + plain : plain;
    }

    void finish() throws IOException {
        csv.flush();
        text.flush();
    }
}
