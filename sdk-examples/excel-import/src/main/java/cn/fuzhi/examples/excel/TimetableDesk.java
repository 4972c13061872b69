package cn.fuzhi.examples.excel;

import cn.fuzhi.sdk.forms.FormContext;
import cn.fuzhi.sdk.forms.FormFile;
import cn.fuzhi.sdk.forms.FormResult;
import cn.fuzhi.sdk.forms.SchoolDirectory;
import cn.fuzhi.sdk.forms.TimetableForm;
import cn.fuzhi.sdk.model.PushRecord;
import cn.fuzhi.sdk.model.School;
import cn.fuzhi.sdk.outbox.Outbox;
import cn.fuzhi.sdk.rules.Divisions;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;

/**
 * Takes a clerk's timetable workbook: a good one is enqueued, one with mistakes goes back with a comment at every cell that has to be
 * corrected.
 */
public final class TimetableDesk {
    private final Outbox outbox;
    private final TimetableForm form;

    /**
     * Makes the desk of one county.
     *
     * @param outbox where good timetables go
     * @param schools the schools by whose names clerks write
     */
    public TimetableDesk(Outbox outbox, Collection<School> schools) {
        this.outbox = outbox;
        this.form = TimetableForm.of(FormContext.builder()
                .platform("LUEYANG01", "略阳县智慧教育平台")
                .bodyCode("610727")
                .year(2022)
                .schools(SchoolDirectory.of(schools))
                .divisions(Divisions.bundled().all())
                .build());
    }

    /**
     * Takes one workbook.
     *
     * @param workbook the file as the clerk sent it
     * @param corrections where the marked copy goes if there is something to correct
     * @return true if everything was enqueued, false if the copy has to go back to the clerk
     * @throws IOException if the copy cannot be written
     */
    public boolean take(Path workbook, Path corrections) throws IOException {
        FormFile file = FormFile.of(workbook);
        FormResult<PushRecord> result = form.read(file);
        result.notes().forEach(System.out::println); // how the form was understood
        if (result.hasErrors()) {
            try (OutputStream out = Files.newOutputStream(corrections)) {
                form.mark(file, result, out);
            }
            return false;
        }
        outbox.enqueue(result.records());
        return true;
    }
}
