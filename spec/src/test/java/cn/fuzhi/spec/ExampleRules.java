package cn.fuzhi.spec;

import static cn.fuzhi.spec.Contract.child;
import static cn.fuzhi.spec.Contract.list;
import static cn.fuzhi.spec.Contract.target;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** Holds values to their schemas: the example of every schema and of every error answer, and the data beside the contract. */
final class ExampleRules {
    private final Contract contract;
    private final SchemaRegistry registry;

    ExampleRules(Contract contract) {
        this.contract = contract;
        String document = Contract.json(contract.document());
        registry = SchemaRegistry.withDialect(
                Dialects.getOpenApi30(), builder -> builder.schemas(Map.of("urn:contract", document)));
    }

    /** The examples that do not follow the contract, one line for each finding, beginning with its place. */
    List<String> findings() {
        List<String> findings = new ArrayList<>();
        contract.schemas()
                .forEach((name, schema) ->
                        findings.addAll(check(name, Bundle.map(schema).get("example"))));
        child(contract.at("components"), "responses").forEach((name, response) -> {
            Map<String, Object> content = child(Bundle.map(response), "content");
            Object example = child(content, "application/problem+json").get("example");
            check("Problem", example).forEach(finding -> findings.add("responses." + name + " " + finding));
        });
        return findings;
    }

    /** What is wrong with one value of a schema; a property that the schema does not have is wrong, too. */
    List<String> check(String schema, Object value) {
        Stream<String> violations = registry
                .getSchema(SchemaLocation.of("urn:contract#/components/schemas/" + schema))
                .validate(
                        Contract.json(value),
                        InputFormat.JSON,
                        context -> context.executionConfig(config -> config.formatAssertionsEnabled(true)))
                .stream()
                .map(error -> schema + error.getInstanceLocation() + ": " + error.getMessage());
        return Stream.concat(violations, unknown(schema, value, schema)).toList();
    }

    private Stream<String> unknown(String schema, Object value, String place) {
        if (!(value instanceof Map<?, ?>)) {
            return Stream.of();
        }
        Map<String, Object> properties = contract.properties(schema);
        return Bundle.map(value).entrySet().stream().flatMap(entry -> {
            String inside = place + "/" + entry.getKey();
            if (!properties.containsKey(entry.getKey())) {
                return Stream.of(inside + ": the schema has no such property");
            }
            Map<String, Object> property = Bundle.map(properties.get(entry.getKey()));
            String target = target(property.containsKey("items") ? child(property, "items") : property);
            Stream<?> values = entry.getValue() instanceof List<?>
                    ? list(Bundle.map(value), entry.getKey()).stream()
                    : Stream.of(Objects.requireNonNull(entry.getValue()));
            return target == null ? Stream.of() : values.flatMap(item -> unknown(target, item, inside));
        });
    }
}
