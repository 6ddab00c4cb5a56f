package dev.lychee.rerank.schemas.flow;

import org.jspecify.annotations.Nullable;

/**
 * A document that was shown, and what came of it.
 *
 * @param rank where it was shown, 1-based
 * @param logit the model's log-odds
 * @param calibrated the probability that was served with it, 0..1
 * @param label largest weight of the actions on it, 0..1; 0 for none
 * @param pair upper rank of the two at one of which it was shown by chance, 1-based; null where
 *     chance had no say
 */
public record ShownItem(
        int rank, double logit, double calibrated, double label, @Nullable Integer pair) {}
