package cn.fuzhi.sdk.mock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Coverage of pairing and the figures of the annual plan, computed from what the platform holds. */
final class Reports {
    private final Contract contract;
    private final Ledger ledger;
    private final Divisions divisions;
    private final MockClock clock;

    Reports(Contract contract, Ledger ledger, Divisions divisions, MockClock clock) {
        this.contract = contract;
        this.ledger = ledger;
        this.divisions = divisions;
        this.clock = clock;
    }

    /** Adds the operations to a table by operation id. */
    void addTo(Map<String, Function<Request, JsonNode>> operations) {
        operations.put("getCoverageReport", this::coverage);
        operations.put("listUncoveredSchools", this::uncovered);
    }

    /** What a coverage report counts, and how. */
    private record Basis(String scope, LocalDate asOf, Set<String> stages, boolean designated, boolean keyCounties) {}

    private Basis basis(Request request) {
        String scope = request.required("scopeCode");
        if (divisions.find(scope) == null && divisions.body(scope) == null) {
            throw Problem.of("BAD_REQUEST", "统计范围不存在。", "There is no such division.");
        }
        request.requireJurisdiction(scope);
        Set<String> stages =
                Set.of(request.parameter("stages", "PRIMARY,JUNIOR").split(","));
        LocalDate asOf = LocalDate.parse(request.parameter("asOf", clock.today().toString()));
        boolean designated = !"STATISTICAL".equals(request.parameter("ruralBasis"));
        return new Basis(scope, asOf, stages, designated, request.flag("keyCountiesOnly"));
    }

    /** Counts of an area, or of a county in it. */
    private static final class Counts {
        int total;
        int rural;
        int paired;
        int ruralPaired;
        int unknown;
        int sites;
        int supported;

        ObjectNode into(ObjectNode node) {
            return node.put("totalSchoolCount", total)
                    .put("ruralSchoolCount", rural)
                    .put("pairedSchoolCount", paired)
                    .put("unpairedSchoolCount", total - paired)
                    .put("ruralPairedFixedCount", ruralPaired)
                    .put("ruralUncoveredCount", rural - ruralPaired);
        }
    }

    private JsonNode coverage(Request request) {
        Basis basis = basis(request);
        Links links = links(basis.asOf());
        Counts all = new Counts();
        Map<String, Counts> byCounty = new TreeMap<>();
        schools(basis).forEach(school -> {
            String county = school.path("divisionCode").asText();
            count(all, basis, school, links);
            count(byCounty.computeIfAbsent(county, code -> new Counts()), basis, school, links);
        });
        ObjectNode report = Json.object()
                .put("scopeCode", basis.scope())
                .put("asOf", basis.asOf().toString());
        basis.stages().stream().sorted().forEach(report.putArray("stages")::add);
        report.put("ruralBasis", basis.designated() ? "DESIGNATED" : "STATISTICAL")
                .put("keyCountiesOnly", basis.keyCounties());
        ObjectNode figures = figures(basis.scope());
        all.into(report)
                .put("supportedPairedCount", all.supported)
                .put("teachingSiteCount", all.sites)
                .put("coveredSchoolCount", figures.get("coveredSchoolCount").asLong())
                .put(
                        "masterStudioAccountCount",
                        figures.get("masterStudioAccountCount").asLong())
                .put("liveLessonCount", figures.get("liveLessonCount").asLong())
                .put("unknownUrbanRuralCount", all.unknown)
                .put("coveragePercent", percent(all))
                .put("fullCoverage", all.rural == all.ruralPaired);
        var counties = report.putArray("byCounty");
        byCounty.forEach((code, counts) -> counts.into(counties.addObject().put("divisionCode", code)));
        freshness(report.putArray("dataFreshness"));
        return report;
    }

    private static BigDecimal percent(Counts counts) {
        return counts.rural == 0
                ? BigDecimal.valueOf(100)
                : BigDecimal.valueOf(counts.ruralPaired * 100L)
                        .divide(BigDecimal.valueOf(counts.rural), 2, RoundingMode.DOWN);
    }

    private void freshness(com.fasterxml.jackson.databind.node.ArrayNode nodes) {
        Map<String, String> last = new TreeMap<>();
        ledger.stream()
                .forEach(stored -> last.merge(
                        stored.owner(), MockClock.text(stored.updatedAt()), (a, b) -> a.compareTo(b) > 0 ? a : b));
        last.forEach((platform, at) ->
                nodes.addObject().put("platformCode", platform).put("lastPushAt", at));
    }

    private JsonNode uncovered(Request request) {
        Basis basis = basis(request);
        Links links = links(basis.asOf());
        List<ObjectNode> schools = new ArrayList<>();
        schools(basis)
                .filter(school -> Schools.rural(school, basis.designated())
                        && !links.fixed().contains(Schools.code(school)))
                .forEach(school -> {
                    ObjectNode node = Json.object()
                            .put("schoolCode", Schools.code(school))
                            .put("name", school.path("name").asText())
                            .put("divisionCode", school.path("divisionCode").asText())
                            .put(
                                    "urbanRuralClass",
                                    school.path("urbanRuralClass").asText());
                    schools.add(node.put("keyAssistanceCounty", keyCounty(school)));
                });
        return Paging.byKey(
                request, schools.stream(), school -> school.get("schoolCode").asText());
    }

    private String keyCounty(JsonNode school) {
        JsonNode division = divisions.find(school.path("divisionCode").asText());
        return division == null
                ? "UNKNOWN"
                : division.at("/keyAssistanceCounty/value").asText("UNKNOWN");
    }

    private static void count(Counts counts, Basis basis, JsonNode school, Links links) {
        String code = Schools.code(school);
        counts.total++;
        counts.sites += school.path("unitKind").asText().equals("TEACHING_SITE") ? 1 : 0;
        counts.paired += links.any().contains(code) ? 1 : 0;
        counts.supported += links.supported().contains(code) ? 1 : 0;
        counts.unknown += school.path("urbanRuralClass").asText("").isEmpty() ? 1 : 0;
        if (Schools.rural(school, basis.designated())) {
            counts.rural++;
            counts.ruralPaired += links.fixed().contains(code) ? 1 : 0;
        }
    }

    /** Schools on either end of an active pairing, on the supported end, and on the supported end of a fixed one. */
    private record Links(Set<String> any, Set<String> supported, Set<String> fixed) {}

    private Links links(LocalDate day) {
        Links links = new Links(new HashSet<>(), new HashSet<>(), new HashSet<>());
        ledger.list(contract.needed("PAIRING")).map(Stored::record).forEach(pairing -> {
            boolean active = pairing.path("status").asText().equals("ACTIVE")
                    && !Times.day(pairing, "validFrom").isAfter(day)
                    && !Times.day(pairing, "validTo").isBefore(day);
            if (active) {
                String supported = pairing.path("supportedSchoolCode").asText();
                links.any().add(pairing.path("supportingSchoolCode").asText());
                links.any().add(supported);
                links.supported().add(supported);
                if (pairing.path("fixed").asBoolean()) {
                    links.fixed().add(supported);
                }
            }
        });
        return links;
    }

    private Stream<JsonNode> schools(Basis basis) {
        return schools(basis.scope())
                .filter(school -> teaches(school, basis.stages()))
                .filter(school -> !basis.keyCounties() || keyCounty(school).equals("YES"));
    }

    /** A school that does not say what it teaches is counted: leaving it out would flatter the report. */
    private static boolean teaches(JsonNode school, Set<String> stages) {
        List<String> taught = Schools.stages(school);
        return taught.isEmpty() || taught.stream().anyMatch(stages::contains);
    }

    private Stream<JsonNode> schools(String scope) {
        Set<String> area = divisions.area(scope);
        return ledger.list(contract.needed("SCHOOL"))
                .map(Stored::record)
                .filter(school -> school.path("status").asText().equals("ACTIVE"))
                .filter(school -> area.contains(school.path("divisionCode").asText()));
    }

    /** The six counts of Annex 1 of an area, today. */
    ObjectNode figures(String scope) {
        return figures(scope, null);
    }

    ObjectNode figures(String scope, @Nullable LocalDate day) {
        Links links = links(day == null ? clock.today() : day);
        List<String> codes = schools(scope).map(Schools::code).toList();
        Set<String> inScope = Set.copyOf(codes);
        Set<String> reached = new HashSet<>();
        long[] live = {0};
        sessions(inScope).forEach(session -> {
            live[0]++;
            session.path("participants")
                    .forEach(part -> reached.add(part.path("schoolCode").asText()));
        });
        reached.retainAll(inScope);
        long paired = codes.stream().filter(links.any()::contains).count();
        Set<String> area = divisions.area(scope);
        long studios = ledger.list(contract.needed("MASTER_STUDIO"))
                .map(Stored::record)
                .filter(studio -> studio.path("status").asText().equals("ACTIVE"))
                .filter(studio -> area.contains(studio.path("divisionCode").asText()))
                .count();
        return Json.object()
                .put("totalSchoolCount", (long) codes.size())
                .put("pairedSchoolCount", paired)
                .put("unpairedSchoolCount", codes.size() - paired)
                .put("coveredSchoolCount", (long) reached.size())
                .put("masterStudioAccountCount", studios)
                .put("liveLessonCount", live[0]);
    }

    /** Sessions whose host is one of some schools. */
    Stream<JsonNode> sessions(Set<String> schools) {
        return ledger.list(contract.needed("LESSON_SESSION"))
                .map(Stored::record)
                .filter(session ->
                        schools.contains(session.path("hostSchoolCode").asText()));
    }

    /** Codes of the schools of some divisions, whatever their state. */
    Set<String> schoolsOf(Set<String> divisionCodes) {
        return ledger.list(contract.needed("SCHOOL"))
                .map(Stored::record)
                .filter(school ->
                        divisionCodes.contains(school.path("divisionCode").asText()))
                .map(Schools::code)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Codes of the active schools of an area. */
    Set<String> schoolCodes(String scope) {
        return Set.copyOf(schools(scope).map(Schools::code).toList());
    }
}
