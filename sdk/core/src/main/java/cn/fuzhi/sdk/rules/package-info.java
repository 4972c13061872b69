/**
 * The rules across fields ({@code R-xx}) and across records ({@code X-xx}) that can be decided before anything is sent; they run
 * together with the checks that are generated from the contract.
 *
 * <p>{@link cn.fuzhi.sdk.rules.Rules#check} is the entry. What a rule needs to know from outside the records is in
 * {@link cn.fuzhi.sdk.rules.RuleContext}; a rule that lacks it says so and never counts as passed.
 */
@NullMarked
package cn.fuzhi.sdk.rules;

import org.jspecify.annotations.NullMarked;
