package dev.lychee.rerank.schemas;

import org.jspecify.annotations.Nullable;

/**
 * What users did with the results of an arm; all null without exposures.
 *
 * @param click share of exposures with a click, 0..1
 * @param cart share of exposures of which something was put into the cart, 0..1
 * @param purchase share of exposures of which something was bought, 0..1
 * @param ndcg mean NDCG of the exposures with an action, 0..1; null without one
 */
public record ExperimentRates(
        @Nullable Estimate click,
        @Nullable Estimate cart,
        @Nullable Estimate purchase,
        @Nullable Estimate ndcg) {}
