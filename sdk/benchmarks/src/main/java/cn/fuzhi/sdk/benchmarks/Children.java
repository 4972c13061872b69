package cn.fuzhi.sdk.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

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
}
