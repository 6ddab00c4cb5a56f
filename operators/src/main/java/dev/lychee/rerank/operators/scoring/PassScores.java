package dev.lychee.rerank.operators.scoring;

import java.util.Map;

/**
 * What one pass gave.
 *
 * @param logits relevance log-odds before any temperature, one per pair, in the batch's order; NaN
 *     for a pair that has none
 * @param reasons why a pair has no logit, by its place in the batch; a pair without a logit need
 *     not have a reason
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record PassScores(float[] logits, Map<Integer, String> reasons) {

    /** A pass of which every number stands for itself. */
    public static PassScores of(float[] logits) {
        return new PassScores(logits, Map.of());
    }
}
