package cn.fuzhi.sdk.forms;

import cn.fuzhi.sdk.forms.Findings.Words;
import cn.fuzhi.sdk.model.Division;
import cn.fuzhi.sdk.model.Mask;
import cn.fuzhi.sdk.model.Rule;
import cn.fuzhi.sdk.model.School;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a line names, as codes: divisions and schools. One that is clear is noted, one that is not has its candidates named. */
final class Named {
    private Named() {}

    /** The division that is named; a name that is not the official one is noted, one that means several is a problem. */
    @Nullable
    static Division division(FormRow row, Column column) {
        String text = row.text(column);
        FormContext.Place place =
                text == null ? FormContext.Place.NONE : row.context().place(text);
        Division division = place.division();
        if (division != null && place.former()) {
            row.warn(
                    column,
                    Rule.R_05.number(),
                    new Words(
                            "“" + Mask.value(String.valueOf(text)) + "”是已撤销的区划，按现区划 " + division.name() + "（"
                                    + division.code() + "）读取",
                            "an abolished division, read as what replaced it: " + division.code(),
                            "请改用现行区划名称",
                            "write the current name"));
        } else if (division != null && !Text.bare(String.valueOf(text)).equals(division.code())) {
            row.note(
                    column,
                    "“" + Mask.value(String.valueOf(text)) + "”对应行政区划代码 " + division.code() + " " + division.name(),
                    "matched to division code " + division.code());
        } else if (place.candidates().size() > 1) {
            row.problem(
                    column,
                    "名称对应多个行政区划，或上下级不一致",
                    "the name means several divisions, or the county is not in that city",
                    "请填写全称或六位代码，可能是："
                            + place.candidates().stream()
                                    .map(other -> other.code() + " " + other.name())
                                    .collect(Collectors.joining("；")),
                    "write the full name or the code of one of the candidates");
        }
        return division;
    }

    /** The code of a school that is named: the code column wins, otherwise the name is looked up. */
    @Nullable
    static String school(FormRow row, Column name, Column code, @Nullable String divisionCode) {
        String written = row.code(code);
        String called = row.text(name);
        if (written != null) {
            School known = row.context().schools().get(written);
            if (called != null
                    && known != null
                    && row.context().schools().find(called, null).schools().stream()
                            .noneMatch(known::equals)) {
                row.warn(
                        name,
                        "FORM",
                        new Words(
                                "学校名称与标识码不一致，按标识码读取（" + known.name() + "）",
                                "name and code do not belong together, the code counts",
                                "请核对名称和标识码",
                                "check both"));
            }
            return written;
        }
        return called == null ? null : lookUp(row, name, called, divisionCode);
    }

    @Nullable
    static String lookUp(FormRow row, Column column, String name, @Nullable String divisionCode) {
        SchoolDirectory.Found found = row.context().schools().find(name, divisionCode);
        if (found.schools().size() == 1) {
            School school = found.schools().get(0);
            row.note(
                    column,
                    "“" + Mask.value(name) + "”按" + found.how().zh + "对应学校标识码 " + school.key()
                            + (found.narrowed() ? "（同名学校中按区划或状态选定）" : ""),
                    "matched by its " + found.how().en + " to school code " + school.key()
                            + (found.narrowed() ? ", of several by division or state" : ""));
            if (!SchoolDirectory.isIn(school, divisionCode)) {
                row.warn(
                        column,
                        "FORM",
                        new Words(
                                "学校不在所写的区划内，学校名录中属 " + school.divisionCode(),
                                "the directory has the school in another division, " + school.divisionCode(),
                                "请核对学校和区划",
                                "check school and division"));
            }
            return school.key();
        }
        if (found.schools().isEmpty()) {
            row.problem(
                    column,
                    "学校名录中没有“" + Mask.value(name) + "”",
                    "the school directory has no such name",
                    "请填写学校标识码，或核对名称",
                    "write the school code, or check the name");
            return null;
        }
        row.problem(
                column,
                "“" + Mask.value(name) + "”对应 " + found.schools().size() + " 所学校",
                "the name means several schools",
                "请填写学校标识码，可能是：" + found.candidates(),
                "write the code of one of the candidates");
        return null;
    }
}
