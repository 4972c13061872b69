package cn.fuzhi.sdk.forms;

import cn.fuzhi.sdk.model.Division;
import cn.fuzhi.sdk.model.DivisionLevel;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a form does not say by itself: who reports, which year is meant, what the schools and divisions are called.
 *
 * <p>Immutable; safe for use by several threads. Values that the form has win over values given here, except the period.
 */
public final class FormContext {
    /** Name of the provincial platform, as people write it into the column 平台. */
    static final String PROVINCIAL_PLATFORM = "陕西教育扶智平台";

    private final @Nullable String platformCode;
    private final @Nullable String platformName;
    private final @Nullable String bodyCode;
    private final @Nullable Integer year;
    private final @Nullable LocalDate periodStart;
    private final @Nullable LocalDate periodEnd;
    private final @Nullable String periodKey;
    private final @Nullable String schoolYear;
    private final SchoolDirectory schools;
    private final Map<String, Division> divisions = new HashMap<>();
    private final Map<String, List<Division>> divisionNames = new HashMap<>();
    /** By the name without 市, 县 or 区, in this order. */
    private final Map<String, List<Division>> shortNames = new HashMap<>();

    private FormContext(Builder builder) {
        platformCode = builder.platformCode;
        platformName = builder.platformName;
        bodyCode = builder.bodyCode;
        year = builder.year;
        periodStart = builder.periodStart;
        periodEnd = builder.periodEnd;
        periodKey = builder.periodKey;
        schoolYear = builder.schoolYear;
        schools = builder.schools;
        for (Division division : builder.divisions) {
            divisions.put(division.code(), division);
            divisionNames
                    .computeIfAbsent(Text.bare(division.name()), name -> new ArrayList<>(1))
                    .add(division);
        }
        for (String suffix : List.of("市", "县", "区")) {
            divisionNames.forEach((name, named) -> {
                if (name.endsWith(suffix)) {
                    shortNames
                            .computeIfAbsent(name.substring(0, name.length() - 1), none -> new ArrayList<>(1))
                            .addAll(named);
                }
            });
        }
    }

    /**
     * Starts a context.
     *
     * @return an empty builder
     */
    public static Builder builder() {
        return new Builder();
    }

    @Nullable
    String platformCode() {
        return platformCode;
    }

    @Nullable
    String platformName() {
        return platformName;
    }

    @Nullable
    String bodyCode() {
        return bodyCode;
    }

    @Nullable
    Integer year() {
        return year;
    }

    @Nullable
    LocalDate periodStart() {
        return periodStart;
    }

    @Nullable
    LocalDate periodEnd() {
        return periodEnd;
    }

    @Nullable
    String periodKey() {
        return periodKey;
    }

    @Nullable
    String schoolYear() {
        return schoolYear;
    }

    SchoolDirectory schools() {
        return schools;
    }

    /**
     * What a text says about a place.
     *
     * @param division the division that is meant, if it is clear
     * @param former whether an abolished division was written, and {@code division} is what replaced it
     * @param candidates what else could be meant, when it is not clear
     */
    record Place(@Nullable Division division, boolean former, List<Division> candidates) {
        static final Place NONE = new Place(null, false, List.of());
    }

    /** Finds a division by its code, full name, or name without its last character (略阳 for 略阳县). */
    @Nullable
    Division division(String text) {
        return place(text).division();
    }

    /** As {@link #division}, and tells what stands in the way. */
    Place place(String text) {
        String bare = Text.bare(text);
        Division coded = divisions.get(bare);
        if (coded != null) {
            return place(List.of(coded));
        }
        List<Division> named = named(bare);
        // 汉中市略阳县: the county counts, and the city before it must be its own.
        for (int i = 2; i < bare.length() - 1 && named.isEmpty(); i++) {
            List<Division> cities = named(bare.substring(0, i));
            List<Division> counties = cities.isEmpty() ? List.of() : named(bare.substring(i));
            if (!counties.isEmpty()) {
                List<Division> fitting = counties.stream()
                        .filter(county -> cities.stream().anyMatch(city -> isWithin(county, city)))
                        .toList();
                named = fitting;
                if (fitting.isEmpty()) {
                    return new Place(
                            null,
                            false,
                            Stream.concat(cities.stream(), counties.stream()).toList());
                }
            }
        }
        return place(named);
    }

    private static boolean isWithin(Division county, Division city) {
        return city.code().equals(county.parentCode())
                || (isCity(city) && county.code().startsWith(city.code().substring(0, 4)))
                || DivisionLevel.PROVINCE.equals(city.level());
    }

    /** By the full name, otherwise by the name without its last character. */
    private List<Division> named(String bare) {
        List<Division> full = divisionNames.getOrDefault(bare, List.of());
        if (!full.isEmpty() || bare.length() < 2) {
            return full;
        }
        return shortNames.getOrDefault(bare, List.of());
    }

    /** Current divisions win over abolished ones; one abolished division is read as what replaced it. */
    private Place place(List<Division> found) {
        List<Division> current = found.stream().filter(FormContext::isCurrent).toList();
        if (current.size() == 1) {
            return new Place(current.get(0), false, List.of());
        }
        if (current.size() > 1) {
            return new Place(null, false, current);
        }
        Division next = found.isEmpty() ? null : found.get(0);
        for (int i = 0; i < 4 && next != null && !isCurrent(next); i++) {
            next = next.successorCode() == null ? null : divisions.get(next.successorCode());
        }
        return next == null || !isCurrent(next) ? Place.NONE : new Place(next, true, List.of());
    }

    private static boolean isCurrent(Division division) {
        return division.successorCode() == null && division.validTo() == null;
    }

    @Nullable
    String divisionName(@Nullable String code) {
        Division division = code == null ? null : divisions.get(code);
        return division == null ? null : division.name();
    }

    static boolean isCity(Division division) {
        return DivisionLevel.CITY.equals(division.level());
    }

    /** Collects a context; every value is optional, what is needed and missing is reported as a problem of the form. */
    public static final class Builder {
        private @Nullable String platformCode;
        private @Nullable String platformName;
        private @Nullable String bodyCode;
        private @Nullable Integer year;
        private @Nullable LocalDate periodStart;
        private @Nullable LocalDate periodEnd;
        private @Nullable String periodKey;
        private @Nullable String schoolYear;
        private SchoolDirectory schools = SchoolDirectory.of(List.of());
        private Collection<Division> divisions = List.of();

        private Builder() {}

        /**
         * Names the platform that owns the records and, where a lesson names a platform of that name, gives the lessons.
         *
         * @param code platform code, such as {@code LUEYANG01}
         * @param name its Chinese name, or null
         * @return this builder
         */
        public Builder platform(String code, @Nullable String name) {
            platformCode = code;
            platformName = name;
            return this;
        }

        /**
         * Names the body that reports.
         *
         * @param code division code of the body, such as {@code 610727}
         * @return this builder
         */
        public Builder bodyCode(String code) {
            bodyCode = code;
            return this;
        }

        /**
         * Says in which year the period of the form begins; the forms leave the year out.
         *
         * @param value calendar year
         * @return this builder
         */
        public Builder year(int value) {
            year = value;
            return this;
        }

        /**
         * Gives the period that the deadline covers; a title that says otherwise is a problem.
         *
         * @param start first day
         * @param end last day, not before the first
         * @return this builder
         */
        public Builder period(LocalDate start, LocalDate end) {
            if (end.isBefore(start)) {
                throw new IllegalArgumentException("结束日期早于开始日期 / the period ends before it starts");
            }
            periodStart = start;
            periodEnd = end;
            return this;
        }

        /**
         * Names the period of the usage deadline in whose submission usage figures count.
         *
         * @param key period key as the calendar gives it
         * @return this builder
         */
        public Builder periodKey(String key) {
            periodKey = key;
            return this;
        }

        /**
         * Names the school year of pairings.
         *
         * @param value such as {@code 2022-2023}
         * @return this builder
         */
        public Builder schoolYear(String value) {
            schoolYear = value;
            return this;
        }

        /**
         * Gives the schools whose names become codes.
         *
         * @param value the directory
         * @return this builder
         */
        public Builder schools(SchoolDirectory value) {
            schools = value;
            return this;
        }

        /**
         * Gives the divisions whose names become codes.
         *
         * @param values divisions, such as those of the bundled list
         * @return this builder
         */
        public Builder divisions(Collection<Division> values) {
            divisions = List.copyOf(values);
            return this;
        }

        /**
         * Makes the context.
         *
         * @return the context
         */
        public FormContext build() {
            return new FormContext(this);
        }
    }
}
