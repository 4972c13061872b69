package cn.fuzhi.sdk.mock;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/**
 * Starts a platform when a context first asks for one, and closes it with that context. It closes by itself, because the stores
 * of JUnit close different types in different versions.
 */
final class FuzhiMockExtension
        implements BeforeAllCallback,
                BeforeEachCallback,
                AfterEachCallback,
                AfterAllCallback,
                ParameterResolver,
                TestExecutionExceptionHandler,
                LifecycleMethodExecutionExceptionHandler {
    private static final Namespace NAMESPACE = Namespace.create(FuzhiMockExtension.class);

    @Override
    public void beforeAll(ExtensionContext context) throws IllegalAccessException {
        fill(context, context.getRequiredTestClass(), null);
    }

    @Override
    public void beforeEach(ExtensionContext context) throws IllegalAccessException {
        for (Object instance : context.getRequiredTestInstances().getAllInstances()) {
            fill(context, instance.getClass(), instance);
        }
    }

    private static void fill(ExtensionContext context, Class<?> type, @Nullable Object instance)
            throws IllegalAccessException {
        for (Class<?> level = type; level != null; level = level.getSuperclass()) {
            for (Field field : level.getDeclaredFields()) {
                boolean ours = field.isAnnotationPresent(FuzhiMock.class) && field.getType() == MockPlatform.class;
                if (ours && Modifier.isStatic(field.getModifiers()) == (instance == null)) {
                    field.setAccessible(true);
                    field.set(instance, platform(context));
                }
            }
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == MockPlatform.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return platform(context);
    }

    private static MockPlatform platform(ExtensionContext context) {
        return context.getStore(NAMESPACE)
                .getOrComputeIfAbsent(MockPlatform.class, type -> MockPlatform.start(), MockPlatform.class);
    }

    /** A parameter of a constructor belongs to the test for which the instance is made, not to all tests of the class. */
    @Override
    public ExtensionContextScope getTestInstantiationExtensionContextScope(ExtensionContext root) {
        return ExtensionContextScope.TEST_METHOD;
    }

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        throw withReport(context, failure);
    }

    @Override
    public void handleBeforeAllMethodExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        throw withReport(context, failure);
    }

    @Override
    public void handleBeforeEachMethodExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        throw withReport(context, failure);
    }

    @Override
    public void handleAfterEachMethodExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        throw withReport(context, failure);
    }

    @Override
    public void handleAfterAllMethodExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        throw withReport(context, failure);
    }

    private static Throwable withReport(ExtensionContext context, Throwable failure) {
        MockPlatform platform = context.getStore(NAMESPACE).get(MockPlatform.class, MockPlatform.class);
        if (platform != null && Arrays.stream(failure.getSuppressed()).noneMatch(Received.class::isInstance)) {
            failure.addSuppressed(new Received(platform.report()));
        }
        return failure;
    }

    /** What the platform received, as a note on a failure. */
    private static final class Received extends RuntimeException {
        private static final long serialVersionUID = 1;

        Received(String report) {
            super(report, null, false, false);
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        close(context);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        close(context);
    }

    /** Removing looks at this context alone, so a platform of the class survives its tests. */
    private static void close(ExtensionContext context) {
        MockPlatform platform = context.getStore(NAMESPACE).remove(MockPlatform.class, MockPlatform.class);
        if (platform != null) {
            platform.close();
        }
    }
}
