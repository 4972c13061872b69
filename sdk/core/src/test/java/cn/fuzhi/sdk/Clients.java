package cn.fuzhi.sdk;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Executor;

/** Clients for tests: no rate limit, waits that take no time. */
final class Clients {
    /** A thread for each task. The common pool has a single one on two cores, and tasks that wait for each other stand still. */
    static final Executor THREADS = task -> {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        thread.start();
    };

    static final String KEY_ID = "test-key";
    static final byte[] SECRET = "a secret that nobody may see".getBytes(StandardCharsets.UTF_8);

    private Clients() {}

    static FuzhiClient.Builder of(String url) {
        return of(url, new FakePorts());
    }

    static FuzhiClient.Builder of(String url, Ports ports) {
        return FuzhiClient.builder()
                .baseUrl(url)
                .credentials(Credentials.hmacSha256(KEY_ID, SECRET::clone))
                .rateLimit(0)
                .callTimeout(Duration.ofSeconds(30))
                .ports(ports);
    }
}
