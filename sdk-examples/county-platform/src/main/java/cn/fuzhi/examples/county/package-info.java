/**
 * The main job: a county platform reports to the province through a bad day.
 *
 * <p>Four programs, each a process of its own: {@link cn.fuzhi.examples.county.BadDay} directs,
 * {@link cn.fuzhi.examples.county.Province} plays the platform and its faults, {@link cn.fuzhi.examples.county.County} is what a
 * vendor would write and is killed again and again, and {@link cn.fuzhi.examples.county.Verdict} compares in the end what the
 * workbooks say with what the platform holds.
 */
@NullMarked
package cn.fuzhi.examples.county;

import org.jspecify.annotations.NullMarked;
