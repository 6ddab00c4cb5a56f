package dev.lychee.rerank.schemas.flow;

/**
 * A document as it was shown.
 *
 * @param id identity of the document
 * @param rank where it was shown, 1-based
 * @param logit the model's log-odds
 * @param calibrated the probability that was served with it, 0..1
 */
public record ServedItem(String id, int rank, double logit, double calibrated) {}
