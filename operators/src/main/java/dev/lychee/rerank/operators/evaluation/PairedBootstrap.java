package dev.lychee.rerank.operators.evaluation;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Whether one ranking is better than another on the same queries: the mean difference of a metric
 * and its 95 % interval.
 *
 * <p>Queries are resampled with replacement, each with both its values; the interval is the 2.5 %
 * to 97.5 % quantile of the resampled means (percentile bootstrap; Efron and Tibshirani, "An
 * Introduction to the Bootstrap", 1993, chapter 13). With fewer than about 20 queries it is too
 * narrow.
 */
public final class PairedBootstrap {

    /** Enough for the interval's second digit. */
    public static final int DEFAULT_RESAMPLES = 10_000;

    private static final double TAIL = 0.025;

    private PairedBootstrap() {}

    /**
     * What changed from {@code before} to {@code after}.
     *
     * @param mean mean of {@code after - before}
     * @param low lower end of the 95 % interval
     * @param high upper end of the 95 % interval
     * @param relativeGain {@code mean} divided by the mean of {@code before}; null if that is 0
     * @param queries pairs that took part
     */
    public record Difference(
            double mean, double low, double high, @Nullable Double relativeGain, int queries) {

        /** Whether the interval leaves out 0. */
        public boolean significant() {
            return low > 0 || high < 0;
        }
    }

    /**
     * Compares two runs over the same queries.
     *
     * @param before metric per query, magnitudes up to 1e100
     * @param after metric per query, in the same order
     * @param resamples number of resamples, at least 1
     * @param seed equal seeds give equal intervals
     * @return null if no pair of finite values is left
     */
    public static @Nullable Difference compare(
            double[] before, double[] after, int resamples, long seed) {
        if (before.length != after.length) {
            throw new IllegalArgumentException(
                    "Both runs need the same queries, got "
                            + before.length
                            + " and "
                            + after.length);
        }
        if (resamples < 1) {
            throw new IllegalArgumentException("Resamples must be 1 or more, got " + resamples);
        }
        double[] differences = new double[before.length];
        int queries = 0;
        double sumBefore = 0;
        for (int i = 0; i < before.length; i++) {
            if (isUsable(before[i]) && isUsable(after[i])) {
                differences[queries++] = after[i] - before[i];
                sumBefore += before[i];
            }
        }
        if (queries == 0) {
            return null;
        }
        double sum = 0;
        for (int i = 0; i < queries; i++) {
            sum += differences[i];
        }
        double[] means = resampledMeans(differences, queries, resamples, seed);
        double gain = sum / sumBefore;
        return new Difference(
                sum / queries,
                quantile(means, TAIL),
                quantile(means, 1 - TAIL),
                Double.isFinite(gain) ? (Double) gain : null,
                queries);
    }

    private static double[] resampledMeans(
            double[] differences, int queries, int resamples, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] means = new double[resamples];
        for (int resample = 0; resample < resamples; resample++) {
            double sum = 0;
            for (int draw = 0; draw < queries; draw++) {
                sum += differences[random.nextInt(queries)];
            }
            means[resample] = sum / queries;
        }
        Arrays.sort(means);
        return means;
    }

    /** Linear between order statistics, as numpy's default. */
    private static double quantile(double[] ascending, double share) {
        double position = share * (ascending.length - 1);
        int below = (int) position;
        int above = Math.min(below + 1, ascending.length - 1);
        return ascending[below] + (position - below) * (ascending[above] - ascending[below]);
    }

    private static boolean isUsable(double value) {
        return Math.abs(value) <= 1e100;
    }
}
