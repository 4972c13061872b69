package cn.fuzhi.sdk.mock;

import cn.fuzhi.sdk.model.Rule;
import cn.fuzhi.sdk.model.Severity;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** What a record refers to must exist, must be open, and must lie in the jurisdiction of the caller. */
final class ReferenceRules implements CrossRule {
    /** Divisions that a record may name although somebody else reports for them. */
    private static final Set<String> ANYWHERE = Set.of("/hostDivisionCode");
    /** States in which a record only closes what there was: of pairings, lessons, schools, accounts, studios and content. */
    private static final Set<String> ENDS =
            Set.of("ENDED", "CANCELLED", "NOT_HELD", "CLOSED", "MERGED", "RECODED", "DISABLED", "WITHDRAWN");

    private final Contract contract;
    private final Ledger ledger;
    private final Divisions divisions;
    private final Predicate<String> completeAttachment;
    private final Index supportingFromOutside;

    ReferenceRules(Contract contract, Ledger ledger, Divisions divisions, Predicate<String> completeAttachment) {
        this.contract = contract;
        this.ledger = ledger;
        this.divisions = divisions;
        this.completeAttachment = completeAttachment;
        supportingFromOutside = new Index(
                ledger,
                contract.needed("PAIRING"),
                pairing -> isAcrossProvinces(pairing)
                        ? List.of(pairing.path("supportingSchoolCode").asText())
                        : List.of());
    }

    @Override
    public void check(Candidate candidate) {
        for (Reference reference : candidate.references()) {
            switch (reference.target()) {
                case "DIVISION" -> division(candidate, reference);
                case "SCHOOL" -> school(candidate, reference);
                case "PLATFORM" ->
                    known(
                            candidate,
                            reference,
                            reference.value().equals(candidate.caller().platformCode()));
                case "ATTACHMENT" -> {
                    if (!completeAttachment.test(reference.value())) {
                        unknown(candidate, reference);
                    }
                }
                default -> known(candidate, reference, false);
            }
        }
    }

    private void division(Candidate candidate, Reference reference) {
        JsonNode division = divisions.find(reference.value());
        if (division == null) {
            candidate
                    .findings()
                    .ruleIfNew(Rule.R_04, reference.pointer(), reference.fieldZh(), "value", reference.value());
            return;
        }
        if ("ABOLISHED".equals(Json.text(division, "codeStatus"))) {
            candidate
                    .findings()
                    .ruleIfNew(
                            Rule.R_05,
                            reference.pointer(),
                            reference.fieldZh(),
                            "value",
                            reference.value(),
                            "successor",
                            division.path("successorCode").asText("—"));
        }
        boolean owned = reference.topLevel() || reference.pointer().startsWith("/grants/");
        boolean inside = candidate.caller().divisionCodes().contains(reference.value())
                || candidate.caller().bodyCodes().contains(reference.value());
        if (owned && !inside && !ANYWHERE.contains(reference.pointer())) {
            candidate.findings().rule(Rule.X_01, reference.pointer(), reference.fieldZh(), "value", reference.value());
        }
    }

    private void school(Candidate candidate, Reference reference) {
        Stored school = ledger.find(contract.kind("SCHOOL"), reference.value());
        if (school == null) {
            if (!fromOutside(candidate, reference)) {
                unknown(candidate, reference);
            }
            return;
        }
        JsonNode record = school.record();
        String status = record.path("status").asText("ACTIVE");
        if (!status.equals("ACTIVE") && !looksBack(candidate, record)) {
            candidate
                    .findings()
                    .rule(
                            Rule.X_02,
                            reference.pointer(),
                            reference.fieldZh(),
                            "value",
                            reference.value(),
                            "successor",
                            record.path("successorCode").asText("—"));
        }
    }

    /** A school of another province is not registered here; it may support a school of ours, and give it lessons. */
    private boolean fromOutside(Candidate candidate, Reference reference) {
        if (candidate.is("PAIRING")) {
            return isAcrossProvinces(candidate.record()) && reference.pointer().equals("/supportingSchoolCode");
        }
        boolean gives = candidate.is("LESSON")
                ? reference.pointer().equals("/hostUnit/schoolCode")
                : candidate.is("LESSON_SESSION") && reference.value().equals(candidate.text("hostSchoolCode"));
        return gives && !supportingFromOutside.find(reference.value(), "").isEmpty();
    }

    private static boolean isAcrossProvinces(JsonNode pairing) {
        return pairing.path("scopeKind").asText().equals("CROSS_PROVINCE");
    }

    /** A closed school takes nothing new, but what it had may still be ended, and what happened before may still be told. */
    private static boolean looksBack(Candidate candidate, JsonNode school) {
        if (ENDS.contains(candidate.text("status")) || ENDS.contains(candidate.text("state"))) {
            return true;
        }
        String closedOn = school.path("changedOn").asText("");
        String day = candidate.text(candidate.is("LESSON_SESSION") ? "actualStartAt" : "statOn");
        return candidate.is("CASE_STUDY")
                || (!day.isEmpty()
                        && !closedOn.isEmpty()
                        && day.substring(0, 10).compareTo(closedOn) < 0);
    }

    private void known(Candidate candidate, Reference reference, boolean otherwise) {
        Kind kind = contract.kind(reference.target());
        if (!otherwise && ledger.find(kind, reference.value()) == null) {
            unknown(candidate, reference);
        }
    }

    private static void unknown(Candidate candidate, Reference reference) {
        candidate.findings().code("UNKNOWN_REFERENCE", Severity.ERROR, reference.pointer(), reference.fieldZh());
    }
}
