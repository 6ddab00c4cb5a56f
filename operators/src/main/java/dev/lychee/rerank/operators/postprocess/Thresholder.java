package dev.lychee.rerank.operators.postprocess;

/**
 * Decides where relevance ends in one candidate set.
 *
 * <p>Implementations are immutable, safe to share, and do not depend on the order of the input.
 *
 * @see Thresholders
 */
public interface Thresholder {

    /**
     * Decides for one set.
     *
     * @param scores one per pair, higher is better
     * @param usable which pairs were scored
     */
    ThresholdOutcome decide(double[] scores, boolean[] usable);
}
