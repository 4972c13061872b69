package cn.fuzhi.sdk.mock;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What follows from the fields of a school. */
final class Schools {
    private static final Set<String> RURAL_CLASSES = Set.of("210", "220");

    private static final Map<String, List<String>> STAGES_OF_TYPE = stagesOfTypes();

    private Schools() {}

    /** Rural by its statistical class, or, where that counts, because its county designated it. */
    static boolean rural(JsonNode school, boolean designatedCounts) {
        return RURAL_CLASSES.contains(school.path("urbanRuralClass").asText())
                || (designatedCounts && school.path("ruralBasis").asText().equals("DESIGNATED"));
    }

    static String code(JsonNode school) {
        String code = Json.text(school, "schoolCode");
        return code != null ? code : school.path("siteCode").asText();
    }

    /** The stages that a school teaches: as it says, otherwise by its type; empty when neither tells. */
    static List<String> stages(JsonNode school) {
        List<String> stages = texts(school.path("stages"));
        return stages.isEmpty()
                ? STAGES_OF_TYPE.getOrDefault(school.path("schoolType").asText(), List.of())
                : stages;
    }

    private static Map<String, List<String>> stagesOfTypes() {
        Map<String, List<String>> stages = new HashMap<>();
        Contract.data("code-sets.json").stream()
                .filter(set -> set.get("name").asText().equals("schoolType"))
                .forEach(set -> set.get("values")
                        .forEach(type -> stages.put(type.get("code").asText(), texts(type.path("stages")))));
        return stages;
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(text -> texts.add(text.asText()));
        return texts;
    }
}
