package cn.fuzhi.sdk.mock;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The member {@code fuzhi} of a Signature-Input field (RFC 9421 §4.1).
 *
 * @param components covered components in the order in which they were signed
 * @param parameters parameters, without the quotes of strings
 * @param raw the member as it was sent, which is the value of {@code @signature-params}
 */
record SignatureInput(List<String> components, Map<String, String> parameters, String raw) {
    private static final Pattern MEMBER = Pattern.compile(
            "(?:^|,)\\s*fuzhi=(\\(([^)]*)\\)((?:;[a-z*][a-z0-9_.*-]*(?:=(?:\"[^\"]*\"|[^;,\\s]+))?)*))");
    private static final Pattern COMPONENT = Pattern.compile("\"([^\"]+)\"");
    private static final Pattern PARAMETER = Pattern.compile(";([a-z*][a-z0-9_.*-]*)=(?:\"([^\"]*)\"|([^;,\\s]+))");

    /** Reads the field; null when it has no readable member of that name. */
    static @Nullable SignatureInput of(String field) {
        Matcher member = MEMBER.matcher(field);
        if (!member.find()) {
            return null;
        }
        List<String> components = new ArrayList<>();
        Matcher component = COMPONENT.matcher(member.group(2));
        while (component.find()) {
            components.add(component.group(1));
        }
        Map<String, String> parameters = new HashMap<>();
        Matcher parameter = PARAMETER.matcher(member.group(3));
        while (parameter.find()) {
            String quoted = parameter.group(2);
            parameters.put(parameter.group(1), quoted != null ? quoted : parameter.group(3));
        }
        return new SignatureInput(components, parameters, member.group(1));
    }

    /** A parameter that is a whole number; null when it is absent or is none. */
    @Nullable
    Long number(String name) {
        String value = parameters.get(name);
        return value == null || !value.matches("\\d{1,15}") ? null : (Long) Long.parseLong(value);
    }

    /** The signature base for given values of the components (RFC 9421 §2.5). */
    String base(Map<String, String> values) {
        StringBuilder base = new StringBuilder();
        for (String component : components) {
            base.append('"')
                    .append(component)
                    .append("\": ")
                    .append(values.getOrDefault(component, ""))
                    .append('\n');
        }
        return base.append("\"@signature-params\": ").append(raw).toString();
    }
}
