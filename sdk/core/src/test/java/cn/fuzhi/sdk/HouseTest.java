package cn.fuzhi.sdk;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.conditions.ArchConditions.onlyDependOnClassesThat;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.lang.conditions.ArchConditions;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;

/** The table of packages and the rules of style that a compiler does not know. */
@AnalyzeClasses(packages = "cn.fuzhi.sdk", importOptions = ImportOption.DoNotIncludeTests.class)
final class HouseTest {
    private static final String CLIENT = "cn.fuzhi.sdk";
    private static final String MODEL = "cn.fuzhi.sdk.model";
    private static final String API = "cn.fuzhi.sdk.api";
    private static final String RULES = "cn.fuzhi.sdk.rules";
    private static final String OUTBOX = "cn.fuzhi.sdk.outbox";
    private static final String[] JDK = {"java..", "javax.crypto..", "javax.net..", "org.jspecify.annotations"};

    private static final Map<String, Set<String>> PORTS = Map.ofEntries(
            Map.entry("java.lang.Thread", Set.of("sleep")),
            Map.entry("java.lang.System", Set.of("currentTimeMillis", "nanoTime")),
            Map.entry("java.lang.Math", Set.of("random")),
            Map.entry("java.time.Instant", Set.of("now")),
            Map.entry("java.time.LocalDate", Set.of("now")),
            Map.entry("java.time.LocalDateTime", Set.of("now")),
            Map.entry("java.time.OffsetDateTime", Set.of("now")),
            Map.entry("java.time.ZonedDateTime", Set.of("now")),
            Map.entry("java.time.Clock", Set.of("systemUTC", "systemDefaultZone", "system")),
            Map.entry("java.util.Random", Set.of("<init>")),
            Map.entry("java.security.SecureRandom", Set.of("<init>")),
            Map.entry("java.util.UUID", Set.of("randomUUID")),
            Map.entry("java.util.concurrent.ThreadLocalRandom", Set.of("current")));

    @ArchTest
    static final ArchRule thereAreFivePackages = classes()
            .should()
            .resideInAnyPackage(CLIENT, MODEL, API, RULES, OUTBOX)
            .because("a package needs a reason, and the core has five");

    @ArchTest
    static final ArchRule modelKnowsNobody = mayUse(MODEL, MODEL, "com.fasterxml.jackson.annotation");

    @ArchTest
    static final ArchRule apiKnowsTheModel = mayUse(API, API, MODEL, "retrofit2.http");

    @ArchTest
    static final ArchRule rulesKnowTheModel = mayUse(RULES, RULES, MODEL);

    @ArchTest
    static final ArchRule outboxKnowsNoNetwork = mayUse(OUTBOX, OUTBOX, CLIENT, MODEL, API, "javax.sql", "org.slf4j..");

    @ArchTest
    static final ArchRule outboxSeesOnlyWhatIsPublic = classes()
            .that()
            .resideInAPackage(OUTBOX)
            .should(onlyDependOnClassesThat(resideInAPackage(CLIENT)
                    .and(describe("are hidden", type -> !isPublic(type)))
                    .negate()
                    .as("are public when they belong to the client")))
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule clientKnowsNoOutbox = noClasses()
            .that()
            .resideInAPackage(CLIENT)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(OUTBOX);

    @ArchTest
    static final ArchRule onlyThePipelineKnowsResilience4j = noClasses()
            .that()
            // The pipeline, and the two parts of it that outlive a call: the breakers and the pace of a client.
            .haveNameNotMatching(CLIENT + "\\.(Pipeline|Breakers|Pace)(\\$.*)?")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.github.resilience4j..");

    @ArchTest
    static final ArchRule onlyThePortsReadClockAndChance = noClasses()
            // One class for each of the two packages that run by themselves; sharing one would make it public.
            .that(not(nameMatching(CLIENT + "\\.(Ports|outbox\\.Clocks)(\\$.*)?")))
            .should(useThePortsOfTheWorld());

    @ArchTest
    static final ArchRule classesAreClosed = noClasses().should(ArchConditions.be(describe("open", HouseTest::isOpen)));

    @ArchTest
    static final ArchRule namesSayWhatIsAdded = noClasses()
            .should()
            .haveNameMatching(".*(Impl|Manager|Helper|Util|Utils|Handler|Processor|Factory)")
            .because("then the cut is wrong");

    @ArchTest
    static final ArchRule oneWayOfLogging =
            noClasses().should().dependOnClassesThat(resideInAnyPackage("java.util.logging..", "org.apache.."));

    @ArchTest
    static final ArchRule nobodyPrints =
            noClasses().should().accessField(System.class, "out").orShould().accessField(System.class, "err");

    private static ArchRule mayUse(String owner, String... packages) {
        String[] allowed = Arrays.copyOf(JDK, JDK.length + packages.length);
        System.arraycopy(packages, 0, allowed, JDK.length, packages.length);
        return classes()
                .that()
                .resideInAPackage(owner)
                .should(onlyDependOnClassesThat(resideInAnyPackage(allowed)
                        .or(describe(
                                "are arrays of such",
                                type -> type.isArray()
                                        && resideInAnyPackage(allowed).test(type.getBaseComponentType())))
                        .or(describe("are primitive", JavaClass::isPrimitive))))
                .allowEmptyShould(true);
    }

    private static boolean isPublic(JavaClass type) {
        return type.getModifiers().contains(JavaModifier.PUBLIC)
                && type.getEnclosingClass().map(HouseTest::isPublic).orElse(true);
    }

    /** Neither final nor sealed nor without constructors for others; interfaces and generated code are what they are. */
    private static boolean isOpen(JavaClass type) {
        return !type.isInterface()
                && !type.isEnum()
                && !type.isAnonymousClass()
                && !type.getModifiers().contains(JavaModifier.FINAL)
                && !type.reflect().isSealed();
    }

    private static ArchCondition<JavaClass> useThePortsOfTheWorld() {
        return new ArchCondition<>("sleep, read a clock or throw dice") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                type.getAccessesFromSelf().stream()
                        .filter(access -> isPort(
                                access.getTargetOwner(), access.getTarget().getName()))
                        .forEach(access -> events.add(SimpleConditionEvent.satisfied(access, access.getDescription())));
            }
        };
    }

    private static boolean isPort(JavaClass owner, String member) {
        Set<String> members = PORTS.get(owner.getName());
        return members != null && members.contains(member);
    }
}
