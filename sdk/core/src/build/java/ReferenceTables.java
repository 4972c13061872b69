import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns the reference data of the contract into tab-separated tables: {@code java ReferenceTables.java DATA_DIR OUT_DIR}, run
 * by the build. The rules read them without a JSON library, which their package may not use.
 */
final class ReferenceTables {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ReferenceTables() {}

    public static void main(String[] args) throws IOException {
        Path data = Path.of(args[0]);
        Path out = Files.createDirectories(Path.of(args[1]));
        Files.write(out.resolve("divisions.tsv"), divisions(JSON.readTree(data.resolve("divisions.json").toFile())));
        Files.write(out.resolve("code-sets.tsv"), codeSets(JSON.readTree(data.resolve("code-sets.json").toFile())));
    }

    private static List<String> divisions(JsonNode divisions) {
        List<String> lines = new ArrayList<>();
        for (JsonNode division : divisions) {
            JsonNode key = division.path("keyAssistanceCounty");
            lines.add(line(
                    division.path("code"),
                    division.path("name"),
                    division.path("level"),
                    division.path("parentCode"),
                    division.path("reportingBodyCode"),
                    division.path("codeStatus"),
                    division.path("successorCode"),
                    key.path("value"),
                    key.path("fromYear"),
                    key.path("toYear")));
        }
        return lines;
    }

    private static List<String> codeSets(JsonNode sets) {
        List<String> lines = new ArrayList<>();
        for (JsonNode set : sets) {
            for (JsonNode value : set.path("values")) {
                lines.add(line(
                        set.path("name"),
                        set.path("version"),
                        set.path("zhName"),
                        value.path("code"),
                        value.path("name"),
                        value.path("std"),
                        value.path("stages"),
                        value.path("aliases")));
            }
        }
        return lines;
    }

    private static String line(JsonNode... cells) {
        List<String> texts = new ArrayList<>();
        for (JsonNode cell : cells) {
            String text = cell.isArray() ? list(cell) : cell.asText("");
            if (text.contains("\t") || text.contains("\n")) {
                throw new IllegalStateException("a cell must not contain a tab or a line break: " + text);
            }
            texts.add(text);
        }
        return String.join("\t", texts);
    }

    private static String list(JsonNode array) {
        List<String> items = new ArrayList<>();
        array.forEach(item -> items.add(item.asText()));
        return String.join("|", items);
    }
}
