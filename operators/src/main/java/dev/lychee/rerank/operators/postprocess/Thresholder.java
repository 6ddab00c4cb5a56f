package dev.lychee.rerank.operators.postprocess;

/**
 * Decides where relevance ends in one candidate set.
 *
 * <p>Implementations are immutable, safe to share, and do not depend on the order of the input.
 *
 * @see Thresholders
 */
@FunctionalInterface
public interface Thresholder {

    /**
     * Decides for one set.
     *
     * @param scores one per pair, higher is better; the cut is made in these
     * @param calibrated probability of relevance of each pair, 0..1, that strategies with a target
     *     sum; a value that is not finite counts as 0
     * @param usable which pairs were scored
     */
    ThresholdOutcome decide(double[] scores, double[] calibrated, boolean[] usable);

    /** Decides where the scores are the probabilities. */
    default ThresholdOutcome decide(double[] scores, boolean[] usable) {
        return decide(scores, scores, usable);
    }
}
