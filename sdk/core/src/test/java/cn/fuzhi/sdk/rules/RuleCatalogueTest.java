package cn.fuzhi.sdk.rules;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import cn.fuzhi.sdk.model.Violation;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the catalogue of rules and the code together, in both directions. */
class RuleCatalogueTest {
    /** Decided while JSON is read, when there is no record yet. */
    private static final Set<String> DECIDED_BY_THE_CODEC = Set.of("R-39");

    /** Decided about a file, which is no record. */
    private static final Set<String> DECIDED_ABOUT_ATTACHMENTS = Set.of("R-34");

    private static final Pattern CONSTANT = Pattern.compile("Rule\\.([RX])_(\\d\\d)");

    @Test
    void everySeverityOfEveryRuleThatTheSdkChecksIsProvoked() throws IOException {
        Set<String> expected = new TreeSet<>();
        catalogue().values().stream()
                .filter(rule -> rule.path("checkedBy").toString().contains("SDK"))
                .forEach(rule -> severities(rule)
                        .forEach(severity -> expected.add(rule.path("number").asText() + " " + severity)));
        expected.removeIf(rule -> DECIDED_BY_THE_CODEC.contains(rule.substring(0, 4)));
        expected.removeIf(rule -> DECIDED_ABOUT_ATTACHMENTS.contains(rule.substring(0, 4)));

        Set<String> planted = Planted.all().stream()
                .map(plant -> plant.rule() + " " + plant.severity())
                .collect(toCollection(TreeSet::new));

        assertThat(planted).isEqualTo(expected);
    }

    @Test
    void everythingThatIsReportedIsInTheCatalogueWithThatSeverity() throws IOException {
        Map<String, JsonNode> catalogue = catalogue();
        for (Planted planted : Planted.all()) {
            RuleReport report = Rules.check(planted.records(), Samples.context());
            Stream.concat(report.errors().stream(), report.warnings().stream())
                    .forEach(violation -> assertListed(catalogue, violation));
        }
    }

    @Test
    void codeNamesOnlyRulesThatTheCatalogueGivesToTheSdk() throws IOException {
        Map<String, JsonNode> catalogue = catalogue();

        assertThat(rulesInCode())
                .isNotEmpty()
                .allSatisfy(
                        rule -> assertThat(catalogue.get(rule).path("checkedBy").toString())
                                .as(rule)
                                .contains("SDK"));
    }

    @Test
    void catalogueSaysWhichContextARuleNeeds() throws IOException {
        // What X-11 needs is a record like the others, usually among them; the catalogue does not call it context.
        Set<String> needy = new TreeSet<>(Set.of("X-11"));
        catalogue().forEach((number, rule) -> {
            if (rule.has("needs")) {
                needy.add(number);
            }
        });

        Set<String> notChecked = Rules.check(Samples.all(), RuleContext.none()).notChecked().stream()
                .map(RuleReport.NotChecked::rule)
                .collect(toCollection(TreeSet::new));
        notChecked.addAll(Rules.check(List.of(Samples.lesson("L-1").build()), RuleContext.none()).notChecked().stream()
                .map(RuleReport.NotChecked::rule)
                .toList());

        assertThat(notChecked).isEqualTo(needy);
    }

    private static void assertListed(Map<String, JsonNode> catalogue, Violation violation) {
        assertThat(catalogue).containsKey(violation.rule());
        assertThat(severities(catalogue.get(violation.rule())))
                .as(violation.rule())
                .contains(violation.severity().value());
    }

    private static List<String> severities(JsonNode rule) {
        List<String> severities = new ArrayList<>(List.of(rule.path("severity").asText()));
        if (rule.has("alsoSeverity")) {
            severities.add(rule.path("alsoSeverity").asText());
        }
        return severities;
    }

    private static Set<String> rulesInCode() throws IOException {
        Set<String> numbers = new TreeSet<>();
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".java")).toList()) {
                CONSTANT.matcher(Files.readString(file))
                        .results()
                        .forEach(found -> numbers.add(found.group(1) + "-" + found.group(2)));
            }
        }
        return numbers;
    }

    private static Map<String, JsonNode> catalogue() throws IOException {
        Map<String, JsonNode> rules = new TreeMap<>();
        try (InputStream in = RuleCatalogueTest.class.getResourceAsStream("/fuzhi/data/rules.json")) {
            new ObjectMapper()
                    .readTree(in)
                    .forEach(rule -> rules.put(rule.path("number").asText(), rule));
        }
        return rules;
    }
}
