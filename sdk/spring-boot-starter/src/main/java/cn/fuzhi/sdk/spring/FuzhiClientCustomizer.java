package cn.fuzhi.sdk.spring;

import cn.fuzhi.sdk.FuzhiClient;

/**
 * Sets what has no property (trust store, proxy, client certificate, retries) while the client stays a bean of the starter. Beans of this type are called in their
 * order, after the properties have been applied. A listener that is set here takes the place of the metrics; to hear as well, define a
 * bean of type {@code Consumer<ClientEvent>} instead.
 */
@FunctionalInterface
public interface FuzhiClientCustomizer {
    /**
     * Changes the client before it is built.
     *
     * @param client the builder, with the properties applied; do not call {@code build()}
     */
    void customize(FuzhiClient.Builder client);
}
