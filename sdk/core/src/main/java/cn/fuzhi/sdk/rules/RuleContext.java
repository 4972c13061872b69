package cn.fuzhi.sdk.rules;

import cn.fuzhi.sdk.model.Pairing;
import cn.fuzhi.sdk.model.Platform;
import cn.fuzhi.sdk.model.School;
import cn.fuzhi.sdk.model.Timetable;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What rules need to know beside the records themselves. Everything is optional: a rule that lacks its part is reported as not
 * checked. Records of the same check count as known, too: a school that is pushed together with its lessons need not be here.
 *
 * <p>Immutable; may be kept and shared between threads, except that {@link Builder#now} makes it age.
 */
public final class RuleContext {
    static final ZoneOffset BEIJING = ZoneOffset.ofHours(8);
    private static final Duration TOLERANCE = Duration.ofMinutes(5);

    final @Nullable Divisions divisions;
    final @Nullable Holidays calendar;
    final @Nullable Collection<School> schools;
    final @Nullable Collection<Platform> platforms;
    final @Nullable Collection<Pairing> pairings;
    final Collection<Timetable> timetables;
    final @Nullable LocalDate today;
    /** The last moment that is not in the future. */
    final @Nullable Instant latest;

    private RuleContext(Builder builder) {
        divisions = builder.divisions;
        calendar = builder.calendar;
        schools = builder.schools;
        platforms = builder.platforms;
        pairings = builder.pairings;
        timetables = builder.timetables;
        today = builder.today;
        latest = builder.latest;
    }

    /**
     * Starts a context that knows nothing.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Returns the context that knows nothing; every rule that needs some is reported as not checked.
     *
     * @return an empty context
     */
    public static RuleContext none() {
        return builder().build();
    }

    /** Collects what is known; not for use by several threads. */
    public static final class Builder {
        private @Nullable Divisions divisions;
        private @Nullable Holidays calendar;
        private @Nullable Collection<School> schools;
        private @Nullable Collection<Platform> platforms;
        private @Nullable Collection<Pairing> pairings;
        private Collection<Timetable> timetables = List.of();
        private @Nullable LocalDate today;
        private @Nullable Instant latest;

        private Builder() {}

        /**
         * Sets the divisions ({@code R-04}, {@code R-05}, {@code R-41}).
         *
         * @param value the platform's list, or {@link Divisions#bundled()}
         * @return this builder
         */
        public Builder divisions(Divisions value) {
            divisions = value;
            return this;
        }

        /**
         * Sets the holidays ({@code R-15}); without them only plain weekends are found.
         *
         * @param value holidays and make-up days of the time to which the lessons belong
         * @return this builder
         */
        public Builder calendar(Holidays value) {
            calendar = value;
            return this;
        }

        /**
         * Sets the school directory ({@code X-16}).
         *
         * @param value schools that the platform knows
         * @return this builder
         */
        public Builder schools(Collection<School> value) {
            schools = List.copyOf(value);
            return this;
        }

        /**
         * Sets the registered platforms ({@code R-30}).
         *
         * @param value platforms that the platform knows
         * @return this builder
         */
        public Builder platforms(Collection<Platform> value) {
            platforms = List.copyOf(value);
            return this;
        }

        /**
         * Sets the pairings ({@code R-07}): a school of another province that supports one of ours may give lessons.
         *
         * @param value pairings that the platform knows; those across provinces are enough
         * @return this builder
         */
        public Builder pairings(Collection<Pairing> value) {
            pairings = List.copyOf(value);
            return this;
        }

        /**
         * Sets timetables that are reported already ({@code X-11}, {@code X-17}).
         *
         * @param value timetables that are not among the records to be checked
         * @return this builder
         */
        public Builder timetables(Collection<Timetable> value) {
            timetables = List.copyOf(value);
            return this;
        }

        /**
         * Sets the day ({@code R-26}, {@code R-27}); nothing on this day counts as future.
         *
         * @param value the day in Beijing
         * @return this builder
         */
        public Builder today(LocalDate value) {
            today = value;
            latest = value.plusDays(1).atStartOfDay().toInstant(BEIJING);
            return this;
        }

        /**
         * Sets the time ({@code R-26}, {@code R-27}) instead of the day; more than five minutes later is future.
         *
         * @param value the present
         * @return this builder
         */
        public Builder now(OffsetDateTime value) {
            today = value.withOffsetSameInstant(BEIJING).toLocalDate();
            latest = value.toInstant().plus(TOLERANCE);
            return this;
        }

        /**
         * Makes the context.
         *
         * @return the context
         */
        public RuleContext build() {
            return new RuleContext(this);
        }
    }
}
