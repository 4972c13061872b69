package cn.fuzhi.sdk.rules;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of time that something occupies within a group.
 *
 * @param item what occupies it
 * @param group only spans of one group can overlap
 * @param from begin, in any unit
 * @param until end, excluded
 * @param meetsAll whether it is compared with every span of its group, or only with those that are
 * @param <T> kind of the items
 */
record Span<T>(T item, String group, long from, long until, boolean meetsAll) {
    /**
     * Finds overlaps by sorting, never by comparing pairs: each span meets the one before it that reaches farthest.
     *
     * @param spans any order; not changed
     * @param found receives the earlier and the later item, at most once for each later item
     */
    static <T> void sweep(List<Span<T>> spans, BiConsumer<T, T> found) {
        List<Span<T>> sorted = new ArrayList<>(spans);
        sorted.sort(Comparator.<Span<T>, String>comparing(Span::group).thenComparingLong(Span::from));
        Span<T> widest = null;
        Span<T> widestMeetingAll = null;
        for (Span<T> span : sorted) {
            Span<T> rival = span.meetsAll ? widest : widestMeetingAll;
            if (rival != null && rival.group.equals(span.group) && span.from < rival.until) {
                found.accept(rival.item, span.item);
            }
            widest = wider(widest, span);
            widestMeetingAll = span.meetsAll ? wider(widestMeetingAll, span) : widestMeetingAll;
        }
    }

    private static <T> Span<T> wider(@Nullable Span<T> before, Span<T> span) {
        return before != null && before.group.equals(span.group) && before.until >= span.until ? before : span;
    }
}
