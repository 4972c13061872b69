/** From a clerk's workbook to records, and back to the clerk with what has to be corrected. */
@NullMarked
package cn.fuzhi.examples.excel;

import org.jspecify.annotations.NullMarked;
