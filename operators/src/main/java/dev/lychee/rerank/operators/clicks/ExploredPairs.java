package dev.lychee.rerank.operators.clicks;

/**
 * Corrects how much ranks are thought to be looked at by what pairs of neighbours say that were
 * shown in either order ({@link Exploration}).
 *
 * <p>A coin decides which of two neighbours stands at rank {@code p} and which one at {@code p +
 * 1}, so what stands there is equally relevant on average, whatever the model thinks of the request
 * and of its documents. If the lower one is clicked less, its rank is looked at less. From pair to
 * pair this leads down the ranks (intervention harvesting: Joachims, Swaminathan and Schnabel,
 * "Unbiased Learning-to-Rank with Biased Feedback", WSDM 2017; Agarwal, Zaitsev, Wang, Li, Najork
 * and Joachims, "Estimating Position Bias without Intrusive Interventions", WSDM 2019, there
 * AdjacentChain).
 *
 * <p>Clicks on pairs are few, and errors add up on the way down. So each step from a rank to the
 * next starts from the step that all traffic suggests, which is precise but shares the model's
 * errors.
 */
public final class ExploredPairs {

    /**
     * The served step counts as much as so many clicks at the lower rank: it is taken to be right
     * to about {@code 1 / sqrt(200)}, 7 %.
     */
    private static final double SERVED_CLICKS = 200;

    private ExploredPairs() {}

    /**
     * Corrects examination; clicks on what is not relevant stay as they are known or estimated.
     *
     * @param served what all traffic suggests
     * @param upper counts of the documents at the upper ranks of their pairs, as many ranks
     * @param lower counts of those at the lower ranks
     * @return the same as {@code served}, to the bit, down to the first rank that pairs reach
     */
    public static ClickModel correct(ClickModel served, ClickTable upper, ClickTable lower) {
        double[] examination = served.examination().clone();
        double[] negative = served.negative();
        double correction = 1;
        for (int rank = 2; rank <= examination.length; rank++) {
            double expected = Math.min(1, served.examination()[rank - 1] * correction);
            double looksAbove = upper.impressions(rank - 1) * examination[rank - 2];
            if (looksAbove > 0) {
                double clicksPerLookAbove = upper.clicks(rank - 1) / looksAbove;
                double relevant =
                        (clicksPerLookAbove - negative[rank - 2])
                                / (served.positive() - negative[rank - 2]);
                double clicksPerLook =
                        negative[rank - 1]
                                + (served.positive() - negative[rank - 1])
                                        * Math.max(0, Math.min(1, relevant));
                examination[rank - 1] =
                        Math.min(
                                1,
                                (SERVED_CLICKS + lower.clicks(rank))
                                        / (SERVED_CLICKS / expected
                                                + lower.impressions(rank) * clicksPerLook));
                correction = examination[rank - 1] / served.examination()[rank - 1];
            } else {
                examination[rank - 1] = expected;
            }
        }
        return new ClickModel(examination, served.positive(), negative);
    }
}
