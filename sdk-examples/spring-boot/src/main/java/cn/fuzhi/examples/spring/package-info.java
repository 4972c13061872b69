/** A Spring Boot program with the starter. */
@NullMarked
package cn.fuzhi.examples.spring;

import org.jspecify.annotations.NullMarked;
