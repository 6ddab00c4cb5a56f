package dev.lychee.rerank.operators.clicks;

/**
 * Bins over the logit with edges that never change, so that sums made anywhere can be added: a
 * quarter wide from -10 to 10, and one beyond each end.
 */
public final class LogitBins {

    /** How many there are. */
    public static final int COUNT = 82;

    private static final double LOWEST = -10;
    private static final double WIDTH = 0.25;
    private static final double MARGIN = 1e-6;

    private LogitBins() {}

    /**
     * The bin of a logit.
     *
     * @param logit not NaN
     * @return 0..{@link #COUNT} - 1, never falling with the logit
     */
    public static int of(double logit) {
        double inner = Math.floor((logit - LOWEST) / WIDTH);
        return (int) Math.max(0, Math.min(COUNT - 1, inner + 1));
    }

    /** The logit, brought inside the edges of a bin: rounding may have led a mean out of it. */
    static double inside(int bin, double logit) {
        double low = bin == 0 ? Double.NEGATIVE_INFINITY : LOWEST + (bin - 1) * WIDTH + MARGIN;
        double high = bin == COUNT - 1 ? Double.POSITIVE_INFINITY : LOWEST + bin * WIDTH - MARGIN;
        return Math.max(low, Math.min(high, logit));
    }
}
