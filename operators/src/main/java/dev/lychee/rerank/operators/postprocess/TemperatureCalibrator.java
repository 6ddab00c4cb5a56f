package dev.lychee.rerank.operators.postprocess;

import org.jspecify.annotations.Nullable;

/**
 * {@code sigmoid(logit / temperature)} with a fitted temperature: Platt calibration whose line goes
 * through the origin (Guo, Pleiss, Sun and Weinberger, "On Calibration of Modern Neural Networks",
 * ICML 2017).
 */
public final class TemperatureCalibrator implements Calibrator {

    private final PlattCalibrator line;

    /**
     * A calibrator with a fitted number.
     *
     * @param temperature above 0
     * @param inverseVariance variance of {@code 1 / temperature}, 0 or more; null for no band
     */
    public TemperatureCalibrator(double temperature, @Nullable Double inverseVariance) {
        line =
                new PlattCalibrator(
                        1 / Probability.requireTemperature(temperature),
                        0,
                        inverseVariance == null ? null : new double[] {inverseVariance, 0, 0});
    }

    @Override
    public String method() {
        return "temperature";
    }

    @Override
    public CalibratedScores calibrate(double[] logits, boolean[] usable) {
        return line.calibrate(logits, usable);
    }
}
