package cn.fuzhi.sdk.mock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The contract as the tests read it, without the code under test. */
final class Examples {
    static final JsonNode CONTRACT = read();

    private Examples() {}

    private static JsonNode read() {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(1 << 25);
        options.setMaxAliasesForCollections(10_000);
        try (InputStream in = Examples.class.getResourceAsStream("/fuzhi/openapi.yaml")) {
            return Vendor.JSON.valueToTree(new Yaml(new SafeConstructor(options)).<Object>load(in));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ObjectNode of(String schema) {
        return CONTRACT.at("/components/schemas/" + schema + "/example").deepCopy();
    }

    /** The example of a schema without what it refers to and the platform does not hold. */
    static ObjectNode without(String schema, String... fields) {
        return of(schema).without(List.of(fields));
    }

    static ObjectNode supportedSchool() {
        ObjectNode school = without("School", "formerNames", "formerSchoolCodes", "locationCode12", "uscc");
        return school.put("schoolCode", "2161000002").put("name", "略阳县示例乡村小学").put("urbanRuralClass", "220");
    }

    /** Pushes one record of every kind, each after what it refers to; gives the answers by path. */
    static Map<String, Vendor.Answer> pushOneOfEach(Vendor vendor, String attachmentId) {
        Map<String, Vendor.Answer> answers = new LinkedHashMap<>();
        List<Map.Entry<String, JsonNode>> kinds = new ArrayList<>();
        CONTRACT.at("/components/schemas").properties().forEach(schema -> {
            if (schema.getValue().has("x-kind") && !schema.getKey().equals("Submission")) {
                kinds.add(schema);
            }
        });
        kinds.sort((one, other) -> one.getValue().get("x-rank").asInt()
                - other.getValue().get("x-rank").asInt());
        vendor.post("/v1/schools", Vendor.batch(item(CONTRACT.at("/components/schemas/School"), supportedSchool())));
        ObjectNode site =
                Examples.without("School", "schoolCode", "formerNames", "formerSchoolCodes", "locationCode12", "uscc");
        site.put("unitKind", "TEACHING_SITE").put("siteCode", "2161000002-01").put("parentSchoolCode", "2161000002");
        site.put("name", "略阳县示例教学点").put("urbanRuralClass", "220");
        vendor.post("/v1/schools", Vendor.batch(item(CONTRACT.at("/components/schemas/School"), site)));
        for (Map.Entry<String, JsonNode> kind : kinds) {
            ObjectNode record = kind.getValue().get("example").deepCopy();
            record.remove("recordingContentKey");
            attach(record, attachmentId);
            String path = kind.getValue().get("x-path").asText();
            answers.put(path, vendor.post("/v1/" + path, Vendor.batch(item(kind.getValue(), record))));
        }
        return answers;
    }

    private static void attach(ObjectNode record, String attachmentId) {
        for (String field : List.of("sealedScan", "mlpsReportAttachmentId")) {
            if (record.has(field)) {
                record.put(field, attachmentId);
            }
        }
        if (record.get("attachmentIds") instanceof ArrayNode ids) {
            ids.removeAll().add(attachmentId);
        }
    }

    static ObjectNode item(JsonNode schema, ObjectNode record) {
        List<String> parts = new ArrayList<>();
        schema.get("x-natural-key")
                .forEach(field -> parts.add(record.path(field.asText()).asText()));
        String key = String.join("~", parts);
        if (key.isEmpty()) {
            key = record.get(schema.get("x-natural-key-else").asText()).asText();
        }
        return Vendor.upsert(key, 1, record);
    }
}
