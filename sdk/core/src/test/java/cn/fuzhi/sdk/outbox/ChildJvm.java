package cn.fuzhi.sdk.outbox;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.sqlite.util.LibraryLoaderUtil;

/**
 * Virtual machines for {@link Child}, which start in half the time: what they load is in an archive of classes, and the library of
 * SQLite is unpacked once. By itself the driver unpacks it at every start, and a program that is killed leaves it behind.
 */
final class ChildJvm {
    private static final RemoteWitness.Faults NONE = new RemoteWitness.Faults(0, 0, 0, 0);
    private static final ChildJvm JVM = ready();

    private final Path folder;
    private final List<String> options;

    private ChildJvm(Path folder) throws Exception {
        this.folder = folder;
        String library = LibraryLoaderUtil.getNativeLibName();
        try (InputStream in =
                Child.class.getResourceAsStream(LibraryLoaderUtil.getNativeLibResourcePath() + "/" + library)) {
            Files.copy(in, folder.resolve(library));
        }
        this.options = List.of(
                "-Dorg.sqlite.lib.path=" + folder,
                "-Dorg.sqlite.lib.name=" + library,
                "-XX:TieredStopAtLevel=1",
                "-Xmx128m",
                "-cp",
                jars(System.getProperty("java.class.path").split(File.pathSeparator)));
        train();
    }

    private static ChildJvm ready() {
        try {
            Path folder = Files.createTempDirectory("child-jvm").toRealPath();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
            return new ChildJvm(folder);
        } catch (Exception e) {
            throw new IllegalStateException("a child cannot be started", e);
        }
    }

    static ProcessBuilder process(String... args) {
        return JVM.command("-XX:SharedArchiveFile=" + JVM.archive(), args);
    }

    private Path archive() {
        return folder.resolve("child.jsa");
    }

    private ProcessBuilder command(String archive, String... args) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xshare:auto");
        command.add(archive);
        command.addAll(options);
        command.add(Child.class.getName());
        command.addAll(List.of(args));
        return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
    }

    /** Lets a child do its work once; on leaving it writes down which classes it took. Without an archive all starts are slow ones. */
    private void train() throws Exception {
        try (RemoteWitness witness = new RemoteWitness(1, NONE)) {
            String file = folder.resolve("training.db").toString();
            Process child = command(
                            "-XX:ArchiveClassesAtExit=" + archive(),
                            file,
                            String.valueOf(witness.port()),
                            "training",
                            "300",
                            "0")
                    .start();
            try {
                if (!child.waitFor(2, TimeUnit.MINUTES)) {
                    throw new IllegalStateException("a child did not end by itself");
                }
            } finally {
                child.destroyForcibly().waitFor();
            }
        }
    }

    /** The class path with jars in the place of folders, from which no archive can be made. */
    private String jars(String[] path) throws IOException {
        List<String> jars = new ArrayList<>();
        for (String entry : path) {
            Path classes = Path.of(entry);
            jars.add(Files.isDirectory(classes) ? jar(classes, jars.size()).toString() : entry);
        }
        return String.join(File.pathSeparator, jars);
    }

    private Path jar(Path classes, int number) throws IOException {
        Path jar = folder.resolve(number + ".jar");
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(out);
                Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                entries.putNextEntry(new JarEntry(classes.relativize(file).toString()));
                Files.copy(file, entries);
            }
        }
        return jar;
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
