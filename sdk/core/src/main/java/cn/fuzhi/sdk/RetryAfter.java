package cn.fuzhi.sdk;

import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads {@code Retry-After} in both forms (RFC 9110 §10.2.3); what cannot be read counts as absent. */
final class RetryAfter {
    private static final Pattern SECONDS = Pattern.compile("[+-]?\\d{1,100}");
    /** The three forms of RFC 9110 §5.6.7; two digits are a year up to fifty years ahead. A zone by name could be anybody's. */
    private static final List<DateTimeFormatter> FORMS = List.of(
            DateTimeFormatter.RFC_1123_DATE_TIME,
            new DateTimeFormatterBuilder()
                    .appendPattern("EEEE, dd-MMM-")
                    .appendValueReduced(ChronoField.YEAR, 2, 2, 1976)
                    .appendPattern(" HH:mm:ss 'GMT'")
                    .toFormatter(Locale.US)
                    .withZone(ZoneOffset.UTC),
            DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss uuuu", Locale.US).withZone(ZoneOffset.UTC));

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

    /** Reads an HTTP date in any of its forms, or returns null. */
    static @Nullable Instant date(String value) {
        for (DateTimeFormatter form : FORMS) {
            try {
                return form.parse(value, Instant::from);
            } catch (DateTimeException e) {
                // Another form, or none.
            }
        }
        return null;
    }

    private static Duration clamp(Duration wait) {
        if (wait.isNegative()) {
            return Duration.ZERO;
        }
        return wait.compareTo(RetryPolicy.LONGEST_RETRY_AFTER) > 0 ? RetryPolicy.LONGEST_RETRY_AFTER : wait;
    }
}
