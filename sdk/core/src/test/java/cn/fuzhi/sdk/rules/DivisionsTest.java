package cn.fuzhi.sdk.rules;

import static org.assertj.core.api.Assertions.assertThat;

import cn.fuzhi.sdk.model.Division;
import cn.fuzhi.sdk.model.DivisionCodeStatus;
import cn.fuzhi.sdk.model.DivisionLevel;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.junit.jupiter.api.Test;

class DivisionsTest {
    private static final ObjectMapper JSON = new ObjectMapper().registerModule(new JavaTimeModule());

    @Test
    void bundledDivisionsAreThoseOfTheContract() throws IOException {
        JsonNode bundled = JSON.valueToTree(Divisions.bundled().all());
        assertThat(bundled).isEqualTo(contract("divisions"));
    }

    @Test
    void bundledCodeSetsAreThoseOfTheContract() throws IOException {
        ArrayNode sets = JSON.createArrayNode();
        for (JsonNode set : contract("code-sets")) {
            sets.add(JSON.valueToTree(
                    CodeSets.bundled().find(set.path("name").asText()).orElseThrow()));
        }

        assertThat((JsonNode) sets).isEqualTo(contract("code-sets"));
    }

    @Test
    void findsCurrentDivisionsAndZones() {
        assertThat(Divisions.bundled().find("610727")).map(Division::name).contains("略阳县");
        assertThat(Divisions.bundled().find("610171")).isPresent();
        assertThat(Divisions.bundled().find("610199")).isEmpty();
    }

    @Test
    void placeholderRowsAreNoDivisions() {
        Divisions divisions = Divisions.of(List.of(division("610101", "市辖区", null), division("610102", "新城区", null)));

        assertThat(divisions.find("610101")).isEmpty();
        assertThat(divisions.find("610102")).isPresent();
        assertThat(Divisions.bundled().find("610101")).isEmpty();
    }

    @Test
    void successorIsFoundOverSeveralSteps() {
        Divisions divisions = Divisions.of(List.of(
                division("610001", "旧县", "610002"),
                division("610002", "旧区", "610003"),
                division("610003", "新区", null)));

        assertThat(divisions.successorOf("610001")).map(Division::code).contains("610003");
        assertThat(divisions.successorOf("610003")).isEmpty();
        assertThat(Divisions.bundled().successorOf("610125"))
                .map(Division::code)
                .contains("610118");
    }

    @Test
    void circleOfSuccessorsEnds() {
        Divisions divisions =
                Divisions.of(List.of(division("610001", "甲", "610002"), division("610002", "乙", "610001")));

        assertThat(divisions.successorOf("610001")).isEmpty();
    }

    @Test
    void codeIsFoundByNameAndAlias() {
        CodeSets sets = CodeSets.bundled();

        assertThat(sets.lookUp("grade", "初一")).map(value -> value.code()).contains("G7");
        assertThat(sets.lookUp("grade", "七年级")).map(value -> value.code()).contains("G7");
        assertThat(sets.lookUp("grade", "G7")).map(value -> value.name()).contains("七年级");
        assertThat(sets.lookUp("grade", "十年级")).isEmpty();
    }

    private static Division division(String code, String name, String successor) {
        return Division.builder()
                .code(code)
                .name(name)
                .level(DivisionLevel.COUNTY)
                .codeStatus(successor == null ? DivisionCodeStatus.OFFICIAL : DivisionCodeStatus.ABOLISHED)
                .successorCode(successor)
                .build();
    }

    private static JsonNode contract(String file) throws IOException {
        try (InputStream in = DivisionsTest.class.getResourceAsStream("/fuzhi/data/" + file + ".json")) {
            return JSON.readTree(in);
        }
    }
}
