package cn.fuzhi.sdk.mock;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The bundled contract: its kinds, its operations, its schemas and the data files beside it.
 *
 * <p>Immutable, read once per class loader: reading takes longer than starting a platform.
 */
final class Contract {
    private final JsonNode document;
    private final Map<String, Kind> kinds = new LinkedHashMap<>();
    private final List<Operation> operations = new ArrayList<>();

    private Contract(JsonNode document) {
        this.document = document;
        document.at("/components/schemas").properties().forEach(schema -> {
            if (schema.getValue().has("x-kind")) {
                Kind kind = Kind.of(schema.getKey(), schema.getValue());
                kinds.put(kind.name(), kind);
            }
        });
        document.get("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .properties()
                        .forEach(method ->
                                operations.add(operation(path.getKey(), method.getKey(), method.getValue()))));
        operations.sort(Comparator.comparing(Operation::fixedSegments).reversed());
    }

    private static final class Bundled {
        static final Contract CONTRACT = new Contract(read());
    }

    /** The contract of the jar {@code fuzhi-spec} on the class path. */
    static Contract bundled() {
        return Bundled.CONTRACT;
    }

    /** The JSON twin of the document is read ten times as fast as the YAML. */
    private static JsonNode read() {
        return Json.tree(resource("openapi.json"));
    }

    /** Reads a resource of the contract, such as {@code data/errors.json}. */
    static byte[] resource(String name) {
        try (InputStream in = Contract.class.getResourceAsStream("/fuzhi/" + name)) {
            return Objects.requireNonNull(in, () -> "fuzhi-spec on the class path has no fuzhi/" + name)
                    .readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Tells whether a resource of the contract exists. */
    static boolean has(String name) {
        return Contract.class.getResource("/fuzhi/" + name) != null;
    }

    /** Reads a data file of the contract as a list. */
    static List<JsonNode> data(String name) {
        List<JsonNode> entries = new ArrayList<>();
        Json.tree(resource("data/" + name)).forEach(entries::add);
        return List.copyOf(entries);
    }

    String version() {
        return document.at("/info/version").asText();
    }

    JsonNode document() {
        return document;
    }

    List<Kind> kinds() {
        return List.copyOf(kinds.values());
    }

    @Nullable
    Kind kind(String name) {
        return kinds.get(name);
    }

    /** A kind that every version of the contract has. */
    Kind needed(String name) {
        return Objects.requireNonNull(kinds.get(name), name);
    }

    List<Operation> operations() {
        return List.copyOf(operations);
    }

    boolean hasOperation(String id) {
        return operations.stream().anyMatch(operation -> operation.id().equals(id));
    }

    JsonNode schema(String name) {
        return Objects.requireNonNull(document.at("/components/schemas").get(name), name);
    }

    /** Follows {@code $ref}, also inside a single {@code allOf}; other schemas are returned as they are. */
    JsonNode resolve(JsonNode schema) {
        JsonNode ref = schema.has("allOf") ? schema.get("allOf").get(0).get("$ref") : schema.get("$ref");
        return ref == null ? schema : resolve(document.at(ref.asText().substring(1)));
    }

    /** The name of the schema to which a property refers, or another word where it has one of its own. */
    String name(JsonNode schema, String otherwise) {
        JsonNode ref = schema.has("allOf") ? schema.get("allOf").get(0).get("$ref") : schema.get("$ref");
        return ref == null ? otherwise : ref.asText().substring(ref.asText().lastIndexOf('/') + 1);
    }

    /** Operations on a path, whatever their method. */
    List<Operation> on(List<String> path) {
        List<Operation> found = operations.stream()
                .filter(operation -> operation.match(path) != null)
                .toList();
        long most = found.stream().mapToLong(Operation::fixedSegments).max().orElse(0);
        return found.stream()
                .filter(operation -> operation.fixedSegments() == most)
                .toList();
    }

    /** Methods of the operations on a path. */
    Set<String> methods(List<String> path) {
        Set<String> methods = new TreeSet<>();
        on(path).forEach(operation -> methods.add(operation.method()));
        return methods;
    }

    private Operation operation(String path, String method, JsonNode node) {
        List<JsonNode> parameters = new ArrayList<>();
        node.path("parameters").forEach(parameter -> parameters.add(resolve(parameter)));
        var content = node.at("/requestBody/content").properties().stream().findFirst();
        return new Operation(
                node.get("operationId").asText(),
                method.toUpperCase(java.util.Locale.ROOT),
                List.of(path.substring(1).split("/")),
                List.copyOf(parameters),
                content.map(Map.Entry::getKey).orElse(null),
                content.map(entry -> entry.getValue().get("schema")).orElse(null));
    }
}
