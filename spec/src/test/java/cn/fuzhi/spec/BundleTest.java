package cn.fuzhi.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

class BundleTest {
    private static final String KIND = """
            components:
              schemas:
                Teacher:
                  type: object
                  x-kind: TEACHER
                  x-zh-name: 教师
                  x-path: teachers
                  x-tag: Teachers
                  x-rank: 20
                  x-natural-key: [platformCode, no]
                  x-list-parameters:
                    - {name: schoolCode, zh: 学校标识码, en: only of this school, type: string}
                    - {name: since, zh: 起始日期, en: only since this day, type: date}
                  description: 教师。A teacher.
                  properties:
                    no: {type: integer, format: int32}
                    tags: {type: array, x-zh-name: 标签, x-rule: R-02, items: {type: string}}
                  example: {platformCode: LUEYANG01, no: 7, joinedOn: 2022-09-01}
            """;

    @TempDir
    Path spec;

    @BeforeEach
    void makeSmallContract() throws IOException {
        write("openapi/openapi.yaml", """
                openapi: 3.0.3
                info: {title: 示例, version: 0.1.0, description: "# First page\\n"}
                tags: [{name: Service, description: 平台服务。Service.}]
                components:
                  parameters:
                    Cursor: {name: cursor, in: query, schema: {type: string}}
                    Limit: {name: limit, in: query, schema: {type: integer}}
                    DryRun: {name: dryRun, in: query, schema: {type: boolean}}
                    IdempotencyKey: {name: Idempotency-Key, in: header, schema: {type: string}}
                  headers:
                    Clock: {x-header: Date, schema: {type: string}}
                    Wait: {schema: {type: string}}
                  responses:
                    NotFound: {description: 无。None., headers: {Retry-After: {$ref: '#/components/headers/Wait'}}}
                """);
        write("openapi/kinds/teacher.yaml", KIND);
        Files.createDirectories(spec.resolve("patterns"));
        for (String pattern : List.of("kind.yaml", "errors.md", "rules.md")) {
            Files.copy(Path.of("patterns", pattern), spec.resolve("patterns").resolve(pattern));
        }
        write(
                "data/rules.json",
                "[{\"number\": \"R-02\", \"message\": \"过长\", \"checkedBy\": [\"SDK\", \"PLATFORM\"],"
                        + " \"severity\": \"ERROR\"}, {\"number\": \"R-13\", \"severity\": \"WARNING\","
                        + " \"alsoSeverity\": \"ERROR\"}]");
        write(
                "data/errors.json",
                "[{\"code\": \"NOT_FOUND\", \"status\": 404, \"cause\": \"无\", \"causeEn\": \"none\"}]");
    }

    @Test
    void aKindBecomesThreeOperationsAndFourEnvelopes() throws IOException {
        Contract contract = bundle();

        assertThat(contract.at("paths")).containsOnlyKeys("/v1/teachers", "/v1/teachers/{key}");
        assertThat(contract.operations())
                .extracting(operation -> operation.node().get("operationId"))
                .containsExactly("pushTeachers", "listTeachers", "getTeacher");
        assertThat(contract.schemas())
                .containsOnlyKeys("Teacher", "TeacherBatch", "TeacherItem", "TeacherEntry", "TeacherPage");
        assertThat(Contract.child(contract.schema("TeacherItem"), "example"))
                .containsEntry("key", "LUEYANG01~7")
                .containsEntry("record", contract.schema("Teacher").get("example"));
        assertThat(contract.document().get("tags"))
                .asInstanceOf(LIST)
                .contains(Map.of("name", "Teachers", "description", "教师。A teacher."));
    }

    @Test
    void filtersComeBeforeThePagingParameters() throws IOException {
        List<?> parameters = Contract.list(bundle().operation("listTeachers").node(), "parameters");

        assertThat(Contract.rows(parameters).map(p -> p.getOrDefault("name", p.get("$ref"))))
                .containsExactly(
                        "schoolCode", "since", "#/components/parameters/Cursor", "#/components/parameters/Limit");
        assertThat(Contract.child(Bundle.map(parameters.get(1)), "schema"))
                .isEqualTo(Map.of("type", "string", "format", "date"));
    }

    @Test
    void onlyAnOperationWithManyQueryParametersIsMarkedForAQueryRecord() throws IOException {
        Contract contract = bundle();

        assertThat(contract.operation("listTeachers").node()).containsEntry("x-query-record", "Query");
        assertThat(contract.operation("pushTeachers").node()).doesNotContainKey("x-query-record");
        assertThat(contract.operation("getTeacher").node()).doesNotContainKey("x-query-record");
    }

    @Test
    void aDateStaysTextAndNoStaysAKey() throws IOException {
        Map<String, Object> teacher = bundle().schema("Teacher");

        assertThat(Contract.child(teacher, "example"))
                .containsEntry("joinedOn", "2022-09-01")
                .containsEntry("no", 7);
        assertThat(Contract.child(teacher, "properties")).containsKey("no");
    }

    @Test
    void whatWasWrittenReadsBackTheSameWithAnyReader() throws IOException {
        Map<String, Object> document = bundle().document();

        Object readWithTheTypesOfYaml = new Yaml().load(Bundle.yaml(document));
        assertThat(readWithTheTypesOfYaml).isEqualTo(document);
    }

    @Test
    void anInlineItemHasTheNameAndRuleOfItsList() throws IOException {
        assertThat(Contract.child(bundle().property("Teacher", "tags"), "items"))
                .containsEntry("x-zh-name", "标签")
                .containsEntry("x-rule", "R-02");
    }

    @Test
    void theFirstPageEndsWithTheCatalogues() throws IOException {
        assertThat(bundle().at("info").get("description"))
                .asString()
                .startsWith("# First page\n")
                .contains("| NOT_FOUND | 404 |", "| 无<br>none |", "| R-02 | ERROR |", "SDK, PLATFORM")
                .contains("| R-13 | WARNING, ERROR |");
    }

    @Test
    void everyAnswerDeclaresTheHeadersThatEveryAnswerHas() throws IOException {
        Contract contract = bundle();

        assertThat(contract.operations())
                .extracting(operation -> Contract.child(operation.node(), "responses"))
                .allSatisfy(responses -> {
                    assertThat(Contract.child(Contract.child(responses, "200"), "headers"))
                            .containsOnlyKeys("Date");
                    assertThat(Contract.child(responses, "default")).containsOnlyKeys("$ref");
                });
        Map<String, Object> shared = Contract.child(contract.at("components"), "responses");
        assertThat(Contract.child(Contract.child(shared, "NotFound"), "headers"))
                .containsOnlyKeys("Retry-After", "Date");
    }

    @Test
    void aKeyOfEitherOfTwoPropertiesIsNamedAfterBoth() throws IOException {
        write(
                "openapi/kinds/teacher.yaml",
                KIND.replace(
                                "x-natural-key: [platformCode, no]",
                                "x-natural-key: [no]\n" + "      x-natural-key-else: spare")
                        .replace("format: int32}", "format: int32, x-zh-name: 编号}\n        spare: {x-zh-name: 备用编号}"));

        assertThat(bundle().schema("Teacher")).containsEntry("x-natural-key-zh-name", "编号或备用编号");
    }

    @Test
    void aKeyThatTwoFragmentsDefineIsAnErrorThatNamesFileAndPlace() throws IOException {
        write("openapi/kinds/teacher2.yaml", "components: {schemas: {Teacher: {type: string}}}");

        assertThatThrownBy(this::bundle)
                .hasMessageStartingWith("teacher2.yaml: components / schemas / Teacher / 'type' is defined twice");
    }

    @Test
    void aKeyTwiceInOneFragmentIsAnErrorThatNamesTheFile() throws IOException {
        write("openapi/kinds/pupil.yaml", "components: {}\ncomponents: {}\n");

        assertThatThrownBy(this::bundle).hasMessageStartingWith("pupil.yaml: ").hasMessageContaining("duplicate key");
    }

    @Test
    void aKindWithoutItsPathIsAnError() throws IOException {
        write("openapi/kinds/teacher.yaml", KIND.replace("x-path: teachers", "x-rank-of: 1"));

        assertThatThrownBy(this::bundle)
                .hasMessageContaining("no text 'x-path' in ")
                .hasMessageContaining("TEACHER");
    }

    @Test
    void theSameSourcesGiveTheBytesOfTheBuild() throws IOException {
        Path out = spec.resolve("out/openapi.yaml");
        Bundle.main(new String[] {"", out.toString()});

        Path built = Path.of("target/classes/fuzhi");
        assertThat(out).hasSameBinaryContentAs(built.resolve("openapi.yaml"));
        assertThat(out.resolveSibling("openapi.json")).hasSameBinaryContentAs(built.resolve("openapi.json"));
        assertThat(out.resolveSibling("docs/contract.js")).hasSameBinaryContentAs(built.resolve("docs/contract.js"));
    }

    private Contract bundle() throws IOException {
        return new Contract(Bundle.of(spec));
    }

    private void write(String file, String text) throws IOException {
        Path path = spec.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }
}
