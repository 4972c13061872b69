package cn.fuzhi.sdk.mock;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What follows from the fields of a school. */
final class Schools {
    private static final Set<String> RURAL_CLASSES = Set.of("210", "220");

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

    /** The stages that a school says it teaches; empty when it does not say. */
    static List<String> stages(JsonNode school) {
        List<String> stages = new ArrayList<>();
        school.path("stages").forEach(stage -> stages.add(stage.asText()));
        return stages;
    }
}
