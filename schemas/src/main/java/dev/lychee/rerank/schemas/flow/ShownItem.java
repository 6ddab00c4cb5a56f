package dev.lychee.rerank.schemas.flow;

/**
 * A document that was shown, and what came of it.
 *
 * @param rank where it was shown, 1-based
 * @param logit the model's log-odds
 * @param calibrated the probability that was served with it, 0..1
 * @param label largest weight of the actions on it, 0..1; 0 for none
 */
public record ShownItem(int rank, double logit, double calibrated, double label) {}
