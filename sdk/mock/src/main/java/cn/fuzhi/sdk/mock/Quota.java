package cn.fuzhi.sdk.mock;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** Requests per second and key id, counted in whole seconds of the machine's clock: a stopped clock would never let anybody in again. Thread-safe. */
final class Quota {
    private final MockClock clock;
    private final int perSecond;
    private final Map<String, Window> windows = new HashMap<>();

    private record Window(long second, int requests) {}

    Quota(MockClock clock, int perSecond) {
        this.clock = clock;
        this.perSecond = perSecond;
    }

    /** Counts a request, or refuses it. */
    synchronized void take(String keyId) {
        Instant now = clock.machineInstant();
        Window window = windows.get(keyId);
        int before = window != null && window.second() == now.getEpochSecond() ? window.requests() : 0;
        if (before >= perSecond) {
            throw Problem.of("RATE_LIMITED").header("Retry-After", "1").header("RateLimit", "\"key\";r=0;t=1");
        }
        windows.put(keyId, new Window(now.getEpochSecond(), before + 1));
    }
}
