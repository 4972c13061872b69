package cn.fuzhi.sdk.benchmarks;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Starts virtual machines of the same kind as this one. */
final class Children {
    private Children() {}

    static ProcessBuilder java(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command);
    }

    static String classPath() {
        return System.getProperty("java.class.path");
    }

    /** Runs a program of this jar to its end, and returns how long that took in milliseconds. */
    static double millis(String heap, String mainClass, String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of(heap, "-cp", classPath(), mainClass));
        all.addAll(List.of(arguments));
        long start = System.nanoTime();
        int code = java(all.toArray(String[]::new))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start()
                .waitFor();
        if (code != 0) {
            throw new IllegalStateException(mainClass + " ended with " + code);
        }
        return (System.nanoTime() - start) / 1e6;
    }

    /** Runs a program of this jar that prints figures, and returns them in their order. */
    static Map<String, Double> figures(String heap, String mainClass) throws Exception {
        Process process = java(heap, "-cp", classPath(), mainClass)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Map<String, Double> figures = new LinkedHashMap<>();
        for (String line : process.inputReader(StandardCharsets.UTF_8).lines().toList()) {
            String[] parts = line.split("=", 2);
            figures.put(parts[0], Double.valueOf(parts[1]));
        }
        if (process.waitFor() != 0) {
            throw new IllegalStateException(mainClass + " failed with " + heap);
        }
        return figures;
    }
}
