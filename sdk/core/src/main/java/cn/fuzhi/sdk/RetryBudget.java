package cn.fuzhi.sdk;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Keeps retries from multiplying an outage: each retry costs tokens, each call that succeeds at once earns one.
 *
 * <p>500 tokens allow 35 transient or 100 throttled retries in a burst, then one for 14 (5) successes. Shared by all threads.
 */
final class RetryBudget {
    private static final int CAPACITY = 500;
    private static final int TRANSIENT = 14;
    private static final int THROTTLED = 5;

    private final AtomicInteger tokens = new AtomicInteger(CAPACITY);

    /** Takes the price of one retry, or nothing when there is not enough; nothing is ever given back. */
    boolean take(boolean throttled) {
        int price = throttled ? THROTTLED : TRANSIENT;
        int before = tokens.getAndUpdate(held -> held >= price ? held - price : held);
        return before >= price;
    }

    /** Earns a token for a call whose first attempt succeeded. */
    void earn() {
        if (tokens.get() < CAPACITY) {
            tokens.updateAndGet(held -> Math.min(CAPACITY, held + 1));
        }
    }
}
