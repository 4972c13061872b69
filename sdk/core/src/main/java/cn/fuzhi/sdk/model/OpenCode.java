package cn.fuzhi.sdk.model;

import org.jspecify.annotations.Nullable;

/**
 * A coded value whose list of values may grow: a code that this version does not know is kept and written back unchanged, and
 * is reported as a warning ({@code R-03}). Only what no contract can have, a text that is not of capital letters, digits and
 * underscores, is an error ({@code R-35}), because codes are parts of keys.
 */
public interface OpenCode {
    /**
     * Returns the value on the wire.
     *
     * @return the value
     */
    String value();

    /**
     * Tells whether this version of the contract lists the value.
     *
     * @return false for a value from a newer contract, or for a mistake
     */
    boolean isKnown();

    /**
     * Names the list of values in Chinese, for messages.
     *
     * @return such as 学段
     */
    String listZhName();

    /**
     * Returns the Chinese name.
     *
     * @return the name as forms show it, or null for an unknown value
     */
    @Nullable
    String zhName();
}
