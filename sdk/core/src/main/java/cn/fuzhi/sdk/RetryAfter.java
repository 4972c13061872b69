package cn.fuzhi.sdk;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import okhttp3.Headers;
import org.jspecify.annotations.Nullable;

/** Reads {@code Retry-After} in both forms (RFC 9110 §10.2.3); what cannot be read counts as absent. */
final class RetryAfter {
    private static final String DATE = "Date";
    private static final Pattern SECONDS = Pattern.compile("[+-]?\\d{1,100}");
    private static final BigInteger MOST = BigInteger.valueOf(RetryPolicy.LONGEST_RETRY_AFTER.toSeconds());

    private RetryAfter() {}

    /**
     * Returns the longest wait of the given values, within 0 and 24 hours.
     *
     * @param values the values of the header, mostly none or one
     * @param date the {@code Date} of the same answer: a date is relative to it, whatever our clock says
     * @return the wait, or null when no value can be read
     */
    static @Nullable Duration of(List<String> values, Instant date) {
        Duration longest = null;
        for (String value : values) {
            Duration wait = of(value.strip(), date);
            if (wait != null && (longest == null || wait.compareTo(longest) > 0)) {
                longest = wait;
            }
        }
        return longest;
    }

    private static @Nullable Duration of(String value, Instant date) {
        if (SECONDS.matcher(value).matches()) {
            return Duration.ofSeconds(
                    new BigInteger(value).max(BigInteger.ZERO).min(MOST).longValue());
        }
        Instant until = date(value);
        return until == null ? null : clamp(Duration.between(date, until));
    }

    /** Reads an HTTP date in any of its three forms (RFC 9110 §5.6.7), or returns null. */
    static @Nullable Instant date(String value) {
        return new Headers.Builder().addUnsafeNonAscii(DATE, value).build().getInstant(DATE);
    }

    private static Duration clamp(Duration wait) {
        if (wait.isNegative()) {
            return Duration.ZERO;
        }
        return wait.compareTo(RetryPolicy.LONGEST_RETRY_AFTER) > 0 ? RetryPolicy.LONGEST_RETRY_AFTER : wait;
    }
}
