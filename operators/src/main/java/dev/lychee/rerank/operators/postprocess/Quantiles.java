package dev.lychee.rerank.operators.postprocess;

/** Quantiles of sorted arrays. */
final class Quantiles {

    /**
     * Positions closer than this to a whole number are that number: {@code 0.7 * 10} must not pass
     * 7.
     */
    private static final double POSITION_TOLERANCE = 1e-9;

    private Quantiles() {}

    /**
     * Linear interpolation between order statistics: Hyndman and Fan's definition 7 ("Sample
     * Quantiles in Statistical Packages", The American Statistician 50, 1996), the default of
     * numpy.
     *
     * @param ascending finite values in ascending order, at least one
     * @param share 0 for the smallest, 0.5 for the median, 1 for the largest
     */
    static double linear(double[] ascending, double share) {
        double position = share * (ascending.length - 1);
        double nearest = Math.rint(position);
        if (Math.abs(position - nearest) < POSITION_TOLERANCE) {
            return ascending[(int) nearest];
        }
        int below = (int) position;
        double fraction = position - below;
        // Two products rather than a difference: the difference of two large values may overflow.
        double between = ascending[below] * (1 - fraction) + ascending[below + 1] * fraction;
        return Math.max(ascending[below], Math.min(ascending[below + 1], between));
    }
}
