package dev.lychee.rerank.operators.postprocess;

/**
 * The weighted mean of several probabilities, each given by its log-odds {@code x}:
 *
 * <pre>
 * p = sum(w * sigmoid(x)) / sum(w)
 * </pre>
 *
 * <p>The linear opinion pool (Stone, 1961). It lies between the smallest and the largest of them.
 */
public final class ProbabilityMixture {

    /** Log-odds beyond it are taken for it, so that every result is a finite number. */
    static final double MOST_LOG_ODDS = 1e6;

    private ProbabilityMixture() {}

    /**
     * The log-odds of the mean probability, {@code ln p - ln(1 - p)}; its sigmoid is the mean. Both
     * logarithms are computed from those of the parts, so that means that round to 0 or 1 still
     * have an order.
     *
     * @param logOdds one per judgement, not NaN
     * @param weights one per judgement, above 0; they need not add up to one
     * @return finite, between the smallest and the largest of {@code logOdds}
     * @throws IllegalArgumentException if there is none, or a weight is not above 0
     */
    public static double logOdds(double[] logOdds, double[] weights) {
        requireWeights(logOdds, weights);
        return logOfSum(logOdds, weights, 1) - logOfSum(logOdds, weights, -1);
    }

    /** {@code ln sum(w * sigmoid(sign * x))}. */
    private static double logOfSum(double[] logOdds, double[] weights, int sign) {
        double[] logs = new double[logOdds.length];
        double largest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < logs.length; i++) {
            double x = Math.max(-MOST_LOG_ODDS, Math.min(MOST_LOG_ODDS, sign * logOdds[i]));
            // ln sigmoid(x) without overflow on either side.
            double logSigmoid = Math.min(x, 0) - Math.log1p(Math.exp(-Math.abs(x)));
            logs[i] = Math.log(weights[i]) + logSigmoid;
            largest = Math.max(largest, logs[i]);
        }
        double sum = 0;
        for (double log : logs) {
            sum += Math.exp(log - largest);
        }
        return largest + Math.log(sum);
    }

    private static void requireWeights(double[] logOdds, double[] weights) {
        if (logOdds.length == 0 || logOdds.length != weights.length) {
            throw new IllegalArgumentException(
                    "%d probabilities with %d weights have no mean"
                            .formatted(logOdds.length, weights.length));
        }
        for (double weight : weights) {
            if (!(weight > 0) || Double.isInfinite(weight)) {
                throw new IllegalArgumentException(
                        "Weights must be positive finite numbers, got " + weight);
            }
        }
    }
}
