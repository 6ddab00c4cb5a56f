package dev.lychee.rerank.operators.calibration;

/**
 * A scored candidate whose relevance is known.
 *
 * @param requestId the request it was a candidate of
 * @param logit the model's log-odds; NaN where the pair was not scored
 * @param label 1 for relevant, 0 for not; fractions where several judges disagree
 */
public record JudgedPair(String requestId, double logit, double label) {}
