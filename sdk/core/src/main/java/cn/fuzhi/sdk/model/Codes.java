package cn.fuzhi.sdk.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The codes of one list that this version of the contract knows, in its order. Filled while the class of the list is loaded. */
final class Codes<C extends OpenCode> {
    private final Map<String, C> codes = new LinkedHashMap<>();
    private final Map<String, String> names = new LinkedHashMap<>();

    C add(C code, String zhName) {
        codes.put(code.value(), code);
        names.put(code.value(), zhName);
        return code;
    }

    @Nullable
    C get(String value) {
        return codes.get(value);
    }

    boolean has(String value) {
        return codes.containsKey(value);
    }

    List<C> all() {
        return List.copyOf(codes.values());
    }

    @Nullable
    String zhName(String value) {
        return names.get(value);
    }
}
