package cn.fuzhi.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CompatibilityTest {
    private static final Path RELEASED = Path.of("released");

    /**
     * A break that is planted into a copy of the released contract.
     *
     * @param name what breaks
     * @param before prepares the released side, where it does not have what is to be broken
     * @param plant breaks the other side
     * @param finding the beginning of the line by which the gate must name it
     */
    record Break(String name, Consumer<Contract> before, Consumer<Contract> plant, String finding) {
        Break(String name, Consumer<Contract> plant, String finding) {
            this(name, contract -> {}, plant, finding);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    @Test
    void theContractKeepsWhatTheNewestReleasePromised() throws IOException {
        Map<String, Object> released = Bundle.map(read(Compatibility.newest(RELEASED)));

        assertThat(Compatibility.breaks(released, Bundle.of(Path.of("")))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource({"breaks", "breaksOfNames"})
    void aBreakIsNamed(Break planted) throws IOException {
        Contract before = released();
        planted.before().accept(before);
        Contract after = before.copy();
        planted.plant().accept(after);

        List<String> breaks = Compatibility.breaks(before.document(), after.document());

        assertThat(breaks).anyMatch(line -> line.startsWith(planted.finding()));
    }

    @Test
    void anAddedOptionalFieldPasses() throws IOException {
        Contract after = released();
        after.properties("School").put("motto", new LinkedHashMap<>(after.property("School", "shortName")));

        assertThat(Compatibility.breaks(released().document(), after.document()))
                .isEmpty();
    }

    @Test
    void anAddedCodePasses() throws IOException {
        Contract after = released();
        add(after.schema("Verdict"), "enum", "DEFERRED");
        add(after.schema("Verdict"), "x-enum-descriptions", "已推迟");

        assertThat(Compatibility.breaks(released().document(), after.document()))
                .isEmpty();
    }

    @Test
    void aRaisedMaxLengthPasses() throws IOException {
        Contract after = released();
        after.property("School", "name").put("maxLength", 80);

        assertThat(Compatibility.breaks(released().document(), after.document()))
                .isEmpty();
    }

    @Test
    void aContractThatDiffersFromTheNewestReleaseHasAHigherVersion() throws IOException {
        Map<String, Object> released = Bundle.map(read(Compatibility.newest(RELEASED)));

        assertThat(Compatibility.unversioned(released, Bundle.of(Path.of("")))).isEmpty();
    }

    @Test
    void aDifferenceWithoutAHigherVersionIsNamed() throws IOException {
        Contract after = released();
        after.schema("School").put("description", "学校。A school.");

        assertThat(Compatibility.unversioned(released().document(), after.document()))
                .hasValue("info.version: differs from the released 0.1.0, and is still 0.1.0");
        for (String higher : List.of("0.1.1", "0.10.0", "1.0.0")) {
            after.at("info").put("version", higher);
            assertThat(Compatibility.unversioned(released().document(), after.document()))
                    .isEmpty();
        }
        after.at("info").put("version", "0.0.9");
        assertThat(Compatibility.unversioned(released().document(), after.document()))
                .isPresent();
    }

    @Test
    void aNewMajorMayBreak() throws IOException {
        Contract after = released();
        after.at("paths").remove("/v1/schools");
        after.at("info").put("version", "1.0.0");

        assertThat(Compatibility.breaks(released().document(), after.document()))
                .isEmpty();
    }

    @Test
    void theNewestReleaseIsFoundByNumberAndNotByText(@TempDir Path folder) throws IOException {
        for (String version : List.of("0.9.1", "0.10.0", "0.2.30")) {
            Files.writeString(folder.resolve(version + ".yaml"), "");
        }

        assertThat(Compatibility.newest(folder)).hasFileName("0.10.0.yaml");
    }

    static Stream<Break> breaks() {
        return Stream.of(
                new Break(
                        "nullable removed",
                        c -> c.property("School", "shortName").put("nullable", true),
                        c -> c.property("School", "shortName").remove("nullable"),
                        "School.shortName: nullable removed"),
                new Break(
                        "minLength raised",
                        c -> c.property("School", "name").put("minLength", 2),
                        "School.name: minLength raised from 1 to 2"),
                new Break(
                        "operation removed",
                        c -> Bundle.map(c.at("paths").get("/v1/schools")).remove("get"),
                        "GET /v1/schools: removed"),
                new Break(
                        "response field removed",
                        c -> c.properties("Receipt").remove("digest"),
                        "Receipt.digest: property removed"),
                new Break(
                        "type changed inside a list",
                        c -> Contract.child(c.property("School", "formerNames"), "items")
                                .put("type", "integer"),
                        "POST /v1/schools request/items/record/formerNames: type"),
                new Break(
                        "required request property added",
                        c -> required(c, "School", "studentCount"),
                        "POST /v1/schools request/items/record: required"),
                new Break(
                        "enum value removed",
                        c -> c.schema("SchoolStatus").put("enum", List.of("ACTIVE", "CLOSED")),
                        "POST /v1/schools request/items/record/status: enum"),
                new Break(
                        "pattern tightened",
                        c -> c.property("School", "divisionCode").put("pattern", "^61\\d{4}$"),
                        "POST /v1/schools request/items/record/divisionCode: pattern"),
                new Break(
                        "minItems raised",
                        c -> c.property("School", "stages").put("minItems", 1),
                        "School.stages: minItems raised from 0 to 1"),
                new Break(
                        "natural key changed",
                        c -> c.schema("Pairing").put("x-natural-key", List.of("schoolYear")),
                        "Pairing: x-natural-key changed"),
                new Break(
                        "query parameter made required",
                        c -> Contract.rows(
                                        Contract.list(c.operation("listSchools").node(), "parameters"))
                                .findFirst()
                                .orElseThrow()
                                .put("required", true),
                        "GET /v1/schools: parameter divisionCode"),
                new Break(
                        "maxLength lowered",
                        c -> c.property("School", "name").put("maxLength", 59),
                        "POST /v1/schools request/items/record/name: maxLength"),
                new Break(
                        "step of a number made coarser",
                        c -> c.property("Pairing", "plannedLessonsPerWeek").put("multipleOf", 1),
                        "Pairing.plannedLessonsPerWeek: multipleOf tightened to 1"));
    }

    /** What compiles no longer although the wire is the same. */
    static Stream<Break> breaksOfNames() {
        return Stream.of(
                new Break(
                        "operationId changed",
                        c -> c.operation("listSchools").node().put("operationId", "findSchools"),
                        "GET /v1/schools: operationId changed"),
                new Break(
                        "method renamed",
                        c -> c.operation("listSchools").node().put("x-java-name", "find"),
                        "GET /v1/schools: x-java-name changed"),
                new Break(
                        "interface renamed",
                        c -> c.operation("listSchools").node().put("tags", List.of("Directory")),
                        "GET /v1/schools: tags changed"),
                new Break(
                        "tag of a kind renamed",
                        c -> c.schema("School").put("x-tag", "Directory"),
                        "School: x-tag changed"),
                new Break(
                        "constant renamed",
                        c -> set(c.schema("SchoolType"), "x-enum-varnames", 0, "NURSERY"),
                        "SchoolType: x-enum-varnames changed for 111"),
                new Break(
                        "value that was its own constant renamed",
                        c -> c.schema("UnitKind").put("x-enum-varnames", List.of("SCHOOL", "SITE")),
                        "UnitKind: x-enum-varnames changed for TEACHING_SITE"),
                new Break(
                        "personal value no longer marked",
                        c -> c.property("Contact", "name").remove("x-pii"),
                        "Contact.name: x-pii changed"));
    }

    private static void add(Map<String, Object> node, String list, Object value) {
        List<Object> values = new ArrayList<>(Contract.list(node, list));
        values.add(value);
        node.put(list, values);
    }

    private static void set(Map<String, Object> node, String list, int index, Object value) {
        List<Object> values = new ArrayList<>(Contract.list(node, list));
        values.set(index, value);
        node.put(list, values);
    }

    private static void required(Contract contract, String schema, String property) {
        add(contract.schema(schema), "required", property);
    }

    private static Contract released() throws IOException {
        Map<String, Object> document = Bundle.map(read(Compatibility.newest(RELEASED)));
        return new Contract(document);
    }

    private static Object read(Path file) throws IOException {
        return Bundle.reader().load(Files.readString(file));
    }
}
