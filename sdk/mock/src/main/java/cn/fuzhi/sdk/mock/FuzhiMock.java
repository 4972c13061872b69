package cn.fuzhi.sdk.mock;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives a JUnit 5 test a {@link MockPlatform}.
 *
 * <p>On a class, it lets methods and constructors take a parameter of that type; on a parameter or a field of that type, it fills
 * just that. Every test has a platform of its own, so tests can run in parallel; a static field, or a parameter of a
 * {@code @BeforeAll} method, has one for all tests of the class, which the parameters of the tests then share. It is closed with
 * the test or class that asked first. When a test fails, what the platform received is added to the failure.
 */
@Documented
@Target({ElementType.TYPE, ElementType.FIELD, ElementType.PARAMETER})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(FuzhiMockExtension.class)
public @interface FuzhiMock {}
