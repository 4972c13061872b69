package cn.fuzhi.sdk.mock;

import cn.fuzhi.sdk.model.Rule;
import cn.fuzhi.sdk.model.Severity;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Pairings: who may support whom, for how long, and with whose consent. */
final class PairingRules implements CrossRule {
    private static final int MOST_SUPPORTED = 10;
    private static final int DAYS_OF_A_TERM = 120;
    private static final Set<String> CITY = Set.of("111", "112");
    private static final Set<String> RURAL_OR_TOWN = Set.of("121", "122", "123", "210", "220");

    private final Contract contract;
    private final Ledger ledger;
    private final Divisions divisions;
    private final Index bySupporting;
    private final Index bySupported;

    PairingRules(Contract contract, Ledger ledger, Divisions divisions) {
        this.contract = contract;
        this.ledger = ledger;
        this.divisions = divisions;
        Kind pairing = contract.needed("PAIRING");
        bySupporting = new Index(
                ledger,
                pairing,
                record -> List.of(record.path("supportingSchoolCode").asText()));
        bySupported = new Index(
                ledger,
                pairing,
                record -> List.of(record.path("supportedSchoolCode").asText()));
    }

    /** True when two schools have a pairing that has not ended, whichever of them supports. */
    boolean paired(String one, String other) {
        return pairing(one, other) || pairing(other, one);
    }

    private boolean pairing(String supporting, String supported) {
        return bySupporting.find(supporting, "").stream()
                .map(Stored::record)
                .anyMatch(record -> open(record)
                        && record.path("supportedSchoolCode").asText().equals(supported));
    }

    private static boolean open(JsonNode pairing) {
        return !pairing.path("status").asText().equals("ENDED");
    }

    @Override
    public void check(Candidate candidate) {
        if (!candidate.is("PAIRING") || !open(candidate.record())) {
            return;
        }
        JsonNode supporting = school(candidate.text("supportingSchoolCode"));
        JsonNode supported = school(candidate.text("supportedSchoolCode"));
        if (supported != null) {
            needsSupport(candidate, supported);
        }
        if (supporting != null) {
            givesSupport(candidate, supporting, supported);
        }
        others(candidate);
        span(candidate);
        consent(candidate, supporting, supported);
    }

    private @Nullable JsonNode school(String code) {
        Stored stored = ledger.find(contract.kind("SCHOOL"), code);
        return stored == null ? null : stored.record();
    }

    private static void needsSupport(Candidate candidate, JsonNode supported) {
        if (Schools.rural(supported, true)) {
            return;
        }
        String urban = supported.path("urbanRuralClass").asText();
        Severity severity = CITY.contains(urban) ? Severity.ERROR : Severity.WARNING;
        String shown = RURAL_OR_TOWN.contains(urban) || CITY.contains(urban) ? urban : "—";
        candidate
                .findings()
                .rule(
                        Rule.X_05,
                        severity,
                        "/supportedSchoolCode",
                        "受援学校标识码",
                        "value",
                        candidate.text("supportedSchoolCode"),
                        "other",
                        shown);
    }

    private void givesSupport(Candidate candidate, JsonNode supporting, @Nullable JsonNode supported) {
        String code = candidate.text("supportingSchoolCode");
        String village = supporting.path("locationCode12").asText("");
        boolean sameVillage = supported != null
                && !village.isEmpty()
                && village.equals(supported.path("locationCode12").asText());
        boolean circle = pairing(candidate.text("supportedSchoolCode"), code);
        if (Schools.rural(supporting, true) || sameVillage || circle) {
            candidate.findings().rule(Rule.X_06, "/supportingSchoolCode", "帮扶学校标识码", "value", code);
        }
        Set<String> supports = new HashSet<>(Set.of(candidate.text("supportedSchoolCode")));
        bySupporting.find(code, candidate.key()).stream()
                .map(Stored::record)
                .filter(other -> open(other) && Times.daysOverlap(candidate.record(), other, "validFrom", "validTo"))
                .forEach(other -> supports.add(other.path("supportedSchoolCode").asText()));
        if (supports.size() > MOST_SUPPORTED) {
            candidate
                    .findings()
                    .rule(
                            Rule.X_08,
                            "/supportingSchoolCode",
                            "帮扶学校标识码",
                            "value",
                            code,
                            "max",
                            String.valueOf(MOST_SUPPORTED));
        }
    }

    private void others(Candidate candidate) {
        bySupported.find(candidate.text("supportedSchoolCode"), candidate.key()).stream()
                .filter(stored -> {
                    JsonNode other = stored.record();
                    return open(other)
                            && other.path("supportingSchoolCode")
                                    .asText()
                                    .equals(candidate.text("supportingSchoolCode"))
                            && Times.daysOverlap(candidate.record(), other, "validFrom", "validTo");
                })
                .findFirst()
                .ifPresent(
                        stored -> candidate.findings().rule(Rule.X_07, "/validFrom", "结对起始日期", "other", stored.key()));
    }

    private static void span(Candidate candidate) {
        int year = Integer.parseInt(candidate.text("schoolYear").substring(0, 4));
        LocalDate from = Times.day(candidate.record(), "validFrom");
        LocalDate to = Times.day(candidate.record(), "validTo");
        boolean outside = from.isBefore(LocalDate.of(year, 9, 1)) || to.isAfter(LocalDate.of(year + 1, 8, 31));
        boolean brief =
                candidate.record().path("fixed").asBoolean() && ChronoUnit.DAYS.between(from, to) < DAYS_OF_A_TERM;
        if (outside || brief) {
            candidate
                    .findings()
                    .rule(
                            Rule.X_09,
                            outside ? Severity.ERROR : Severity.WARNING,
                            "/validFrom",
                            "结对起始日期",
                            "value",
                            candidate.text("schoolYear"));
        }
    }

    private void consent(Candidate candidate, @Nullable JsonNode supporting, @Nullable JsonNode supported) {
        String one = body(supporting);
        String other = body(supported);
        boolean crosses = candidate.text("scopeKind").equals("CROSS_CITY")
                || (one != null && other != null && !one.equals(other));
        JsonNode confirmations = candidate.record().path("confirmations");
        boolean confirmed = confirmations.path("supportingBody").asText().equals("CONFIRMED")
                && confirmations.path("supportedBody").asText().equals("CONFIRMED");
        if (crosses && !confirmed && candidate.text("status").equals("ACTIVE")) {
            candidate.findings().rule(Rule.X_10, "/confirmations", "确认情况");
        }
    }

    private @Nullable String body(@Nullable JsonNode school) {
        return school == null
                ? null
                : divisions.bodyOf(school.path("divisionCode").asText());
    }
}
