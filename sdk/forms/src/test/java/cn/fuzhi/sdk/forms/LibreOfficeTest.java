package cn.fuzhi.sdk.forms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import cn.fuzhi.sdk.model.PushRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What we write is opened and saved by another spreadsheet program, and still says the same. */
final class LibreOfficeTest {
    private static final Path PROGRAM = Path.of("/usr/bin/soffice");
    private static final int SECONDS = 120;

    @TempDir
    static Path folder;

    private final FormContext context = Examples.context().build();

    @BeforeAll
    static void needsTheProgram() {
        assumeTrue(Files.isExecutable(PROGRAM), "skipped: needs libreoffice-calc");
    }

    /** Converts every file of a folder in one run of the program; each test class has a profile of its own. */
    private static void convert(Path from, String format, Path to) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                PROGRAM.toString(),
                "-env:UserInstallation=" + folder.resolve("profile").toUri(),
                "--headless",
                "--convert-to",
                format,
                "--outdir",
                to.toString()));
        try (Stream<Path> files = Files.list(from)) {
            files.map(Path::toString).sorted().forEach(command::add);
        }
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        try {
            assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS)).isTrue();
        } finally {
            // The program starts another one and waits for it, so both must go.
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).isZero();
    }

    private static <T extends PushRecord> void write(Form<T> form, List<? extends T> records, Path to)
            throws IOException {
        try (var out = Files.newOutputStream(to)) {
            form.write(records, out);
        }
    }

    @Test
    void workbooksThatItSavedReadTheSame() throws Exception {
        Path written = Files.createDirectory(folder.resolve("written"));
        Path saved = Files.createDirectory(folder.resolve("saved"));
        Invented invented = new Invented(7, false);
        List<PushRecord> timetable = new ArrayList<>(List.of(invented.timetable(LocalDate.of(2022, 12, 25))));
        IntStream.rangeClosed(1, 40)
                .forEach(no -> timetable.add(invented.lesson((cn.fuzhi.sdk.model.Timetable) timetable.get(0), no)));
        var schools = IntStream.range(0, 40).mapToObj(invented::school).toList();
        var pairings = IntStream.range(0, 40).mapToObj(invented::pairing).toList();
        var usage = IntStream.range(0, 40).mapToObj(invented::usage).toList();
        var plans = List.of(invented.plan());
        write(TimetableForm.of(context), timetable, written.resolve("timetable.xlsx"));
        write(SchoolDirectoryForm.of(context), schools, written.resolve("schools.xlsx"));
        write(PairingListForm.of(context), pairings, written.resolve("pairings.xlsx"));
        write(UsageForm.of(context), usage, written.resolve("usage.xlsx"));
        write(AnnualPlanForm.of(context), plans, written.resolve("plan.xlsx"));

        convert(written, "xlsx:Calc MS Excel 2007 XML", saved);

        assertThat(TimetableForm.of(context)
                        .read(FormFile.of(saved.resolve("timetable.xlsx")))
                        .records())
                .isEqualTo(timetable);
        assertThat(SchoolDirectoryForm.of(context)
                        .read(FormFile.of(saved.resolve("schools.xlsx")))
                        .records())
                .isEqualTo(schools);
        assertThat(PairingListForm.of(context)
                        .read(FormFile.of(saved.resolve("pairings.xlsx")))
                        .records())
                .isEqualTo(pairings);
        assertThat(UsageForm.of(context)
                        .read(FormFile.of(saved.resolve("usage.xlsx")))
                        .records())
                .isEqualTo(usage);
        assertThat(AnnualPlanForm.of(context)
                        .read(FormFile.of(saved.resolve("plan.xlsx")))
                        .records())
                .isEqualTo(plans);
    }

    @Test
    void printsTheOfficialColumnsOnOnePage() throws Exception {
        Path written = Files.createDirectory(folder.resolve("printed"));
        Path paper = Files.createDirectory(folder.resolve("paper"));
        write(AnnualPlanForm.of(context), List.of(AnnualPlanFormTest.PLAN), written.resolve("annex1.xlsx"));
        List<PushRecord> timetable = Samples.timetable().subList(0, 12);
        write(TimetableForm.of(Samples.context()), timetable, written.resolve("annex2.xlsx"));

        convert(written, "pdf", paper);

        // Annex 1 is one page; Annex 2 is one for the timetable and one for the sheet 活动安排.
        assertThat(pages(paper.resolve("annex1.pdf"))).isEqualTo(1);
        assertThat(pages(paper.resolve("annex2.pdf"))).isEqualTo(2);
    }

    private static int pages(Path pdf) throws IOException {
        String text = Files.readString(pdf, java.nio.charset.StandardCharsets.ISO_8859_1);
        return text.split("/Type\\s*/Page[^s]", -1).length - 1;
    }
}
