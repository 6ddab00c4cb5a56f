package dev.lychee.rerank.operators.scoring;

import org.jspecify.annotations.Nullable;

/**
 * What the model says about one pair.
 *
 * @param logit relevance log-odds before any temperature, finite; 0 when there is an error
 * @param truncated whether document or query was shortened to fit the model
 * @param error why the pair has no score; null when it has
 */
public record PairScore(float logit, boolean truncated, @Nullable String error) {

    static PairScore scored(float logit, boolean truncated) {
        return new PairScore(logit, truncated, null);
    }

    static PairScore failed(String error) {
        return new PairScore(0f, false, error);
    }
}
