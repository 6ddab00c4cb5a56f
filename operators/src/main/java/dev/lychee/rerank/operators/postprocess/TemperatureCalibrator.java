package dev.lychee.rerank.operators.postprocess;

/**
 * {@code sigmoid(logit / temperature)} with a fitted temperature.
 *
 * <p>Guo et al., "On Calibration of Modern Neural Networks", ICML 2017.
 */
public final class TemperatureCalibrator implements Calibrator {

    private final double temperature;

    /**
     * A calibrator with a fitted temperature.
     *
     * @param temperature above 0; above 1 for a model that is too sure of itself
     */
    public TemperatureCalibrator(double temperature) {
        this.temperature = Probability.requireTemperature(temperature);
    }

    @Override
    public String method() {
        return "temperature";
    }

    @Override
    public CalibratedScores calibrate(double[] logits, boolean[] usable) {
        return new CalibratedScores(Probability.ofLogits(logits, usable, temperature), null, null);
    }
}
