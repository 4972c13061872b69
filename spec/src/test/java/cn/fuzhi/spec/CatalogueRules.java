package cn.fuzhi.spec;

import static cn.fuzhi.spec.Contract.child;
import static cn.fuzhi.spec.Contract.list;
import static cn.fuzhi.spec.Contract.rows;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Holds the catalogues in {@code data/} and the document together: what one names, the other has. */
final class CatalogueRules {
    /** Characters that would need escapes in generated Java or in the tables of the first page. */
    private static final Pattern UNSAFE = Pattern.compile("[\"\\\\|<>\\n]");

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{(\\w+?)(En)?}");
    private static final Set<String> CONTEXT =
            Set.of("divisions", "calendar", "schools", "platforms", "pairings", "today");
    private static final Set<String> CHECKERS = Set.of("SDK", "PLATFORM");

    private final Contract contract;
    private final List<String> findings = new ArrayList<>();

    private CatalogueRules(Contract contract) {
        this.contract = contract;
    }

    /** What does not fit together, one line for each finding, beginning with its place. */
    static List<String> findings(Contract contract) {
        CatalogueRules rules = new CatalogueRules(contract);
        rules.rules();
        rules.errors();
        rules.errorAnswers();
        rules.codeSets();
        rules.deadlines();
        return rules.findings;
    }

    private void rules() {
        Set<Object> seen = new HashSet<>();
        rows(contract.rules()).forEach(rule -> {
            String place = "rules.json " + rule.get("number");
            check(place, seen.add(rule.get("number")), "number is used twice");
            check(place, Objects.toString(rule.get("number")).matches("[RX]-\\d{2}"), "number is R-00 or X-00");
            check(place, values("Severity").contains(rule.get("severity")), "unknown severity");
            Object also = rule.get("alsoSeverity");
            check(
                    place,
                    !rule.containsKey("alsoSeverity")
                            || (values("Severity").contains(also) && !also.equals(rule.get("severity"))),
                    "alsoSeverity is unknown, or the severity again");
            check(
                    place,
                    CHECKERS.containsAll(list(rule, "checkedBy")) && rule.containsKey("checkedBy"),
                    "unknown checkedBy");
            check(place, CONTEXT.containsAll(list(rule, "needs")), "unknown context in needs");
            texts(place, rule, "message", "messageEn", "hint", "hintEn");
            check(
                    place,
                    placeholders(rule.get("message")).equals(placeholders(rule.get("messageEn"))),
                    "the two messages have different placeholders");
        });
    }

    private void errors() {
        Set<Object> seen = new HashSet<>();
        rows(contract.errors()).forEach(error -> {
            String place = "errors.json " + error.get("code");
            check(place, seen.add(error.get("code")), "code is used twice");
            check(place, Objects.toString(error.get("code")).matches("[A-Z][A-Z0-9_]{2,39}"), "code is UPPER_SNAKE");
            check(place, values("Responsible").contains(error.get("responsible")), "unknown responsible");
            check(place, error.get("retryable") instanceof Boolean, "retryable is missing");
            check(
                    place,
                    Boolean.TRUE.equals(error.get("itemLevel"))
                            == Integer.valueOf(200).equals(error.get("status")),
                    "errors of items, and only they, have the status 200");
            texts(place, error, "detail", "detailEn", "cause", "causeEn", "remedy", "remedyEn");
        });
    }

    private void texts(String place, Map<String, Object> row, String... names) {
        Stream.of(names).forEach(name -> {
            String text = Objects.toString(row.get(name), "");
            check(place, !text.isBlank(), name + " is missing");
            check(place, !UNSAFE.matcher(text).find(), name + " has a quote, a backslash, a bar or a bracket of HTML");
            check(
                    place,
                    text.matches(name.endsWith("En") ? "[A-Z{“].*" : ".*\\p{IsHan}.*"),
                    name + " is in the wrong language");
        });
    }

    private void errorAnswers() {
        Map<Object, Map<String, Object>> errors = rows(contract.errors())
                .collect(Collectors.toMap(error -> error.get("code"), error -> error, (one, other) -> one));
        child(contract.at("components"), "responses").forEach((name, response) -> {
            Map<String, Object> problem =
                    child(child(child(Bundle.map(response), "content"), "application/problem+json"), "example");
            Map<String, Object> error = errors.getOrDefault(problem.get("code"), Map.of());
            check("responses." + name, !error.isEmpty(), "the example names an unknown error: " + problem.get("code"));
            Stream.of("status", "responsible", "retryable")
                    .forEach(field -> check(
                            "responses." + name,
                            Objects.equals(error.get(field), problem.get(field)),
                            field + " of the example differs from the catalogue"));
        });
        ruleNames(contract.document(), "");
    }

    /** Every {@code rule} in an example is a number of the one catalogue or a code of the other. */
    private void ruleNames(Object node, String place) {
        if (node instanceof Map<?, ?> map) {
            map.forEach((key, value) -> {
                if ("rule".equals(key) && value instanceof String rule) {
                    boolean known = rows(contract.rules()).anyMatch(row -> rule.equals(row.get("number")))
                            || rows(contract.errors()).anyMatch(row -> rule.equals(row.get("code")));
                    check(place, known, "the example names an unknown rule: " + rule);
                }
                ruleNames(value, place + "/" + key);
            });
        } else if (node instanceof List<?> list) {
            list.forEach(value -> ruleNames(value, place));
        }
    }

    private void codeSets() {
        Map<Object, Map<String, Object>> sets =
                rows(contract.codeSets()).collect(Collectors.toMap(set -> set.get("name"), set -> set));
        contract.schemas().forEach((name, node) -> {
            Map<String, Object> schema = Bundle.map(node);
            if (schema.containsKey("x-code-set")) {
                Map<String, Object> set = sets.getOrDefault(schema.get("x-code-set"), Map.of());
                check(
                        name,
                        column(set, "code").equals(schema.get("enum")),
                        "enum differs from the code set " + schema.get("x-code-set"));
                check(
                        name,
                        column(set, "name").equals(schema.get("x-enum-descriptions")),
                        "names differ from the code set " + schema.get("x-code-set"));
            }
        });
    }

    private void deadlines() {
        check(
                "deadlines.json",
                contract.deadlines().keySet().equals(new HashSet<>(values("DeadlineKind"))),
                "the deadlines are not the values of DeadlineKind");
        Set<String> mapped = new TreeSet<>();
        contract.deadlines()
                .forEach((deadline, rows) -> rows((List<?>) rows).forEach(row -> {
                    boolean ofKey = Boolean.TRUE.equals(row.get("periodIsLastKeyPart"));
                    mapped.add(row.get("kind") + " " + row.get("bodyField") + " " + row.get("periodField")
                            + (ofKey ? " of key" : ""));
                }));
        Set<String> scoped = new TreeSet<>();
        rows(List.copyOf(contract.schemas().values()))
                .filter(schema -> schema.containsKey("x-scope"))
                .forEach(schema -> {
                    Map<String, Object> scope = child(schema, "x-scope");
                    Object ofKey = scope.get("periodOfKey");
                    scoped.add(schema.get("x-kind") + " " + scope.get("body") + " "
                            + (ofKey == null ? scope.get("period") : ofKey + " of key"));
                });
        check("deadlines.json", mapped.equals(scoped), "differs from x-scope: " + mapped + " and " + scoped);
    }

    private List<?> values(String schema) {
        return list(contract.schema(schema), "enum");
    }

    private static List<Object> column(Map<String, Object> set, String name) {
        return rows(list(set, "values")).map(value -> value.get(name)).toList();
    }

    private static Set<String> placeholders(Object message) {
        return PLACEHOLDER
                .matcher(Objects.toString(message))
                .results()
                .map((MatchResult match) -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private void check(String place, boolean holds, String otherwise) {
        if (!holds) {
            findings.add(place + ": " + otherwise);
        }
    }
}
