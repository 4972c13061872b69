package cn.fuzhi.sdk.spring;

import cn.fuzhi.sdk.ClientEvent;
import cn.fuzhi.sdk.Credentials;
import cn.fuzhi.sdk.FuzhiClient;
import cn.fuzhi.sdk.outbox.Outbox;
import cn.fuzhi.sdk.outbox.OutboxListener;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.util.ClassUtils;

/**
 * Makes a {@link FuzhiClient} and an {@link Outbox} from {@link FuzhiProperties}; a bean of the host's own takes the place of each.
 *
 * <p>Beans of these types are used when they exist: {@link Credentials} instead of key id and secret, {@link OutboxListener}, and
 * any number of {@code Consumer<ClientEvent>}. What has no property is set by {@link FuzhiClientCustomizer} and {@link
 * OutboxCustomizer}, which keep everything else: the host's transactions, metrics, health and an orderly stop.
 */
@AutoConfiguration(
        afterName = {
            // Where Spring Boot 3 and Spring Boot 4 make the host's DataSource.
            "org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration",
            "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration"
        })
@EnableConfigurationProperties(FuzhiProperties.class)
@Import({SpringBoot3Health.class, SpringBoot4Health.class})
public final class FuzhiAutoConfiguration {
    private static final String SPRING_JDBC = "org.springframework.jdbc.datasource.ConnectionHolder";

    /** Made by Spring. */
    public FuzhiAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean
    FuzhiClient fuzhiClient(
            FuzhiProperties properties,
            ObjectProvider<Credentials> credentials,
            ObjectProvider<Consumer<ClientEvent>> listeners,
            ObjectProvider<FuzhiClientCustomizer> customizers) {
        Credentials own = credentials.getIfAvailable();
        FuzhiClient.Builder client = FuzhiClient.builder()
                .baseUrl(properties.requiredBaseUrl(own != null))
                .credentials(own != null ? own : properties.credentials())
                .callTimeout(properties.callTimeout())
                .rateLimit(properties.rateLimit());
        if (properties.authority() != null) {
            client.authority(properties.authority());
        }
        List<Consumer<ClientEvent>> all = listeners.orderedStream().toList();
        client.listener(event -> all.forEach(listener -> listener.accept(event)));
        customizers.orderedStream().forEach(customizer -> customizer.customize(client));
        return client.build();
    }

    /**
     * Spring closes it after the web server has finished its requests, after the beans that use it, and before the client and the
     * host's pool.
     */
    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnProperty(name = "fuzhi.outbox.enabled", matchIfMissing = true)
    Outbox fuzhiOutbox(
            FuzhiClient client,
            FuzhiProperties properties,
            ObjectProvider<DataSource> dataSource,
            ObjectProvider<OutboxListener> listener,
            ObjectProvider<OutboxCustomizer> customizers) {
        FuzhiProperties.Outbox settings = properties.outbox();
        Outbox.Builder outbox = Outbox.builder()
                .client(client)
                .name(settings.name())
                .tablePrefix(settings.tablePrefix())
                .createTables(settings.createTables())
                .deliver(settings.deliver())
                .startJitter(settings.startJitter());
        listener.ifAvailable(outbox::listener);
        if (settings.file() != null) {
            outbox.file(settings.file());
        } else {
            keepIn(dataSource.getIfUnique(), outbox);
        }
        customizers.orderedStream().forEach(customizer -> customizer.customize(outbox));
        return outbox.build();
    }

    private static void keepIn(@Nullable DataSource host, Outbox.Builder outbox) {
        if (host == null) {
            throw new IllegalStateException("没有唯一的 DataSource：请设置 fuzhi.outbox.file，或将其中一个 DataSource 标为 @Primary，"
                    + "或设置 fuzhi.outbox.enabled=false / there is no single DataSource: set fuzhi.outbox.file, or mark a DataSource"
                    + " @Primary, or set fuzhi.outbox.enabled=false");
        }
        if (ClassUtils.isPresent(SPRING_JDBC, FuzhiAutoConfiguration.class.getClassLoader())) {
            SpringTransaction.join(outbox, host);
        } else {
            outbox.dataSource(host);
        }
    }

    /** Metrics, where the host has Micrometer. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(MeterBinder.class)
    static final class Metrics {
        @Bean
        ClientMeters fuzhiClientMeters() {
            return new ClientMeters();
        }

        /** Spring registers this bean before the outbox, so that no condition can look for it. */
        @Bean
        MeterBinder fuzhiOutboxMeters(ObjectProvider<Outbox> outbox) {
            Outbox known = outbox.getIfAvailable();
            return known == null ? registry -> {} : new OutboxMeters(known::status, System::nanoTime);
        }
    }
}
