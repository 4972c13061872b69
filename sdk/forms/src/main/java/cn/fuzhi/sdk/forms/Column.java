package cn.fuzhi.sdk.forms;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A column of a form.
 *
 * @param title title as it is written
 * @param aliases other titles under which the column is found
 * @param required whether every row must have a value
 * @param official whether the form as issued has it; our own columns stand to its right
 * @param width width in characters
 * @param choices values of the drop-down list; other values are accepted
 */
record Column(
        String title, List<String> aliases, boolean required, boolean official, double width, List<String> choices) {
    static Column of(String title, double width) {
        return new Column(title, List.of(), false, false, width, List.of());
    }

    Column alias(String... titles) {
        List<String> all = new ArrayList<>(aliases);
        all.addAll(List.of(titles));
        return new Column(title, List.copyOf(all), required, official, width, choices);
    }

    Column asRequired() {
        return new Column(title, aliases, true, official, width, choices);
    }

    Column asOfficial() {
        return new Column(title, aliases, required, true, width, choices);
    }

    Column choose(List<String> values) {
        return new Column(title, aliases, required, official, width, List.copyOf(values));
    }

    /** Titles are unique within a form; columns are looked up in every line, so this must be quick. */
    @Override
    public boolean equals(@Nullable Object other) {
        return this == other || (other instanceof Column that && title.equals(that.title));
    }

    @Override
    public int hashCode() {
        return title.hashCode();
    }
}
