/**
 * The client and the outbox as beans of a Spring Boot program.
 *
 * <p>Set {@code fuzhi.base-url}, {@code fuzhi.key-id} and {@code fuzhi.secret-file}, and inject {@link
 * cn.fuzhi.sdk.outbox.Outbox}. {@code enqueue} joins the transaction of the calling thread. From a listener that is called after the
 * commit it is durable by itself; a {@code @Transactional} method that such a listener calls needs {@code REQUIRES_NEW}, because
 * otherwise Spring lets it take part in the transaction that has ended.
 */
@NullMarked
package cn.fuzhi.sdk.spring;

import org.jspecify.annotations.NullMarked;
