package dev.lychee.rerank.schemas;

import org.jspecify.annotations.Nullable;

/**
 * A cut that was fitted on judged requests so that requests like them lose little: keep every
 * candidate with at least this logit.
 *
 * @param maxLoss largest share of a request's relevant candidates that is lost, 0..1
 * @param confidence probability, over the judged requests, that the mean loss stays below; null
 *     where it is the expected loss, over them too, that stays below
 * @param logit the cut
 * @param requests judged requests with a relevant candidate that it was fitted on
 */
public record LossGuarantee(
        double maxLoss, @Nullable Double confidence, double logit, int requests) {}
