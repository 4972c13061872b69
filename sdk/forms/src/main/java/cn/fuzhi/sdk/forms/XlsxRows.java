package cn.fuzhi.sdk.forms;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.dhatim.fastexcel.reader.Cell;
import org.dhatim.fastexcel.reader.CellType;
import org.dhatim.fastexcel.reader.ReadableWorkbook;
import org.dhatim.fastexcel.reader.ReadingOptions;
import org.dhatim.fastexcel.reader.Row;
import org.dhatim.fastexcel.reader.Sheet;
import org.dhatim.fastexcel.reader.SheetVisibility;
import org.jspecify.annotations.Nullable;

/** The rows of an .xlsx workbook, streamed: memory does not grow with the number of rows. Sheets are read one after another. */
final class XlsxRows implements RowSource {
    /** No form has more columns; what stands further right is not read. */
    static final int COLUMNS = 256;

    /** Places of all rows up to their last cell, filled or not: what the library walks through. */
    private static final long PLACES = 64_000_000;

    private static final int NUMBER_LENGTH = 40;

    /** ECMA-376 part 1, 18.17.3; the library does not tell them from a text when they are the result of a formula. */
    private static final Set<String> ERRORS = Set.of(
            "#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#GETTING_DATA", "#SPILL!", "#CALC!");

    private final ReadableWorkbook workbook;
    private final @Nullable Path copy;
    private final Map<String, List<Merge>> merges;
    private final Map<Integer, Boolean> dateFormats = new HashMap<>();
    private ReadAhead ahead = new ReadAhead(Collections.emptyIterator());
    private long places;

    private XlsxRows(ReadableWorkbook workbook, @Nullable Path copy, Map<String, List<Merge>> merges) {
        this.workbook = workbook;
        this.copy = copy;
        this.merges = merges;
    }

    static XlsxRows open(FormFile file) throws IOException {
        Path path = file.path();
        Path copy = null;
        if (path == null) {
            copy = Files.createTempFile("form", ".xlsx");
            try (InputStream in = file.open()) {
                Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
            }
            path = copy;
        }
        try {
            Map<String, List<Merge>> merges = WorkbookGate.check(file.name(), path);
            ReadableWorkbook workbook = new ReadableWorkbook(path.toFile(), new ReadingOptions(true, true));
            return new XlsxRows(workbook, copy, merges);
        } catch (FormException e) {
            delete(copy);
            throw e;
        } catch (IOException | RuntimeException e) {
            delete(copy);
            throw damaged(file.name(), e);
        }
    }

    private static void delete(@Nullable Path copy) throws IOException {
        if (copy != null) {
            Files.deleteIfExists(copy);
        }
    }

    private static FormException damaged(String name, Exception e) {
        // The cause of the library can repeat what the file says, so only its kind is kept.
        return new FormException(
                FormException.Reason.DAMAGED,
                name + "：文件已损坏，请用 Excel 或 WPS 打开后重新保存（" + e.getClass().getSimpleName() + "）",
                "the file is damaged; open it in a spreadsheet program and save it again");
    }

    @Override
    public List<SheetRows> sheets() {
        return workbook.getSheets().<SheetRows>map(XlsxSheet::new).toList();
    }

    @Override
    public void close() throws IOException {
        ahead.close();
        workbook.close();
        delete(copy);
    }

    private final class XlsxSheet implements SheetRows {
        private final Sheet sheet;

        XlsxSheet(Sheet sheet) {
            this.sheet = sheet;
        }

        @Override
        public String name() {
            return sheet.getName();
        }

        @Override
        public boolean hidden() {
            return sheet.getVisibility() != SheetVisibility.VISIBLE;
        }

        @Override
        public Iterator<RawRow> rows() {
            try {
                ahead.close(); // one sheet at a time
                Iterator<Row> rows = sheet.openStream().iterator();
                MergedCells merged = new MergedCells(merges.getOrDefault(name(), List.of()));
                ahead = new ReadAhead(new Iterator<>() {
                    @Override
                    public boolean hasNext() {
                        try {
                            return rows.hasNext();
                        } catch (RuntimeException e) {
                            throw damaged(name(), e);
                        }
                    }

                    @Override
                    public RawRow next() {
                        try {
                            return merged.fill(raw(name(), rows.next()));
                        } catch (FormException e) {
                            throw e;
                        } catch (RuntimeException e) {
                            throw damaged(name(), e);
                        }
                    }
                });
                return ahead;
            } catch (IOException | RuntimeException e) {
                throw damaged(name(), e); // what stands before the first row is read here
            }
        }
    }

    private RawRow raw(String sheet, Row row) {
        places += row.getCellCount();
        if (places > PLACES) {
            throw new FormException(
                    FormException.Reason.TOO_LARGE,
                    sheet + "：表格过宽，请删除右侧不用的列后另存",
                    "the sheet is too wide; delete the columns that are not used and save it again");
        }
        int count = Math.min(row.getCellCount(), COLUMNS);
        List<RawCell> cells = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            Cell cell = row.getCell(i);
            cells.add(cell == null ? RawCell.EMPTY : raw(cell));
        }
        return new RawRow(sheet, row.getRowNum(), cells);
    }

    private RawCell raw(Cell cell) {
        String value = cell.getRawValue();
        CellType type = cell.getType();
        if (type == CellType.FORMULA) {
            return result(cell, value);
        }
        if (value == null || value.isEmpty() || type == CellType.EMPTY) {
            return RawCell.EMPTY;
        }
        return switch (type) {
            case STRING -> RawCell.text(Text.read(String.valueOf(cell.getValue())));
            case BOOLEAN -> yesNo("1".equals(value) || "true".equals(value));
            case ERROR -> error(value);
            default -> number(cell, value);
        };
    }

    /** The result that was stored with a formula, by its own type: a text of digits stays a text. */
    private RawCell result(Cell cell, @Nullable String value) {
        if (value == null) {
            return error("#NO_RESULT");
        }
        Object result = cell.getValue();
        RawCell read = RawCell.EMPTY;
        if (result instanceof Boolean yes) {
            read = yesNo(yes);
        } else if (result instanceof String text) {
            read = ERRORS.contains(text) ? error(text) : RawCell.text(Text.read(text));
        } else if (!value.isEmpty()) {
            read = number(cell, value);
        }
        return read.from(RawCell.Source.FORMULA);
    }

    private static RawCell yesNo(boolean yes) {
        return new RawCell(RawCell.Kind.BOOLEAN, yes ? "是" : "否", null, RawCell.Source.TYPED);
    }

    private static RawCell error(String value) {
        return new RawCell(RawCell.Kind.ERROR, value, null, RawCell.Source.TYPED);
    }

    private RawCell number(Cell cell, String value) {
        BigDecimal number = parse(value);
        if (number == null) {
            return value.startsWith("#") ? error(value) : RawCell.text(value);
        }
        if (isDate(cell)) {
            LocalDateTime date = date(number);
            if (date != null) {
                return new RawCell(RawCell.Kind.DATE, date.toString(), date, RawCell.Source.TYPED);
            }
        }
        return new RawCell(RawCell.Kind.NUMBER, number.toPlainString(), null, RawCell.Source.TYPED);
    }

    /** A text such as 1e1000000000 is a number by its form, but never one that a form means. */
    private static @Nullable BigDecimal parse(String value) {
        try {
            BigDecimal number = new BigDecimal(value);
            boolean sane = value.length() <= NUMBER_LENGTH && Math.abs((long) number.scale()) <= NUMBER_LENGTH;
            return sane ? number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros() : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private @Nullable LocalDateTime date(BigDecimal serial) {
        double days = serial.doubleValue();
        if (days < 0 || days > 2_958_465) {
            return null;
        }
        // Day 60 of the 1900 system is 29 February 1900, which never was.
        LocalDateTime origin = workbook.isDate1904()
                ? LocalDateTime.of(1904, 1, 1, 0, 0)
                : LocalDateTime.of(1899, 12, days < 60 ? 31 : 30, 0, 0);
        return origin.plusSeconds(Math.round(days * 86_400)).truncatedTo(ChronoUnit.SECONDS);
    }

    private boolean isDate(Cell cell) {
        Integer id = cell.getDataFormatId();
        String format = cell.getDataFormatString();
        return id == null
                ? DateFormats.isDate(null, format)
                : dateFormats.computeIfAbsent(id, key -> DateFormats.isDate(id, format));
    }
}
