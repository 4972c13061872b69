package cn.fuzhi.spec;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The contract as the checks see it: the bundle and the catalogues beside it, as maps, lists and scalars. A copy may be
 * changed, which is how a test plants a fault.
 *
 * @param document the bundled OpenAPI document
 * @param rules {@code data/rules.json}
 * @param errors {@code data/errors.json}
 * @param codeSets {@code data/code-sets.json}
 * @param deadlines {@code data/deadlines.json}
 */
record Contract(
        Map<String, Object> document, List<?> rules, List<?> errors, List<?> codeSets, Map<String, Object> deadlines) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** A document without catalogues. */
    Contract(Map<String, Object> document) {
        this(document, List.of(), List.of(), List.of(), Map.of());
    }

    /** One operation of the document with the place where it stands. */
    record Operation(String method, String path, Map<String, Object> node) {
        String place() {
            return method.toUpperCase(Locale.ROOT) + " " + path;
        }
    }

    /** The contract in this source tree, bundled from its fragments. */
    static Contract ofSources() {
        try {
            Path data = Path.of("data");
            return new Contract(
                    Bundle.of(Path.of("")),
                    json(data.resolve("rules.json"), List.class),
                    json(data.resolve("errors.json"), List.class),
                    json(data.resolve("code-sets.json"), List.class),
                    Bundle.map(json(data.resolve("deadlines.json"), Map.class)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static <T> T json(Path file, Class<T> type) throws IOException {
        return JSON.readValue(Files.readString(file), type);
    }

    static String json(Object value) {
        return JSON.valueToTree(value).toString();
    }

    Contract copy() {
        return JSON.convertValue(JSON.valueToTree(this), Contract.class);
    }

    Map<String, Object> schemas() {
        return Bundle.map(at("components").get("schemas"));
    }

    Map<String, Object> schema(String name) {
        return Bundle.map(schemas().get(name));
    }

    Map<String, Object> properties(String schema) {
        return child(schema(schema), "properties");
    }

    Map<String, Object> property(String schema, String name) {
        return Bundle.map(properties(schema).get(name));
    }

    Map<String, Object> at(String key) {
        return child(document, key);
    }

    List<Operation> operations() {
        return at("paths").entrySet().stream()
                .flatMap(path -> Bundle.map(path.getValue()).entrySet().stream()
                        .map(entry -> new Operation(entry.getKey(), path.getKey(), Bundle.map(entry.getValue()))))
                .toList();
    }

    Operation operation(String operationId) {
        return operations().stream()
                .filter(operation -> operationId.equals(operation.node().get("operationId")))
                .findFirst()
                .orElseThrow();
    }

    /** A map below a map, empty when it is absent. */
    static Map<String, Object> child(Map<String, Object> node, String key) {
        return Bundle.map(node.getOrDefault(key, new LinkedHashMap<>()));
    }

    /** A list below a map, empty when it is absent. */
    static List<?> list(Map<String, Object> node, String key) {
        return node.get(key) instanceof List<?> list ? list : List.of();
    }

    /** The maps of a list, for example the rows of a catalogue. */
    static Stream<Map<String, Object>> rows(List<?> list) {
        return list.stream().map(Bundle::map);
    }

    /** The last part of a reference; null when the node, or the only part of its {@code allOf}, refers to nothing. */
    static String target(Map<String, Object> node) {
        Map<String, Object> reference = node.get("allOf") instanceof List<?> parts ? Bundle.map(parts.get(0)) : node;
        return reference.get("$ref") instanceof String ref ? ref.substring(ref.lastIndexOf('/') + 1) : null;
    }
}
