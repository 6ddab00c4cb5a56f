package dev.lychee.rerank.operators.postprocess;

/** Labelled logits that can be fitted: finite, with a positive weight, labels clipped to 0..1. */
final class WeightedSamples {

    /** Beyond this, sums and differences could overflow. */
    static final double LARGEST = 1e100;

    /** Logits that are closer together than this are one. */
    private static final double SMALLEST_SPREAD = 1e-9;

    private final double[] logits;
    private final double[] labels;
    private final double[] weights;
    private int count;
    private double sumOfWeights;
    private double sumOfLabels;
    private double centre;
    private double scale = 1;

    private WeightedSamples(int capacity) {
        logits = new double[capacity];
        labels = new double[capacity];
        weights = new double[capacity];
    }

    static WeightedSamples of(double[] logits, double[] labels, double[] weights) {
        ScoredPairs.requireSameLength(logits.length, labels.length);
        ScoredPairs.requireSameLength(logits.length, weights.length);
        WeightedSamples samples = new WeightedSamples(logits.length);
        for (int i = 0; i < logits.length; i++) {
            if (isUsable(logits[i])
                    && isUsable(labels[i])
                    && isUsable(weights[i])
                    && weights[i] > 0) {
                samples.add(logits[i] + 0.0, Math.max(0, Math.min(1, labels[i])), weights[i]);
            }
        }
        samples.standardize();
        return samples;
    }

    private void add(double logit, double label, double weight) {
        logits[count] = logit;
        labels[count] = label;
        weights[count++] = weight;
        sumOfWeights += weight;
        sumOfLabels += weight * label;
        centre += (logit - centre) * (weight / sumOfWeights);
    }

    private void standardize() {
        double largest = 0;
        for (int i = 0; i < count; i++) {
            largest = Math.max(largest, Math.abs(logits[i] - centre));
        }
        scale = largest > SMALLEST_SPREAD ? largest : 1;
    }

    private static boolean isUsable(double value) {
        return Math.abs(value) <= LARGEST;
    }

    int count() {
        return count;
    }

    double logit(int sample) {
        return logits[sample];
    }

    double label(int sample) {
        return labels[sample];
    }

    double weight(int sample) {
        return weights[sample];
    }

    double sumOfWeights() {
        return sumOfWeights;
    }

    double sumOfLabels() {
        return sumOfLabels;
    }

    /** Weighted mean of the logits. */
    double centre() {
        return centre;
    }

    /** Largest distance of a logit from the centre; 1 where there is none. */
    double scale() {
        return scale;
    }

    /** The logit, centred and brought to -1..1. */
    double scaled(int sample) {
        return (logits[sample] - centre) / scale;
    }
}
