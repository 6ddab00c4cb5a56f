package dev.lychee.rerank.operators.clicks;

/**
 * How well probabilities agree with debiased labels.
 *
 * @param calibrationError expected calibration error over 15 bins of equal width (lower is better)
 * @param brierScore mean squared distance of probability and relevance (lower is better)
 * @param looks how many looks both are measured on
 */
public record MapQuality(double calibrationError, double brierScore, double looks) {

    private static final int BINS = 15;

    /**
     * Measures probabilities of bins. Relevance is 0 or 1, so its square is itself, and the Brier
     * score needs its mean only: {@code p^2 - 2 p y + y}.
     *
     * @param probabilities one per bin, 0..1
     */
    public static MapQuality of(DebiasedBins bins, double[] probabilities) {
        double[] distance = new double[BINS];
        double brier = 0;
        double total = 0;
        for (int i = 0; i < probabilities.length; i++) {
            double p = probabilities[i];
            double y = bins.labels()[i];
            double weight = bins.weights()[i];
            int bin = (int) Math.max(0, Math.min(BINS - 1, Math.ceil(p * BINS) - 1));
            distance[bin] += weight * (p - y);
            brier += weight * (p * p - 2 * p * y + y);
            total += weight;
        }
        double error = 0;
        for (double each : distance) {
            error += Math.abs(each);
        }
        return new MapQuality(error / total, brier / total, total);
    }

    /**
     * Whether the Brier score is lower here, and the calibration error not higher by more than the
     * standard error of a share of so many looks: on few of them it is mostly chance.
     */
    public boolean isBetterThan(MapQuality other) {
        return brierScore < other.brierScore
                && calibrationError <= other.calibrationError + 0.5 / Math.sqrt(looks);
    }
}
