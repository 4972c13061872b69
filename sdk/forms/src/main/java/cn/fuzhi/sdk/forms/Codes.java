package cn.fuzhi.sdk.forms;

import cn.fuzhi.sdk.model.OpenCode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds a code by what people write: its Chinese name, a usual other name, or the code itself.
 *
 * @param <T> the code
 */
final class Codes<T extends OpenCode> {
    private final Map<String, T> names = new HashMap<>();
    private final Map<String, T> others = new HashMap<>();
    private final List<T> known;
    private final Function<String, T> of;

    private Codes(List<T> known, Function<String, T> of) {
        this.known = known;
        this.of = of;
        for (T code : known) {
            names.put(Text.bare(name(code)), code);
            names.put(code.value().toUpperCase(java.util.Locale.ROOT), code);
        }
    }

    static <T extends OpenCode> Codes<T> of(List<T> known, Function<String, T> of) {
        return new Codes<>(known, of);
    }

    /** Adds a usual name that is not the official one; using it is noted. */
    Codes<T> also(T code, String... usual) {
        for (String name : usual) {
            others.put(Text.bare(name), code);
        }
        return this;
    }

    @Nullable
    T official(String text) {
        T exact = names.get(text);
        return exact != null ? exact : names.get(Text.bare(text).toUpperCase(java.util.Locale.ROOT));
    }

    @Nullable
    T usual(String text) {
        return others.get(Text.bare(text));
    }

    /** Keeps a value that is written like a code although this version does not list it. */
    @Nullable
    T unlisted(String text) {
        return text.matches("[A-Z][A-Z0-9_]{1,39}") ? of.apply(text) : null;
    }

    List<String> choices() {
        return known.stream().map(Codes::name).toList();
    }

    /** The text that is written for a code. */
    static String name(OpenCode code) {
        String name = code.zhName();
        return name == null ? code.value() : name;
    }
}
