package cn.fuzhi.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;
import retrofit2.http.POST;

/** A resource is one change in the contract: everything else appears, with no line written by hand. */
final class NewResourceTest {
    private static final Path HAND_WRITTEN = Path.of("src/main/java/cn/fuzhi/sdk/model");

    @TempDir
    private static Path folder;

    private static URLClassLoader loader;
    private static ObjectNode example;

    @BeforeAll
    static void addsAResourceToACopyOfTheContract() throws IOException, InterruptedException {
        Path spec = Generation.copyOfSpec(folder.resolve("spec"));
        Path document = folder.resolve("openapi.yaml");
        try (InputStream library = NewResourceTest.class.getResourceAsStream("templates/library.yaml")) {
            byte[] yaml = library.readAllBytes();
            Files.write(spec.resolve("openapi/kinds/library.yaml"), yaml);
            Map<String, Object> fragment = new Yaml().load(new String(yaml, StandardCharsets.UTF_8));
            JsonNode node = Json.MAPPER.valueToTree(fragment);
            example = (ObjectNode) node.at("/components/schemas/Library/example");
        }
        Generation.bundle(spec, document);
        Path sources = Generation.generate(document, folder.resolve("generated"));
        Path classes = Files.createDirectories(folder.resolve("classes"));
        compile(sources, classes);
        loader = new OwnFirst(classes);
    }

    @AfterAll
    static void closesTheLoader() throws IOException {
        loader.close();
    }

    @Test
    void recordHasKindKeyRankAndScope() throws ReflectiveOperationException {
        Object library = read(example);
        Object kind = call(library, "kind");

        assertThat(kind).hasToString("LIBRARY");
        assertThat(call(kind, "rank")).isEqualTo(55);
        assertThat(call(kind, "path")).isEqualTo("libraries");
        assertThat(call(kind, "zhName")).isEqualTo("图书室");
        assertThat(call(kind, "type")).isEqualTo(type("model.Library"));
        assertThat(call(library, "key")).isEqualTo("2161000001~LIB-1");
        assertThat(call(library, "scope")).isEqualTo("610727~2022-09-01");
        assertThat(library.toString()).contains("librarian=李**").doesNotContain("李示例");
    }

    @Test
    void jsonComesBackUnchanged() throws ReflectiveOperationException, IOException {
        Object library = read(example);

        assertThat(Contract.tree(Json.MAPPER.writeValueAsBytes(library)))
                .isEqualTo(Contract.tree(Contract.bytes(example)));
        assertThat(call(call(library, "toBuilder"), "build")).isEqualTo(library);
    }

    @Test
    void checkFindsWhatBreaksTheContract() throws ReflectiveOperationException {
        assertThat(findings(read(example))).isEmpty();

        ObjectNode broken = example.deepCopy()
                .put("schoolCode", "12")
                .put("libraryNo", "a/b")
                .put("name", "　")
                .put("libraryKind", "CAVE")
                .put("inspectedAt", "2022-09-02T00:00:00Z")
                .put("areaSquareMetres", 0.1);
        ((ObjectNode) broken.at("/shelves/1")).put("bookCount", -1);
        broken.withArray("topics").add("超过十个字的主题一定太长");

        assertThat(findings(read(broken)))
                .containsExactly(
                        "R-06 /schoolCode",
                        "R-38 /libraryNo",
                        "R-01 /name",
                        "R-03 /libraryKind",
                        "R-12 /inspectedAt",
                        "R-37 /areaSquareMetres",
                        "R-23 /shelves/1/bookCount",
                        "R-02 /topics/1");
    }

    @Test
    void builderNamesWhatIsMissing() throws ReflectiveOperationException {
        Object builder = type("model.Library").getMethod("builder").invoke(null);

        assertThatThrownBy(() -> call(builder, "build"))
                .hasMessageContaining(
                        "学校标识码 (schoolCode), 图书室编号 (libraryNo), 名称 (name), 开放日期 (openedOn), 书架 (shelves)");
    }

    @Test
    void codeIsOpen() throws ReflectiveOperationException {
        Class<?> code = type("model.LibraryKind");
        Object known = code.getField("MOBILE").get(null);
        Object unknown = code.getMethod("of", String.class).invoke(null, "CAVE");

        assertThat(call(known, "zhName")).isEqualTo("流动图书车");
        assertThat(call(known, "isKnown")).isEqualTo(true);
        assertThat(call(unknown, "isKnown")).isEqualTo(false);
        assertThat(unknown).hasToString("CAVE");
    }

    @Test
    void interfaceAndAccessorAppear() throws ReflectiveOperationException {
        Class<?> api = type("api.LibrariesApi");
        Method push = Arrays.stream(api.getMethods())
                .filter(method -> method.getName().equals("push"))
                .findFirst()
                .orElseThrow();

        assertThat(push.getAnnotation(POST.class).value()).isEqualTo("v1/libraries");
        assertThat(push.getParameterTypes()[0]).isEqualTo(type("model.LibraryBatch"));
        assertThat(api.getMethod("get", String.class).getReturnType()).isEqualTo(type("model.LibraryEntry"));
        assertThat(type("api.Resources").getMethod("libraries").getReturnType()).isEqualTo(api);
    }

    /** Everything generated and the hand-written classes of the package, as strictly as the build. */
    private static void compile(Path sources, Path classes) throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path root :
                List.of(sources.resolve("cn/fuzhi/sdk/model"), sources.resolve("cn/fuzhi/sdk/api"), HAND_WRITTEN)) {
            try (Stream<Path> found = Files.walk(root)) {
                found.filter(file -> file.toString().endsWith(".java")).forEach(files::add);
            }
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter output = new StringWriter();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            boolean compiled = compiler.getTask(
                            output,
                            manager,
                            null,
                            List.of("-Xlint:all", "-Werror", "--release", "17", "-proc:none", "-d", classes.toString()),
                            null,
                            manager.getJavaFileObjectsFromPaths(files))
                    .call();
            assertThat(compiled).as(output.toString()).isTrue();
        }
    }

    private static Class<?> type(String name) throws ClassNotFoundException {
        return loader.loadClass("cn.fuzhi.sdk." + name);
    }

    private static Object read(JsonNode json) throws ReflectiveOperationException {
        try {
            return Json.MAPPER.readValue(Contract.bytes(json), type("model.Library"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> findings(Object library) throws ReflectiveOperationException {
        Class<?> collector = type("model.Violations");
        Object violations = collector.getConstructor().newInstance();
        collector.getMethod("enter", type("model.PushRecord")).invoke(violations, library);
        List<String> findings = new ArrayList<>();
        for (Object found : (List<?>) call(violations, "found")) {
            findings.add(call(found, "rule") + " " + call(found, "pointer"));
        }
        return findings;
    }

    private static Object call(Object target, String method) throws ReflectiveOperationException {
        try {
            return target.getClass().getMethod(method).invoke(target);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException refused) {
                throw refused;
            }
            throw e;
        }
    }

    /** Loads the package from the new classes, although the class path has one of the same name. */
    private static final class OwnFirst extends URLClassLoader {
        OwnFirst(Path classes) throws IOException {
            super(new URL[] {classes.toUri().toURL()}, NewResourceTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            boolean own = name.startsWith("cn.fuzhi.sdk.model.") || name.startsWith("cn.fuzhi.sdk.api.");
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = own ? findLoadedClass(name) : super.loadClass(name, resolve);
                return loaded == null ? findClass(name) : loaded;
            }
        }
    }
}
