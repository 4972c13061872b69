package cn.fuzhi.sdk.mock;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.LocalDate;
import java.time.OffsetDateTime;

/** Days, instants and spans in records that have passed their schema. */
final class Times {
    private Times() {}

    static LocalDate day(JsonNode record, String field) {
        return LocalDate.parse(record.get(field).asText());
    }

    static OffsetDateTime instant(JsonNode record, String field) {
        return OffsetDateTime.parse(record.get(field).asText());
    }

    /** True when two spans [start, end) share time; touching is none. */
    static boolean overlap(JsonNode one, JsonNode other, String start, String end) {
        return instant(one, start).isBefore(instant(other, end))
                && instant(other, start).isBefore(instant(one, end));
    }

    /** True when two spans of days share a day, both ends included. */
    static boolean daysOverlap(JsonNode one, JsonNode other, String start, String end) {
        return !day(one, start).isAfter(day(other, end)) && !day(other, start).isAfter(day(one, end));
    }

    static Duration distance(JsonNode one, JsonNode other, String field) {
        return Duration.between(instant(one, field), instant(other, field)).abs();
    }
}
