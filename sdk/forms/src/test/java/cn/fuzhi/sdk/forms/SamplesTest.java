package cn.fuzhi.sdk.forms;

import static org.assertj.core.api.Assertions.assertThat;

import cn.fuzhi.sdk.model.PushRecord;
import cn.fuzhi.sdk.rules.Divisions;
import cn.fuzhi.sdk.rules.RuleContext;
import cn.fuzhi.sdk.rules.RuleReport;
import cn.fuzhi.sdk.rules.Rules;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The workbooks in {@code sdk-examples/samples} say what their generator says. */
final class SamplesTest {
    private static final Path FOLDER = Path.of("../../sdk-examples/samples");
    private final FormContext context = Samples.context();

    private static FormFile sample(String name) {
        return FormFile.of(FOLDER.resolve(name));
    }

    @Test
    void holdWhatTheirGeneratorMakes() {
        FormResult<?> schools = SchoolDirectoryForm.of(context).read(sample("schools.xlsx"));
        FormResult<?> pairings = PairingListForm.of(context).read(sample("pairings.xlsx"));
        FormResult<?> timetable = TimetableForm.of(context).read(sample("timetable.xlsx"));
        FormResult<?> usage = UsageForm.of(context).read(sample("usage.xlsx"));

        assertThat(schools.problems()).isEmpty();
        assertThat(pairings.problems()).isEmpty();
        assertThat(timetable.problems()).isEmpty();
        assertThat(usage.problems()).isEmpty();
        assertThat(schools.records()).isEqualTo(Samples.schools()).hasSize(40);
        assertThat(pairings.records()).isEqualTo(Samples.pairings()).hasSize(20);
        assertThat(timetable.records()).isEqualTo(Samples.timetable()).hasSize(61);
        assertThat(usage.records()).isEqualTo(Samples.usage()).hasSize(100);
    }

    /** Heights, styles and lists too; only the times in the document's properties may differ. */
    @Test
    void lookAsTheFormsAreWrittenToday(@TempDir Path folder) throws IOException {
        Samples.main(new String[] {folder.toString()});
        try (Stream<Path> written = Files.list(folder)) {
            assertThat(written)
                    .hasSize(6)
                    .allSatisfy(file -> assertThat(parts(FOLDER.resolve(file.getFileName())))
                            .as(file.getFileName() + " is old; run the main program of Samples")
                            .isEqualTo(parts(file)));
        }
    }

    /** The elements of every part, sorted because the library writes merged cells in any order. */
    private static Map<String, List<String>> parts(Path workbook) throws IOException {
        Map<String, List<String>> parts = new TreeMap<>();
        try (ZipFile zip = new ZipFile(workbook.toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                if (entry.getName().startsWith("xl/")) {
                    byte[] bytes = zip.getInputStream(entry).readAllBytes();
                    String xml = new String(bytes, StandardCharsets.UTF_8);
                    parts.put(
                            entry.getName(),
                            Stream.of(xml.split("(?=<)")).sorted().toList());
                }
            }
        }
        return parts;
    }

    @Test
    void passTheRules() {
        List<PushRecord> all = new ArrayList<>(Samples.schools());
        all.addAll(Samples.pairings());
        all.addAll(Samples.timetable());
        all.addAll(Samples.usage());

        RuleReport report = Rules.check(
                all,
                RuleContext.builder()
                        .divisions(Divisions.bundled())
                        .schools(Samples.schools())
                        .today(LocalDate.of(2022, 9, 30))
                        .build());

        assertThat(report.errors()).isEmpty();
    }

    @Test
    void nameEveryClericalMistakeWithItsCell() {
        FormResult<PushRecord> timetable = TimetableForm.of(context).read(sample("timetable-with-problems.xlsx"));
        FormResult<?> pairings = PairingListForm.of(context).read(sample("pairings-with-problems.xlsx"));

        assertThat(timetable.problems())
                .filteredOn(CellProblem::isError)
                .extracting(CellProblem::cell)
                .containsExactlyInAnyOrder("课表!F7", "课表!H8", "课表!H9", "课表!L9", "课表!H10", "课表!M10", "课表!O10");
        assertThat(timetable.problems())
                .allSatisfy(problem -> assertThat(problem.toString()).doesNotContain("{", "。。", ".;"));
        assertThat(timetable.records()).hasSize(4);
        assertThat(pairings.problems())
                .filteredOn(CellProblem::isError)
                .extracting(CellProblem::cell)
                .containsExactlyInAnyOrder("名单!C4", "名单!D5", "名单!G5", "名单!E6");
        assertThat(pairings.records()).hasSize(1);
    }
}
