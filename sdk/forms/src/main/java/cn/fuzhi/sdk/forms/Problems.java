package cn.fuzhi.sdk.forms;

import cn.fuzhi.sdk.model.Violation;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Puts what a rule found in a record to the cell from which the value came. */
final class Problems {
    private Problems() {}

    static CellProblem of(Violation violation, String sheet, int row, int place, @Nullable Column column) {
        return new CellProblem(
                violation.severity(),
                sheet,
                row,
                place,
                column == null ? violation.fieldZh() : column.title(),
                violation.rule(),
                violation.message(),
                Objects.requireNonNullElse(violation.messageEn(), violation.rule()),
                Objects.requireNonNullElse(violation.hint(), "请改正后重新读取"),
                "correct the cell and read the file again");
    }
}
