package cn.fuzhi.spec;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * Makes the one contract document out of its fragments: merges {@code openapi/**}, expands the pattern of a pushed kind for
 * every schema with {@code x-kind}, and appends the catalogues of errors and rules to the first page.
 *
 * <p>The fragments refer to one another by document-global references, so merging is a union of maps in which a key that
 * appears twice is an error: nothing has to be resolved, and nothing is rewritten. The same sources give the same bytes.
 * The build starts this file by itself ({@code java Bundle.java SPEC_DIR OUT_FILE}) before anything is compiled, and so
 * everything it needs stands here; the tests call {@link #of}.
 */
final class Bundle {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path spec;

    private Bundle(Path spec) {
        this.spec = spec;
    }

    /** Writes the document as YAML to the second argument, and beside it as JSON and as the script of the docs page. */
    public static void main(String[] args) throws IOException {
        Map<String, Object> document = of(Path.of(args[0]));
        Path yaml = Path.of(args[1]);
        Path docs = Files.createDirectories(yaml.resolveSibling("docs"));
        String json = JSON.writeValueAsString(document);
        Files.writeString(yaml, yaml(document));
        Files.writeString(yaml.resolveSibling("openapi.json"), json);
        // A page that is opened as a file may not fetch its neighbours, but may run them.
        Files.writeString(docs.resolve("contract.js"), "window.contract = " + json + ";\n");
    }

    /**
     * Bundles the contract below a folder.
     *
     * @param spec the folder that holds {@code openapi/}, {@code patterns/} and {@code data/}
     * @return the OpenAPI document as maps, lists and scalars
     */
    static Map<String, Object> of(Path spec) throws IOException {
        return new Bundle(spec).document();
    }

    private Map<String, Object> document() throws IOException {
        Map<String, Object> document = map(read(spec.resolve("openapi/openapi.yaml")));
        for (Path fragment : fragments()) {
            merge(document, map(read(fragment)), fragment.getFileName() + ": ");
        }
        Map<String, Object> schemas = map(map(document.get("components")).get("schemas"));
        schemas.values().forEach(schema -> nameItems(map(schema)));
        List<Object> tags = new ArrayList<>();
        for (var entry : kindsByRank(schemas)) {
            Map<String, Object> kind = map(entry.getValue());
            nameKey(kind);
            merge(document, expand(entry.getKey(), kind), "pattern of " + entry.getKey() + ": ");
            tags.add(ordered("name", text(kind, "x-tag"), "description", text(kind, "description")));
        }
        tags.addAll(list(document, "tags"));
        document.put("tags", tags);
        markQueries(document);
        nameHeaders(document);
        document.put("x-rules", rules());
        Map<String, Object> info = map(document.get("info"));
        info.put("description", text(info, "description") + table("errors") + table("rules"));
        return document;
    }

    private List<Path> fragments() throws IOException {
        try (Stream<Path> files = Files.walk(spec.resolve("openapi"))) {
            return files.filter(file -> file.toString().endsWith(".yaml") && !file.endsWith("openapi.yaml"))
                    .sorted()
                    .toList();
        }
    }

    private static List<Map.Entry<String, Object>> kindsByRank(Map<String, Object> schemas) {
        return schemas.entrySet().stream()
                .filter(schema -> map(schema.getValue()).containsKey("x-kind"))
                .sorted(Comparator.comparing(
                        schema -> (Integer) map(schema.getValue()).get("x-rank")))
                .toList();
    }

    private static void merge(Map<String, Object> into, Map<String, Object> from, String place) {
        from.forEach((key, value) -> {
            Object present = into.putIfAbsent(key, value);
            if (present instanceof Map<?, ?> && value instanceof Map<?, ?>) {
                merge(map(present), map(value), place + key + " / ");
            } else if (present != null) {
                throw new IllegalStateException(place + "'" + key + "' is defined twice");
            }
        });
    }

    private Map<String, Object> expand(String name, Map<String, Object> kind) throws IOException {
        Map<String, Object> words = ordered("Kind", name, "KIND", text(kind, "x-kind"), "zh", text(kind, "x-zh-name"));
        words.putAll(ordered("path", text(kind, "x-path"), "Tag", text(kind, "x-tag"), "key", key(kind)));
        words.put("record", JSON.writeValueAsString(kind.get("example"))); // JSON is YAML in one line
        Map<String, Object> expanded = map(read(spec.resolve("patterns/kind.yaml"), words));
        Map<String, Object> path = map(map(expanded.get("paths")).get("/v1/" + words.get("path")));
        List<Object> parameters = new ArrayList<>();
        list(kind, "x-list-parameters").forEach(filter -> parameters.add(filter(map(filter))));
        parameters.addAll(list(map(path.get("get")), "parameters"));
        map(path.get("get")).put("parameters", parameters);
        return expanded;
    }

    private static Map<String, Object> filter(Map<String, Object> filter) {
        Map<String, Object> schema = switch (filter.containsKey("schema") ? "schema" : text(filter, "type")) {
            case "schema" -> ordered("$ref", "#/components/schemas/" + filter.get("schema"));
            case "date" -> ordered("type", "string", "format", "date");
            case "string" -> ordered("type", "string", "maxLength", 200);
            case "integer" -> ordered("type", "integer", "format", "int32", "minimum", 0, "maximum", 1_000_000_000);
            default -> ordered("type", filter.get("type"));
        };
        Map<String, Object> parameter = ordered("name", filter.get("name"), "in", "query", "required", false);
        parameter.put("description", filter.get("zh") + "。Filter: " + filter.get("en") + ".");
        parameter.putAll(ordered("x-zh-name", filter.get("zh"), "schema", schema));
        return parameter;
    }

    /** The natural key of the example record, as the generated {@code key()} joins it. */
    private static String key(Map<String, Object> kind) {
        Map<String, Object> example = map(kind.get("example"));
        return list(kind, "x-natural-key").stream()
                .map(part -> String.valueOf(example.get(part)))
                .collect(Collectors.joining("~"));
    }

    /** An inline item is reported under the name and the rule of its list. */
    private static void nameItems(Map<String, Object> schema) {
        for (Object value : map(schema.getOrDefault("properties", Map.of())).values()) {
            Map<String, Object> property = map(value);
            if (property.get("items") instanceof Map<?, ?> items && !items.containsKey("$ref")) {
                Stream.of("x-zh-name", "x-rule")
                        .filter(property::containsKey)
                        .forEach(mark -> map(items).putIfAbsent(mark, property.get(mark)));
            }
        }
    }

    /** More than three query parameters become one query record in Java; a template cannot count, so the bundle says it. */
    private static void markQueries(Map<String, Object> document) {
        Map<String, Object> shared = map(map(document.get("components")).get("parameters"));
        for (Object path : map(document.get("paths")).values()) {
            for (Object operation : map(path).values()) {
                long count = list(map(operation), "parameters").stream()
                        .map(Bundle::map)
                        .map(node ->
                                node.get("$ref") instanceof String ref ? shared.get(ref.replaceAll(".*/", "")) : node)
                        .filter(parameter -> "query".equals(map(parameter).get("in")))
                        .count();
                if (count > 3) {
                    map(operation).put("x-query-record", queryName(text(map(operation), "x-java-name")));
                }
            }
        }
    }

    /** A header that every answer carries stands once in the sources, and in the document on every answer. */
    private static void nameHeaders(Map<String, Object> document) {
        Map<String, Object> components = map(document.get("components"));
        Map<String, Object> common = new LinkedHashMap<>();
        child(components, "headers").forEach((name, header) -> {
            if (map(header).get("x-header") instanceof String onTheWire) {
                common.put(onTheWire, ordered("$ref", "#/components/headers/" + name));
            }
        });
        for (Object path : map(document.get("paths")).values()) {
            map(path)
                    .values()
                    .forEach(operation -> addHeaders(map(map(operation).get("responses")), common));
        }
        addHeaders(child(components, "responses"), common);
    }

    private static void addHeaders(Map<String, Object> responses, Map<String, Object> headers) {
        for (Object response : responses.values()) {
            if (!headers.isEmpty() && !map(response).containsKey("$ref")) {
                map(map(response).computeIfAbsent("headers", absent -> new LinkedHashMap<>()))
                        .putAll(headers);
            }
        }
    }

    /** Where one of two properties makes the key, the record lacks its key only when it has neither. */
    private static void nameKey(Map<String, Object> kind) {
        if (kind.get("x-natural-key-else") instanceof String other) {
            Map<String, Object> properties = map(kind.get("properties"));
            String usual = String.valueOf(list(kind, "x-natural-key").get(0));
            kind.put(
                    "x-natural-key-zh-name",
                    text(map(properties.get(usual)), "x-zh-name") + "或"
                            + text(map(properties.get(other)), "x-zh-name"));
        }
    }

    private static String queryName(String method) {
        return "list".equals(method)
                ? "Query"
                : Character.toUpperCase(method.charAt(0)) + method.substring(1) + "Query";
    }

    /** The catalogue travels in the document, so that code, docs page and mock read the same rules. */
    private List<?> rules() throws IOException {
        List<?> rules = (List<?>) read(spec.resolve("data/rules.json"));
        rules.forEach(rule ->
                map(rule).put("constant", text(map(rule), "number").replace('-', '_')));
        return rules;
    }

    /** A table of a catalogue for the first page: the last line of its pattern stands for every row. */
    private String table(String catalogue) throws IOException {
        List<String> lines = Files.readAllLines(spec.resolve("patterns/" + catalogue + ".md"));
        String pattern = lines.remove(lines.size() - 1);
        for (Object row : (List<?>) read(spec.resolve("data/" + catalogue + ".json"))) {
            Map<String, Object> words = map(row);
            // A few rules have a second, milder or harsher, case.
            if (words.containsKey("alsoSeverity")) {
                words.put("severity", text(words, "severity") + ", " + text(words, "alsoSeverity"));
            }
            lines.add(replace(pattern, words));
        }
        return String.join("\n", lines) + "\n";
    }

    private static Object read(Path file) throws IOException {
        return read(file, Map.of());
    }

    private static Object read(Path file, Map<String, Object> words) throws IOException {
        try {
            return reader().load(replace(Files.readString(file), words));
        } catch (YAMLException e) {
            throw new IllegalStateException(file.getFileName() + ": " + e.getMessage(), e);
        }
    }

    /** Puts words where a pattern has their names between dollar signs. */
    private static String replace(String pattern, Map<String, Object> words) {
        String result = pattern;
        for (var word : words.entrySet()) {
            String text = word.getValue() instanceof List<?> list
                    ? list.stream().map(String::valueOf).collect(Collectors.joining(", "))
                    : String.valueOf(word.getValue());
            result = result.replace("$" + word.getKey() + "$", text);
        }
        return result;
    }

    private static String text(Map<String, Object> node, String property) {
        if (node.get(property) instanceof String text) {
            return text;
        }
        throw new IllegalStateException("no text '" + property + "' in " + node);
    }

    private static Map<String, Object> child(Map<String, Object> node, String property) {
        return node.get(property) instanceof Map<?, ?> child ? map(child) : Map.of();
    }

    private static List<?> list(Map<String, Object> node, String property) {
        return node.get(property) instanceof List<?> list ? list : List.of();
    }

    private static Map<String, Object> ordered(Object... entries) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < entries.length; i += 2) {
            map.put((String) entries[i], entries[i + 1]);
        }
        return map;
    }

    @SuppressWarnings("unchecked") // YAML maps of the contract have string keys; a path that has none fails loudly
    static Map<String, Object> map(Object node) {
        if (node instanceof Map<?, ?>) {
            return (Map<String, Object>) node;
        }
        throw new IllegalStateException("expected a map, found: " + node);
    }

    /** Reads with the types of JSON: a date stays the text that it is in the example, and {@code no} stays a key. */
    static Yaml reader() {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        DumperOptions unused = new DumperOptions();
        return new Yaml(new SafeConstructor(options), new Representer(unused), unused, options, new JsonTypes());
    }

    /** Writes for any reader: what YAML 1.1 would take for a date or a boolean is quoted. */
    static String yaml(Map<String, Object> document) {
        DumperOptions options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        options.setSplitLines(false);
        options.setDereferenceAliases(true);
        return new Yaml(options).dump(document);
    }

    /** A resolver without the implicit types that JSON lacks (timestamps, octal and sexagesimal numbers, yes/no). */
    private static final class JsonTypes extends Resolver {
        @Override
        protected void addImplicitResolvers() {
            addImplicitResolver(Tag.BOOL, Pattern.compile("^(?:true|false)$"), "tf");
            addImplicitResolver(Tag.INT, Pattern.compile("^-?(?:0|[1-9][0-9]*)$"), "-0123456789");
            addImplicitResolver(
                    Tag.FLOAT, Pattern.compile("^-?(?:0|[1-9][0-9]*)\\.[0-9]+(?:[eE][-+]?[0-9]+)?$"), "-0123456789");
            addImplicitResolver(Tag.NULL, Pattern.compile("^(?:null|~|)$"), "~n\0");
        }
    }
}
