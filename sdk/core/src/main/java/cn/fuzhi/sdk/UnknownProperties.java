package cn.fuzhi.sdk;

import cn.fuzhi.sdk.model.Rule;
import cn.fuzhi.sdk.model.Violation;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.Consumer;

/**
 * Finds the properties of a JSON record that the contract does not have ({@code R-39}): those whose content was given and is gone
 * when the record is written back. A property without content, null or an empty list, loses nothing and is not reported.
 */
final class UnknownProperties {
    private final Consumer<Violation> warnings;

    UnknownProperties(Consumer<Violation> warnings) {
        this.warnings = warnings;
    }

    void compare(JsonNode given, JsonNode kept) {
        compare(given, kept, "");
    }

    private void compare(JsonNode given, JsonNode kept, String pointer) {
        given.properties().forEach(property -> {
            String name = property.getKey();
            // RFC 6901 §3
            String place = pointer + "/" + name.replace("~", "~0").replace("/", "~1");
            if (kept.has(name)) {
                compare(property.getValue(), kept.get(name), place);
            } else if (hasContent(property.getValue())) {
                warnings.accept(RecordCodec.finding(Rule.R_39, place, name));
            }
        });
        for (int i = 0; given.isArray() && i < given.size(); i++) {
            compare(given.get(i), kept.path(i), pointer + "/" + i);
        }
    }

    private static boolean hasContent(JsonNode value) {
        return !value.isNull() && !(value.isArray() && value.isEmpty());
    }
}
