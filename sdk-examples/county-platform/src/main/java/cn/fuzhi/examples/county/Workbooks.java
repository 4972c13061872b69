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
import cn.fuzhi.sdk.model.Violation;
import cn.fuzhi.sdk.rules.Divisions;
import cn.fuzhi.sdk.rules.RuleContext;
import cn.fuzhi.sdk.rules.RuleReport;
import cn.fuzhi.sdk.rules.Rules;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What the county's clerks filled in: schools, pairings, the timetable and the usage figures, as records, with everything that
 * kept a row from becoming one.
 *
 * @param records records that keep every rule, ready to be enqueued
 * @param read rows read as records, by kind
 * @param refused why a row or a record was left out, one line each, by kind
 */
record Workbooks(List<PushRecord> records, Map<RecordKind, Integer> read, Map<RecordKind, List<String>> refused) {
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
        return reading.judged(RuleContext.builder()
                .divisions(Divisions.bundled())
                .schools(schools)
                .platforms(List.of(platform()))
                .build());
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
        private final Map<RecordKind, List<String>> refused =
                new TreeMap<>(java.util.Comparator.comparing(RecordKind::rank).thenComparing(RecordKind::value));

        <T extends PushRecord> List<T> take(RecordKind kind, FormResult<T> form) {
            records.addAll(form.records());
            form.problems().stream().filter(CellProblem::isError).forEach(problem -> refuse(kind, problem.toString()));
            return form.records();
        }

        Workbooks judged(RuleContext context) {
            RuleReport report = Rules.check(records, context);
            Set<String> broken = report.errors().stream().map(Violation::key).collect(Collectors.toSet());
            Map<RecordKind, Integer> read = new TreeMap<>(
                    java.util.Comparator.comparing(RecordKind::rank).thenComparing(RecordKind::value));
            List<PushRecord> good = new ArrayList<>();
            for (PushRecord record : records) {
                read.merge(record.kind(), 1, Integer::sum);
                if (broken.contains(record.key())) {
                    refuse(record.kind(), record.key() + " " + reasons(report, record.key()));
                } else {
                    good.add(record);
                }
            }
            return new Workbooks(List.copyOf(good), read, refused);
        }

        private void refuse(RecordKind kind, String reason) {
            refused.computeIfAbsent(kind, k -> new ArrayList<>()).add(reason);
        }

        private static String reasons(RuleReport report, String key) {
            return report.errors().stream()
                    .filter(violation -> key.equals(violation.key()))
                    .map(violation -> violation.rule() + " " + violation.message())
                    .distinct()
                    .collect(Collectors.joining("; "));
        }
    }
}
