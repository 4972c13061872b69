package cn.fuzhi.sdk.mock;

import cn.fuzhi.sdk.model.Violation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Ends the work on a request with an error of the catalogue. */
final class Problem extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String code;
    private final String more;
    private final String moreEn;
    private final transient List<Violation> violations;
    private final transient Map<String, String> headers = new LinkedHashMap<>();

    private Problem(String code, String more, String moreEn, List<Violation> violations) {
        super(code + " " + moreEn, null, false, false);
        this.code = code;
        this.more = more;
        this.moreEn = moreEn;
        this.violations = violations;
    }

    /** An error with the texts of the catalogue alone. */
    static Problem of(String code) {
        return new Problem(code, "", "", List.of());
    }

    /** An error with an explanation behind the texts of the catalogue; neither may repeat a personal value. */
    static Problem of(String code, String more, String moreEn) {
        return new Problem(code, more, moreEn, List.of());
    }

    static Problem of(String code, List<Violation> violations) {
        return new Problem(code, "", "", violations);
    }

    Problem header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    String code() {
        return code;
    }

    String more() {
        return more;
    }

    String moreEn() {
        return moreEn;
    }

    List<Violation> violations() {
        return violations;
    }

    Map<String, String> headers() {
        return headers;
    }
}
