package cn.fuzhi.sdk.benchmarks;

import cn.fuzhi.sdk.forms.FormContext;
import cn.fuzhi.sdk.forms.FormFile;
import cn.fuzhi.sdk.forms.FormResult;
import cn.fuzhi.sdk.forms.TimetableForm;
import cn.fuzhi.sdk.model.ClassroomType;
import cn.fuzhi.sdk.model.Contact;
import cn.fuzhi.sdk.model.DeliveryMode;
import cn.fuzhi.sdk.model.DeliveryPlatform;
import cn.fuzhi.sdk.model.DeliveryPlatformKind;
import cn.fuzhi.sdk.model.Grade;
import cn.fuzhi.sdk.model.Lecturer;
import cn.fuzhi.sdk.model.Lesson;
import cn.fuzhi.sdk.model.LessonHostUnit;
import cn.fuzhi.sdk.model.LessonState;
import cn.fuzhi.sdk.model.PushRecord;
import cn.fuzhi.sdk.model.Stage;
import cn.fuzhi.sdk.model.SubjectCode;
import cn.fuzhi.sdk.model.Timetable;
import cn.fuzhi.sdk.model.TimetableIssuerType;
import cn.fuzhi.sdk.model.TimetableState;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.dhatim.fastexcel.Workbook;
import org.dhatim.fastexcel.Worksheet;
import org.dhatim.fastexcel.reader.Cell;
import org.dhatim.fastexcel.reader.ReadableWorkbook;
import org.dhatim.fastexcel.reader.ReadingOptions;
import org.dhatim.fastexcel.reader.Row;
import org.dhatim.fastexcel.reader.Sheet;

/**
 * 100,000 timetable lines read into records and written from them, against the library's own rows of the same workbook: the plain
 * reader asks for the text of every cell, the plain writer writes the same cells with the same borders.
 */
final class FormsBenchmark {
    private static final int LINES = 100_000;
    private static final int PAIRS = 5;
    private static final int FLUSH_ROWS = 500;
    private static final String HEAP = "-Xmx256m";
    private static final double MEBIBYTE = 1 << 20;

    /** The first 14 columns and ours, filled as the form fills them. */
    private static final String[] TEXTS = {
        "1",
        "直播",
        "语文",
        "李示例",
        "610727",
        "略阳县示例第一小学",
        "《看图说话》",
        "9月16日 9:00-9:40",
        "小学",
        "一年级",
        "张样本",
        "13800000000",
        "陕西教育扶智平台",
        "",
        "专递课堂",
        "",
        "2161000001",
        "",
        "T-0001",
        "2022",
        "L-000001",
        "CHINESE",
        "610727",
        "",
        "省级平台",
        "",
        "",
        "",
        "",
        "已排课",
        "",
        "",
        "LUEYANG01",
        ""
    };

    private FormsBenchmark() {}

    /** Measures in a virtual machine whose heap has the size of the target. */
    static void run(Figures figures) throws Exception {
        Children.figures(HEAP, Bounded.class.getName()).forEach(figures::put);
    }

    /** The program that is bounded. */
    static final class Bounded {
        private Bounded() {}

        /**
         * Measures, and prints figures.
         *
         * @param args none
         * @throws Exception if the measurement failed
         */
        public static void main(String[] args) throws Exception {
            measure(new Figures(System.out));
        }
    }

    private static void measure(Figures figures) throws Exception {
        Path file = Files.createTempFile("forms", ".xlsx");
        Path plain = Files.createTempFile("plain", ".xlsx");
        try {
            TimetableForm form = TimetableForm.of(FormContext.builder()
                    .platform("LUEYANG01", null)
                    .bodyCode("610727")
                    .build());
            List<PushRecord> records = records();
            Pairs.Result write = Pairs.measure(
                    PAIRS, Pairs.millis(() -> plainWrite(file, plain)), Pairs.millis(() -> write(form, records, file)));
            figures.put("forms.write.ratio", write.ratio());
            figures.put("forms.write.ms", write.b());
            records.clear();
            Pairs.Result read =
                    Pairs.measure(PAIRS, Pairs.millis(() -> plainRead(file)), Pairs.millis(() -> read(form, file)));
            figures.put("forms.read.ratio", read.ratio());
            figures.put("forms.read.ms", read.b());
            figures.put("forms.heap.mb", Runtime.getRuntime().maxMemory() / MEBIBYTE);
        } finally {
            Files.delete(file);
            Files.delete(plain);
        }
    }

    private static void write(TimetableForm form, List<PushRecord> records, Path file) throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            form.write(records, out);
        }
    }

    private static void read(TimetableForm form, Path file) {
        FormResult<PushRecord> result = form.read(FormFile.of(file));
        if (result.records().size() != LINES + 1) {
            throw new IllegalStateException(result.records().size() + " records, " + result.problems());
        }
    }

    private static void plainRead(Path file) throws IOException {
        try (ReadableWorkbook workbook = new ReadableWorkbook(file.toFile(), new ReadingOptions(true, true))) {
            Sheet sheet = workbook.getFirstSheet();
            long[] characters = new long[1];
            try (var rows = sheet.openStream()) {
                rows.forEach(row -> characters[0] += length(row));
            }
            if (characters[0] < LINES) {
                throw new IllegalStateException("nothing was read");
            }
        }
    }

    private static long length(Row row) {
        long length = 0;
        for (Cell cell : row) {
            length += cell == null ? 0 : cell.getText().length();
        }
        return length;
    }

    private static void plainWrite(Path like, Path file) throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file));
                Workbook workbook = new Workbook(out, "plain", null)) {
            Worksheet sheet =
                    workbook.newWorksheet(like.getFileName().toString().substring(0, 5));
            for (int row = 0; row < LINES; row++) {
                for (int i = 0; i < TEXTS.length; i++) {
                    if (!TEXTS[i].isEmpty()) {
                        sheet.value(row, i, i == 20 ? "L-" + row : TEXTS[i]);
                    }
                    sheet.style(row, i)
                            .borderStyle("thin")
                            .wrapText(true)
                            .format("@")
                            .set();
                }
                if (row % FLUSH_ROWS == 0) {
                    sheet.flush();
                }
            }
        }
    }

    private static List<PushRecord> records() {
        List<PushRecord> records = new ArrayList<>(LINES + 1);
        Timetable head = Timetable.builder()
                .issuerType(TimetableIssuerType.COUNTY)
                .issuerCode("610727")
                .issuerName("略阳县")
                .bodyCode("610727")
                .periodStart(LocalDate.of(2022, 9, 15))
                .periodEnd(LocalDate.of(2022, 9, 28))
                .state(TimetableState.SUBMITTED)
                .build();
        records.add(head);
        for (int i = 1; i <= LINES; i++) {
            records.add(lesson(head, i));
        }
        return records;
    }

    private static Lesson lesson(Timetable head, int i) {
        LocalDateTime start = LocalDate.of(2022, 9, 15).plusDays(i % 14).atTime(8 + i % 8, i % 60);
        return Lesson.builder()
                .platformCode("LUEYANG01")
                .lessonNo(String.format("L-%06d", i))
                .timetableKey(head.key())
                .bodyCode("610727")
                .lineNo(i)
                .deliveryMode(DeliveryMode.LIVE)
                .subjectCode(SubjectCode.CHINESE)
                .subjectName("语文")
                .lecturer(new Lecturer("李示例", "T-" + i % 500))
                .hostDivisionCode("610727")
                .hostUnit(new LessonHostUnit("略阳县示例第一小学", "2161000001", null))
                .courseName("《看图说话》")
                .startAt(start.atOffset(ZoneOffset.ofHours(8)))
                .endAt(start.plusMinutes(40).atOffset(ZoneOffset.ofHours(8)))
                .stages(List.of(Stage.PRIMARY))
                .grades(List.of(Grade.G1))
                .scheduler(new Contact("张样本", "13800000000"))
                .deliveryPlatform(new DeliveryPlatform(DeliveryPlatformKind.PROVINCIAL, null, "陕西教育扶智平台"))
                .classroomType(ClassroomType.DELIVERY)
                .state(LessonState.SCHEDULED)
                .build();
    }
}
