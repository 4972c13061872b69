package cn.fuzhi.sdk.mock;

import cn.fuzhi.sdk.model.Verdict;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Something that goes wrong, as a value: what happens, to which requests, and how often.
 *
 * <pre>{@code
 * mock.faults().add(Fault.status(503).header("Retry-After", "2").on("pushSchools").times(3));
 * mock.faults().add(Fault.resetMidway().forKey("LUEYANG01~L-0001").once());
 * mock.faults().add(Fault.status(504).afterApplying().probability(0.3, 42));
 * }</pre>
 *
 * <p>Without a limit a fault strikes every request until it is cleared. A fault strikes only requests of the contract, never the
 * control API. Immutable.
 */
public final class Fault {
    /** What happens. */
    enum Effect {
        ANSWER,
        LATENCY,
        DRIBBLE,
        RESET_BEFORE,
        RESET_MIDWAY,
        RESET_AFTER,
        TRUNCATED,
        HTML,
        EMPTY,
        SHUFFLED,
        MISSING,
        DUPLICATED,
        CONTRADICTORY,
        FOREIGN,
        VERDICT,
        QUOTA,
        MAINTENANCE
    }

    private static final Duration LONGEST = Duration.ofHours(1);
    private static final String LASTING = "lasting";

    private final Effect effect;
    private final Map<String, Object> details;
    private final boolean applied;
    private final Map<String, String> headers;
    private final Set<String> operations;
    private final Set<String> keys;
    private final int skipped;
    private final int times;
    private final double probability;
    private final long seed;

    private Fault(Effect effect, Map<String, Object> details, boolean applied) {
        this(effect, details, applied, Map.of(), Set.of(), Set.of(), 0, Integer.MAX_VALUE, 1, 0);
    }

    private Fault(
            Effect effect,
            Map<String, Object> details,
            boolean applied,
            Map<String, String> headers,
            Set<String> operations,
            Set<String> keys,
            int skipped,
            int times,
            double probability,
            long seed) {
        this.effect = effect;
        this.details = details;
        this.applied = applied;
        this.headers = headers;
        this.operations = operations;
        this.keys = keys;
        this.skipped = skipped;
        this.times = times;
        this.probability = probability;
        this.seed = seed;
    }

    /**
     * Answers a status with the usual problem of it: 401 {@code SIGNATURE_INVALID}, 403 {@code SCOPE_MISSING}, 409 {@code
     * STATE_CONFLICT}, 422 {@code VALIDATION_FAILED}; for another one use {@link #problem}. Nothing is applied unless {@link
     * #afterApplying()}.
     *
     * @param status a final HTTP status, 200 to 599
     * @return the fault
     */
    public static Fault status(int status) {
        requireStatus(status);
        return new Fault(Effect.ANSWER, Map.of("status", status), false);
    }

    /**
     * Answers an error of the catalogue; nothing is applied unless {@link #afterApplying()}.
     *
     * @param code code of the error catalogue, such as {@code RATE_LIMITED}
     * @return the fault
     */
    public static Fault problem(String code) {
        require(Catalogue.knows(code), "not in the error catalogue: " + code);
        return new Fault(Effect.ANSWER, Map.of("code", code), false);
    }

    /**
     * Answers a body as it is.
     *
     * @param status a final HTTP status, 200 to 599
     * @param contentType media type of the body
     * @param body the body
     * @return the fault
     */
    public static Fault answer(int status, String contentType, String body) {
        requireStatus(status);
        return new Fault(Effect.ANSWER, Map.of("status", status, "type", contentType, "body", body), false);
    }

    /**
     * Applies the request, and answers late.
     *
     * @param latency time before the first byte
     * @return the fault
     */
    public static Fault latency(Duration latency) {
        requireTime(latency);
        return new Fault(Effect.LATENCY, Map.of("duration", latency), true);
    }

    /**
     * Applies the request, and spreads the body of the answer over a time.
     *
     * @param duration from the first byte to the last
     * @return the fault
     */
    public static Fault dribble(Duration duration) {
        requireTime(duration);
        return new Fault(Effect.DRIBBLE, Map.of("duration", duration), true);
    }

    /**
     * Resets the connection instead of an answer; nothing is applied unless {@link #afterApplying()}.
     *
     * @return the fault
     */
    public static Fault resetBefore() {
        return new Fault(Effect.RESET_BEFORE, Map.of(), false);
    }

    /**
     * Applies the request, and breaks the connection in the middle of the answer.
     *
     * @return the fault
     */
    public static Fault resetMidway() {
        return new Fault(Effect.RESET_MIDWAY, Map.of(), true);
    }

    /**
     * Applies the request, answers, and breaks the connection where another request could have used it.
     *
     * @return the fault
     */
    public static Fault resetAfter() {
        return new Fault(Effect.RESET_AFTER, Map.of(), true);
    }

    /**
     * Applies the request, and answers only half of the JSON, complete as far as HTTP can tell.
     *
     * @return the fault
     */
    public static Fault truncated() {
        return new Fault(Effect.TRUNCATED, Map.of(), true);
    }

    /**
     * Answers 200 with the HTML page of a gateway; nothing is applied unless {@link #afterApplying()}.
     *
     * @return the fault
     */
    public static Fault html() {
        return new Fault(Effect.HTML, Map.of(), false);
    }

    /**
     * Applies the request, and answers 200 without a body.
     *
     * @return the fault
     */
    public static Fault emptyAnswer() {
        return new Fault(Effect.EMPTY, Map.of(), true);
    }

    /**
     * Applies a batch, and answers its results in another order.
     *
     * @return the fault
     */
    public static Fault shuffledResults() {
        return new Fault(Effect.SHUFFLED, Map.of(), true);
    }

    /**
     * Applies a batch, and leaves out one result: that of the key given by {@link #forKey}, else the first.
     *
     * @return the fault
     */
    public static Fault missingResult() {
        return new Fault(Effect.MISSING, Map.of(), true);
    }

    /**
     * Applies a batch, and gives one result twice.
     *
     * @return the fault
     */
    public static Fault duplicatedResult() {
        return new Fault(Effect.DUPLICATED, Map.of(), true);
    }

    /**
     * Applies a batch, and gives one result twice with different verdicts.
     *
     * @return the fault
     */
    public static Fault contradictoryResult() {
        return new Fault(Effect.CONTRADICTORY, Map.of(), true);
    }

    /**
     * Applies a batch, and adds a result for a key that was not sent.
     *
     * @return the fault
     */
    public static Fault foreignResult() {
        return new Fault(Effect.FOREIGN, Map.of(), true);
    }

    /**
     * Gives a verdict to items without applying them; usually with {@link #forKey}.
     *
     * @param verdict any verdict, also one that the contract does not know
     * @return the fault
     */
    public static Fault verdict(Verdict verdict) {
        return new Fault(Effect.VERDICT, Map.of("verdict", verdict.value()), true);
    }

    /**
     * Counts requests by the clock of the platform, and refuses those above a quota with 429 and {@code Retry-After}.
     *
     * @param requests requests in each window
     * @param window length of the window
     * @return the fault
     */
    public static Fault quota(int requests, Duration window) {
        require(requests >= 0, "a quota cannot be negative: " + requests);
        require(window.compareTo(Duration.ZERO) > 0, "a window of a quota must last: " + window);
        return new Fault(Effect.QUOTA, Map.of("requests", requests, "window", window), false);
    }

    /**
     * Refuses everything with 503 for a time, beginning when the fault is added, by the clock of the platform.
     *
     * @param duration length of the maintenance window
     * @return the fault
     */
    public static Fault maintenance(Duration duration) {
        require(!duration.isNegative(), "a time cannot be negative: " + duration);
        return new Fault(Effect.MAINTENANCE, Map.of("duration", duration), false);
    }

    private static void requireStatus(int status) {
        require(status >= 200 && status <= 599, "not a final HTTP status: " + status);
    }

    private static void requireTime(Duration time) {
        require(!time.isNegative() && time.compareTo(LONGEST) <= 0, "a time is between zero and an hour: " + time);
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }

    /**
     * Applies the request before the fault strikes: what happens when an answer is lost.
     *
     * @return the changed fault
     */
    public Fault afterApplying() {
        return new Fault(effect, details, true, headers, operations, keys, skipped, times, probability, seed);
    }

    /**
     * Adds a header to the answer that the fault gives itself; an answer of the platform that it only spoils keeps its own.
     *
     * @param name name of the header
     * @param value value of the header
     * @return the changed fault
     */
    public Fault header(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Fault(
                effect, details, applied, Map.copyOf(more), operations, keys, skipped, times, probability, seed);
    }

    /**
     * Limits the fault to operations.
     *
     * @param operationIds ids of the contract, such as {@code pushSchools}
     * @return the changed fault
     */
    public Fault on(String... operationIds) {
        for (String id : operationIds) {
            require(Contract.bundled().hasOperation(id), "the contract has no operation " + id);
        }
        return new Fault(
                effect, details, applied, headers, Set.of(operationIds), keys, skipped, times, probability, seed);
    }

    /**
     * Limits the fault to requests about one of some natural keys: a batch that holds it, or a query of it.
     *
     * @param naturalKeys the keys
     * @return the changed fault
     */
    public Fault forKey(String... naturalKeys) {
        return new Fault(
                effect, details, applied, headers, operations, Set.of(naturalKeys), skipped, times, probability, seed);
    }

    /**
     * Lets requests pass before the fault begins to strike.
     *
     * @param count how many
     * @return the changed fault
     */
    public Fault afterFirst(int count) {
        require(count >= 0, "a count cannot be negative: " + count);
        return new Fault(effect, details, applied, headers, operations, keys, count, times, probability, seed);
    }

    /**
     * Limits how often the fault strikes.
     *
     * @param count how often
     * @return the changed fault
     */
    public Fault times(int count) {
        require(count >= 0, "a count cannot be negative: " + count);
        return new Fault(effect, details, applied, headers, operations, keys, skipped, count, probability, seed);
    }

    /**
     * Ends the fault so long after it has struck first, by the clock of the platform: an outage, which does not end sooner for those who
     * ask more often.
     *
     * @param time how long it lasts
     * @return the changed fault
     */
    public Fault lasting(Duration time) {
        require(!time.isNegative(), "a time cannot be negative: " + time);
        Map<String, Object> more = new LinkedHashMap<>(details);
        more.put(LASTING, time);
        return new Fault(
                effect, Map.copyOf(more), applied, headers, operations, keys, skipped, times, probability, seed);
    }

    /**
     * Lets the fault strike once.
     *
     * @return the changed fault
     */
    public Fault once() {
        return times(1);
    }

    /**
     * Lets chance decide, the same in every run with the same seed.
     *
     * @param share between 0 and 1
     * @param randomSeed seed of the chance
     * @return the changed fault
     */
    public Fault probability(double share, long randomSeed) {
        require(share >= 0 && share <= 1, "a probability is between 0 and 1: " + share);
        return new Fault(effect, details, applied, headers, operations, keys, skipped, times, share, randomSeed);
    }

    Effect effect() {
        return effect;
    }

    boolean applied() {
        return applied;
    }

    Map<String, String> headers() {
        return headers;
    }

    Set<String> operations() {
        return operations;
    }

    Set<String> keys() {
        return keys;
    }

    int skipped() {
        return skipped;
    }

    int times() {
        return times;
    }

    double probability() {
        return probability;
    }

    long seed() {
        return seed;
    }

    int number(String name, int otherwise) {
        return details.get(name) instanceof Integer value ? value : otherwise;
    }

    @Nullable
    String text(String name) {
        return details.get(name) instanceof String value ? value : null;
    }

    /** How long the fault goes on after it has struck first, or null when only its count ends it. */
    @Nullable
    Duration lasting() {
        return details.get(LASTING) instanceof Duration time ? time : null;
    }

    Duration duration(String name) {
        return details.get(name) instanceof Duration value ? value : Duration.ZERO;
    }

    @Override
    public String toString() {
        List<String> parts = new java.util.ArrayList<>(List.of(effect.name()));
        details.forEach((name, value) -> parts.add(name + "=" + value));
        if (applied) {
            parts.add("applied");
        }
        if (!operations.isEmpty()) {
            parts.add("on=" + operations);
        }
        if (!keys.isEmpty()) {
            parts.add("keys=" + keys);
        }
        return String.join(" ", parts);
    }
}
