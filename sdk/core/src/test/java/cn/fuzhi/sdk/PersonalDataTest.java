package cn.fuzhi.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cn.fuzhi.sdk.model.Checked;
import cn.fuzhi.sdk.model.Mask;
import cn.fuzhi.sdk.model.PushRecord;
import cn.fuzhi.sdk.model.Violations;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No name and no phone comes out of the SDK by a text, whatever record it lies in and whatever is wrong with it. */
final class PersonalDataTest {
    private static final Map<String, JsonNode> GOOD = canaries("李金丝雀", "13800005678");
    private static final Map<String, JsonNode> BAD = canaries("李" + "金丝雀".repeat(40), "1x8765x金丝雀");

    /** Values in fields where they do not belong, as sheets with shifted columns have them. */
    private static final List<Map<String, JsonNode>> MISPLACED = List.of(
            canaries("13800005678", "李金丝雀"),
            canaries("029-87650000", "金丝雀老师的电话"),
            canaries("李金丝雀13800005678", "李金丝雀13800005678"),
            canaries(" 金丝雀", "李-金丝雀金丝雀"),
            canaries("李金丝雀", "029-8765金丝雀"),
            canaries("李金丝雀", "138 0000 5678"),
            canaries("李金丝雀", "029-87650000-8765"),
            canaries("李金丝雀", "１３９８７６５００００"),
            canaries("李金丝雀", "8765"));

    /** Schemas with a personal value at any depth. */
    static Stream<String> personal() {
        return Contract.records().stream().filter(schema -> plant(schema, GOOD) > 0);
    }

    @Test
    void knowsTheFieldsThatArePersonal() {
        assertThat(personal())
                .contains("Contact", "Lecturer", "AdminAccount", "AnnualPlan", "LessonBatch", "PairingPage")
                .hasSizeGreaterThan(25);
    }

    @ParameterizedTest
    @MethodSource("personal")
    void textOfARecordIsMasked(String schema) throws IOException {
        ObjectNode json = Contract.example(schema);
        plant(schema, json, GOOD);
        Object read = Json.MAPPER.readValue(Contract.bytes(json), Contract.type(schema));

        assertThat(read.toString()).doesNotContain("金丝雀").doesNotContain("8765").contains("**");
    }

    @ParameterizedTest
    @MethodSource("personal")
    void textOfARecordIsMaskedWhateverStandsInIt(String schema) throws IOException {
        for (Map<String, JsonNode> misplaced : MISPLACED) {
            ObjectNode json = Contract.example(schema);
            plant(schema, json, misplaced);
            Object read = Json.MAPPER.readValue(Contract.bytes(json), Contract.type(schema));

            assertThat(read.toString())
                    .doesNotContain("金丝雀")
                    .doesNotContain("8765")
                    .doesNotContain("８７６５")
                    .contains("**");
        }
    }

    @Test
    void phoneIsMaskedAsTheVectorsSay() throws IOException {
        try (InputStream vectors = PersonalDataTest.class.getResourceAsStream("test-vectors.json")) {
            JsonNode phone = Json.MAPPER.readTree(vectors).get("phone");
            for (JsonNode vector : phone.get("masked")) {
                assertThat(Mask.phone(vector.get("input").asText()))
                        .isEqualTo(vector.get("masked").asText());
            }
            for (JsonNode invalid : phone.get("invalid")) {
                assertThat(Mask.phone(invalid.asText())).isEqualTo("****");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("personal")
    void findingsNameNoPerson(String schema) throws IOException {
        ObjectNode json = Contract.example(schema);
        plant(schema, json, BAD);
        Checked read = (Checked) Json.MAPPER.readValue(Contract.bytes(json), Contract.type(schema));
        Violations violations = new Violations();
        read.check(violations);

        assertThat(violations.hasErrors()).isTrue();
        assertThat(violations.found().toString()).doesNotContain("金丝雀").doesNotContain("8765");
    }

    @ParameterizedTest
    @MethodSource("personal")
    void refusalsNameNoPerson(String schema) throws IOException {
        if (!PushRecord.class.isAssignableFrom(Contract.type(schema))) {
            return;
        }
        ObjectNode json = Contract.example(schema);
        plant(schema, json, BAD);
        PushRecord read = (PushRecord) Json.MAPPER.readValue(Contract.bytes(json), Contract.type(schema));
        FuzhiException.Refused refused =
                catchThrowableOfType(FuzhiException.Refused.class, () -> RecordCodec.freeze(read));

        assertThat(refused).hasNoCause();
        assertThat(refused.toString() + refused.violations())
                .doesNotContain("金丝雀")
                .doesNotContain("8765");
    }

    private static int plant(String schema, Map<String, JsonNode> canaries) {
        return plant(schema, Contract.example(schema), canaries);
    }

    /** Sets every personal property of an object and of what lies below it; what the example lacks is added. */
    private static int plant(String schema, ObjectNode json, Map<String, JsonNode> canaries) {
        int planted = 0;
        for (Map.Entry<String, JsonNode> property :
                Contract.SCHEMAS.get(schema).get("properties").properties()) {
            String pii = property.getValue().path("x-pii").asText();
            String ref = Contract.reference(property.getValue());
            if (!pii.isEmpty()) {
                json.set(property.getKey(), canaries.get(pii));
                planted++;
            } else if (ref != null && Contract.SCHEMAS.get(ref).has("properties")) {
                if (!json.has(property.getKey()) && !property.getValue().has("items")) {
                    json.set(property.getKey(), Contract.example(ref));
                }
                planted += plantBelow(ref, json.path(property.getKey()), canaries);
            }
        }
        return planted;
    }

    private static int plantBelow(String schema, JsonNode value, Map<String, JsonNode> canaries) {
        int planted = 0;
        if (value.isObject()) {
            planted += plant(schema, (ObjectNode) value, canaries);
        }
        for (JsonNode element : value.isArray() ? value : Json.MAPPER.createArrayNode()) {
            planted += plant(schema, (ObjectNode) element, canaries);
        }
        return planted;
    }

    private static Map<String, JsonNode> canaries(String name, String phone) {
        return Map.of(
                "name", Json.MAPPER.valueToTree(name),
                "phone", Json.MAPPER.valueToTree(phone));
    }
}
