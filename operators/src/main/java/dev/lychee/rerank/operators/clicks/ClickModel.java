package dev.lychee.rerank.operators.clicks;

import java.util.Arrays;

/**
 * How clicks come about, by rank: {@code P(click) = examination * (positive * r + negative * (1 -
 * r))} for a document that is relevant with probability {@code r}.
 *
 * <p>With {@code positive} 1 and {@code negative} 0 this is the position-based model (Richardson,
 * Dominowska and Ragno, WWW 2007; Craswell et al., WSDM 2008); otherwise the one with trust bias
 * (Agarwal et al., "Addressing Trust Bias for Unbiased Learning-to-Rank", WWW 2019). Either way it
 * is a line in {@code r}, {@code slope * r + intercept}, which can be turned around (Vardasbi,
 * Oosterhuis and de Rijke, "When Inverse Propensity Scoring does not Work", CIKM 2020).
 *
 * @param examination chance that a rank is looked at, by rank from the first on; the first is 1
 * @param positive chance of a click on something relevant that was looked at
 * @param negative chance of a click on something else that was looked at, by rank
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record ClickModel(double[] examination, double positive, double[] negative) {

    /** Every rank is looked at and every click means relevance: no correction at all. */
    public static ClickModel uncorrected(int ranks) {
        double[] always = new double[ranks];
        Arrays.fill(always, 1);
        return new ClickModel(always, 1, new double[ranks]);
    }

    /** How many more clicks a relevant document gets at a rank (1-based) than another, 0..1. */
    public double slope(int rank) {
        return examination[rank - 1] * (positive - negative[rank - 1]);
    }

    /** Clicks that a document gets at a rank (1-based) though it is not relevant, 0..1. */
    public double intercept(int rank) {
        return examination[rank - 1] * negative[rank - 1];
    }
}
