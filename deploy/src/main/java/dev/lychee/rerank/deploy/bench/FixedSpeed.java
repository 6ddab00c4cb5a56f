package dev.lychee.rerank.deploy.bench;

import java.io.Serializable;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long a forward pass of a stand-in takes.
 *
 * @param passNanos of each pass, however many pairs it has
 * @param pairNanos of each pair in it, on top
 */
public record FixedSpeed(long passNanos, long pairNanos) implements Serializable {

    private static final Pattern TEXT = Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,6})?) ?(ms|/s)");

    public FixedSpeed {
        if (passNanos < 0 || pairNanos < 0 || passNanos + pairNanos == 0) {
            throw new IllegalArgumentException("A pass must take some time");
        }
    }

    /**
     * Reads {@code 5ms}, the time of a pass, or {@code 250/s}, pairs per second.
     *
     * @throws IllegalArgumentException if it is neither, or nothing
     */
    public static FixedSpeed parse(String text) {
        Matcher matcher = TEXT.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("\"%s\" is not a speed".formatted(text));
        }
        double value = Double.parseDouble(matcher.group(1));
        if (matcher.group(2).equals("ms")) {
            return new FixedSpeed(Math.round(value * 1e6), 0);
        }
        return ofRate(value);
    }

    /**
     * So many pairs per second, whatever the batches are.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public static FixedSpeed ofRate(double pairsPerSecond) {
        if (!(pairsPerSecond > 0)) {
            throw new IllegalArgumentException("A rate must be positive, not " + pairsPerSecond);
        }
        return new FixedSpeed(0, Math.round(1e9 / pairsPerSecond));
    }

    /** How long a pass takes, in nanoseconds. */
    long nanos(int pairs) {
        return passNanos + pairs * pairNanos;
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        return pairNanos == 0
                ? String.format(Locale.ROOT, "%sms", number(passNanos / 1e6))
                : String.format(Locale.ROOT, "%s/s", number(1e9 / pairNanos));
    }

    private static String number(double value) {
        return value == Math.rint(value)
                ? String.format(Locale.ROOT, "%.0f", value)
                : String.format(Locale.ROOT, "%.3f", value);
    }
}
