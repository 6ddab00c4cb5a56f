package dev.lychee.rerank.schemas.flow;

import org.jspecify.annotations.Nullable;

/**
 * A document as it was shown.
 *
 * @param id identity of the document
 * @param rank where it was shown, 1-based
 * @param logit the model's log-odds
 * @param calibrated the probability that was served with it, 0..1
 * @param pair upper rank of the two at one of which it was shown by chance, 1-based; null where
 *     chance had no say
 */
public record ServedItem(
        String id, int rank, double logit, double calibrated, @Nullable Integer pair) {}
