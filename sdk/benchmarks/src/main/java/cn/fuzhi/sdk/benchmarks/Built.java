package cn.fuzhi.sdk.benchmarks;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where the build has put the other modules, seen from {@code sdk/benchmarks/target/benchmarks.jar}. */
final class Built {
    private Built() {}

    /** A file below {@code sdk}. */
    static Path file(String path) throws IOException {
        Path jar;
        try {
            jar = Path.of(Built.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
        Path file = jar.resolve("../../..").resolve(path).normalize();
        if (!Files.exists(file)) {
            throw new FileNotFoundException(file + " is missing; build the whole project with ./mvnw verify");
        }
        return file;
    }
}
