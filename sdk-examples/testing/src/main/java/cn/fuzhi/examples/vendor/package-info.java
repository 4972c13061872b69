/** A vendor's own program, small, so that its tests can be read: see {@code SchoolSyncTest}. */
@NullMarked
package cn.fuzhi.examples.vendor;

import org.jspecify.annotations.NullMarked;
