package cn.fuzhi.sdk.benchmarks;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What {@code fuzhi-sdk} brings into a program: the jars of its run time, with and without the SQLite driver. */
final class FootprintBenchmark {
    private static final double MEGABYTE = 1e6;

    private FootprintBenchmark() {}

    static void run(Figures figures) throws IOException {
        Path own = only(
                Built.file("core/target"),
                name -> name.matches("fuzhi-sdk-[0-9].*\\.jar") && !name.matches(".*-(sources|javadoc|tests)\\.jar"));
        List<Path> others = Stream.of(Files.readString(Built.file("core/target/runtime-classpath.txt"))
                        .strip()
                        .split(File.pathSeparator))
                .map(Path::of)
                .toList();
        List<Path> lean = Stream.concat(Stream.of(own), others.stream())
                .filter(jar -> !jar.getFileName().toString().startsWith("sqlite-jdbc"))
                .toList();
        figures.put("footprint.jars", others.size() + 1);
        figures.put("footprint.mb", size(lean));
        figures.put(
                "footprint.mb.with_sqlite",
                size(Stream.concat(Stream.of(own), others.stream()).toList()));
    }

    private static Path only(Path folder, Predicate<String> name) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> name.test(file.getFileName().toString()))
                    .findFirst()
                    .orElseThrow(() -> new IOException("no jar of the core in " + folder));
        }
    }

    private static double size(List<Path> jars) throws IOException {
        long bytes = 0;
        for (Path jar : jars) {
            bytes += Files.size(jar);
        }
        return bytes / MEGABYTE;
    }
}
