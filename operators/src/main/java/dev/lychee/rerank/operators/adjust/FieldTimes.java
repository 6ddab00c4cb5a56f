package dev.lychee.rerank.operators.adjust;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/** Reads times that stand in a candidate's fields. */
public final class FieldTimes {

    /** What {@link #epochMillis} gives for a text that is no time. */
    public static final long NONE = Long.MIN_VALUE;

    private static final double MILLIS_PER_DAY = 86_400_000.0;
    private static final int DATE_LENGTH = "2026-01-01".length();

    private FieldTimes() {}

    /**
     * Reads a date, or a date and time, in ISO 8601. A date is its first moment; without an offset
     * both are in UTC.
     *
     * @return milliseconds since 1970, or {@link #NONE}
     */
    public static long epochMillis(String text) {
        try {
            if (text.length() == DATE_LENGTH && text.charAt(4) == '-' && text.charAt(7) == '-') {
                return LocalDate.of(digits(text, 0, 4), digits(text, 5, 7), digits(text, 8, 10))
                                .toEpochDay()
                        * (long) MILLIS_PER_DAY;
            }
            boolean hasOffset =
                    text.endsWith("Z")
                            || text.lastIndexOf('+') > DATE_LENGTH
                            || text.lastIndexOf('-') > DATE_LENGTH;
            return hasOffset
                    ? OffsetDateTime.parse(text).toInstant().toEpochMilli()
                    : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC).toEpochMilli();
        } catch (DateTimeException | ArithmeticException e) {
            return NONE;
        }
    }

    /** Days from one time to another, with fractions; negative if {@code to} is the earlier one. */
    public static double days(long fromMillis, long toMillis) {
        return (toMillis - fromMillis) / MILLIS_PER_DAY;
    }

    private static int digits(String text, int from, int to) {
        int value = 0;
        for (int i = from; i < to; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                throw new DateTimeException("not a digit");
            }
            value = 10 * value + digit;
        }
        return value;
    }
}
