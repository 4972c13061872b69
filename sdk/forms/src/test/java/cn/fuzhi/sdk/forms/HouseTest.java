package cn.fuzhi.sdk.forms;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.be;
import static com.tngtech.archunit.lang.conditions.ArchConditions.onlyDependOnClassesThat;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

/** The line of the forms in the table of packages, and the rules of style that a compiler does not know. */
@AnalyzeClasses(packages = "cn.fuzhi.sdk.forms", importOptions = ImportOption.DoNotIncludeTests.class)
final class HouseTest {
    private static final String[] ALLOWED = {
        "cn.fuzhi.sdk.forms",
        "cn.fuzhi.sdk.model",
        "cn.fuzhi.sdk.rules",
        "org.dhatim.fastexcel..",
        "de.siegmar.fastcsv..",
        "org.jspecify.annotations",
        "java..",
        "javax.xml.stream.."
    };
    private static final int LONGEST_FILE = 450;
    private static final int LONGEST_METHOD = 50;

    @ArchTest
    static final ArchRule formsKnowNeitherClientNorOutbox = classes()
            .should(onlyDependOnClassesThat(resideInAnyPackage(ALLOWED)
                    .or(describe(
                            "are arrays of such",
                            type -> type.isArray()
                                    && (type.getBaseComponentType().isPrimitive()
                                            || resideInAnyPackage(ALLOWED).test(type.getBaseComponentType()))))
                    .or(describe("are primitive", JavaClass::isPrimitive))));

    @ArchTest
    static final ArchRule formsReadNoClock = noClasses()
            .should()
            .callMethod(java.time.LocalDate.class, "now")
            .orShould()
            .callMethod(java.time.LocalDateTime.class, "now")
            .orShould()
            .callMethod(java.time.Instant.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis");

    @ArchTest
    static final ArchRule classesAreClosed = noClasses().should(be(describe("open", HouseTest::isOpen)));

    @ArchTest
    static final ArchRule namesSayWhatIsAdded = noClasses()
            .should()
            .haveNameMatching(".*(Impl|Manager|Helper|Util|Utils|Handler|Processor|Factory)")
            .because("then the cut is wrong");

    @ArchTest
    static final ArchRule nobodyPrints =
            noClasses().should().accessField(System.class, "out").orShould().accessField(System.class, "err");

    private static boolean isOpen(JavaClass type) {
        return !type.isInterface()
                && !type.isEnum()
                && !type.isAnonymousClass()
                && !type.getModifiers().contains(JavaModifier.FINAL)
                && !type.reflect().isSealed();
    }

    @Test
    void filesAndMethodsCanBeReadAtOnce() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".java")).toList()) {
                List<String> lines = Files.readAllLines(file);
                Assertions.assertThat(lines.size()).as(file.toString()).isLessThanOrEqualTo(LONGEST_FILE);
                Assertions.assertThat(longest(lines)).as(file.toString()).isLessThanOrEqualTo(LONGEST_METHOD);
            }
        }
    }

    /** Members are indented by four, or eight in a nested type, and the formatter closes them where they began. */
    private static int longest(List<String> lines) {
        int longest = 0;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            String indent = line.startsWith("        ") ? "        " : "    ";
            boolean member = line.matches("(?: {4}| {8})[\\w@<].*\\) (?:throws [\\w., ]+ )?\\{")
                    && !line.matches("\\s+(?:if|for|while|switch|try|record|synchronized|do|else)\\b.*");
            for (int end = i + 1; member && end < lines.size(); end++) {
                if (lines.get(end).equals(indent + "}")) {
                    longest = Math.max(longest, end - i - 1);
                    break;
                }
            }
        }
        return longest;
    }
}
