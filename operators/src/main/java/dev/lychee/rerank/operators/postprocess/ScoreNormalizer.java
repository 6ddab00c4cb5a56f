package dev.lychee.rerank.operators.postprocess;

/**
 * Makes the scores of one candidate set comparable with each other, each in 0..1, without changing
 * their order.
 *
 * <p>Normalized scores say nothing across sets: min-max gives every set's best candidate 1.
 * Implementations are stateless and safe to share.
 *
 * @see ScoreNormalizers
 */
public interface ScoreNormalizer {

    /**
     * Normalizes one set.
     *
     * @param values logits or probabilities, one per pair
     * @param usable which pairs were scored
     */
    Normalized normalize(double[] values, boolean[] usable);

    /**
     * A normalized set.
     *
     * @param values 0..1 per pair, 0 for those that were not scored
     * @param degenerate the set has no spread to normalize by (no, one, or only equal values): each
     *     scored pair got 0.5
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
    record Normalized(double[] values, boolean degenerate) {}
}
