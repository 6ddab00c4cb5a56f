package dev.lychee.rerank.operators.postprocess;

/**
 * The numbers behind {@link Thresholders#of}; each strategy reads its own, bounds hold for all.
 *
 * @param fixedValue {@code fixed}: candidates with at least this score are kept, finite
 * @param keepShare {@code percentile}: share of the candidates to keep, 0..1
 * @param minGap {@code gap}: smallest drop between two neighbours that counts as an end, in units
 *     of the score, 0 or more
 * @param minSeparation {@code otsu}: smallest share of the variance that must lie between the
 *     classes in a large set, 0..1; see {@link Thresholders} for small sets
 * @param minKeep at least this many are kept, as far as there are, 0 or more
 * @param maxKeep at most this many are kept, at least {@code minKeep}
 */
public record ThresholdOptions(
        double fixedValue,
        double keepShare,
        double minGap,
        double minSeparation,
        int minKeep,
        int maxKeep) {

    /** Threshold 0.5, top 30 %, gap 0.1, separation 0.8, no bounds. */
    public static final ThresholdOptions DEFAULTS =
            new ThresholdOptions(0.5, 0.3, 0.1, 0.8, 0, Integer.MAX_VALUE);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a value is outside its range, with a sentence that names
     *     it
     */
    public ThresholdOptions {
        require(Double.isFinite(fixedValue), "A fixed threshold must be finite", fixedValue);
        require(keepShare >= 0 && keepShare <= 1, "The share to keep must be 0..1", keepShare);
        require(
                minGap >= 0 && Double.isFinite(minGap),
                "The smallest gap must be 0 or more",
                minGap);
        require(
                minSeparation >= 0 && minSeparation <= 1,
                "The smallest separation must be 0..1",
                minSeparation);
        require(minKeep >= 0, "min_keep must be 0 or more", minKeep);
        require(maxKeep >= minKeep, "max_keep must be at least min_keep", maxKeep);
    }

    /** For {@code fixed}. */
    public ThresholdOptions withFixedValue(double value) {
        return new ThresholdOptions(value, keepShare, minGap, minSeparation, minKeep, maxKeep);
    }

    /** For {@code percentile}. */
    public ThresholdOptions withKeepShare(double share) {
        return new ThresholdOptions(fixedValue, share, minGap, minSeparation, minKeep, maxKeep);
    }

    /** For {@code gap}. */
    public ThresholdOptions withMinGap(double gap) {
        return new ThresholdOptions(fixedValue, keepShare, gap, minSeparation, minKeep, maxKeep);
    }

    /** For {@code otsu}. */
    public ThresholdOptions withMinSeparation(double separation) {
        return new ThresholdOptions(fixedValue, keepShare, minGap, separation, minKeep, maxKeep);
    }

    /** Bounds on the number of kept candidates, inclusive. */
    public ThresholdOptions withKeepBetween(int min, int max) {
        return new ThresholdOptions(fixedValue, keepShare, minGap, minSeparation, min, max);
    }

    private static void require(boolean holds, String sentence, double actual) {
        if (!holds) {
            throw new IllegalArgumentException(sentence + ", got " + actual);
        }
    }
}
