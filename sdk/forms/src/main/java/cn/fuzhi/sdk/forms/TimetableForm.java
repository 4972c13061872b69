package cn.fuzhi.sdk.forms;

import cn.fuzhi.sdk.model.Lesson;
import cn.fuzhi.sdk.model.PushRecord;
import cn.fuzhi.sdk.model.Timetable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.dhatim.fastexcel.Workbook;
import org.jspecify.annotations.Nullable;

/**
 * Annex 2 of 陕教信办〔2022〕15号, the timetable of live lessons: a heading with issuer and period, one lesson a line, and a note. The
 * official columns keep their order; ours (classroom type, school codes, the year …) stand to their right. A sheet 活动安排 carries
 * the activity plan and what the heading leaves out.
 *
 * <p>Read from the paper form alone, a line gets its year from the period, its host code from the school directory, and its lesson
 * number from issuer, period and line number: as long as these stay, so does the key.
 */
public final class TimetableForm implements Form<PushRecord> {
    private static final String ANNEX = "附件2";
    private static final String NOTE = "注：“平台”一栏填写陕西教育扶智平台，或具有直播功能的自建平台名称。";

    private final FormContext context;
    private final List<Field<Lesson, LessonLine>> fields;

    private TimetableForm(FormContext context) {
        this.context = context;
        this.fields = new LessonColumns(context).fields();
    }

    /**
     * Makes the form.
     *
     * @param context gives the platform, the body, the year or the period, the schools and the divisions
     * @return the form
     */
    public static TimetableForm of(FormContext context) {
        return new TimetableForm(context);
    }

    /**
     * {@inheritDoc}
     *
     * <p>The records are the {@link Timetable}s, each before its {@link Lesson}s.
     */
    @Override
    public FormResult<PushRecord> read(FormFile file) {
        Findings findings = new Findings();
        TimetableHeads heads = new TimetableHeads(context, findings);
        List<PushRecord> lessons = new ArrayList<>();
        TableReader reader = new TableReader(context, findings);
        List<Column> columns =
                new ArrayList<>(fields.stream().map(Field::column).toList());
        columns.add(LessonColumns.END);
        try (RowSource source = file.rows()) {
            source.sheets().stream()
                    .filter(sheet -> !sheet.hidden() && TimetableHeads.isSheet(sheet.name()))
                    .forEach(heads::readSheet);
            int tables = reader.read(source, columns, TimetableHeads::isSheet, new Lines(heads, lessons));
            if (tables == 0) {
                reader.nothingFound(file.name(), columns);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<PushRecord> records = new ArrayList<>(heads.heads().values());
        records.addAll(lessons);
        return new FormResult<>(records, findings.problems(), findings.notes(), findings.problemCount());
    }

    /** Gives every line the head of its sheet. */
    private final class Lines implements TableReader.Lines {
        private final TimetableHeads heads;
        private final RecordLines<Lesson, LessonLine> lines;
        private final Repeats repeats = new Repeats();
        private @Nullable Timetable head;
        private int position;

        Lines(TimetableHeads heads, List<PushRecord> lessons) {
            this.heads = heads;
            this.lines = new RecordLines<>(
                    fields,
                    () -> new LessonLine(java.util.Objects.requireNonNull(head), ++position, repeats),
                    line -> line.lesson.build(),
                    (row, lesson) -> lessons.add(lesson));
        }

        @Override
        public boolean begin(String sheet, Header header) {
            head = heads.of(sheet, header);
            position = 0;
            return head != null;
        }

        @Override
        public void line(FormRow row) {
            lines.line(row);
        }
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if a lesson belongs to no timetable among the records, or a record is of another kind
     */
    @Override
    public void write(Collection<? extends PushRecord> records, OutputStream out) throws IOException {
        List<Timetable> heads = only(records, Timetable.class);
        Map<String, List<Lesson>> lessons = TimetableLessons.sort(heads, only(records, Lesson.class), records.size());
        Workbook workbook = new Workbook(out, "fuzhi-sdk-forms", null);
        List<Column> columns = fields.stream().map(Field::column).toList();
        for (int i = 0; i < heads.size(); i++) {
            Timetable head = heads.get(i);
            SheetWriter sheet = new SheetWriter(workbook, sheetName(i, heads.size()), columns)
                    .heading(ANNEX, TimetableTitle.of(head.issuerName(), head.periodStart(), head.periodEnd()))
                    .titles();
            for (Lesson lesson : lessons.getOrDefault(head.key(), List.of())) {
                sheet.line(cells(fields, lesson, null));
            }
            sheet.note(NOTE).finish();
        }
        writeHeads(workbook, heads);
        workbook.finish();
    }

    private static void writeHeads(Workbook workbook, List<Timetable> heads) throws IOException {
        SheetWriter sheet = new SheetWriter(
                        workbook,
                        TimetableHeads.SHEET,
                        TimetableHeads.FIELDS.stream().map(Field::column).toList())
                .heading(null, TimetableHeads.SHEET)
                .titles();
        for (int i = 0; i < heads.size(); i++) {
            sheet.line(cells(TimetableHeads.FIELDS, heads.get(i), sheetName(i, heads.size())));
        }
        sheet.finish();
    }

    /**
     * Writes the lessons of one timetable as CSV; its head is not written, so it must be given by the context when it is read.
     *
     * @param lessons lessons of one timetable
     * @param charset UTF-8 (a byte order mark is written), or such as GB18030
     * @param out takes the text; not closed
     * @throws IOException if {@code out} does, or a character is not in the character set
     */
    public void writeCsv(Collection<Lesson> lessons, Charset charset, OutputStream out) throws IOException {
        CsvSheet csv = new CsvSheet(out, charset);
        csv.titles(fields.stream().map(Field::column).toList());
        for (Lesson lesson : lessons) {
            csv.line(cells(fields, lesson, null));
        }
        csv.finish();
    }

    private static <R extends PushRecord> List<@Nullable Object> cells(
            List<? extends Field<R, ?>> fields, R record, @Nullable String first) {
        List<@Nullable Object> cells = new ArrayList<>(fields.size());
        for (Field<R, ?> field : fields) {
            cells.add(first != null && cells.isEmpty() ? first : field.written(record));
        }
        return cells;
    }

    private static <R extends PushRecord> List<R> only(Collection<? extends PushRecord> records, Class<R> type) {
        return records.stream().filter(type::isInstance).map(type::cast).toList();
    }

    private static String sheetName(int index, int count) {
        return count == 1 ? "课表" : "课表" + (index + 1);
    }
}
