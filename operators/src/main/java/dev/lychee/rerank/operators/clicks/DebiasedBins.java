package dev.lychee.rerank.operators.clicks;

import dev.lychee.rerank.operators.postprocess.IsotonicFit;
import java.util.Arrays;

/**
 * What clicks say about the relevance of each logit bin once a {@link ClickModel} has been turned
 * around.
 *
 * <p>An impression at rank {@code k} is evidence {@code (click - intercept_k) / slope_k}, unbiased
 * but the noisier the smaller the slope; it gets the weight {@code slope_k}. So the label of a bin
 * is {@code sum(click - intercept_k) / sum(slope_k)}, clicks over the clicks expected if all were
 * relevant: self-normalised, and no weight is above 1. Ranks with a smaller slope than a limit are
 * left out, which is where inverse weights would be clipped.
 *
 * @param logits mean logit of each bin that was shown, ascending
 * @param labels relevance of each, around 0..1: correcting for trust can lead beyond
 * @param weights impressions of each, counted by their slope, above 0
 * @param served mean probability that was served with each, 0..1
 */
@SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
public record DebiasedBins(double[] logits, double[] labels, double[] weights, double[] served) {

    /** What decay has left of less than this is forgotten: rounding is all it would add. */
    private static final double SMALLEST_WEIGHT = 0.01;

    /**
     * Turns the model around.
     *
     * @param smallestSlope ranks whose slope is smaller take no part, above 0
     */
    public static DebiasedBins of(ClickTable table, ClickModel model, double smallestSlope) {
        double[] logits = new double[LogitBins.COUNT];
        double[] labels = new double[LogitBins.COUNT];
        double[] weights = new double[LogitBins.COUNT];
        double[] served = new double[LogitBins.COUNT];
        int count = 0;
        for (int bin = 0; bin < LogitBins.COUNT; bin++) {
            double weight = 0;
            double relevant = 0;
            for (int rank = 1; rank <= table.ranks(); rank++) {
                double impressions = table.impressions(rank, bin);
                if (impressions > 0 && model.slope(rank) >= smallestSlope) {
                    weight += model.slope(rank) * impressions;
                    relevant += table.clicks(rank, bin) - model.intercept(rank) * impressions;
                }
            }
            if (weight >= SMALLEST_WEIGHT) {
                logits[count] = table.meanLogit(bin);
                served[count] = table.meanCalibrated(bin);
                labels[count] = relevant / weight;
                weights[count++] = weight;
            }
        }
        return new DebiasedBins(
                Arrays.copyOf(logits, count),
                Arrays.copyOf(labels, count),
                Arrays.copyOf(weights, count),
                Arrays.copyOf(served, count));
    }

    /** How many looks are behind all labels: what the labels are worth. */
    public double support() {
        return Arrays.stream(weights).sum();
    }

    /** How many of those looks fell on something relevant. */
    public double relevant() {
        double sum = 0;
        for (int i = 0; i < labels.length; i++) {
            sum += labels[i] * weights[i];
        }
        return sum;
    }

    /** The rising map that is nearest to the labels. */
    public IsotonicFit fit() {
        return IsotonicFit.fit(logits, labels, weights);
    }
}
