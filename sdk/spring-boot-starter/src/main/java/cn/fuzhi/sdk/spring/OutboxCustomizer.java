package cn.fuzhi.sdk.spring;

import cn.fuzhi.sdk.outbox.Outbox;

/**
 * Sets what has no property (limits, retention, lease, batches) while the outbox stays a bean of the starter. Beans of this type are called in their
 * order, after the properties have been applied.
 */
@FunctionalInterface
public interface OutboxCustomizer {
    /**
     * Changes the outbox before it is built.
     *
     * @param outbox the builder, with the properties applied; do not call {@code build()}
     */
    void customize(Outbox.Builder outbox);
}
