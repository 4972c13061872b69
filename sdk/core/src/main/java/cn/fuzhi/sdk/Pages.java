package cn.fuzhi.sdk;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * All items of a list that the platform gives page by page. A page is read when its first item is asked for; one page is held at
 * a time. Every iteration starts again from the beginning; an iterator is for one thread.
 *
 * <p>{@code client.records(Pairing.class)} gives all records of a kind. Any other list of the typed resources becomes pages so:
 *
 * <pre>{@code
 * Pages<SchoolEntry> rural = Pages.of(
 *         cursor -> client.schools().list(query.toBuilder().cursor(cursor).build()),
 *         SchoolPage::items,
 *         SchoolPage::hasMore,
 *         SchoolPage::nextCursor);
 * }</pre>
 *
 * @param <T> an item
 */
public final class Pages<T> implements Iterable<T> {
    private final Function<@Nullable String, Page<T>> load;

    private Pages(Function<@Nullable String, Page<T>> load) {
        this.load = load;
    }

    private record Page<T>(List<T> items, @Nullable String next) {}

    /**
     * Makes the list from a way to read one page. A page that does not say whether it is the last is no end of the list, but a
     * {@link FuzhiException.Protocol}.
     *
     * @param load reads the page at a cursor; null asks for the first
     * @param items takes the items out of a page
     * @param hasMore tells whether another page follows a page
     * @param next takes the cursor of the next page out of a page; null on the last
     * @param <P> a page
     * @param <T> an item
     * @return the list; nothing is read yet
     */
    public static <P, T> Pages<T> of(
            Function<@Nullable String, P> load,
            Function<P, List<T>> items,
            Function<P, @Nullable Boolean> hasMore,
            Function<P, @Nullable String> next) {
        return new Pages<>(cursor -> {
            P page = load.apply(cursor);
            Boolean more = hasMore.apply(page);
            String following = next.apply(page);
            if (more == null || (more && following == null)) {
                throw Explained.broken("列表页没有说明是否还有下一页", "a page of a list does not say how to go on");
            }
            List<T> there = items.apply(page).stream().filter(Objects::nonNull).toList();
            return new Page<>(there, more ? following : null);
        });
    }

    /**
     * Starts reading.
     *
     * @return an iterator that may throw a {@link FuzhiException} whenever it needs another page
     */
    @Override
    public Iterator<T> iterator() {
        return new Reading<>(load);
    }

    /**
     * Starts reading as a stream, which reads no further than it is consumed.
     *
     * @return a sequential stream
     */
    public Stream<T> stream() {
        return StreamSupport.stream(spliterator(), false);
    }

    /** The place in one reading. */
    private static final class Reading<T> implements Iterator<T> {
        private final Function<@Nullable String, Page<T>> load;
        private Iterator<T> page = List.<T>of().iterator();
        private @Nullable String cursor;
        /** A cursor that was met on the way; replaced ever more rarely, so that a circle of any length comes back to it (Brent). */
        private @Nullable String mark;

        private long sinceMark;
        private long nextMark = 1;
        private boolean last;

        private Reading(Function<@Nullable String, Page<T>> load) {
            this.load = load;
        }

        @Override
        public boolean hasNext() {
            while (!page.hasNext() && !last) {
                turn();
            }
            return page.hasNext();
        }

        private void turn() {
            Page<T> next = load.apply(cursor);
            page = next.items().iterator();
            cursor = next.next();
            last = cursor == null;
            if (cursor != null && cursor.equals(mark)) {
                throw Explained.broken("分页游标没有前进", "the cursor of a list does not advance");
            }
            if (++sinceMark == nextMark) {
                mark = cursor;
                sinceMark = 0;
                nextMark *= 2;
            }
        }

        @Override
        public T next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return page.next();
        }
    }
}
