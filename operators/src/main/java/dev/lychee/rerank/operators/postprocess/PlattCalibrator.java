package dev.lychee.rerank.operators.postprocess;

import org.jspecify.annotations.Nullable;

/**
 * {@code sigmoid(slope * logit + intercept)}.
 *
 * <p>Platt, "Probabilistic Outputs for Support Vector Machines", 1999, with the sign of its A and B
 * turned. The band is the Wald interval of the line at each logit, through the sigmoid.
 *
 * @see PlattFit
 */
public final class PlattCalibrator implements Calibrator {

    private final double slope;
    private final double intercept;
    private final double @Nullable [] covariance;

    /** A calibrator without a band. */
    public PlattCalibrator(double slope, double intercept) {
        this(slope, intercept, null);
    }

    /**
     * A calibrator with fitted numbers.
     *
     * @param slope above 0: a negative slope would reverse the ranking, zero would end it
     * @param intercept any finite number
     * @param covariance variance of the slope, covariance of both, variance of the intercept;
     *     variances 0 or more; null for no band
     */
    public PlattCalibrator(double slope, double intercept, double @Nullable [] covariance) {
        if (!(slope > 0) || Double.isInfinite(slope) || !Double.isFinite(intercept)) {
            throw new IllegalArgumentException(
                    "Platt calibration needs a positive slope and a finite intercept, got "
                            + slope
                            + " and "
                            + intercept);
        }
        if (covariance != null
                && !(covariance.length == 3
                        && covariance[0] >= 0
                        && covariance[2] >= 0
                        && Double.isFinite(covariance[0] + covariance[1] + covariance[2]))) {
            throw new IllegalArgumentException(
                    "A covariance is a variance, a covariance and a variance, all finite");
        }
        this.slope = slope;
        this.intercept = intercept;
        this.covariance = covariance == null ? null : covariance.clone();
    }

    @Override
    public String method() {
        return "platt";
    }

    @Override
    public CalibratedScores calibrate(double[] logits, boolean[] usable) {
        ScoredPairs.requireSameLength(logits.length, usable.length);
        double[] calibrated = new double[logits.length];
        double[] low = covariance == null ? null : new double[logits.length];
        double[] high = covariance == null ? null : new double[logits.length];
        for (int i = 0; i < logits.length; i++) {
            if (!ScoredPairs.takesPart(logits, usable, i)) {
                continue;
            }
            double line = slope * logits[i] + intercept;
            calibrated[i] = Probability.sigmoid(line);
            if (covariance != null && low != null && high != null) {
                double half = WilsonInterval.Z_95 * deviation(logits[i], covariance);
                // The farthest logits overflow to infinities of one sign: a band of width zero.
                low[i] = clippedSigmoid(line - half, 0, calibrated[i]);
                high[i] = clippedSigmoid(line + half, calibrated[i], 1);
            }
        }
        return new CalibratedScores(calibrated, low, high);
    }

    /** Standard deviation of the line at a logit. */
    private static double deviation(double logit, double[] covariance) {
        double variance = (covariance[0] * logit + 2 * covariance[1]) * logit + covariance[2];
        return variance > 0 ? Math.sqrt(variance) : 0;
    }

    private static double clippedSigmoid(double line, double low, double high) {
        if (Double.isNaN(line)) {
            return low == 0 ? low : high;
        }
        return Math.max(low, Math.min(high, Probability.sigmoid(line)));
    }
}
