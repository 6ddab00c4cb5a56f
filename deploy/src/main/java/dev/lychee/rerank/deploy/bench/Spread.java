package dev.lychee.rerank.deploy.bench;

import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;

/**
 * What was measured several times.
 *
 * @param median the middle value, or the mean of the two in the middle
 * @param min the least value
 * @param max the greatest value
 */
public record Spread(double median, double min, double max) {

    /** The spread of at least one value. */
    public static Spread of(Collection<Double> values) {
        double[] sorted = sorted(values);
        int middle = sorted.length / 2;
        double median =
                sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(median, sorted[0], sorted[sorted.length - 1]);
    }

    /**
     * The nearest-rank percentile of at least one value.
     *
     * @param share 0..1, such as 0.95
     */
    static double percentile(Collection<Double> values, double share) {
        double[] sorted = sorted(values);
        int rank = (int) Math.ceil(share * sorted.length);
        return sorted[Math.max(0, Math.min(sorted.length, rank) - 1)];
    }

    private static double[] sorted(Collection<Double> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("A spread needs at least one value");
        }
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        return sorted;
    }

    /** {@code 1,234 (1,100-1,300)} with a format for each number. */
    String text(String format) {
        return String.format(
                Locale.ROOT, format + " (" + format + "-" + format + ")", median, min, max);
    }
}
