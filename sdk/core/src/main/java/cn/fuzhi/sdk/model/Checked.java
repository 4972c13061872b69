package cn.fuzhi.sdk.model;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * A part of the contract that knows the constraints of its own fields. How it is JSON is said here for all parts, which inherit it:
 * what is absent is not written, and what a newer platform adds is ignored.
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public interface Checked {
    /**
     * Reports every field that breaks a constraint of the contract: required, length, pattern, range, unknown code.
     *
     * @param v collects what is found; nothing is thrown
     */
    void check(Violations v);
}
