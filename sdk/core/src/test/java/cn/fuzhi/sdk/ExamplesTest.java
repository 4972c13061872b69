package cn.fuzhi.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import cn.fuzhi.sdk.model.PushRecord;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every example of the contract, read through the generated records and written back. */
final class ExamplesTest {
    private static final String FUTURE = "CODE_OF_A_LATER_CONTRACT";

    static Stream<String> records() {
        return Contract.records().stream();
    }

    @Test
    void coversTheWholeContract() {
        assertThat(Contract.records()).hasSizeGreaterThan(150);
    }

    @ParameterizedTest
    @MethodSource("records")
    void exampleComesBackUnchanged(String schema) throws IOException {
        ObjectNode example = Contract.example(schema);

        assertThat(throughRecord(schema, example)).isEqualTo(Contract.tree(Contract.bytes(example)));
    }

    @ParameterizedTest
    @MethodSource("records")
    void unknownPropertiesAreIgnored(String schema) throws IOException {
        ObjectNode example = Contract.example(schema);
        ObjectNode newer = example.deepCopy();
        newer.putObject("propertyOfALaterContract").putArray("a").add(1).addNull();

        assertThat(throughRecord(schema, newer)).isEqualTo(Contract.tree(Contract.bytes(example)));
    }

    @ParameterizedTest
    @MethodSource("records")
    void unknownCodesAreKept(String schema) throws IOException {
        ObjectNode newer = Contract.example(schema);
        Contract.SCHEMAS.get(schema).get("properties").properties().forEach(property -> {
            if (isCode(property.getValue())) {
                setCode(newer, property);
            }
        });

        assertThat(throughRecord(schema, newer)).isEqualTo(Contract.tree(Contract.bytes(newer)));
    }

    @Test
    void examplesOfAnswersComeBackUnchanged() throws IOException {
        List<String> read = new ArrayList<>();
        for (JsonNode path : Contract.DOCUMENT.get("paths")) {
            for (JsonNode content : path.findValues("application/json")) {
                String schema = Contract.reference(content.get("schema"));
                JsonNode example = content.has("example") ? content.get("example") : Contract.example(schema);
                read.add(schema);
                assertThat(throughRecord(schema, example)).isEqualTo(Contract.tree(Contract.bytes(example)));
            }
        }
        assertThat(read).hasSizeGreaterThan(80);
    }

    @Test
    void frozenBytesOfEveryKindAreDeterministic() {
        for (Class<? extends PushRecord> type : kinds()) {
            FrozenRecord first = RecordCodec.freeze(Contract.example(type));
            PushRecord again = RecordCodec.parse(type, first.payload());

            assertThat(RecordCodec.freeze(again)).isEqualTo(first);
            assertThat(first.digest()).isEqualTo(RecordCodec.digest(first.payload()));
        }
        assertThat(kinds()).hasSizeGreaterThanOrEqualTo(16);
    }

    private static List<Class<? extends PushRecord>> kinds() {
        List<Class<? extends PushRecord>> kinds = new ArrayList<>();
        cn.fuzhi.sdk.model.RecordKind.known().forEach(kind -> kinds.add(kind.type()));
        return kinds;
    }

    private static JsonNode throughRecord(String schema, JsonNode json) throws IOException {
        Object read = Json.MAPPER.readValue(Contract.bytes(json), Contract.type(schema));
        return Contract.tree(Json.MAPPER.writeValueAsBytes(read));
    }

    private static boolean isCode(JsonNode property) {
        String ref = Contract.reference(property);
        return ref != null && Contract.SCHEMAS.get(ref).has("enum");
    }

    private static void setCode(ObjectNode newer, Map.Entry<String, JsonNode> property) {
        if (property.getValue().has("items")) {
            ArrayNode codes = newer.withArray(property.getKey());
            codes.add(FUTURE);
        } else {
            newer.put(property.getKey(), FUTURE);
        }
    }
}
