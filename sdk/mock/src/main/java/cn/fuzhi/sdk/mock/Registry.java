package cn.fuzhi.sdk.mock;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The key ids that the platform knows, the first one first. Thread-safe. */
final class Registry {
    private final Map<String, Caller> callers = Collections.synchronizedMap(new LinkedHashMap<>());

    void add(Caller caller) {
        callers.put(caller.keyId(), caller);
    }

    @Nullable
    Caller find(String keyId) {
        return callers.get(keyId);
    }

    /** The key in whose name unsigned requests are taken. */
    Caller first() {
        synchronized (callers) {
            return callers.values().iterator().next();
        }
    }

    void change(String keyId, UnaryOperator<Caller> change) {
        callers.computeIfPresent(keyId, (id, caller) -> change.apply(caller));
    }
}
