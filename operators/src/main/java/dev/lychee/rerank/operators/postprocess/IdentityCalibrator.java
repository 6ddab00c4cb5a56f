package dev.lychee.rerank.operators.postprocess;

/** What applies before any map is fitted: the model's own probability, without a band. */
public final class IdentityCalibrator implements Calibrator {

    private final double temperature;

    /**
     * A calibrator that changes nothing.
     *
     * @param temperature the one that {@code probability} was computed with, above 0
     */
    public IdentityCalibrator(double temperature) {
        this.temperature = Probability.requireTemperature(temperature);
    }

    @Override
    public String method() {
        return "identity";
    }

    @Override
    public CalibratedScores calibrate(double[] logits, boolean[] usable) {
        return new CalibratedScores(Probability.ofLogits(logits, usable, temperature), null, null);
    }
}
