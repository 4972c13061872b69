package cn.fuzhi.sdk.forms;

import static cn.fuzhi.sdk.forms.FormException.Reason;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * The rows of a CSV file as one sheet. Decoding is strict: a byte that is not in the character set ends the reading, so that
 * garbled text is never sent.
 */
final class CsvRows implements RowSource, RowSource.SheetRows {
    private static final int FIELD_CHARS = 1 << 20;
    private static final int COLUMNS = 256;
    private static final long FILE_BYTES = 256L << 20;
    private static final long FIELDS = 20_000_000;

    private final FormFile file;
    private final CsvReader<CsvRecord> reader;
    private long fields;

    private CsvRows(FormFile file, CsvReader<CsvRecord> reader) {
        this.file = file;
        this.reader = reader;
    }

    static CsvRows open(FormFile file) throws IOException {
        InputStream in = new BufferedInputStream(new Limited(file), 1 << 16);
        in.mark(3);
        byte[] head = in.readNBytes(3);
        boolean bom = head.length == 3 && head[0] == (byte) 0xEF && head[1] == (byte) 0xBB && head[2] == (byte) 0xBF;
        if (bom && !file.charset().equals(StandardCharsets.UTF_8)) {
            in.close();
            throw wrongCharset(file, null);
        }
        if (!bom) {
            in.reset();
        }
        Reader text = new InputStreamReader(
                in,
                file.charset()
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT));
        return new CsvRows(
                file,
                CsvReader.builder()
                        .skipEmptyLines(false)
                        .missingFieldStrategy(de.siegmar.fastcsv.reader.FieldMismatchStrategy.IGNORE)
                        .extraFieldStrategy(de.siegmar.fastcsv.reader.FieldMismatchStrategy.IGNORE)
                        .allowUnclosedQuote(false)
                        .maxBufferSize(FIELD_CHARS)
                        .ofCsvRecord(text));
    }

    @Override
    public List<SheetRows> sheets() {
        return List.of(this);
    }

    @Override
    public String name() {
        return file.name();
    }

    @Override
    public boolean hidden() {
        return false;
    }

    @Override
    public Iterator<RawRow> rows() {
        Iterator<CsvRecord> records = reader.iterator();
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                try {
                    return records.hasNext();
                } catch (RuntimeException e) {
                    throw explain(e);
                }
            }

            @Override
            public RawRow next() {
                try {
                    return raw(records.next());
                } catch (RuntimeException e) {
                    throw explain(e);
                }
            }
        };
    }

    private RawRow raw(CsvRecord record) {
        fields += record.getFieldCount();
        if (fields > FIELDS) {
            throw new FormException(Reason.TOO_LARGE, name() + "：文件过大，请拆分后再读取", "the file is too large; split it");
        }
        int count = Math.min(record.getFieldCount(), COLUMNS);
        List<RawCell> cells = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            String text = record.getField(i);
            if (text.indexOf('\0') >= 0) {
                throw new FormException(
                        Reason.NOT_A_FORM,
                        name() + "：不是文本文件（含有空字符），请保存为 CSV 或 .xlsx",
                        "not a text file; save it as CSV or .xlsx");
            }
            cells.add(
                    CsvSheet.isNeutralised(text)
                            ? RawCell.text(text.substring(1)).from(RawCell.Source.UNQUOTED)
                            : RawCell.text(text));
        }
        return new RawRow(name(), (int) Math.min(record.getStartingLineNumber(), Integer.MAX_VALUE), cells);
    }

    /** The library wraps what went wrong while reading; its own messages can contain the text of the file. */
    private RuntimeException explain(RuntimeException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof FormException form) {
                return form;
            }
            if (cause instanceof CharacterCodingException) {
                return wrongCharset(file, e);
            }
            if (cause instanceof IOException io && !(io instanceof CharacterCodingException)) {
                return new UncheckedIOException(io);
            }
        }
        if (e instanceof CsvParseException) {
            return new FormException(
                    Reason.BAD_CSV,
                    name() + "：引号没有成对，或某一行过长，请检查 CSV 文件中的双引号",
                    "a quotation mark is not closed, or a line is longer than any real one");
        }
        return e;
    }

    private static FormException wrongCharset(FormFile file, @org.jspecify.annotations.Nullable Throwable cause) {
        String message = file.name() + "：文件不是 " + file.charset().name() + " 编码。请另存为 UTF-8，或指明 GB18030";
        String messageEn = "the text is not in " + file.charset().name() + "; save it as UTF-8 or name GB18030";
        return cause == null
                ? new FormException(Reason.WRONG_CHARSET, message, messageEn)
                : new FormException(Reason.WRONG_CHARSET, message, messageEn, new CharacterCodingException());
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }

    /** Stops a file that is larger than any form. */
    private static final class Limited extends java.io.FilterInputStream {
        private final FormFile file;
        private long read;

        Limited(FormFile file) throws IOException {
            super(file.open());
            this.file = file;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            int count = super.read(bytes, from, length);
            read += Math.max(count, 0);
            if (read > FILE_BYTES) {
                throw new FormException(Reason.TOO_LARGE, file.name() + "：文件过大", "the file is too large");
            }
            return count;
        }
    }
}
