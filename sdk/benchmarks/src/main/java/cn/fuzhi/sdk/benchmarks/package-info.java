/**
 * Benchmarks: every target is a ratio between two things that are measured in turn in one run, because machines are shared and
 * noisy. {@link cn.fuzhi.sdk.benchmarks.Benchmarks} tells how to run one and how to add one.
 */
@NullMarked
package cn.fuzhi.sdk.benchmarks;

import org.jspecify.annotations.NullMarked;
