package cn.fuzhi.spec;

import static cn.fuzhi.spec.Contract.child;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.openapitools.openapidiff.core.OpenApiCompare;
import org.openapitools.openapidiff.core.compare.OpenApiDiffOptions;
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
    /**
     * What openapi-diff takes for a break and the contract promises: answers may gain codes at any time, because a client keeps
     * the ones that it does not know, and no client measures the texts that it is given.
     */
    private static final OpenApiDiffOptions PROMISED = OpenApiDiffOptions.builder()
            .configProperty("incompatible.response.enum.increased", "false")
            .configProperty("incompatible.response.max.length.increased", "false")
            .build();

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
        check.names(new Contract(released), new Contract(present));
        check.schemas(released, present);
        return List.copyOf(check.breaks);
    }

    /**
     * Compares two bundles that carry versions: one that differs from a released one in anything, be it a text, is another
     * version of the contract, and must say so.
     *
     * @return what is wrong with the version of the present one, or nothing
     */
    static Optional<String> unversioned(Map<String, Object> released, Map<String, Object> present) {
        boolean same = Contract.json(released).equals(Contract.json(present));
        String before = version(released);
        String now = version(present);
        return same || ordered(now).compareTo(ordered(before)) > 0
                ? Optional.empty()
                : Optional.of("info.version: differs from the released %s, and is still %s".formatted(before, now));
    }

    /** The newest bundle of a folder of {@code major.minor.patch.yaml}. */
    static Path newest(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .max(Comparator.comparing(file -> ordered(file.getFileName().toString())))
                    .orElseThrow();
        }
    }

    /** The three numbers of a version as a text that sorts as they do. */
    private static String ordered(String version) {
        return Stream.of(version.split("\\."))
                .limit(3)
                .map("%9s"::formatted)
                .toList()
                .toString();
    }

    private static String version(Map<String, Object> document) {
        return String.valueOf(child(document, "info").get("version"));
    }

    private static int major(Map<String, Object> document) {
        return Integer.parseInt(version(document).replaceAll("\\..*", ""));
    }

    private void operations(Map<String, Object> released, Map<String, Object> present) {
        ChangedOpenApi changes =
                OpenApiCompare.fromContents(Contract.json(released), Contract.json(present), List.of(), PROMISED);
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

    /** What an operation is called in a program that uses the generated interfaces. */
    private void names(Contract released, Contract present) {
        for (Contract.Operation before : released.operations()) {
            present.operations().stream()
                    .filter(operation -> operation.place().equals(before.place()))
                    .forEach(now -> Stream.of("operationId", "x-java-name", "tags", "x-query-record")
                            .forEach(mark -> changed(now.place(), mark, before.node(), now.node())));
        }
    }

    private void changed(String place, String mark, Map<String, Object> released, Map<String, Object> present) {
        if (!Objects.equals(released.get(mark), present.get(mark))) {
            breaks.add(place + ": " + mark + " changed");
        }
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
            Stream.of("x-kind", "x-natural-key", "x-natural-key-else", "x-scope", "x-path", "x-tag")
                    .forEach(mark -> changed(place, mark, released, present));
        }
        if (released.containsKey("x-pii")) {
            changed(place, "x-pii", released, present);
        }
        constants(place, released, present);
        step(place, released, present);
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

    /** The Java constant of a code; a code that vanished is found by openapi-diff. */
    private void constants(String place, Map<String, Object> released, Map<String, Object> present) {
        List<?> before = names(released);
        List<?> now = names(present);
        List<?> codes = Contract.list(present, "enum");
        for (int i = 0; i < before.size(); i++) {
            Object code = Contract.list(released, "enum").get(i);
            int at = codes.indexOf(code);
            if (at >= 0 && !before.get(i).equals(now.get(at))) {
                breaks.add("%s: x-enum-varnames changed for %s".formatted(place, code));
            }
        }
    }

    private static List<?> names(Map<String, Object> schema) {
        return Contract.list(schema, schema.containsKey("x-enum-varnames") ? "x-enum-varnames" : "enum");
    }

    /** A number that was allowed may have become too fine. */
    private void step(String place, Map<String, Object> released, Map<String, Object> present) {
        if (present.get("multipleOf") instanceof Number now) {
            boolean coarser = !(released.get("multipleOf") instanceof Number before)
                    || decimal(before).remainder(decimal(now)).signum() != 0;
            if (coarser) {
                breaks.add("%s: multipleOf tightened to %s".formatted(place, now));
            }
        }
    }

    private static BigDecimal decimal(Number number) {
        return new BigDecimal(number.toString());
    }

    private void raised(String place, String limit, Map<String, Object> released, Map<String, Object> present) {
        int before = (Integer) released.getOrDefault(limit, 0);
        int now = (Integer) present.getOrDefault(limit, 0);
        if (now > before) {
            breaks.add("%s: %s raised from %d to %d".formatted(place, limit, before, now));
        }
    }
}
