package cn.fuzhi.sdk.spring;

import cn.fuzhi.sdk.mock.MockPlatform;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** The host, started as a vendor starts it, on a free port. */
final class RunningCounty implements AutoCloseable {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final ConfigurableApplicationContext context;

    RunningCounty(List<Class<?>> sources, List<String> properties) {
        List<String> arguments = new ArrayList<>(List.of(
                "--server.port=0",
                "--spring.main.banner-mode=off",
                "--spring.jmx.enabled=false",
                "--management.endpoints.web.exposure.include=*",
                "--management.endpoint.health.show-details=always",
                "--fuzhi.outbox.start-jitter=0s"));
        properties.forEach(property -> arguments.add("--" + property));
        context = new SpringApplicationBuilder(sources.toArray(Class<?>[]::new)).run(arguments.toArray(String[]::new));
    }

    static RunningCounty start(MockPlatform mock, EmbeddedPostgres database, String... more) {
        List<String> properties = new ArrayList<>(platform(mock));
        properties.add("spring.datasource.url=" + database.getJdbcUrl("postgres", "postgres"));
        properties.addAll(List.of(more));
        return new RunningCounty(List.of(CountyApplication.class), properties);
    }

    static List<String> platform(MockPlatform mock) {
        return List.of(
                "fuzhi.base-url=" + mock.baseUrl(),
                "fuzhi.key-id=" + mock.keyId(),
                "fuzhi.secret=" + new String(mock.secret(), StandardCharsets.UTF_8));
    }

    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    ConfigurableApplicationContext context() {
        return context;
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return HTTP.send(HttpRequest.newBuilder(address(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    CompletableFuture<HttpResponse<String>> post(String path, String code, String name) {
        String form = "code=" + code + "&name=" + URLEncoder.encode(name, StandardCharsets.UTF_8);
        HttpRequest request = HttpRequest.newBuilder(address(path))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form))
                .build();
        return HTTP.sendAsync(request, HttpResponse.BodyHandlers.ofString());
    }

    /** Whether a new connection is accepted. */
    boolean isListening() {
        URI address = address("/");
        try (Socket socket = new Socket(address.getHost(), address.getPort())) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private URI address(String path) {
        return URI.create(
                "http://localhost:" + context.getEnvironment().getRequiredProperty("local.server.port") + path);
    }

    @Override
    public void close() {
        context.close();
    }
}
