package dev.lychee.rerank.operators.clicks;

import java.util.Arrays;

/**
 * How well probabilities agree with debiased labels, as sums: those of several epochs add up.
 *
 * @param looks how many looks it is measured on
 * @param squares sum of squared distances of probability and relevance
 * @param distances by bin of equal width over the probability, the sum of {@code probability -
 *     relevance}
 */
@SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
public record MapQuality(double looks, double squares, double[] distances) {

    private static final int BINS = 15;

    /** Nothing measured. */
    public static final MapQuality NONE = new MapQuality(0, 0, new double[BINS]);

    /**
     * Measures probabilities of bins. Relevance is 0 or 1, so its square is itself, and the square
     * of the distance needs its mean only: {@code p^2 - 2 p y + y}.
     *
     * @param probabilities one per bin, 0..1
     */
    public static MapQuality of(DebiasedBins bins, double[] probabilities) {
        double[] distances = new double[BINS];
        double squares = 0;
        double looks = 0;
        for (int i = 0; i < probabilities.length; i++) {
            double p = probabilities[i];
            double y = bins.labels()[i];
            double weight = bins.weights()[i];
            int bin = (int) Math.max(0, Math.min(BINS - 1, Math.ceil(p * BINS) - 1));
            distances[bin] += weight * (p - y);
            squares += weight * (p * p - 2 * p * y + y);
            looks += weight;
        }
        return new MapQuality(looks, squares, distances);
    }

    /** Both together. */
    public MapQuality plus(MapQuality other) {
        double[] sum = distances.clone();
        for (int i = 0; i < sum.length; i++) {
            sum[i] += other.distances[i];
        }
        return new MapQuality(looks + other.looks, squares + other.squares, sum);
    }

    /** The same, worth less: {@code factor} is 0..1. */
    public MapQuality times(double factor) {
        return new MapQuality(
                looks * factor,
                squares * factor,
                Arrays.stream(distances).map(each -> each * factor).toArray());
    }

    /** Expected calibration error, lower is better; NaN when nothing was measured. */
    public double calibrationError() {
        return Arrays.stream(distances).map(Math::abs).sum() / looks;
    }

    /** Brier score, lower is better; NaN when nothing was measured. */
    public double brierScore() {
        return squares / looks;
    }

    /**
     * Whether the Brier score is lower here, and the calibration error not higher by more than the
     * standard error of a share of so many looks: on few of them it is mostly chance.
     */
    public boolean isBetterThan(MapQuality other) {
        return brierScore() < other.brierScore()
                && calibrationError() <= other.calibrationError() + 0.5 / Math.sqrt(looks);
    }
}
