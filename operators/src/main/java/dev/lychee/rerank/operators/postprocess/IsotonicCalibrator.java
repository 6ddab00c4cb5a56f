package dev.lychee.rerank.operators.postprocess;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A monotone map from logit to probability: linear between knots, constant outside them.
 *
 * <p>Two knots of equal probability are a plateau: candidates on it tie, and ranking orders them by
 * logit.
 *
 * @see IsotonicFit
 */
public final class IsotonicCalibrator implements Calibrator {

    private final double[] logits;
    private final double[] probabilities;
    private final double @Nullable [] low;
    private final double @Nullable [] high;

    /** A map without a band. */
    public IsotonicCalibrator(double[] logits, double[] probabilities) {
        this(logits, probabilities, null, null);
    }

    /**
     * A map with a band.
     *
     * @param logits knots, finite and strictly ascending, at least one
     * @param probabilities at each knot, 0..1, never descending
     * @param low lower end of the 95 % band at each knot, 0..{@code probabilities}; null for no
     *     band
     * @param high upper end of the 95 % band at each knot, {@code probabilities}..1; null together
     *     with {@code low}
     * @throws IllegalArgumentException if any of this does not hold
     */
    public IsotonicCalibrator(
            double[] logits,
            double[] probabilities,
            double @Nullable [] low,
            double @Nullable [] high) {
        require(logits.length > 0, "at least one knot");
        require(logits.length == probabilities.length, "one probability per knot");
        require((low == null) == (high == null), "both ends of the band or none");
        require(low == null || low.length == logits.length, "one lower end per knot");
        require(high == null || high.length == logits.length, "one upper end per knot");
        for (int i = 0; i < logits.length; i++) {
            double probability = probabilities[i];
            require(Double.isFinite(logits[i]), "finite knots");
            require(i == 0 || logits[i] > logits[i - 1], "strictly ascending knots");
            require(probability >= 0 && probability <= 1, "probabilities in 0..1");
            require(
                    i == 0 || probability >= probabilities[i - 1],
                    "probabilities that never descend");
            require(
                    low == null || (low[i] >= 0 && low[i] <= probability),
                    "lower ends in 0..probability");
            require(
                    high == null || (high[i] >= probability && high[i] <= 1),
                    "upper ends in probability..1");
        }
        this.logits = logits.clone();
        this.probabilities = probabilities.clone();
        this.low = low == null ? null : low.clone();
        this.high = high == null ? null : high.clone();
    }

    @Override
    public String method() {
        return "isotonic";
    }

    /** The knots, ascending. */
    public double[] knotLogits() {
        return logits.clone();
    }

    /** The probability at each knot. */
    public double[] knotProbabilities() {
        return probabilities.clone();
    }

    @Override
    public CalibratedScores calibrate(double[] values, boolean[] usable) {
        ScoredPairs.requireSameLength(values.length, usable.length);
        double[] calibrated = new double[values.length];
        double[] calibratedLow = low == null ? null : new double[values.length];
        double[] calibratedHigh = high == null ? null : new double[values.length];
        for (int i = 0; i < values.length; i++) {
            if (!ScoredPairs.takesPart(values, usable, i)) {
                continue;
            }
            int right = rightKnot(values[i]);
            double share = shareOfRight(values[i], right);
            calibrated[i] = between(probabilities, right, share);
            if (low != null && calibratedLow != null) {
                calibratedLow[i] = Math.min(calibrated[i], between(low, right, share));
            }
            if (high != null && calibratedHigh != null) {
                calibratedHigh[i] = Math.max(calibrated[i], between(high, right, share));
            }
        }
        return new CalibratedScores(calibrated, calibratedLow, calibratedHigh);
    }

    /** The first knot that is not left of the value; the last knot for values right of all. */
    private int rightKnot(double value) {
        int found = Arrays.binarySearch(logits, value);
        int right = found >= 0 ? found : -found - 1;
        return Math.min(right, logits.length - 1);
    }

    private double shareOfRight(double value, int right) {
        if (right == 0 || value >= logits[right]) {
            return 1;
        }
        // Halved, so that knots at both ends of the number range do not overflow.
        double left = logits[right - 1] * 0.5;
        return (value * 0.5 - left) / (logits[right] * 0.5 - left);
    }

    private static double between(double[] ends, int right, double share) {
        if (right == 0 || share >= 1) {
            return ends[right];
        }
        return ends[right - 1] + share * (ends[right] - ends[right - 1]);
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new IllegalArgumentException("An isotonic map needs " + what);
        }
    }
}
