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
    @MethodSource("breaks")
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
                        "GET /v1/schools: parameter divisionCode"));
    }

    private static void required(Contract contract, String schema, String property) {
        List<Object> required = new ArrayList<>(Contract.list(contract.schema(schema), "required"));
        required.add(property);
        contract.schema(schema).put("required", required);
    }

    private static Contract released() throws IOException {
        Map<String, Object> document = Bundle.map(read(Compatibility.newest(RELEASED)));
        return new Contract(document, List.of(), List.of(), List.of(), Map.of());
    }

    private static Object read(Path file) throws IOException {
        return Bundle.reader().load(Files.readString(file));
    }
}
