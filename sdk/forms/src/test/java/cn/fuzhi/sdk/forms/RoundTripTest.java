package cn.fuzhi.sdk.forms;

import static org.assertj.core.api.Assertions.assertThat;

import cn.fuzhi.sdk.model.AnnualPlan;
import cn.fuzhi.sdk.model.Lesson;
import cn.fuzhi.sdk.model.PushRecord;
import cn.fuzhi.sdk.model.Timetable;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is written is read again as the same records, whatever the records say. */
final class RoundTripTest {
    private static final int SEEDS = 40;
    private static final int ROWS = 25;
    private final FormContext context = Examples.context().build();

    static IntStream seeds() {
        return IntStream.range(0, SEEDS);
    }

    private static <T extends PushRecord> void same(Form<T> form, Collection<? extends T> records) {
        FormResult<T> result = form.read(Examples.written(out -> form.write(records, out)));

        assertThat(result.problems()).filteredOn(CellProblem::isError).isEmpty();
        assertThat(result.records()).isEqualTo(List.copyOf(records));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void keepsSchools(int seed) {
        Invented invented = new Invented(seed);
        same(
                SchoolDirectoryForm.of(context),
                IntStream.range(0, ROWS).mapToObj(invented::school).toList());
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void keepsPairings(int seed) {
        Invented invented = new Invented(seed);
        same(
                PairingListForm.of(context),
                IntStream.range(0, ROWS).mapToObj(invented::pairing).toList());
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void keepsUsage(int seed) {
        Invented invented = new Invented(seed);
        same(
                UsageForm.of(context),
                IntStream.range(0, ROWS).mapToObj(invented::usage).toList());
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void keepsTimetables(int seed) {
        Invented invented = new Invented(seed);
        Timetable first = invented.timetable(LocalDate.of(2022, 9, 15));
        Timetable overNewYear = invented.timetable(LocalDate.of(2022, 12, 25));
        List<PushRecord> records = new ArrayList<>(List.of(first, overNewYear));
        for (int i = 0; i < ROWS; i++) {
            records.add(invented.lesson(i < 12 ? first : overNewYear, 1 + i));
        }
        same(TimetableForm.of(context), records);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void keepsPlans(int seed) {
        AnnualPlan plan = new Invented(seed).plan();
        same(AnnualPlanForm.of(context), List.of(plan));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void keepsCsvInBothCharacterSets(int seed) throws IOException {
        Invented invented = new Invented(seed);
        Timetable head = Timetable.builder()
                .issuerType(cn.fuzhi.sdk.model.TimetableIssuerType.COUNTY)
                .issuerCode("610727")
                .issuerName("略阳县")
                .bodyCode("610727")
                .periodStart(LocalDate.of(2022, 9, 15))
                .periodEnd(LocalDate.of(2022, 9, 28))
                .state(cn.fuzhi.sdk.model.TimetableState.SUBMITTED)
                .build();
        List<Lesson> lessons = IntStream.rangeClosed(1, ROWS)
                .mapToObj(no -> invented.lesson(head, no))
                .toList();
        TimetableForm form = TimetableForm.of(
                Examples.context().period(head.periodStart(), head.periodEnd()).build());
        for (Charset charset : List.of(StandardCharsets.UTF_8, Charset.forName("GB18030"))) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            form.writeCsv(lessons, charset, out);

            FormResult<PushRecord> result =
                    form.read(FormFile.of("课表.csv", out.toByteArray()).withCharset(charset));

            assertThat(result.problems()).filteredOn(CellProblem::isError).isEmpty();
            assertThat(result.records(Lesson.class)).isEqualTo(lessons);
            assertThat(result.records(Timetable.class)).containsExactly(head);
        }
    }

    @Test
    void neverWritesAFormula() throws IOException {
        Invented invented = new Invented(1);
        List<PushRecord> records = new ArrayList<>();
        Timetable head = invented.timetable(LocalDate.of(2022, 9, 15));
        records.add(head);
        records.add(invented.lesson(head, 1).toBuilder()
                .courseName("=HYPERLINK(\"http://x\")")
                .build());
        FormFile file = Examples.written(out -> TimetableForm.of(context).write(records, out));
        ByteArrayOutputStream csv = new ByteArrayOutputStream();
        TimetableForm.of(context).writeCsv(List.of((Lesson) records.get(1)), StandardCharsets.UTF_8, csv);

        assertThat(Examples.part(file, "xl/worksheets/sheet1.xml")).doesNotContain("<f>");
        assertThat(csv.toString(StandardCharsets.UTF_8)).contains("\"'=HYPERLINK(");
    }
}
