package dev.lychee.rerank.operators.postprocess;

import org.jspecify.annotations.Nullable;

/**
 * The temperature of {@link TemperatureCalibrator} by maximum likelihood (Guo et al., ICML 2017).
 *
 * <p>The loss is convex in {@code 1 / temperature}; its slope is brought to zero by bisection
 * between 1/100 and 100, where the temperature of data without a finite answer ends.
 *
 * @param temperature 0.01..100
 * @param inverseVariance variance of {@code 1 / temperature}: the inverse of the information there
 */
public record TemperatureFit(double temperature, double inverseVariance) {

    /** The flattest that is fitted; the sharpest is its inverse. */
    public static final double HIGHEST = 100;

    private static final int HALVINGS = 100;

    /**
     * Fits samples.
     *
     * @param logits any order; samples with a number beyond 1e100 or not finite are left out
     * @param labels 0..1, clipped
     * @param weights number of observations each sample stands for, above 0
     * @return null if no sample is left
     */
    public static @Nullable TemperatureFit fit(double[] logits, double[] labels, double[] weights) {
        WeightedSamples samples = WeightedSamples.of(logits, labels, weights);
        if (samples.count() == 0) {
            return null;
        }
        double low = 1 / HIGHEST;
        double high = HIGHEST;
        for (int i = 0; i < HALVINGS; i++) {
            double middle = (low + high) / 2;
            if (slope(samples, middle) > 0) {
                high = middle;
            } else {
                low = middle;
            }
        }
        double inverse = (low + high) / 2;
        double information = information(samples, inverse);
        return new TemperatureFit(
                1 / inverse, information > 0 ? Math.min(1e100, 1 / information) : 1e100);
    }

    private static double slope(WeightedSamples samples, double inverse) {
        double slope = 0;
        for (int i = 0; i < samples.count(); i++) {
            double logit = samples.logit(i);
            slope +=
                    samples.weight(i)
                            * (Probability.sigmoid(inverse * logit) - samples.label(i))
                            * logit;
        }
        return slope;
    }

    private static double information(WeightedSamples samples, double inverse) {
        double information = 0;
        for (int i = 0; i < samples.count(); i++) {
            double logit = samples.logit(i);
            double probability = Probability.sigmoid(inverse * logit);
            information += samples.weight(i) * probability * (1 - probability) * logit * logit;
        }
        return information;
    }
}
