package cn.fuzhi.sdk;

import java.time.Duration;
import java.time.Instant;

/**
 * What the client tells a listener about its own work. No event carries a payload, a key of a record or a secret.
 *
 * <p>Events are delivered in order by one thread of the client. A listener that throws or blocks delays other events only: up to
 * 1,000 wait, more are dropped, and calls never wait for a listener.
 */
public sealed interface ClientEvent {
    /**
     * An attempt has ended.
     *
     * @param group group of the operation: {@code read}, {@code push} or {@code files}
     * @param number number of the attempt of its call, from 1
     * @param status HTTP status, 0 without an answer
     * @param elapsed time from the start to the end of the attempt
     */
    record Attempt(String group, int number, int status, Duration elapsed) implements ClientEvent {}

    /**
     * A call will be repeated.
     *
     * @param group group of the operation
     * @param failed number of the attempt that failed
     * @param status HTTP status, 0 without an answer
     * @param delay time until the next attempt
     */
    record Retry(String group, int failed, int status, Duration delay) implements ClientEvent {}

    /**
     * A circuit breaker has changed.
     *
     * @param group group of the operations that it guards
     * @param from state before, such as {@code CLOSED}
     * @param to state now: {@code CLOSED}, {@code OPEN} or {@code HALF_OPEN}
     */
    record BreakerChange(String group, String from, String to) implements ClientEvent {}

    /**
     * The platform asked to slow down.
     *
     * @param group group of the operation
     * @param delay what it asked for, zero when it said nothing
     * @param ratePerSecond the rate that the client keeps from now on, zero when it is switched off
     */
    record Throttled(String group, Duration delay, double ratePerSecond) implements ClientEvent {}

    /**
     * The certificate of this client ends within 30 days, or has ended; told once a day at most, when a connection is made.
     *
     * @param at end of its validity
     */
    record CertificateEnds(Instant at) implements ClientEvent {}
}
