package cn.fuzhi.sdk.model;

import org.jspecify.annotations.Nullable;

/** A record that is pushed to the platform and is known there by its natural key. */
public interface PushRecord extends Checked {
    /**
     * Tells the kind.
     *
     * @return the kind, which also gives the rank and the path
     */
    RecordKind kind();

    /**
     * Joins the natural key.
     *
     * @return the parts of the key joined by {@code ~}; a part that is missing is empty, which {@link #check} reports
     */
    String key();

    /**
     * Tells which submission covers the record.
     *
     * @return {@code bodyCode~periodKey}, or null when no submission does
     */
    @Nullable
    String scope();
}
