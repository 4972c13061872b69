package cn.fuzhi.sdk.model;

/** A part of the contract that knows the constraints of its own fields. */
public interface Checked {
    /**
     * Reports every field that breaks a constraint of the contract: required, length, pattern, range, unknown code.
     *
     * @param v collects what is found; nothing is thrown
     */
    void check(Violations v);
}
