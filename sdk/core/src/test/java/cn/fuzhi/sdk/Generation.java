package cn.fuzhi.sdk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Bundles and generates as the build does, from a copy of {@code spec/} or from a document of its own. */
final class Generation {
    private static final Path SPEC = Path.of("../../spec");
    private static final Path GENERATOR = Path.of("target/generator/openapi-generator-cli.jar");

    private Generation() {}

    /** Copies what the bundle is made of. */
    static Path copyOfSpec(Path folder) throws IOException {
        for (String part : List.of("openapi", "patterns", "data", "templates")) {
            try (Stream<Path> files = Files.walk(SPEC.resolve(part))) {
                files.forEach(file -> copy(file, folder.resolve(SPEC.relativize(file))));
            }
        }
        return folder;
    }

    static void bundle(Path spec, Path document) throws IOException, InterruptedException {
        Files.createDirectories(document.getParent());
        run(
                "-cp",
                System.getProperty("java.class.path"),
                SPEC.resolve("src/test/java/cn/fuzhi/spec/Bundle.java").toString(),
                spec.toString(),
                document.toString());
    }

    /** Generates with the settings and templates of the build; returns the root of the sources. */
    static Path generate(Path document, Path out) throws IOException, InterruptedException {
        run(
                "-jar",
                GENERATOR.toString(),
                "generate",
                "-c",
                SPEC.resolve("templates/generator.yaml").toString(),
                "-t",
                SPEC.resolve("templates").toString(),
                "-i",
                document.toString(),
                "-o",
                out.toString());
        return out.resolve("src/main/java");
    }

    static Path libraryOf(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void run(String... arguments) throws IOException, InterruptedException {
        Stream<String> java = Stream.of(System.getProperty("java.home") + "/bin/java", "-Dfile.encoding=UTF-8");
        Process process = new ProcessBuilder(
                        Stream.concat(java, Stream.of(arguments)).toList())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new AssertionError(output);
        }
    }

    private static void copy(Path from, Path to) {
        try {
            Files.createDirectories(to.getParent());
            if (Files.isRegularFile(from)) {
                Files.copy(from, to);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
