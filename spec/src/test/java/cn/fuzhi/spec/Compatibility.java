package cn.fuzhi.spec;

import static cn.fuzhi.spec.Contract.child;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.openapitools.openapidiff.core.OpenApiCompare;
import org.openapitools.openapidiff.core.model.Changed;
import org.openapitools.openapidiff.core.model.ChangedApiResponse;
import org.openapitools.openapidiff.core.model.ChangedOpenApi;
import org.openapitools.openapidiff.core.model.ChangedOperation;
import org.openapitools.openapidiff.core.model.ChangedParameter;
import org.openapitools.openapidiff.core.model.ChangedSchema;
import org.openapitools.openapidiff.core.model.ComposedChanged;

/**
 * Whether a contract keeps what a released one promised. openapi-diff finds most breaks; it takes a few for harmless (a
 * property that may no longer be null, a raised minimum length, a property that vanished from an answer), and those are
 * found here, with what breaks the generated names and keys.
 */
final class Compatibility {
    private final Set<String> breaks = new TreeSet<>();

    private Compatibility() {}

    /**
     * Compares two bundles.
     *
     * @return what breaks, one line each, beginning with its place; nothing when the major version has grown
     */
    static List<String> breaks(Map<String, Object> released, Map<String, Object> present) {
        if (major(present) > major(released)) {
            return List.of();
        }
        Compatibility check = new Compatibility();
        check.operations(released, present);
        check.schemas(released, present);
        return List.copyOf(check.breaks);
    }

    /** The newest bundle of a folder of {@code major.minor.patch.yaml}. */
    static Path newest(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .max(Comparator.comparing(
                            file -> Stream.of(file.getFileName().toString().split("\\."))
                                    .limit(3)
                                    .map("%9s"::formatted)
                                    .toList()
                                    .toString()))
                    .orElseThrow();
        }
    }

    private static int major(Map<String, Object> document) {
        return Integer.parseInt(
                String.valueOf(child(document, "info").get("version")).replaceAll("\\..*", ""));
    }

    private void operations(Map<String, Object> released, Map<String, Object> present) {
        ChangedOpenApi changes = OpenApiCompare.fromContents(Contract.json(released), Contract.json(present));
        changes.getMissingEndpoints()
                .forEach(endpoint -> breaks.add(endpoint.getMethod() + " " + endpoint.getPathUrl() + ": removed"));
        changes.getChangedOperations()
                .forEach(operation -> collect(operation, operation.getHttpMethod() + " " + operation.getPathUrl()));
        if (breaks.isEmpty() && changes.isIncompatible()) {
            breaks.add("document: incompatible");
        }
    }

    /** Follows the incompatible branches of a tree of changes down to what changed. */
    private void collect(Changed change, String place) {
        if (change == null || !change.isIncompatible()) {
            return;
        }
        if (!(change instanceof ComposedChanged composed)) {
            breaks.add(place + ": " + label(change));
            return;
        }
        if (composed.isCoreChanged().isIncompatible()) {
            breaks.add(place + ": " + label(change));
        }
        IdentityHashMap<Changed, String> names = names(change);
        composed.getChangedElements().forEach(part -> collect(part, place + names.getOrDefault(part, "")));
    }

    private static IdentityHashMap<Changed, String> names(Changed change) {
        IdentityHashMap<Changed, String> names = new IdentityHashMap<>();
        if (change instanceof ChangedOperation operation && operation.getRequestBody() != null) {
            names.put(operation.getRequestBody(), " request");
        } else if (change instanceof ChangedApiResponse responses) {
            responses.getChanged().forEach((status, response) -> names.put(response, " " + status));
        } else if (change instanceof ChangedSchema schema) {
            schema.getChangedProperties().forEach((name, property) -> names.put(property, "/" + name));
        }
        return names;
    }

    private static String label(Changed change) {
        if (change instanceof ChangedParameter parameter) {
            return "parameter " + parameter.getName();
        }
        if (change instanceof ChangedSchema schema) {
            return schema.isChangedType() ? "type" : schema.isChangeFormat() ? "format" : "schema";
        }
        String name = change.getClass().getSimpleName().replace("Changed", "");
        return Character.toLowerCase(name.charAt(0)) + name.substring(1);
    }

    private void schemas(Map<String, Object> released, Map<String, Object> present) {
        Map<String, Object> schemas = child(child(present, "components"), "schemas");
        child(child(released, "components"), "schemas").forEach((name, schema) -> {
            if (schemas.containsKey(name)) {
                schema(name, Bundle.map(schema), Bundle.map(schemas.get(name)));
            } else {
                breaks.add(name + ": schema removed");
            }
        });
    }

    private void schema(String place, Map<String, Object> released, Map<String, Object> present) {
        raised(place, "minLength", released, present);
        raised(place, "minItems", released, present);
        if (Boolean.TRUE.equals(released.get("nullable")) && !Boolean.TRUE.equals(present.get("nullable"))) {
            breaks.add(place + ": nullable removed");
        }
        if (released.containsKey("x-kind")) {
            Stream.of("x-kind", "x-natural-key", "x-natural-key-else", "x-scope")
                    .filter(mark -> !Objects.equals(released.get(mark), present.get(mark)))
                    .forEach(mark -> breaks.add(place + ": " + mark + " changed"));
        }
        if (released.containsKey("items") && present.containsKey("items")) {
            schema(place + "[]", child(released, "items"), child(present, "items"));
        }
        Map<String, Object> properties = child(present, "properties");
        child(released, "properties").forEach((name, property) -> {
            if (properties.containsKey(name)) {
                schema(place + "." + name, Bundle.map(property), Bundle.map(properties.get(name)));
            } else {
                breaks.add(place + "." + name + ": property removed");
            }
        });
    }

    private void raised(String place, String limit, Map<String, Object> released, Map<String, Object> present) {
        int before = (Integer) released.getOrDefault(limit, 0);
        int now = (Integer) present.getOrDefault(limit, 0);
        if (now > before) {
            breaks.add("%s: %s raised from %d to %d".formatted(place, limit, before, now));
        }
    }
}
