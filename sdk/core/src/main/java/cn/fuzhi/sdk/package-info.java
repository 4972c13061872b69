/**
 * The client: typed calls and pushes through one resilient pipeline, and the frozen form of a record that is pushed.
 *
 * <p>Start with {@code FuzhiClient.builder()}.
 */
@NullMarked
package cn.fuzhi.sdk;

import org.jspecify.annotations.NullMarked;
