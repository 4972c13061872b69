package cn.fuzhi.sdk.forms;

import cn.fuzhi.sdk.model.PushRecord;
import java.util.List;

/**
 * What was read from a form.
 *
 * @param records the records of all rows without errors, in the order of the form; a head comes before its lines
 * @param problems what is wrong, errors and warnings; at most 10,000 are kept
 * @param notes how the form was understood where it could have been meant otherwise
 * @param problemCount number of problems found, also of those that were not kept
 * @param <T> common type of the records
 */
public record FormResult<T extends PushRecord>(
        List<T> records, List<CellProblem> problems, List<FormNote> notes, int problemCount) {
    /** Copies the lists. */
    public FormResult {
        records = List.copyOf(records);
        problems = List.copyOf(problems);
        notes = List.copyOf(notes);
    }

    /**
     * Picks the records of one type.
     *
     * @param type record class, such as {@code Lesson.class}
     * @param <R> the type
     * @return its records, in the order of the form
     */
    public <R extends PushRecord> List<R> records(Class<R> type) {
        return records.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /**
     * Tells whether a row was kept out of the records.
     *
     * @return true if there is an error; warnings do not count
     */
    public boolean hasErrors() {
        return problems.stream().anyMatch(CellProblem::isError);
    }
}
