package cn.fuzhi.examples.county;

import cn.fuzhi.sdk.forms.CellProblem;
import cn.fuzhi.sdk.forms.FormContext;
import cn.fuzhi.sdk.forms.FormFile;
import cn.fuzhi.sdk.forms.FormResult;
import cn.fuzhi.sdk.forms.PairingListForm;
import cn.fuzhi.sdk.forms.SchoolDirectory;
import cn.fuzhi.sdk.forms.SchoolDirectoryForm;
import cn.fuzhi.sdk.forms.TimetableForm;
import cn.fuzhi.sdk.forms.UsageForm;
import cn.fuzhi.sdk.model.Platform;
import cn.fuzhi.sdk.model.PlatformIntegrationState;
import cn.fuzhi.sdk.model.PlatformKind;
import cn.fuzhi.sdk.model.PushRecord;
import cn.fuzhi.sdk.model.RecordKind;
import cn.fuzhi.sdk.model.ResponsibleParty;
import cn.fuzhi.sdk.model.School;
import cn.fuzhi.sdk.rules.Divisions;
import cn.fuzhi.sdk.rules.RuleContext;
import cn.fuzhi.sdk.rules.RuleReport;
import cn.fuzhi.sdk.rules.Rules;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the county's clerks filled in: schools, pairings, the timetable and the usage figures, as records, with everything that
 * kept a row from becoming one.
 *
 * @param records records that keep every rule, ready to be enqueued
 * @param refused how many rows of each kind were left out
 * @param reasons why, one line each; a row may have several
 */
record Workbooks(List<PushRecord> records, Map<RecordKind, Integer> refused, Map<RecordKind, List<String>> reasons) {
    static final String PLATFORM = "LUEYANG01";
    static final String COUNTY = "610727";
    static final String SCHOOL_YEAR = "2022-2023";
    static final String PERIOD = "2022-09-15";

    /** Reads the four workbooks of a folder and applies every rule that can be decided here. */
    static Workbooks read(Path folder) {
        Reading reading = new Reading();
        List<School> schools = reading.take(
                RecordKind.SCHOOL, SchoolDirectoryForm.of(context(List.of())).read(file(folder, "schools")));
        FormContext context = context(schools);
        reading.take(RecordKind.PAIRING, PairingListForm.of(context).read(file(folder, "pairings")));
        reading.take(RecordKind.LESSON, TimetableForm.of(context).read(file(folder, "timetable")));
        reading.take(RecordKind.USAGE_REPORT, UsageForm.of(context).read(file(folder, "usage")));
        reading.records.add(0, platform());
        return reading.judged();
    }

    /** How many records or rows of a kind were read, good or not. */
    int read(RecordKind kind) {
        long good =
                records.stream().filter(record -> record.kind().equals(kind)).count();
        return (int) good + refused.getOrDefault(kind, 0);
    }

    /** The kinds that the workbooks hold, in the order in which they are sent. */
    List<RecordKind> kinds() {
        return Stream.concat(records.stream().map(PushRecord::kind), refused.keySet().stream())
                .distinct()
                .sorted(Comparator.comparing(RecordKind::rank).thenComparing(RecordKind::value))
                .toList();
    }

    /** Who we are: what no workbook says. */
    private static Platform platform() {
        ResponsibleParty bureau =
                ResponsibleParty.builder().unitName("略阳县教育体育局（示例）").build();
        return Platform.builder()
                .platformCode(PLATFORM)
                .name("略阳县智慧教育平台（示例）")
                .platformKind(PlatformKind.LOCAL)
                .divisionCode(COUNTY)
                .supervisor(bureau)
                .operator(bureau)
                .user(bureau)
                .liveCapable(true)
                .integrationState(PlatformIntegrationState.INTEGRATED)
                .integratedOn(LocalDate.of(2022, 9, 1))
                .build();
    }

    private static FormContext context(List<School> schools) {
        return FormContext.builder()
                .platform(PLATFORM, "略阳县智慧教育平台")
                .bodyCode(COUNTY)
                .schoolYear(SCHOOL_YEAR)
                .year(2022)
                .periodKey(PERIOD)
                .schools(SchoolDirectory.of(schools))
                .divisions(Divisions.bundled().all())
                .build();
    }

    private static FormFile file(Path folder, String name) {
        return FormFile.of(folder.resolve(name + ".xlsx"));
    }

    /** Collects what the forms give, then leaves out what breaks a rule. */
    private static final class Reading {
        private final List<PushRecord> records = new ArrayList<>();
        private final Map<RecordKind, Integer> refused = new HashMap<>();
        private final Map<RecordKind, List<String>> reasons = new HashMap<>();

        <T extends PushRecord> List<T> take(RecordKind kind, FormResult<T> form) {
            records.addAll(form.records());
            List<CellProblem> errors =
                    form.problems().stream().filter(CellProblem::isError).toList();
            // One row with three mistakes is one row that was refused.
            long rows = errors.stream()
                    .map(error -> error.sheet() + "!" + error.row())
                    .distinct()
                    .count();
            errors.forEach(error -> refuse(kind, 0, error.toString()));
            refuse(kind, (int) rows, null);
            return form.records();
        }

        /** Leaves out what breaks a rule, then what referred to it, until nothing more breaks. */
        Workbooks judged() {
            List<PushRecord> good = new ArrayList<>(records);
            RuleReport report = Rules.check(good, context(good));
            while (report.hasErrors()) {
                Map<String, String> broken = report.errors().stream()
                        .collect(Collectors.toMap(
                                violation -> Objects.requireNonNullElse(violation.key(), ""),
                                violation -> violation.rule() + " " + violation.message(),
                                (one, other) -> one + "; " + other));
                List<PushRecord> bad = good.stream()
                        .filter(record -> broken.containsKey(record.key()))
                        .toList();
                if (bad.isEmpty()) {
                    throw new IllegalStateException("无法归到记录的错误 / errors of no record: " + report.toEnglish());
                }
                bad.forEach(record -> refuse(record.kind(), 1, record.key() + " " + broken.get(record.key())));
                good.removeAll(bad);
                report = Rules.check(good, context(good));
            }
            return new Workbooks(List.copyOf(good), refused, reasons);
        }

        private static RuleContext context(List<PushRecord> records) {
            return RuleContext.builder()
                    .divisions(Divisions.bundled())
                    .schools(records.stream()
                            .filter(School.class::isInstance)
                            .map(School.class::cast)
                            .toList())
                    .platforms(List.of(platform()))
                    .build();
        }

        private void refuse(RecordKind kind, int rows, @Nullable String reason) {
            if (rows > 0) {
                refused.merge(kind, rows, Integer::sum);
            }
            if (reason != null) {
                reasons.computeIfAbsent(kind, k -> new ArrayList<>()).add(reason);
            }
        }
    }
}
