package cn.fuzhi.sdk.spring;

import cn.fuzhi.sdk.FuzhiClient;
import cn.fuzhi.sdk.outbox.Outbox;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The health in the types of Spring Boot 4. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass({ConditionalOnEnabledHealthIndicator.class, HealthIndicator.class})
final class SpringBoot4Health {
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
