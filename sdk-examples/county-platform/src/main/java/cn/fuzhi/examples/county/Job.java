package cn.fuzhi.examples.county;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/**
 * What the four programs share: one folder with the input, the county's outbox and the address of the platform.
 *
 * @param input folder with the workbooks
 * @param work folder of this run
 * @param seed decides when what goes wrong
 */
record Job(Path input, Path work, long seed) {
    /** The arguments under which a program of this job is started. */
    String[] arguments() {
        return new String[] {input.toString(), work.toString(), Long.toString(seed)};
    }

    static Job of(String[] arguments) {
        return new Job(Path.of(arguments[0]), Path.of(arguments[1]), Long.parseLong(arguments[2]));
    }

    Path outbox() {
        return work.resolve("outbox.db");
    }

    /** Where the platform is and under which key the county signs; written by {@link Province}. */
    Properties platform() {
        return load("platform.properties");
    }

    /** What the county reached: counts and receipts; written by {@link County}. */
    Properties outcome() {
        return load("outcome.properties");
    }

    void save(String name, Properties values) {
        try (Writer out = Files.newBufferedWriter(work.resolve(name), StandardCharsets.UTF_8)) {
            values.store(out, null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Properties load(String name) {
        Properties values = new Properties();
        try (Reader in = Files.newBufferedReader(work.resolve(name), StandardCharsets.UTF_8)) {
            values.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return values;
    }
}
