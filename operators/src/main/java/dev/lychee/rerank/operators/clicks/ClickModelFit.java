package dev.lychee.rerank.operators.clicks;

import java.util.Arrays;

/**
 * Learns from counts how much each rank is looked at, by expectation maximisation (Dempster, Laird
 * and Rubin, 1977; for search clicks: Chuklin, Markov and de Rijke, "Click Models for Web Search",
 * 2015, chapter 4).
 *
 * <p>What is hidden is whether a document was looked at and whether it is relevant; documents of
 * one logit bin are taken to be equally often relevant wherever they are shown. Since the same bin
 * appears at several ranks, examination and relevance come apart; only their scale does not, which
 * is why the first rank is anchored at 1: everything means "as if shown first".
 */
public final class ClickModelFit {

    private static final int MOST_ITERATIONS = 2_000;
    private static final double CONVERGED = 1e-7;

    /**
     * One invisible impression per cell, examined and relevant half the time, keeps shares inside
     * 0..1.
     */
    private static final double PRIOR = 0.5;

    private final int ranks;
    private final double[][] shown;
    private final double[][] clicked;
    private final TrustBias trust;
    private final double[] examination;
    private final double[] negative;
    private final double[] relevance;

    private ClickModelFit(ClickTable table, TrustBias trust) {
        this.ranks = table.ranks();
        this.trust = trust;
        shown = new double[ranks][LogitBins.COUNT];
        clicked = new double[ranks][LogitBins.COUNT];
        for (int k = 0; k < ranks; k++) {
            for (int bin = 0; bin < LogitBins.COUNT; bin++) {
                shown[k][bin] = table.impressions(k + 1, bin);
                clicked[k][bin] = Math.min(shown[k][bin], table.clicks(k + 1, bin));
            }
        }
        examination = new double[ranks];
        Arrays.fill(examination, 0.5);
        examination[0] = 1;
        negative = new double[ranks];
        for (int k = 0; k < ranks; k++) {
            negative[k] = trust.negative(k + 1);
        }
        relevance = new double[LogitBins.COUNT];
        Arrays.fill(relevance, 0.5);
    }

    /**
     * Fits the model to a table. The same table gives the same bits.
     *
     * @return with {@link TrustBias} as configured, or estimated from the second rank on
     */
    public static ClickModel fit(ClickTable table, TrustBias trust) {
        ClickModelFit fit = new ClickModelFit(table, trust);
        double change = 1;
        for (int i = 0; i < MOST_ITERATIONS && change > CONVERGED; i++) {
            change = fit.improve();
        }
        return new ClickModel(fit.examination, trust.positive(), fit.negative);
    }

    /** One step of expectation and maximisation; the largest change of an examination. */
    private double improve() {
        double[] relevant = new double[LogitBins.COUNT];
        double[] impressions = new double[LogitBins.COUNT];
        double largest = 0;
        for (int k = 0; k < ranks; k++) {
            double examined = PRIOR;
            double all = 2 * PRIOR;
            double trustedClicks = PRIOR * negative[k];
            double trustedLooks = PRIOR;
            for (int bin = 0; bin < LogitBins.COUNT; bin++) {
                if (shown[k][bin] == 0) {
                    continue;
                }
                double r = relevance[bin];
                double clickIfRelevant = trust.positive() * r;
                double clickIfNot = negative[k] * (1 - r);
                double click = examination[k] * (clickIfRelevant + clickIfNot);
                double clicks = clicked[k][bin];
                double perClick = clicks == 0 ? 0 : clicks / (clickIfRelevant + clickIfNot);
                double perSkip = (shown[k][bin] - clicks) / (1 - click);
                // Expected counts of: looked at and relevant, looked at and not, not looked at but
                // relevant.
                double lookedRelevant =
                        perClick * clickIfRelevant
                                + perSkip * examination[k] * (1 - trust.positive()) * r;
                double lookedNot =
                        perClick * clickIfNot
                                + perSkip * examination[k] * (1 - negative[k]) * (1 - r);
                double missedRelevant = perSkip * (1 - examination[k]) * r;
                relevant[bin] += lookedRelevant + missedRelevant;
                impressions[bin] += shown[k][bin];
                examined += lookedRelevant + lookedNot;
                all += shown[k][bin];
                trustedClicks += perClick * clickIfNot;
                trustedLooks += lookedNot;
            }
            if (k > 0) {
                double next = Math.min(1, examined / all);
                largest = Math.max(largest, Math.abs(next - examination[k]));
                examination[k] = next;
                if (trust.estimated()) {
                    double share = Math.min(trustedClicks / trustedLooks, trust.positive());
                    largest = Math.max(largest, Math.abs(share - negative[k]));
                    negative[k] = share;
                }
            }
        }
        for (int bin = 0; bin < LogitBins.COUNT; bin++) {
            relevance[bin] = (relevant[bin] + PRIOR) / (impressions[bin] + 2 * PRIOR);
        }
        return largest;
    }
}
