package dev.lychee.rerank.operators.postprocess;

/** Between logits (any finite number) and probabilities (0..1). */
public final class Probability {

    /**
     * Probabilities are kept this far from 0 and 1 before a logarithm: logits stay within about
     * 27.6 of zero.
     */
    public static final double EPSILON = 1e-12;

    private Probability() {}

    /**
     * {@code 1 / (1 + exp(-logit))}, without overflow for any argument.
     *
     * @param logit any number; infinities give 0 and 1, NaN gives 0
     * @return 0..1
     */
    public static double sigmoid(double logit) {
        if (logit >= 0) {
            return 1 / (1 + Math.exp(-logit));
        }
        if (logit < 0) {
            double odds = Math.exp(logit);
            return odds / (1 + odds);
        }
        return 0;
    }

    /**
     * The inverse of {@link #sigmoid(double)}, clipped at {@link #EPSILON} so that 0 and 1 have
     * finite logits.
     *
     * @param probability 0..1; values outside are clipped, NaN is taken as 0
     */
    public static double logit(double probability) {
        double clipped = probability > EPSILON ? Math.min(probability, 1 - EPSILON) : EPSILON;
        return Math.log(clipped) - Math.log1p(-clipped);
    }

    /**
     * {@code sigmoid(logit / temperature)} of each pair: the softmax over the logits of "yes" and
     * "no" where the logit is their difference.
     *
     * @param logits one per pair
     * @param usable which pairs were scored
     * @param temperature above 0; below 1 sharper, above 1 flatter
     * @return 0..1 per pair, 0 for those that were not scored
     * @throws IllegalArgumentException if the temperature is not a positive finite number
     */
    public static double[] ofLogits(double[] logits, boolean[] usable, double temperature) {
        ScoredPairs.requireSameLength(logits.length, usable.length);
        requireTemperature(temperature);
        double[] probabilities = new double[logits.length];
        for (int i = 0; i < logits.length; i++) {
            if (ScoredPairs.takesPart(logits, usable, i)) {
                probabilities[i] = sigmoid(logits[i] / temperature);
            }
        }
        return probabilities;
    }

    static double requireTemperature(double temperature) {
        if (!(temperature > 0) || Double.isInfinite(temperature)) {
            throw new IllegalArgumentException(
                    "Temperature must be a positive finite number, got " + temperature);
        }
        return temperature;
    }
}
