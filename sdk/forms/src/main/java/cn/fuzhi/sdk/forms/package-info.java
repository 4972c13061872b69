/**
 * The forms of the notice as spreadsheets: the annual plan, the timetable, the pairing list, the school directory and the usage
 * figures are read into records and written from them.
 *
 * <p>Start with {@link cn.fuzhi.sdk.forms.TimetableForm} and its siblings. Nothing is guessed silently: whatever is wrong is a
 * {@link cn.fuzhi.sdk.forms.CellProblem} with its cell, whatever was interpreted is a {@link cn.fuzhi.sdk.forms.FormNote}.
 */
@NullMarked
package cn.fuzhi.sdk.forms;

import org.jspecify.annotations.NullMarked;
