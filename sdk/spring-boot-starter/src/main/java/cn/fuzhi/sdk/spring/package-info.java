/**
 * The client and the outbox as beans of a Spring Boot program.
 *
 * <p>Set {@code fuzhi.base-url}, {@code fuzhi.key-id} and {@code fuzhi.secret-file}, and inject {@link
 * cn.fuzhi.sdk.outbox.Outbox}.
 */
@NullMarked
package cn.fuzhi.sdk.spring;

import org.jspecify.annotations.NullMarked;
