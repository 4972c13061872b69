/** The shortest programs: one record through the outbox, and typed calls. */
@NullMarked
package cn.fuzhi.examples.plain;

import org.jspecify.annotations.NullMarked;
