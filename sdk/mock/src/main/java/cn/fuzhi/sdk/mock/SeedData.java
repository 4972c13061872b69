package cn.fuzhi.sdk.mock;

import cn.fuzhi.sdk.model.RecordKind;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Records that a platform holds from the start: all {@code *.jsonl} of a folder, lines {@code {"kind":"SCHOOL","record":{…}}}. */
final class SeedData {
    private SeedData() {}

    /** Loads a folder, kinds in the order of their ranks; the first refused record ends the loading. */
    static int load(Path folder, MockPlatform platform) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new IllegalArgumentException("不是目录 / not a folder: " + folder);
        }
        List<Line> lines = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(name -> name.toString().endsWith(".jsonl"))
                    .sorted()
                    .toList()) {
                lines.addAll(read(file));
            }
        }
        lines.sort(java.util.Comparator.comparing(line -> line.kind().rank()));
        for (Line line : lines) {
            platform.seed(line.kind(), line.record(), line.place());
        }
        return lines.size();
    }

    private record Line(RecordKind kind, JsonNode record, String place) {}

    private static List<Line> read(Path file) throws IOException {
        List<Line> lines = new ArrayList<>();
        int number = 0;
        for (String text : Files.readAllLines(file, StandardCharsets.UTF_8)) {
            number++;
            if (text.isBlank()) {
                continue;
            }
            String place = file.getFileName() + ":" + number;
            JsonNode line = tree(text, place);
            RecordKind kind = RecordKind.of(line.path("kind").asText());
            if (!RecordKind.known().contains(kind) || !line.path("record").isObject()) {
                throw new IllegalArgumentException(place + ": 缺少 kind 或 record / needs a known kind and a record");
            }
            lines.add(new Line(kind, line.get("record"), place));
        }
        return lines;
    }

    private static JsonNode tree(String text, String place) {
        try {
            return Json.MAPPER.readTree(text);
        } catch (IOException e) {
            throw new IllegalArgumentException(place + ": 不是 JSON / not JSON", e);
        }
    }
}
