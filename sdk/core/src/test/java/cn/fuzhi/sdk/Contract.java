package cn.fuzhi.sdk;

import cn.fuzhi.sdk.model.PushRecord;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The bundled contract, as the tests of what is generated from it see it. */
final class Contract {
    static final ObjectNode SCHEMAS;
    static final JsonNode DOCUMENT;

    static {
        try (InputStream bundle = Contract.class.getResourceAsStream("/fuzhi/openapi.yaml")) {
            DOCUMENT = Json.MAPPER.valueToTree(new Yaml(new SafeConstructor(new LoaderOptions())).load(bundle));
            SCHEMAS = (ObjectNode) DOCUMENT.at("/components/schemas");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Contract() {}

    /** The names of the schemas of objects, each of which has a record. */
    static List<String> records() {
        List<String> names = new ArrayList<>();
        SCHEMAS.properties().forEach(schema -> {
            if (schema.getValue().has("properties")) {
                names.add(schema.getKey());
            }
        });
        return names;
    }

    static Class<?> type(String schema) {
        try {
            return Class.forName("cn.fuzhi.sdk.model." + schema);
        } catch (ClassNotFoundException e) {
            throw new AssertionError("no record is generated for " + schema, e);
        }
    }

    static ObjectNode example(String schema) {
        return SCHEMAS.get(schema).get("example").deepCopy();
    }

    static <T extends PushRecord> T example(Class<T> type) {
        return RecordCodec.parse(type, bytes(example(type.getSimpleName())));
    }

    /** The schema that a property or the items of a list refer to, or null. */
    static String reference(JsonNode property) {
        JsonNode target = property.has("items") ? property.get("items") : property;
        String ref = target.has("allOf")
                ? target.at("/allOf/0/$ref").asText()
                : target.path("$ref").asText();
        return ref.isEmpty() ? null : ref.substring(ref.lastIndexOf('/') + 1);
    }

    static byte[] bytes(JsonNode json) {
        try {
            return Json.MAPPER.writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode tree(byte[] json) {
        try {
            return Json.MAPPER.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
