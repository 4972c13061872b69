package cn.fuzhi.sdk.rules;

import cn.fuzhi.sdk.model.Content;
import cn.fuzhi.sdk.model.Grade;
import cn.fuzhi.sdk.model.OpenCode;
import cn.fuzhi.sdk.model.Rule;
import cn.fuzhi.sdk.model.School;
import cn.fuzhi.sdk.model.Stage;
import cn.fuzhi.sdk.model.SubjectCode;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Rules on stages, grades and subjects, wherever they stand. */
final class StageRules {
    /** The stages to which the code sets assign grades and subjects; special and vocational schools have plans of their own. */
    private static final Set<Stage> ASSIGNED = Set.of(Stage.KINDERGARTEN, Stage.PRIMARY, Stage.JUNIOR, Stage.SENIOR);

    private static final CodeSets CODES = CodeSets.bundled();

    private StageRules() {}

    static void content(Content content, Check check) {
        grades(content.grades(), content.stages(), check);
        subject(content.subjectCode(), content.stages(), "subjectCode", check);
    }

    /** R-17 for the grades of a record. */
    static void grades(List<Grade> grades, List<Stage> stages, Check check) {
        for (int i = 0; i < grades.size(); i++) {
            grade(grades.get(i), stages, "grades/" + i, "年级", check);
        }
    }

    /** */
    static void grade(@Nullable Grade grade, List<Stage> stages, String field, String zhName, Check check) {
        if (grade != null && misses("grade", grade, stages)) {
            check.v.add(Rule.R_17, field, zhName, "value", grade.value());
        }
    }

    /** R-18 for a list of subjects. */
    static void subjects(List<SubjectCode> subjects, List<Stage> stages, Check check) {
        for (int i = 0; i < subjects.size(); i++) {
            subject(subjects.get(i), stages, "subjectCodes/" + i, check);
        }
    }

    /** */
    static void subject(@Nullable SubjectCode subject, List<Stage> stages, String field, Check check) {
        if (subject != null && misses("subject", subject, stages)) {
            check.v.add(Rule.R_18, field, "学科", "value", subject.value());
        }
    }

    /** Whether a code belongs to certain stages, and the stages given are all others. */
    private static boolean misses(String set, OpenCode code, List<Stage> stages) {
        List<Stage> usual = CODES.stagesOf(set, code);
        return !usual.isEmpty()
                && !stages.isEmpty()
                && ASSIGNED.containsAll(stages)
                && Collections.disjoint(usual, stages);
    }

    /** The stages that a school teaches: as it says, otherwise by its type; empty when unknown. */
    static List<Stage> offered(School school) {
        return school.stages().isEmpty() ? CODES.stagesOf("schoolType", school.schoolType()) : school.stages();
    }
}
