package cn.fuzhi.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class StyleRulesTest {
    private static final Contract CONTRACT = Contract.ofSources();
    private static final ExampleRules EXAMPLES = new ExampleRules(CONTRACT);

    /** A fault planted into a copy of the contract, and the beginning of the finding that must name it. */
    record Fault(String finding, Consumer<Contract> plant) {
        @Override
        public String toString() {
            return finding;
        }
    }

    @Test
    void theContractFollowsItsStyle() {
        assertThat(StyleRules.findings(CONTRACT)).isEmpty();
    }

    @Test
    void theCataloguesFitTheContract() {
        assertThat(CatalogueRules.findings(CONTRACT)).isEmpty();
    }

    @Test
    void everyExampleFollowsItsSchema() {
        assertThat(EXAMPLES.findings()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "divisions, Division",
        "reporting-bodies, ReportingBody",
        "code-sets, CodeSet",
        "calendar-2022, Deadline",
    })
    void referenceDataFollowTheirSchemas(String file, String schema) throws IOException {
        List<?> rows = Contract.json(Path.of("data", file + ".json"), List.class);

        assertThat(rows)
                .isNotEmpty()
                .allSatisfy(row -> assertThat(EXAMPLES.check(schema, row)).isEmpty());
    }

    @ParameterizedTest
    @MethodSource({"faultsOfSchemas", "faultsOfProperties", "faultsOfKinds", "faultsOfOperations", "faultsOfCatalogues"
    })
    void aPlantedFaultIsFound(Fault fault) {
        Contract copy = CONTRACT.copy();
        fault.plant().accept(copy);

        List<String> findings = new ArrayList<>(StyleRules.findings(copy));
        findings.addAll(CatalogueRules.findings(copy));
        assertThat(findings).anyMatch(finding -> finding.startsWith(fault.finding()));
    }

    @ParameterizedTest
    @CsvSource({
        "School, shoolCode, 1, School/shoolCode: the schema has no such property",
        "School, name, '', School/name:",
        "School, changedOn, tomorrow, School/changedOn:",
        "School, divisionCode, 61, School/divisionCode:",
        "Lesson, startAt, 2022-09-15T09:00:00, Lesson/startAt:",
        "Lesson, stages, PRIMARY, Lesson/stages:",
    })
    void aFaultInAnExampleIsFound(String schema, String property, String value, String finding) {
        Map<String, Object> example = new LinkedHashMap<>(Contract.child(CONTRACT.schema(schema), "example"));
        example.put(property, value);

        assertThat(EXAMPLES.check(schema, example)).anyMatch(found -> found.startsWith(finding));
    }

    @Test
    void aMissingPropertyInAnExampleIsFound() {
        assertThat(EXAMPLES.check("Contact", Map.of("name", "李示例")))
                .singleElement()
                .asString()
                .contains("phone");
    }

    @Test
    void aCountyHasTheCountsOfTheWholeReport() {
        assertThat(counts("CoverageCounty")).containsExactlyInAnyOrderElementsOf(counts("CoverageReport"));
    }

    private static List<String> counts(String schema) {
        return CONTRACT.properties(schema).keySet().stream()
                .filter(name -> name.endsWith("Count"))
                .toList();
    }

    static Stream<Fault> faultsOfSchemas() {
        return Stream.of(
                new Fault("school: a schema name", c -> c.schemas().put("school", c.schema("School"))),
                new Fault("School: example is missing", c -> c.schema("School").remove("example")),
                new Fault(
                        "School: x-zh-name is missing", c -> c.schema("School").remove("x-zh-name")),
                new Fault("School: description begins", c -> c.schema("School").put("description", "A school.")),
                new Fault(
                        "School: additionalProperties", c -> c.schema("School").put("additionalProperties", false)),
                new Fault("School: oneOf is not used", c -> c.schema("School").put("oneOf", List.of())),
                new Fault(
                        "Contact: required property",
                        c -> c.properties("Contact").remove("phone")),
                new Fault(
                        "Contact: the name beside a phone",
                        c -> c.property("Contact", "name").remove("x-pii")),
                new Fault(
                        "Stage: every enum value has an x-enum-description",
                        c -> c.schema("Stage").remove("x-enum-descriptions")),
                new Fault(
                        "SchoolType: every enum value has an x-enum-varname",
                        c -> c.schema("SchoolType").put("x-enum-varnames", List.of("ONE"))),
                new Fault(
                        "SchoolType: enum values are UPPER_SNAKE",
                        c -> c.schema("SchoolType").remove("x-enum-varnames")));
    }

    static Stream<Fault> faultsOfProperties() {
        return Stream.of(
                property("school_name: a name is lowerCamelCase", "school_name", Map.of()),
                property("name: x-zh-name is missing", "name", Map.of("x-zh-name", "")),
                property("name: description is", "name", Map.of("description", "Name of the school.")),
                property("name: description is", "name", Map.of("description", "学校名称。全称")),
                property("name: description names the unknown rule", "name", Map.of("description", "学校名称。See R-99.")),
                property("areaCode: …Code", "areaCode", Map.of("type", "boolean")),
                property("roomCount: …Count", "roomCount", Map.of("type", "number")),
                property("openedAt: …At", "openedAt", Map.of("format", "date")),
                property("openedOn: …On", "openedOn", Map.of("format", "date-time")),
                property("opening: a date is named", "opening", Map.of("format", "date")),
                property("opening: a date-time is named", "opening", Map.of("format", "date-time")),
                property("officePhone: a phone has", "officePhone", Map.of()),
                property("headName: a name of a person", "headName", Map.of("x-zh-name", "校长姓名")),
                property("name: x-pii is", "name", Map.of("x-pii", "address")),
                property("name: unknown x-rule R-99", "name", Map.of("x-rule", "R-99")),
                property("name: unknown x-ref CLASS", "name", Map.of("x-ref", "CLASS")),
                property("name: a text has", "name", Map.of("maxLength", "", "minLength", "")),
                property("floors: an integer has the format", "floors", Map.of("type", "integer")),
                property("floors: an integer has minimum", "floors", Map.of("type", "integer", "format", "int32")),
                property(
                        "area: multipleOf is above zero",
                        "area",
                        Map.of("type", "number", "minimum", 0, "maximum", 9, "multipleOf", 0)),
                property("area: a number has", "area", Map.of("type", "number")),
                property("floors: a list has", "floors", Map.of("type", "array", "items", Map.of("type", "boolean"))),
                property("floors[]: a text has", "floors", Map.of("type", "array", "items", Map.of("type", "string"))),
                property("floors: no type", "floors", Map.of("type", "object")),
                property("floors: refers to the unknown", "floors", Map.of("$ref", "#/components/schemas/Floor")),
                property("floors: a reference has no type", "floors", Map.of("$ref", "#/components/schemas/Stage")),
                property("name: nullable", "name", Map.of("nullable", true)),
                property("name: default", "name", Map.of("default", "学校")),
                property("name: anyOf", "name", Map.of("anyOf", List.of())));
    }

    static Stream<Fault> faultsOfKinds() {
        return Stream.of(
                new Fault("School: x-kind is the name", c -> c.schema("School").put("x-kind", "SCHOOLS")),
                new Fault(
                        "School: a kind has no property key",
                        c -> c.properties("School").put("key", c.property("School", "name"))),
                new Fault("School: x-natural-key-else", c -> c.schema("School").put("x-natural-key-else", "siteNo")),
                new Fault(
                        "Pairing: x-natural-key names",
                        c -> c.schema("Pairing").put("x-natural-key", List.of("pairNo"))),
                new Fault(
                        "Pairing: x-natural-key is not required",
                        c -> c.schema("Pairing").put("required", List.of("bodyCode"))),
                new Fault(
                        "Pairing: x-natural-key is missing",
                        c -> c.schema("Pairing").remove("x-natural-key")),
                new Fault("Pairing: x-scope names", c -> c.schema("Pairing").put("x-scope", Map.of("body", "office"))),
                new Fault("Pairing: refers to SCHOOL", c -> c.schema("Pairing").put("x-rank", 5)));
    }

    static Stream<Fault> faultsOfOperations() {
        return Stream.of(
                new Fault(
                        "GET /v1/schools:all: a path is",
                        c -> c.at("paths").put("/v1/schools:all", c.at("paths").get("/v1/time"))),
                operation("operationId is missing", node -> node.remove("operationId")),
                operation("operationId is used twice", node -> node.put("operationId", "listPlatforms")),
                operation("x-java-name is missing", node -> node.remove("x-java-name")),
                new Fault(
                        "GET /v1/schools/{key}: x-java-name of a tag is used twice",
                        c -> c.operation("listSchools").node().put("x-java-name", "get")),
                operation("summary is Chinese / English", node -> node.put("summary", "List schools")),
                operation("description is missing", node -> node.remove("description")),
                operation("one declared tag", node -> node.put("tags", List.of("Houses"))),
                operation(
                        "POST and PUT",
                        node -> node.put(
                                "parameters", List.of(Map.of("$ref", "#/components/parameters/IdempotencyKey")))),
                operation(
                        "response 429 is missing",
                        node -> Contract.child(node, "responses").remove("429")),
                operation(
                        "response 400 is not one of the shared",
                        node -> Contract.child(node, "responses").put("400", Map.of("description", "wrong"))),
                operation(
                        "the 200 answer is a JSON object",
                        node -> Contract.child(node, "responses").put("200", Map.of("description", "done"))),
                new Fault(
                        "GET /v1/schools: the 200 answer declares no header Date",
                        c -> headers(c, "listSchools").remove("Date")),
                new Fault(
                        "GET /v1/schools: the 200 answer declares no header Fuzhi-Request-Id",
                        c -> headers(c, "listSchools").remove("Fuzhi-Request-Id")),
                new Fault(
                        "responses.Conflict: declares no header Date",
                        c -> Contract.child(
                                        Contract.child(Contract.child(c.at("components"), "responses"), "Conflict"),
                                        "headers")
                                .remove("Date")),
                new Fault(
                        "GET /v1/schools ?divisionCode: a parameter of a query record",
                        c -> parameter(c, "divisionCode").put("required", true)),
                operation("the query record of a tag is used twice", node -> node.put("tags", List.of("Platforms"))),
                new Fault(
                        "POST /v1/schools: response 422 is missing",
                        c -> Contract.child(c.operation("pushSchools").node(), "responses")
                                .remove("422")),
                new Fault(
                        "GET /v1/schools ?name: a text has",
                        c -> Contract.child(parameter(c, "name"), "schema").remove("maxLength")),
                new Fault(
                        "GET /v1/schools ?name: x-zh-name",
                        c -> parameter(c, "name").remove("x-zh-name")));
    }

    static Stream<Fault> faultsOfCatalogues() {
        return Stream.of(
                rule("R-01: unknown severity", Map.of("severity", "FATAL")),
                rule("R-01: alsoSeverity is unknown", Map.of("alsoSeverity", "FATAL")),
                rule("R-01: alsoSeverity is unknown, or the severity again", Map.of("alsoSeverity", "ERROR")),
                rule("R-01: unknown checkedBy", Map.of("checkedBy", List.of("COUNTY"))),
                rule("R-01: unknown context", Map.of("needs", List.of("weather"))),
                rule("R-01: message is missing", Map.of("message", "")),
                rule("R-01: message has a quote", Map.of("message", "\"{field}\"不能为空。")),
                rule("R-01: messageEn has a quote", Map.of("messageEn", "{fieldEn} \\ is empty.")),
                rule("R-01: hintEn is in the wrong language", Map.of("hintEn", "请补填。")),
                rule("R-01: the two messages", Map.of("messageEn", "The field must not be empty.")),
                rule("R-02: number is used twice", Map.of("number", "R-02")),
                error("BAD_REQUEST: unknown responsible", Map.of("responsible", "NOBODY")),
                error("BAD_REQUEST: retryable is missing", Map.of("retryable", "")),
                error("BAD_REQUEST: errors of items", Map.of("itemLevel", true)),
                error("BAD_REQUEST: remedyEn is missing", Map.of("remedyEn", "")),
                error("INVALID_JSON: code is used twice", Map.of("code", "INVALID_JSON")),
                new Fault(
                        "responses.TooManyRequests: the example names an unknown error",
                        c -> problem(c, "TooManyRequests").put("code", "TOO_FAST")),
                new Fault(
                        "responses.TooManyRequests: status of the example",
                        c -> problem(c, "TooManyRequests").put("status", 503)),
                new Fault(
                        "/components/schemas/Violation/example: the example names an unknown rule: R-98",
                        c -> Contract.child(c.schema("Violation"), "example").put("rule", "R-98")),
                new Fault(
                        "Stage: enum differs from the code set",
                        c -> c.schema("Stage").put("enum", List.of("PRIMARY"))),
                new Fault("Stage: names differ", c -> c.schema("Stage").put("x-enum-descriptions", List.of("小学"))),
                new Fault(
                        "deadlines.json: the deadlines are not",
                        c -> c.deadlines().remove("USAGE")),
                new Fault(
                        "deadlines.json: differs from x-scope",
                        c -> c.schema("Pairing").remove("x-scope")));
    }

    /** A property of School: that of its name, under the given name and with changes; an empty text removes an entry. */
    private static Fault property(String finding, String name, Map<String, Object> changes) {
        return new Fault("School." + finding, contract -> {
            Map<String, Object> node = new LinkedHashMap<>(contract.property("School", "name"));
            node.putAll(changes);
            node.values().removeIf(""::equals);
            contract.properties("School").put(name, node);
        });
    }

    private static Fault operation(String finding, Consumer<Map<String, Object>> change) {
        return new Fault(
                "GET /v1/schools: " + finding,
                c -> change.accept(c.operation("listSchools").node()));
    }

    private static Fault rule(String finding, Map<String, Object> changes) {
        return new Fault(
                "rules.json " + finding, c -> Bundle.map(c.rules().get(0)).putAll(changes));
    }

    private static Fault error(String finding, Map<String, Object> changes) {
        return new Fault(
                "errors.json " + finding, c -> Bundle.map(c.errors().get(0)).putAll(changes));
    }

    private static Map<String, Object> parameter(Contract contract, String name) {
        return Contract.rows(Contract.list(contract.operation("listSchools").node(), "parameters"))
                .filter(parameter -> name.equals(parameter.get("name")))
                .findFirst()
                .orElseThrow();
    }

    private static Map<String, Object> headers(Contract contract, String operationId) {
        Map<String, Object> responses =
                Contract.child(contract.operation(operationId).node(), "responses");
        return Contract.child(Contract.child(responses, "200"), "headers");
    }

    private static Map<String, Object> problem(Contract contract, String response) {
        Map<String, Object> node = Contract.child(Contract.child(contract.at("components"), "responses"), response);
        return Contract.child(Contract.child(Contract.child(node, "content"), "application/problem+json"), "example");
    }
}
