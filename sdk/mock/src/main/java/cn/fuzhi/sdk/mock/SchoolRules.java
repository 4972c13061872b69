package cn.fuzhi.sdk.mock;

import cn.fuzhi.sdk.model.Rule;
import cn.fuzhi.sdk.model.Severity;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Schools that may be one school: a code that another one had before, or one name twice in a county. */
final class SchoolRules implements CrossRule {
    private final Index byNameAndFormerCode;

    SchoolRules(Contract contract, Ledger ledger) {
        byNameAndFormerCode = new Index(ledger, contract.needed("SCHOOL"), SchoolRules::terms);
    }

    private static List<String> terms(JsonNode school) {
        List<String> terms = new ArrayList<>();
        terms.add(name(school));
        school.path("formerSchoolCodes").forEach(code -> terms.add("code " + code.asText()));
        return terms;
    }

    private static String name(JsonNode school) {
        return "name " + school.path("divisionCode").asText() + " "
                + school.path("name").asText();
    }

    @Override
    public void check(Candidate candidate) {
        if (!candidate.is("SCHOOL")) {
            return;
        }
        report(candidate, name(candidate.record()), Severity.WARNING, "/name");
        boolean leaving = !candidate.text("status").equals("ACTIVE");
        if (candidate.before() == null && !leaving) {
            report(candidate, "code " + candidate.key(), Severity.ERROR, "/schoolCode");
        }
    }

    private void report(Candidate candidate, String term, Severity severity, String pointer) {
        byNameAndFormerCode.find(term, candidate.key()).stream()
                .findFirst()
                .ifPresent(other -> candidate
                        .findings()
                        .rule(Rule.X_04, severity, pointer, "学校", "value", candidate.key(), "other", other.key()));
    }
}
