/**
 * A provincial platform in a jar: stateful, implements the contract, with scripted faults and a virtual clock.
 *
 * <p>Start with {@link cn.fuzhi.sdk.mock.MockPlatform#start()} or {@link cn.fuzhi.sdk.mock.FuzhiMock}.
 */
@NullMarked
package cn.fuzhi.sdk.mock;

import org.jspecify.annotations.NullMarked;
