package cn.fuzhi.sdk.rules;

import cn.fuzhi.sdk.model.Pairing;
import cn.fuzhi.sdk.model.PairingStatus;
import cn.fuzhi.sdk.model.Rule;
import java.time.LocalDate;
import java.util.List;

/** Rules on one pairing, and on several of the same two schools. */
final class PairingRules {
    private PairingRules() {}

    static void check(Pairing pairing, Check check) {
        if (pairing.supportingSchoolCode().equals(pairing.supportedSchoolCode())) {
            check.v.add(Rule.R_19, "supportedSchoolCode", "受援学校标识码");
        }
        check.endsAfter(!pairing.validTo().isBefore(pairing.validFrom()), "validTo", "截止日期");
        check.require(PairingStatus.ENDED.equals(pairing.status()), pairing.endReason(), "endReason", "结束原因");
        StageRules.subjects(pairing.subjectCodes(), pairing.stages(), check);
        CodeRules.schoolYear(pairing.schoolYear(), "schoolYear", "学年", check);
    }

    /** the same school supports the same school twice at a time, under two school years. */
    static void overlaps(List<Pairing> pairings, Check check) {
        List<Span<Pairing>> spans = pairings.stream()
                .filter(pairing -> !lastDay(pairing).isBefore(pairing.validFrom()))
                .map(PairingRules::span)
                .toList();
        Span.sweep(spans, (earlier, later) -> {
            check.v.turnTo(later);
            check.v.add(Rule.X_07, "validFrom", "生效日期", "other", earlier.key());
        });
    }

    private static Span<Pairing> span(Pairing pairing) {
        return new Span<>(
                pairing,
                pairing.supportingSchoolCode() + '~' + pairing.supportedSchoolCode(),
                pairing.validFrom().toEpochDay(),
                lastDay(pairing).toEpochDay() + 1,
                true);
    }

    /** A pairing that has ended is over since the day of the change. */
    private static LocalDate lastDay(Pairing pairing) {
        LocalDate changed = pairing.changedOn();
        boolean ended = PairingStatus.ENDED.equals(pairing.status());
        return ended && changed != null && changed.isBefore(pairing.validTo()) ? changed : pairing.validTo();
    }
}
