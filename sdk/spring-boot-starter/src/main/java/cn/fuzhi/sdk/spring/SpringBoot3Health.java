package cn.fuzhi.sdk.spring;

import cn.fuzhi.sdk.FuzhiClient;
import cn.fuzhi.sdk.outbox.Outbox;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.health.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The health in the types of Spring Boot 3. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass({ConditionalOnEnabledHealthIndicator.class, HealthIndicator.class})
final class SpringBoot3Health {
    @Bean
    @ConditionalOnMissingBean(name = "fuzhiHealthIndicator")
    @ConditionalOnEnabledHealthIndicator("fuzhi")
    HealthIndicator fuzhiHealthIndicator(FuzhiClient client, ObjectProvider<Outbox> outbox) {
        FuzhiHealth health = FuzhiHealth.of(client, outbox);
        return () -> {
            FuzhiHealth.Report report = health.report();
            return Health.status(report.status()).withDetails(report.details()).build();
        };
    }
}
