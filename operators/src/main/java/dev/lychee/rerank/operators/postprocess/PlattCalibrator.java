package dev.lychee.rerank.operators.postprocess;

/**
 * {@code sigmoid(slope * logit + intercept)}.
 *
 * <p>Platt, "Probabilistic Outputs for Support Vector Machines", 1999, with the sign of its A and B
 * turned.
 */
public final class PlattCalibrator implements Calibrator {

    private final double slope;
    private final double intercept;

    /**
     * A calibrator with fitted numbers.
     *
     * @param slope above 0: a negative slope would reverse the ranking, zero would end it
     * @param intercept any finite number
     */
    public PlattCalibrator(double slope, double intercept) {
        if (!(slope > 0) || Double.isInfinite(slope) || !Double.isFinite(intercept)) {
            throw new IllegalArgumentException(
                    "Platt calibration needs a positive slope and a finite intercept, got "
                            + slope
                            + " and "
                            + intercept);
        }
        this.slope = slope;
        this.intercept = intercept;
    }

    @Override
    public String method() {
        return "platt";
    }

    @Override
    public CalibratedScores calibrate(double[] logits, boolean[] usable) {
        ScoredPairs.requireSameLength(logits.length, usable.length);
        double[] calibrated = new double[logits.length];
        for (int i = 0; i < logits.length; i++) {
            if (ScoredPairs.takesPart(logits, usable, i)) {
                calibrated[i] = Probability.sigmoid(slope * logits[i] + intercept);
            }
        }
        return new CalibratedScores(calibrated, null, null);
    }
}
