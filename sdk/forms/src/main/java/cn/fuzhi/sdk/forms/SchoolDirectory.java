package cn.fuzhi.sdk.forms;

import cn.fuzhi.sdk.model.School;
import cn.fuzhi.sdk.model.SchoolStatus;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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

    /** Finds the schools that a name can mean, with the way in which they were found. */
    Found find(String name, @Nullable String divisionCode) {
        String bare = Text.bare(name);
        Found found = first(bare);
        List<School> near = found.schools().stream()
                .filter(school -> Objects.equals(school.divisionCode(), divisionCode))
                .toList();
        List<School> schools = found.schools().size() > 1 && !near.isEmpty() ? near : found.schools();
        List<School> active = schools.stream()
                .filter(school -> SchoolStatus.ACTIVE.equals(school.status()))
                .toList();
        return new Found(schools.size() > 1 && !active.isEmpty() ? active : schools, found.how());
    }

    private Found first(String bare) {
        if (full.containsKey(bare)) {
            return new Found(full.get(bare), How.FULL);
        }
        if (brief.containsKey(bare)) {
            return new Found(brief.get(bare), How.SHORT);
        }
        return new Found(former.getOrDefault(bare, List.of()), How.FORMER);
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
     */
    record Found(List<School> schools, How how) {}
}
