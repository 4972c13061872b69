package cn.fuzhi.spec;

import static cn.fuzhi.spec.Contract.child;
import static cn.fuzhi.spec.Contract.list;
import static cn.fuzhi.spec.Contract.rows;
import static cn.fuzhi.spec.Contract.target;

import cn.fuzhi.spec.Contract.Operation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The house style of the contract: what is said of schemas and operations in {@code README.md}, as findings with a place. */
final class StyleRules {
    private static final Pattern LOWER_CAMEL = Pattern.compile("[a-z][a-zA-Z0-9]*");
    private static final Pattern INSTANT = Pattern.compile("at|.*(At|Until|By|Time|From|To)");
    private static final Pattern DAY = Pattern.compile(".*(On|Of|From|To|Start|End|Since)");
    private static final Pattern PATH = Pattern.compile("/v\\d+(/([a-z][a-z-]*|\\{[a-z][a-zA-Z]*}))+");
    private static final Pattern RULE_NUMBER = Pattern.compile("\\b[RX]-\\d{2}\\b");
    private static final Set<String> UNUSED_KEYWORDS =
            Set.of("oneOf", "anyOf", "not", "nullable", "additionalProperties", "default", "discriminator");
    private static final Set<String> METHODS_OF_A_RECORD = Set.of("kind", "key", "scope");
    private static final List<String> HEADERS =
            List.of("Fuzhi-Request-Id", "Date", "RateLimit", "Deprecation", "Sunset");
    private static final Set<String> REFERENCES_BESIDE_KINDS = Set.of("ATTACHMENT", "DIVISION");

    private final Contract contract;
    private final Set<String> ruleNumbers;
    private final Map<String, Integer> ranks;
    private final List<String> findings = new ArrayList<>();

    private StyleRules(Contract contract) {
        this.contract = contract;
        ruleNumbers = rows(contract.rules())
                .map(rule -> String.valueOf(rule.get("number")))
                .collect(Collectors.toSet());
        ranks = rows(List.copyOf(contract.schemas().values()))
                .filter(schema -> schema.containsKey("x-kind"))
                .collect(Collectors.toMap(
                        s -> String.valueOf(s.get("x-kind")), s -> (Integer) s.get("x-rank"), (one, other) -> one));
    }

    /** What is against the style, one line for each finding, beginning with its place. */
    static List<String> findings(Contract contract) {
        StyleRules rules = new StyleRules(contract);
        contract.schemas().forEach((name, schema) -> rules.schema(name, Bundle.map(schema)));
        contract.operations().forEach(rules::operation);
        child(contract.at("components"), "responses")
                .forEach((name, response) -> HEADERS.forEach(header -> rules.check(
                        "responses." + name,
                        child(Bundle.map(response), "headers").containsKey(header),
                        "declares no header " + header)));
        rules.unique("operationId", operation -> String.valueOf(operation.node().get("operationId")));
        rules.unique(
                "x-java-name of a tag",
                operation ->
                        operation.node().get("tags") + "." + operation.node().get("x-java-name"));
        rules.unique(
                "the query record of a tag",
                operation -> operation.node().containsKey("x-query-record")
                        ? String.valueOf(operation.node().get("tags"))
                        : operation.place());
        return rules.findings;
    }

    private void schema(String name, Map<String, Object> schema) {
        check(name, name.matches("[A-Z][a-zA-Z0-9]*"), "a schema name is UpperCamelCase");
        check(name, schema.containsKey("example"), "example is missing");
        check(name, schema.get("x-zh-name") instanceof String, "x-zh-name is missing");
        check(
                name,
                text(schema, "description").startsWith(text(schema, "x-zh-name")),
                "description begins with x-zh-name");
        keywords(name, schema);
        if (schema.containsKey("enum")) {
            enumeration(name, schema);
        }
        Map<String, Object> properties = child(schema, "properties");
        properties.forEach((property, node) -> property(name + "." + property, property, Bundle.map(node)));
        list(schema, "required")
                .forEach(field ->
                        check(name, properties.containsKey(field), "required property does not exist: " + field));
        boolean person = properties.containsKey("phone");
        check(
                name,
                !person || !properties.containsKey("name") || "name".equals(pii(properties, "name")),
                "the name beside a phone is a person's: x-pii: name");
        if (schema.containsKey("x-kind")) {
            kind(name, schema, properties);
        }
    }

    private void enumeration(String name, Map<String, Object> schema) {
        int size = list(schema, "enum").size();
        check(name, list(schema, "x-enum-descriptions").size() == size, "every enum value has an x-enum-description");
        List<?> names = list(schema, schema.containsKey("x-enum-varnames") ? "x-enum-varnames" : "enum");
        check(name, names.size() == size, "every enum value has an x-enum-varname");
        check(
                name,
                names.stream().allMatch(value -> value.toString().matches("[A-Z][A-Z0-9_]*")),
                "enum values are UPPER_SNAKE, or have x-enum-varnames");
    }

    private void kind(String name, Map<String, Object> schema, Map<String, Object> properties) {
        String upperSnake = name.replaceAll("(?<=[a-z])(?=[A-Z])", "_").toUpperCase(Locale.ROOT);
        check(name, upperSnake.equals(schema.get("x-kind")), "x-kind is the name in UPPER_SNAKE");
        METHODS_OF_A_RECORD.forEach(
                method -> check(name, !properties.containsKey(method), "a kind has no property " + method));
        boolean hasElse = schema.get("x-natural-key-else") instanceof String;
        check(
                name,
                !hasElse || properties.containsKey(schema.get("x-natural-key-else")),
                "x-natural-key-else does not exist");
        check(name, !list(schema, "x-natural-key").isEmpty(), "x-natural-key is missing");
        for (Object part : list(schema, "x-natural-key")) {
            check(name, properties.containsKey(part), "x-natural-key names no property: " + part);
            check(name, hasElse || list(schema, "required").contains(part), "x-natural-key is not required: " + part);
        }
        child(schema, "x-scope")
                .values()
                .forEach(field -> check(name, properties.containsKey(field), "x-scope names no property: " + field));
        rankOfReferences(name, (Integer) schema.get("x-rank"), properties, new HashSet<>());
    }

    private void rankOfReferences(String kind, Integer rank, Map<String, Object> properties, Set<String> seen) {
        for (Object value : properties.values()) {
            Map<String, Object> node = Bundle.map(value);
            Integer other = ranks.getOrDefault(String.valueOf(node.get("x-ref")), 0);
            check(kind, rank != null && other <= rank, "refers to " + node.get("x-ref") + ", which is sent later");
            String target = target(node.containsKey("items") ? child(node, "items") : node);
            if (contract.schemas().containsKey(target) && seen.add(target)) {
                rankOfReferences(kind, rank, contract.properties(target), seen);
            }
        }
    }

    private void property(String place, String name, Map<String, Object> node) {
        String zhName = text(node, "x-zh-name");
        check(place, LOWER_CAMEL.matcher(name).matches(), "a name is lowerCamelCase");
        check(place, !zhName.isEmpty(), "x-zh-name is missing");
        check(
                place,
                text(node, "description").matches("(?s)" + Pattern.quote(zhName) + "。.*[A-Za-z].*"),
                "description is the x-zh-name, 。 and a sentence in English");
        nameFollowsType(place, name, node);
        boolean phone = name.equals("phone") || name.endsWith("Phone");
        check(place, !phone || "phone".equals(node.get("x-pii")), "a phone has x-pii: phone");
        check(place, !zhName.contains("姓名") || "name".equals(node.get("x-pii")), "a name of a person has x-pii: name");
        check(
                place,
                Stream.of("null", "name", "phone").anyMatch(String.valueOf(node.get("x-pii"))::equals),
                "x-pii is name or phone");
        String rule = text(node, "x-rule");
        check(place, rule.isEmpty() || ruleNumbers.contains(rule), "unknown x-rule " + rule);
        RULE_NUMBER
                .matcher(text(node, "description"))
                .results()
                .forEach(r -> check(
                        place, ruleNumbers.contains(r.group()), "description names the unknown rule " + r.group()));
        String ref = text(node, "x-ref");
        check(
                place,
                ref.isEmpty() || REFERENCES_BESIDE_KINDS.contains(ref) || ranks.containsKey(ref),
                "unknown x-ref " + ref);
        limits(place, node);
    }

    private void nameFollowsType(String place, String name, Map<String, Object> node) {
        String format = text(node, "format");
        boolean code = "string".equals(node.get("type")) || target(node) != null;
        check(place, !name.endsWith("Code") || code, "…Code is a text or an enum");
        check(place, !name.endsWith("Count") || "integer".equals(node.get("type")), "…Count is an integer");
        check(place, !name.endsWith("At") || format.equals("date-time"), "…At is a date-time");
        check(place, !name.endsWith("On") || format.equals("date"), "…On is a date");
        check(place, !format.equals("date-time") || INSTANT.matcher(name).matches(), "a date-time is named …At");
        check(place, !format.equals("date") || DAY.matcher(name).matches(), "a date is named …On");
    }

    private void limits(String place, Map<String, Object> node) {
        keywords(place, node);
        String target = target(node);
        check(
                place,
                target == null || contract.schemas().containsKey(target),
                "refers to the unknown schema " + target);
        check(place, target == null || !node.containsKey("type"), "a reference has no type of its own");
        switch (text(node, "type")) {
            case "string" ->
                check(
                        place,
                        Stream.of("maxLength", "pattern", "format").anyMatch(node::containsKey),
                        "a text has maxLength, pattern or format");
            case "integer" -> {
                check(place, node.containsKey("format"), "an integer has the format int32 or int64");
                check(
                        place,
                        node.containsKey("minimum") && node.containsKey("maximum"),
                        "an integer has minimum and maximum");
            }
            case "number" -> {
                check(
                        place,
                        node.containsKey("minimum") && node.containsKey("maximum"),
                        "a number has minimum and maximum");
                check(
                        place,
                        !(node.get("multipleOf") instanceof Number step) || step.doubleValue() > 0,
                        "multipleOf is above zero");
            }
            case "array" -> {
                check(place, node.containsKey("maxItems"), "a list has maxItems");
                limits(place + "[]", child(node, "items"));
            }
            case "boolean" -> {}
            default -> check(place, target != null, "no type: inline objects are schemas of their own");
        }
    }

    private void keywords(String place, Map<String, Object> node) {
        new TreeSet<>(node.keySet())
                .stream()
                        .filter(UNUSED_KEYWORDS::contains)
                        .forEach(keyword -> check(place, false, keyword + " is not used in this contract"));
    }

    private void operation(Operation operation) {
        String place = operation.place();
        Map<String, Object> node = operation.node();
        check(
                place,
                PATH.matcher(operation.path()).matches(),
                "a path is /v{major}, then words in kebab-case and {parameters}: no colon");
        check(
                place,
                LOWER_CAMEL.matcher(text(node, "operationId")).matches(),
                "operationId is missing or not lowerCamelCase");
        check(
                place,
                LOWER_CAMEL.matcher(text(node, "x-java-name")).matches(),
                "x-java-name is missing or not lowerCamelCase");
        check(place, text(node, "summary").matches("\\p{IsHan}.* / [A-Z].*"), "summary is Chinese / English");
        check(place, !text(node, "description").isEmpty(), "description is missing");
        Set<Object> declared = rows(list(contract.document(), "tags"))
                .map(tag -> tag.get("name"))
                .collect(Collectors.toSet());
        check(
                place,
                list(node, "tags").size() == 1 && declared.containsAll(list(node, "tags")),
                "one declared tag is needed");
        parameters(operation);
        responses(operation);
    }

    private void parameters(Operation operation) {
        Map<String, Object> shared = child(contract.at("components"), "parameters");
        List<Map<String, Object>> parameters = rows(list(operation.node(), "parameters"))
                .map(p -> target(p) == null ? p : child(shared, target(p)))
                .toList();
        boolean record = operation.node().containsKey("x-query-record");
        for (Map<String, Object> parameter : parameters) {
            String place = operation.place() + " ?" + parameter.get("name");
            String zhName = text(parameter, "x-zh-name");
            check(place, !zhName.isEmpty(), "x-zh-name is missing");
            check(place, text(parameter, "description").startsWith(zhName), "description begins with x-zh-name");
            boolean required = "query".equals(parameter.get("in")) && Boolean.TRUE.equals(parameter.get("required"));
            check(place, !record || !required, "a parameter of a query record may be absent");
            limits(place, child(parameter, "schema"));
        }
        boolean writes = Set.of("post", "put").contains(operation.method());
        boolean idempotent = parameters.stream().anyMatch(p -> "Idempotency-Key".equals(p.get("name")));
        check(operation.place(), writes == idempotent, "POST and PUT, and only they, have the Idempotency-Key");
    }

    private void responses(Operation operation) {
        Map<String, Object> responses = child(operation.node(), "responses");
        Map<String, Object> content = child(child(responses, "200"), "content");
        String answer = target(child(child(content, "application/json"), "schema"));
        check(
                operation.place(),
                answer != null && "object".equals(contract.schema(answer).get("type")),
                "the 200 answer is a JSON object");
        HEADERS.forEach(header -> check(
                operation.place(),
                child(child(responses, "200"), "headers").containsKey(header),
                "the 200 answer declares no header " + header));
        Stream.of("200", "401", "403", "429", "default", operation.path().contains("{") ? "404" : "200")
                .forEach(status ->
                        check(operation.place(), responses.containsKey(status), "response " + status + " is missing"));
        if (!"get".equals(operation.method())) {
            Stream.of("409", "422")
                    .forEach(status -> check(
                            operation.place(), responses.containsKey(status), "response " + status + " is missing"));
        }
        Map<String, Object> shared = child(contract.at("components"), "responses");
        responses.forEach((status, response) -> check(
                operation.place(),
                status.equals("200") || shared.containsKey(Objects.toString(target(Bundle.map(response)))),
                "response " + status + " is not one of the shared error answers"));
    }

    private void unique(String what, Function<Operation, String> name) {
        Set<String> seen = new HashSet<>();
        contract.operations()
                .forEach(operation -> check(
                        operation.place(),
                        seen.add(name.apply(operation)),
                        what + " is used twice: " + name.apply(operation)));
    }

    private static Object pii(Map<String, Object> properties, String name) {
        return Bundle.map(properties.get(name)).get("x-pii");
    }

    private static String text(Map<String, Object> node, String key) {
        return Objects.toString(node.get(key), "");
    }

    private void check(String place, boolean holds, String otherwise) {
        if (!holds) {
            findings.add(place + ": " + otherwise);
        }
    }
}
