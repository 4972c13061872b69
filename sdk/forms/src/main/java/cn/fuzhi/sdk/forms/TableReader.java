package cn.fuzhi.sdk.forms;

import cn.fuzhi.sdk.forms.Findings.Words;
import cn.fuzhi.sdk.model.Severity;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads the tables of all sheets line by line, leaving out what is not a line: headings, the example, notes, totals. */
final class TableReader {
    private static final int HEADING_ROWS = 40;
    private static final int EMPTY_ROWS = 2_000;
    private static final int ROWS = 200_000;
    private static final Pattern EXAMPLE = Pattern.compile("(?:例|示例|样例|例如|填写示例)(?:[:.、]?\\d*|行)?");
    private static final Pattern NOTE =
            Pattern.compile("(?s)(?:注|备注|说明|填表说明|填写说明|注意|提示|填表人|填报人|制表人|审核人)\\d*[:、.].*|(?:注|说明)\\d*");
    private static final Pattern NOTE_GOES_ON = Pattern.compile("(?s)\\(?\\d{1,2}[).、:].*");
    private static final int TITLE_CHARS = 30;
    private static final Pattern TOTAL = Pattern.compile("(?:合计|总计|小计)[:]?");

    private final FormContext context;
    private final Findings findings;
    private int read;

    TableReader(FormContext context, Findings findings) {
        this.context = context;
        this.findings = findings;
    }

    static boolean isNote(String text) {
        return NOTE.matcher(Text.bare(text)).matches();
    }

    /** What a form does with the tables that are found. */
    interface Lines {
        /** A table begins; false leaves the sheet out. */
        default boolean begin(String sheet, Header header) {
            return true;
        }

        void line(FormRow row);

        default void end() {}
    }

    /**
     * Reads every visible sheet that has the table.
     *
     * @param source the file
     * @param columns columns of the table
     * @param other names of sheets that are read otherwise
     * @param lines takes the lines
     * @return number of sheets that have it
     */
    int read(RowSource source, List<Column> columns, Predicate<String> other, Lines lines) {
        int tables = 0;
        for (RowSource.SheetRows sheet : source.sheets()) {
            if (sheet.hidden()) {
                findings.note(sheet.name(), 0, 0, null, "隐藏的工作表未读取", "a hidden sheet was not read");
            } else if (!other.test(sheet.name()) && table(sheet, columns, lines)) {
                tables++;
            }
        }
        return tables;
    }

    /** Reports that no sheet has the table. */
    void nothingFound(String file, List<Column> columns) {
        String titles =
                columns.stream().filter(Column::required).map(Column::title).collect(Collectors.joining("、"));
        findings.problem(
                file,
                0,
                0,
                null,
                new Words(
                        "没有找到表头",
                        "no row with the column titles was found",
                        "表头应包含：" + titles,
                        "keep the titles of the form"));
    }

    boolean table(RowSource.SheetRows sheet, List<Column> columns, Lines lines) {
        Iterator<RawRow> rows = sheet.rows();
        List<RawRow> first = new ArrayList<>();
        while (rows.hasNext() && first.size() < HEADING_ROWS) {
            RawRow row = rows.next();
            if (row.filled() > 0) {
                first.add(row);
            } else if (row.number() > EMPTY_ROWS) {
                break;
            }
        }
        Header header = Header.find(first, columns);
        if (header == null) {
            notRead(sheet.name(), first, columns);
            return false;
        }
        if (!usable(sheet.name(), header, columns) || !lines.begin(sheet.name(), header)) {
            return true;
        }
        Body body = new Body(sheet.name(), header, lines);
        for (RawRow row : first) {
            if (row.number() > header.row()) {
                body.row(row);
            }
        }
        while (rows.hasNext() && body.row(rows.next())) {
            // Everything happens in the condition: the body says when to stop.
        }
        lines.end();
        return true;
    }

    /** A sheet is never left out in silence; one that has some of the titles was probably meant. */
    private void notRead(String sheet, List<RawRow> first, List<Column> columns) {
        if (first.isEmpty()) {
            return;
        }
        findings.note(sheet, 0, 0, null, "没有本表的表头，工作表未读取", "a sheet without the titles of this form was not read");
        RawRow row = Header.nearest(first, columns);
        if (row != null) {
            findings.problem(new CellProblem(
                    Severity.WARNING,
                    sheet,
                    row.number(),
                    0,
                    null,
                    "FORM",
                    "这一行像是表头，但缺少本表的大部分列，工作表未读取",
                    "the row looks like the titles of this form but lacks most of them; the sheet was not read",
                    "如属本表，请按原表补全表头",
                    "complete the titles if the sheet belongs to this form"));
        }
    }

    private boolean usable(String sheet, Header header, List<Column> columns) {
        header.unknown()
                .forEach((place, title) -> findings.note(
                        sheet,
                        header.row(),
                        place + 1,
                        null,
                        "表中没有“" + shortened(title) + "”列，未读取",
                        "a column that the form does not have was not read"));
        header.twice()
                .forEach(title -> findings.note(
                        sheet,
                        header.row(),
                        0,
                        title,
                        "标题出现两次，只读取第一列",
                        "the title stands there twice, the first counts"));
        for (Column column : header.missing(columns)) {
            findings.problem(
                    sheet,
                    header.row(),
                    0,
                    column.title(),
                    new Words(
                            "缺少“" + column.title() + "”列",
                            "the column is missing",
                            "请按原表补上该列",
                            "add the column of the form"));
        }
        return header.missing(columns).isEmpty();
    }

    private static String shortened(String title) {
        String line = title.replaceAll("\\s+", " ");
        return line.codePointCount(0, line.length()) <= TITLE_CHARS
                ? line
                : line.substring(0, line.offsetByCodePoints(0, TITLE_CHARS)) + "…";
    }

    /** The rows below the titles of one sheet. */
    private final class Body {
        private final String sheet;
        private final Map<Column, Integer> places;
        private final Lines lines;
        private int last;
        private boolean afterNote;

        Body(String sheet, Header header, Lines lines) {
            this.sheet = sheet;
            this.places = header.places();
            this.lines = lines;
            this.last = header.row();
        }

        /** Takes a row; false when nothing more is to be expected. */
        boolean row(RawRow row) {
            if (row.filled() == 0) {
                boolean goOn = row.number() - last < EMPTY_ROWS;
                if (!goOn) {
                    findings.note(
                            sheet,
                            row.number(),
                            0,
                            null,
                            "连续两千行为空，其后的内容未读取",
                            "after 2,000 empty rows nothing more was read");
                }
                return goOn;
            }
            last = row.number();
            if (++read > ROWS) {
                throw new FormException(
                        FormException.Reason.TOO_LARGE,
                        sheet + "：超过 " + ROWS + " 行，请拆分后再读取",
                        "more than " + ROWS + " rows; split the file");
            }
            if (isLine(row)) {
                lines.line(new FormRow(row, places, context, findings));
            }
            return true;
        }

        /** What is not a line says so in its first cell; a row that is nearly empty is a mistake that somebody must see. */
        private boolean isLine(RawRow row) {
            String first = Text.bare(row.firstText());
            boolean alone = row.filled() == 1 && row.cells().stream().noneMatch(RawCell::merged);
            boolean note = (row.filled() <= 2 && NOTE.matcher(first).matches())
                    || (alone && afterNote && NOTE_GOES_ON.matcher(first).matches());
            afterNote = note;
            if (EXAMPLE.matcher(first).matches()) {
                findings.note(sheet, row.number(), 0, null, "示例行，未读取", "the example row was not read");
                return false;
            }
            if (note || TOTAL.matcher(first).matches()) {
                findings.note(sheet, row.number(), 0, null, "表外说明或合计行，未读取", "a note or a total was not read");
                return false;
            }
            if (alone) {
                findings.problem(
                        sheet,
                        row.number(),
                        row.firstPlace(),
                        null,
                        new Words(
                                "这一行只有一个单元格有内容，无法作为一条数据读取",
                                "the row has one filled cell and is no line of the table",
                                "请补全本行或删除；说明文字请以“注：”开头",
                                "complete or delete the row; begin a note with 注："));
            }
            return !alone;
        }
    }
}
