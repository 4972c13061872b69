package cn.fuzhi.sdk.rules;

import cn.fuzhi.sdk.model.Division;
import cn.fuzhi.sdk.model.DivisionCodeStatus;
import cn.fuzhi.sdk.model.DivisionLevel;
import cn.fuzhi.sdk.model.KeyAssistanceCounty;
import cn.fuzhi.sdk.model.KeyCountyFlag;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The administrative divisions and functional zones by their codes (GB/T 2260), including abolished ones with what replaced
 * them. Immutable.
 *
 * <p>The platform's list, which {@code divisions()} of the client reads, is the right one; {@link #bundled()} is what was known
 * when this version was built.
 */
public final class Divisions {
    private static final Set<String> PLACEHOLDERS = Set.of("市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划");

    private final Map<String, Division> byCode = new LinkedHashMap<>();

    private Divisions(Collection<Division> divisions) {
        for (Division division : divisions) {
            if (!PLACEHOLDERS.contains(division.name())) {
                byCode.put(division.code(), division);
            }
        }
    }

    /**
     * Makes a directory from what the platform published.
     *
     * @param divisions all divisions; placeholder rows such as 市辖区 (610101) are left out
     * @return the directory
     */
    public static Divisions of(Collection<Division> divisions) {
        return new Divisions(divisions);
    }

    /**
     * Returns the divisions of the contract that this version was built from: those of Shaanxi, the zones with provisional codes,
     * and the abolished codes that are still met.
     *
     * @return the directory, read once
     */
    public static Divisions bundled() {
        return Bundled.DIVISIONS;
    }

    /**
     * Finds a division.
     *
     * @param code six digits
     * @return the division, current or abolished; empty for an unknown code or a placeholder
     */
    public Optional<Division> find(String code) {
        return Optional.ofNullable(byCode.get(code));
    }

    /**
     * Finds what replaced an abolished code, over several steps where it was replaced more than once.
     *
     * @param code six digits
     * @return the current division; empty when the code is unknown, not abolished, or has no successor
     */
    public Optional<Division> successorOf(String code) {
        Division division = byCode.get(code);
        for (int step = 0; division != null && isAbolished(division) && step <= byCode.size(); step++) {
            division = byCode.get(division.successorCode());
        }
        return Optional.ofNullable(division).filter(found -> !found.code().equals(code) && !isAbolished(found));
    }

    /** The code by which a division goes today: its own, or that of what replaced it. */
    String currentOf(String code) {
        return successorOf(code).map(Division::code).orElse(code);
    }

    /**
     * Lists all divisions.
     *
     * @return the divisions in the order of their source, abolished ones included
     */
    public Collection<Division> all() {
        return Collections.unmodifiableCollection(byCode.values());
    }

    static boolean isAbolished(Division division) {
        return DivisionCodeStatus.ABOLISHED.equals(division.codeStatus());
    }

    /** Read when first asked for. */
    private static final class Bundled {
        static final Divisions DIVISIONS =
                of(Table.read("divisions.tsv").stream().map(Bundled::division).toList());

        private static Division division(Table.Row row) {
            return Division.builder()
                    .code(row.text(0))
                    .name(row.text(1))
                    .level(DivisionLevel.of(row.text(2)))
                    .parentCode(row.textOrNull(3))
                    .reportingBodyCode(row.textOrNull(4))
                    .codeStatus(DivisionCodeStatus.of(row.text(5)))
                    .successorCode(row.textOrNull(6))
                    .keyAssistanceCounty(row.text(7).isEmpty() ? null : keyCounty(row))
                    .build();
        }

        private static KeyAssistanceCounty keyCounty(Table.Row row) {
            return KeyAssistanceCounty.builder()
                    .value(KeyCountyFlag.of(row.text(7)))
                    .fromYear(row.numberOrNull(8))
                    .toYear(row.numberOrNull(9))
                    .build();
        }
    }
}
