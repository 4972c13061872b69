package cn.fuzhi.examples.spring;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The platform of a county; what it needs for reporting is in {@code application.properties}. */
@SpringBootApplication(proxyBeanMethods = false)
public final class CountyPlatform {
    private CountyPlatform() {}

    /**
     * Starts the program.
     *
     * @param arguments properties, such as {@code --fuzhi.base-url=…}
     */
    public static void main(String[] arguments) {
        SpringApplication.run(CountyPlatform.class, arguments);
    }
}
