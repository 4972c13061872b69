package cn.fuzhi.sdk.mock;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.conditions.ArchConditions;

/** The place of the mock in the table of packages. */
@AnalyzeClasses(packages = "cn.fuzhi.sdk.mock", importOptions = ImportOption.DoNotIncludeTests.class)
final class HouseTest {
    private static final String MOCK = "cn.fuzhi.sdk.mock";
    private static final String[] WIREMOCK = {"com.github.tomakehurst.wiremock..", "wiremock.."};

    /** No client and no outbox: a mock that shared their code would agree with their mistakes. */
    @ArchTest
    static final ArchRule usesTheModelAndTheRules = classes()
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(
                            MOCK,
                            "cn.fuzhi.sdk.model",
                            "cn.fuzhi.sdk.rules",
                            "java..",
                            "javax.crypto..",
                            "org.jspecify.annotations",
                            "com.fasterxml.jackson..")
                    .or(resideInAnyPackage(WIREMOCK))
                    .or(resideInAnyPackage("org.junit.jupiter.api..")));

    @ArchTest
    static final ArchRule wireMockStaysBelow = noClasses()
            .that()
            .haveNameNotMatching(MOCK + "\\.(Wire|WireFilter|WireCut|MockPlatform)(\\$.*)?")
            .should()
            .dependOnClassesThat(resideInAnyPackage(WIREMOCK));

    @ArchTest
    static final ArchRule onlyTheExtensionKnowsJUnit = noClasses()
            .that()
            .haveNameNotMatching(MOCK + "\\.FuzhiMock(Extension.*)?")
            .should()
            .dependOnClassesThat(resideInAnyPackage("org.junit.."));

    @ArchTest
    static final ArchRule classesAreClosed = noClasses().should(ArchConditions.be(describe("open", HouseTest::isOpen)));

    @ArchTest
    static final ArchRule namesSayWhatIsAdded = noClasses()
            .that()
            .doNotHaveFullyQualifiedName(MOCK + ".Wire$Factory")
            .should(ArchConditions.be(nameMatching(".*(Impl|Manager|Helper|Util|Utils|Handler|Processor|Factory)")));

    @ArchTest
    static final ArchRule nobodySleeps = noClasses().should().callMethod(Thread.class, "sleep", long.class);

    @ArchTest
    static final ArchRule onlyTheProgramPrints = noClasses()
            .that()
            .doNotHaveFullyQualifiedName(MOCK + ".Main")
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err");

    private static boolean isOpen(JavaClass type) {
        return !type.isInterface()
                && !type.isEnum()
                && !type.isAnonymousClass()
                && !type.getModifiers().contains(JavaModifier.FINAL)
                && !type.getModifiers().contains(JavaModifier.ABSTRACT);
    }
}
