package cn.fuzhi.sdk.mock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** What JUnit makes of {@code @FuzhiMock}, seen from outside. */
class ExtensionTest {
    private static final int CLASSES = 200;

    private static TestExecutionSummary run(List<Class<?>> types, boolean parallel) {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(types.stream().map(type -> selectClass(type)).toList())
                .configurationParameter("junit.jupiter.execution.parallel.enabled", String.valueOf(parallel))
                .configurationParameter("junit.jupiter.execution.parallel.mode.default", "concurrent")
                .configurationParameter("junit.jupiter.execution.parallel.mode.classes.default", "concurrent")
                .configurationParameter("junit.jupiter.execution.parallel.config.strategy", "fixed")
                .configurationParameter("junit.jupiter.execution.parallel.config.fixed.parallelism", "8")
                .build();
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherFactory.create().execute(request, listener);
        return listener.getSummary();
    }

    private static String failure(Class<?> type) {
        TestExecutionSummary summary = run(List.of(type), false);
        assertThat(summary.getFailures()).hasSize(1);
        StringWriter text = new StringWriter();
        summary.getFailures().get(0).getException().printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    @Test
    void saysWhatThePlatformReceivedWhenATestFails() {
        assertThat(failure(FailsInTheTest.class)).contains("not today", "The mock platform", "GET /v1/time", "-> 200");
    }

    @Test
    void saysItAlsoWhenWhatComesBeforeOrAfterFails() {
        assertThat(failure(FailsBefore.class)).contains("not today", "GET /v1/time");
        assertThat(failure(FailsAfter.class)).contains("not today", "GET /v1/time");
    }

    @Test
    void givesEveryTestItsOwnPlatformThroughTheConstructor() {
        TwoTests.PLATFORMS.clear();

        assertThat(run(List.of(TwoTests.class), false).getTestsSucceededCount()).isEqualTo(2);
        assertThat(TwoTests.PLATFORMS).hasSize(2).doesNotHaveDuplicates();
    }

    /** Compiled here, because two hundred classes in the sources would say the same two hundred times. */
    @Test
    void leaksNoPortThreadOrFileOverTwoHundredClassesInParallel(@TempDir Path folder) throws Exception {
        List<Class<?>> types = compiled(folder);
        assertThat(run(types.subList(0, 8), true).getTestsSucceededCount()).isEqualTo(8);
        long threads = threads();
        long descriptors = descriptors();
        long files = temporaryFiles();

        TestExecutionSummary summary = run(types, true);

        assertThat(summary.getTestsSucceededCount()).isEqualTo(CLASSES);
        assertThat(threads()).isLessThanOrEqualTo(threads);
        assertThat(descriptors()).as("ports and files").isLessThan(descriptors + 50);
        assertThat(temporaryFiles()).isLessThanOrEqualTo(files);
    }

    private static List<Class<?>> compiled(Path folder) throws Exception {
        List<JavaFileObject> sources = new ArrayList<>();
        for (int i = 0; i < CLASSES; i++) {
            String name = "Parallel" + i + "Test";
            sources.add(new Source(name, """
                    package cn.fuzhi.sdk.mock.parallel;

                    import cn.fuzhi.sdk.mock.FuzhiMock;
                    import cn.fuzhi.sdk.mock.MockPlatform;
                    import java.net.HttpURLConnection;
                    import java.net.URI;
                    import org.junit.jupiter.api.Test;

                    @FuzhiMock
                    public class %s {
                        @Test
                        void hasItsOwn(MockPlatform mock) throws Exception {
                            HttpURLConnection connection = (HttpURLConnection) URI.create(mock.baseUrl() + "/v1/time").toURL().openConnection();
                            String page = connection.getHeaderField("Fuzhi-Request-Id");
                            connection.disconnect(); // what is kept alive is the client's, not the platform's
                            if (!page.endsWith("-000001") || mock.arrived().size() != 1) {
                                throw new AssertionError(page + mock.report());
                            }
                        }
                    }
                    """.formatted(name)));
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        boolean done = compiler.getTask(
                        messages, null, null, List.of("-d", folder.toString(), "-proc:none"), null, sources)
                .call();
        assertThat(done).as("%s", messages).isTrue();
        ClassLoader loader =
                new URLClassLoader(new URL[] {folder.toUri().toURL()}, ExtensionTest.class.getClassLoader());
        List<Class<?>> types = new ArrayList<>();
        for (int i = 0; i < CLASSES; i++) {
            types.add(loader.loadClass("cn.fuzhi.sdk.mock.parallel.Parallel" + i + "Test"));
        }
        return types;
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String name, String text) {
            super(URI.create("string:///" + name + ".java"), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("qtp"))
                .count();
    }

    private static long descriptors() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                ? system.getOpenFileDescriptorCount()
                : 0;
    }

    private static long temporaryFiles() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(file -> file.getFileName().toString().startsWith("fuzhi-mock"))
                    .count();
        }
    }

    @FuzhiMock
    static final class FailsInTheTest {
        @Test
        void fails(MockPlatform mock) {
            Vendor.of(mock).get("/v1/time");
            throw new AssertionError("not today");
        }
    }

    @FuzhiMock
    static final class FailsBefore {
        @BeforeEach
        void fails(MockPlatform mock) {
            Vendor.of(mock).get("/v1/time");
            throw new AssertionError("not today");
        }

        @Test
        void neverRuns() {}
    }

    @FuzhiMock
    static final class FailsAfter {
        @Test
        void runs(MockPlatform mock) {
            Vendor.of(mock).get("/v1/time");
        }

        @AfterEach
        void fails() {
            throw new AssertionError("not today");
        }
    }

    static final class TwoTests {
        static final List<MockPlatform> PLATFORMS = new ArrayList<>();
        private final MockPlatform mock;

        TwoTests(@FuzhiMock MockPlatform mock) {
            this.mock = mock;
        }

        @Test
        void one(MockPlatform same) {
            assertThat(same).isSameAs(mock);
            PLATFORMS.add(mock);
        }

        @Test
        void other() {
            assertThat(Vendor.of(mock).get("/v1/time").status()).isEqualTo(200);
            PLATFORMS.add(mock);
        }
    }
}
