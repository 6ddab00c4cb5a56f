package dev.lychee.rerank.operators.postprocess;

/** What the trace of a step says about it. */
public final class Trace {

    private Trace() {}

    /**
     * How far a step moved the scores.
     *
     * @param before one per pair
     * @param after one per pair
     * @param usable which pairs were scored; pairs where either value is not finite are left out
     *     too
     * @return mean of {@code |after - before|}, 0 if there is no pair
     */
    public static double meanAbsoluteChange(double[] before, double[] after, boolean[] usable) {
        ScoredPairs.requireSameLength(before.length, after.length);
        ScoredPairs.requireSameLength(before.length, usable.length);
        double mean = 0;
        int count = 0;
        for (int i = 0; i < before.length; i++) {
            if (ScoredPairs.takesPart(before, usable, i)
                    && ScoredPairs.takesPart(after, usable, i)) {
                double change = Math.min(Math.abs(after[i] - before[i]), Double.MAX_VALUE);
                count++;
                mean += (change - mean) / count;
            }
        }
        return mean;
    }
}
