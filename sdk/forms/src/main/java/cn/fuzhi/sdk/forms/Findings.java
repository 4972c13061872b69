package cn.fuzhi.sdk.forms;

import cn.fuzhi.sdk.model.Severity;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Collects the problems and the notes of one reading. */
final class Findings {
    private static final int KEPT = 10_000;

    private final List<CellProblem> problems = new ArrayList<>();
    private final Map<NoteKey, FormNote> notes = new LinkedHashMap<>();
    private int problemCount;

    private record NoteKey(String sheet, @Nullable String columnZh, String message) {}

    /** What is wrong and what to do about it, in both languages. */
    record Words(String message, String messageEn, String hint, String hintEn) {}

    void problem(CellProblem problem) {
        problemCount++;
        if (problems.size() < KEPT) {
            problems.add(problem);
        }
    }

    void problem(String sheet, int row, int column, @Nullable String columnZh, Words words) {
        problem(new CellProblem(
                Severity.ERROR,
                sheet,
                row,
                column,
                columnZh,
                "FORM",
                words.message(),
                words.messageEn(),
                words.hint(),
                words.hintEn()));
    }

    void note(String sheet, int row, int column, @Nullable String columnZh, String message, String messageEn) {
        NoteKey key = new NoteKey(sheet, columnZh, message);
        if (notes.size() >= KEPT && !notes.containsKey(key)) {
            return;
        }
        notes.merge(key, new FormNote(sheet, row, column, columnZh, 1, message, messageEn), Findings::again);
    }

    private static FormNote again(FormNote old, FormNote next) {
        return new FormNote(
                old.sheet(), old.row(), old.column(), old.columnZh(), old.count() + 1, old.message(), old.messageEn());
    }

    int problemCount() {
        return problemCount;
    }

    List<CellProblem> problems() {
        return problems;
    }

    List<FormNote> notes() {
        return List.copyOf(notes.values());
    }
}
