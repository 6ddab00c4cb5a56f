package dev.lychee.rerank.deploy.bench;

/** A straight line through points, by ordinary least squares. */
final class LeastSquares {

    private LeastSquares() {}

    /**
     * How much {@code y} grows when {@code x} grows by one; 0 where all {@code x} are the same.
     *
     * @throws IllegalArgumentException if there are fewer than two points, or not as many of each
     */
    static double slope(double[] x, double[] y) {
        if (x.length != y.length || x.length < 2) {
            throw new IllegalArgumentException(
                    "A line needs two points, not %d and %d values".formatted(x.length, y.length));
        }
        double meanX = mean(x);
        double meanY = mean(y);
        double xx = 0;
        double xy = 0;
        for (int i = 0; i < x.length; i++) {
            xx += (x[i] - meanX) * (x[i] - meanX);
            xy += (x[i] - meanX) * (y[i] - meanY);
        }
        return xx == 0 ? 0 : xy / xx;
    }

    static double mean(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum / values.length;
    }
}
