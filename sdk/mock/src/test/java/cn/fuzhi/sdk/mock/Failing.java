package cn.fuzhi.sdk.mock;

import java.time.Clock;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/** A gateway to an operation that fails as a mistake in the mock would. */
final class Failing {
    static final Journal JOURNAL = new Journal(10);

    private Failing() {}

    static Gateway gateway() {
        MockClock clock = new MockClock(Clock.systemUTC());
        Registry registry = new Registry();
        registry.add(MockPlatform.builder().caller(new Divisions()));
        Gateway.Parts parts = new Gateway.Parts(
                Contract.bundled(),
                new Catalogue(),
                registry,
                new SignatureCheck(clock, null),
                new Idempotency(clock),
                new Quota(clock, 10),
                new Faults(clock),
                JOURNAL,
                clock,
                true,
                new ReentrantLock());
        return new Gateway(parts, Map.of("getServerTime", request -> {
            throw new IllegalStateException("a personal value");
        }));
    }

    static Call call() {
        Call.Wire wire = new Call.Wire(0, "", "", "", "");
        return new Call("GET", "http", "/v1/time", null, Map.of(), new byte[0], wire, "127.0.0.1");
    }
}
