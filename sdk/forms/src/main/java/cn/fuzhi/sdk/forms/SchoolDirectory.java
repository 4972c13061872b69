package cn.fuzhi.sdk.forms;

import cn.fuzhi.sdk.model.School;
import cn.fuzhi.sdk.model.SchoolStatus;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds the code of a school by its name: the full name first, then the short name, then a former one. Several schools of one
 * name are never chosen from: the form reports them as candidates.
 *
 * <p>Immutable; safe for use by several threads.
 */
public final class SchoolDirectory {
    private static final SchoolDirectory EMPTY = new SchoolDirectory(List.of());

    private final Map<String, School> byCode = new LinkedHashMap<>();
    private final Map<String, List<School>> full = new HashMap<>();
    private final Map<String, List<School>> brief = new HashMap<>();
    private final Map<String, List<School>> former = new HashMap<>();

    private SchoolDirectory(Collection<School> schools) {
        for (School school : schools) {
            byCode.put(school.key(), school);
            put(full, school.name(), school);
            put(brief, school.shortName(), school);
            school.formerNames().forEach(name -> put(former, name, school));
        }
    }

    /**
     * Makes a directory.
     *
     * @param schools schools and teaching sites, such as all of a county
     * @return the directory
     */
    public static SchoolDirectory of(Collection<School> schools) {
        return schools.isEmpty() ? EMPTY : new SchoolDirectory(schools);
    }

    private static void put(Map<String, List<School>> names, @Nullable String name, School school) {
        if (name != null && !Text.isBlank(name)) {
            List<School> same = names.computeIfAbsent(Text.bare(name), key -> new ArrayList<>(1));
            if (!same.contains(school)) {
                same.add(school);
            }
        }
    }

    /**
     * Finds a school by its code.
     *
     * @param code school code or site code
     * @return the school, or null
     */
    public @Nullable School get(String code) {
        return byCode.get(code);
    }

    boolean isEmpty() {
        return byCode.isEmpty();
    }

    /** Finds the schools that a name can mean, with the way in which they were found; a division chooses among several. */
    Found find(String name, @Nullable String divisionCode) {
        Found found = first(Text.bare(name));
        List<School> all = found.schools();
        List<School> near = divisionCode == null
                ? List.of()
                : all.stream().filter(school -> isIn(school, divisionCode)).toList();
        List<School> schools = all.size() > 1 && !near.isEmpty() ? near : all;
        List<School> active = schools.stream()
                .filter(school -> SchoolStatus.ACTIVE.equals(school.status()))
                .toList();
        List<School> left = schools.size() > 1 && !active.isEmpty() ? active : schools;
        return new Found(left, found.how(), left.size() < all.size());
    }

    /** Tells whether a school is in a division, which may be its city or the province; everything is in no division. */
    static boolean isIn(School school, @Nullable String divisionCode) {
        if (divisionCode == null || divisionCode.endsWith("0000")) {
            return true;
        }
        String own = school.divisionCode();
        return own.equals(divisionCode)
                || (divisionCode.endsWith("00") && own.startsWith(divisionCode.substring(0, 4)));
    }

    private Found first(String bare) {
        if (full.containsKey(bare)) {
            return new Found(full.get(bare), How.FULL, false);
        }
        if (brief.containsKey(bare)) {
            return new Found(brief.get(bare), How.SHORT, false);
        }
        return new Found(former.getOrDefault(bare, List.of()), How.FORMER, false);
    }

    /** By which name a school was found. */
    enum How {
        FULL("全称", "full name"),
        SHORT("简称", "short name"),
        FORMER("曾用名", "former name");

        final String zh;
        final String en;

        How(String zh, String en) {
            this.zh = zh;
            this.en = en;
        }
    }

    /**
     * What a name can mean.
     *
     * @param schools no school, one, or the candidates
     * @param how by which name
     * @param narrowed whether others of that name were left out by division or state
     */
    record Found(List<School> schools, How how, boolean narrowed) {
        private static final int CANDIDATES = 5;

        String candidates() {
            return schools.stream()
                    .limit(CANDIDATES)
                    .map(school -> school.key() + " " + school.name())
                    .collect(Collectors.joining("；"));
        }
    }
}
