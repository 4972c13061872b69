/**
 * The records and codes of the contract, generated from {@code spec/}, and the few types they share.
 *
 * <p>Records are immutable and may be passed between threads. A record is made by its builder, which refuses to build while a
 * required value is missing, or, where it has one component only, by its constructor;
 * {@link cn.fuzhi.sdk.model.Checked#check} reports everything else that is wrong with it.
 */
@NullMarked
package cn.fuzhi.sdk.model;

import org.jspecify.annotations.NullMarked;
