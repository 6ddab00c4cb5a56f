package dev.lychee.rerank.operators.evaluation;

import dev.lychee.rerank.operators.postprocess.IndexSort;
import dev.lychee.rerank.operators.postprocess.WilsonInterval;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Whether a probability of relevance means what it says. Every metric speaks of P(relevant) itself,
 * not of the confidence in the more likely class, and is empty when no sample is left: no evidence
 * is not perfect calibration.
 *
 * <p>Parameters throughout: {@code probabilities} 0..1 (clipped), {@code labels} 0..1 (fractions
 * allowed where clicks were aggregated).
 */
public final class CalibrationMetrics {

    /** The number of bins that most papers use. */
    public static final int DEFAULT_BINS = 15;

    /** Keeps the logarithm of a certain but wrong prediction finite, at about 34.5. */
    private static final double EPSILON = 1e-15;

    private CalibrationMetrics() {}

    /**
     * Expected calibration error over bins of equal width: the mean distance between mean
     * probability and mean label, bins weighted by their samples (Naeini, Cooper and Hauskrecht,
     * AAAI 2015; Guo et al., ICML 2017). Bins are {@code (low, high]}, the first one includes 0.
     *
     * @param bins number of bins, at least 1
     */
    public static OptionalDouble expectedCalibrationError(
            double[] probabilities, double[] labels, int bins) {
        requireBins(bins);
        Samples samples = Samples.of(probabilities, labels);
        double[] sums = new double[bins];
        for (int i = 0; i < samples.count(); i++) {
            double probability = samples.probability(i);
            sums[bin(probability, bins)] += probability - samples.label(i);
        }
        double error = 0;
        for (double sum : sums) {
            error += Math.abs(sum);
        }
        return samples.mean(error);
    }

    /**
     * One bin of a reliability diagram.
     *
     * @param low where it begins, itself left out but for 0
     * @param high where it ends, itself included
     * @param samples how many fell into it, at least 1
     * @param meanProbability of its samples, 0..1
     * @param meanLabel of its samples, 0..1
     * @param meanLabelInterval 95 % interval of the mean label
     */
    public record ReliabilityBin(
            double low,
            double high,
            int samples,
            double meanProbability,
            double meanLabel,
            WilsonInterval meanLabelInterval) {}

    /**
     * What {@link #expectedCalibrationError} sums up, bin by bin; bins without samples are left
     * out.
     *
     * @param bins number of bins, at least 1
     */
    public static List<ReliabilityBin> reliability(
            double[] probabilities, double[] labels, int bins) {
        requireBins(bins);
        Samples samples = Samples.of(probabilities, labels);
        double[] sumsOfProbabilities = new double[bins];
        double[] sumsOfLabels = new double[bins];
        int[] counts = new int[bins];
        for (int i = 0; i < samples.count(); i++) {
            int bin = bin(samples.probability(i), bins);
            sumsOfProbabilities[bin] += samples.probability(i);
            sumsOfLabels[bin] += samples.label(i);
            counts[bin]++;
        }
        List<ReliabilityBin> filled = new ArrayList<>();
        for (int bin = 0; bin < bins; bin++) {
            if (counts[bin] > 0) {
                double label = Samples.clip(sumsOfLabels[bin] / counts[bin]);
                filled.add(
                        new ReliabilityBin(
                                (double) bin / bins,
                                (bin + 1.0) / bins,
                                counts[bin],
                                sumsOfProbabilities[bin] / counts[bin],
                                label,
                                WilsonInterval.of(label, counts[bin])));
            }
        }
        return filled;
    }

    private static int bin(double probability, int bins) {
        // Compared with the edges themselves: ceil(p * bins) alone is off by one for some p that
        // equal an edge.
        int bin = (int) Math.max(0, Math.min(bins - 1, Math.ceil(probability * bins) - 1));
        if (bin > 0 && probability <= (double) bin / bins) {
            return bin - 1;
        }
        return bin < bins - 1 && probability > (bin + 1.0) / bins ? bin + 1 : bin;
    }

    /**
     * Expected calibration error over bins of equal numbers of samples, also called adaptive (Nixon
     * et al., "Measuring Calibration in Deep Learning", CVPR workshops 2019). Samples of equal
     * probability are never put in different bins, so the order of the input does not matter.
     *
     * @param bins number of bins, at least 1; of {@code n} samples bin {@code b} ends at {@code n *
     *     (b + 1) / bins}
     */
    public static OptionalDouble equalMassCalibrationError(
            double[] probabilities, double[] labels, int bins) {
        requireBins(bins);
        Samples samples = Samples.of(probabilities, labels);
        int[] order = samples.byProbability();
        double error = 0;
        int next = 0;
        for (int bin = 0; bin < bins; bin++) {
            long end = (long) order.length * (bin + 1) / bins;
            double sum = 0;
            while (next < order.length
                    && (next < end
                            || (next > 0
                                    && samples.probability(order[next])
                                            == samples.probability(order[next - 1])))) {
                sum += samples.probability(order[next]) - samples.label(order[next]);
                next++;
            }
            error += Math.abs(sum);
        }
        return samples.mean(error);
    }

    /**
     * As {@link #expectedCalibrationError}, but each class has half of the weight: bins are
     * weighted by their share of the relevant samples and their share of the others, in equal
     * parts. Where few are relevant, the many others near 0 do not hide how wrong the rest is.
     * Without one of the classes the other one has all of the weight.
     *
     * @param bins number of bins, at least 1
     */
    public static OptionalDouble classBalancedCalibrationError(
            double[] probabilities, double[] labels, int bins) {
        requireBins(bins);
        Samples samples = Samples.of(probabilities, labels);
        double[] gaps = new double[bins];
        double[] relevant = new double[bins];
        double[] others = new double[bins];
        double allRelevant = 0;
        for (int i = 0; i < samples.count(); i++) {
            int bin = bin(samples.probability(i), bins);
            gaps[bin] += samples.probability(i) - samples.label(i);
            relevant[bin] += samples.label(i);
            others[bin] += 1 - samples.label(i);
            allRelevant += samples.label(i);
        }
        double allOthers = samples.count() - allRelevant;
        double error = 0;
        double weights = 0;
        for (int bin = 0; bin < bins; bin++) {
            double count = relevant[bin] + others[bin];
            if (count > 0) {
                double weight = share(relevant[bin], allRelevant) + share(others[bin], allOthers);
                error += weight * Math.abs(gaps[bin]) / count;
                weights += weight;
            }
        }
        return weights == 0 ? OptionalDouble.empty() : OptionalDouble.of(error / weights);
    }

    private static double share(double part, double all) {
        return all > 0 ? part / all : 0;
    }

    /**
     * Mean squared distance of probability and label, 0 at best (Brier, Monthly Weather Review 78,
     * 1950).
     */
    public static OptionalDouble brierScore(double[] probabilities, double[] labels) {
        Samples samples = Samples.of(probabilities, labels);
        double sum = 0;
        for (int i = 0; i < samples.count(); i++) {
            double distance = samples.probability(i) - samples.label(i);
            sum += distance * distance;
        }
        return samples.mean(sum);
    }

    /**
     * Mean negative log-likelihood in nats, probabilities kept 1e-15 away from 0 and 1; 0 at best.
     */
    public static OptionalDouble logLoss(double[] probabilities, double[] labels) {
        Samples samples = Samples.of(probabilities, labels);
        double sum = 0;
        for (int i = 0; i < samples.count(); i++) {
            double probability = Math.max(EPSILON, Math.min(1 - EPSILON, samples.probability(i)));
            double label = samples.label(i);
            sum -= label * Math.log(probability) + (1 - label) * Math.log1p(-probability);
        }
        return samples.mean(sum);
    }

    private static void requireBins(int bins) {
        if (bins < 1) {
            throw new IllegalArgumentException("Bins must be 1 or more, got " + bins);
        }
    }

    /** Finite samples, clipped to 0..1. */
    private static final class Samples {

        private final double[] probabilities;
        private final double[] labels;
        private int count;

        private Samples(int capacity) {
            probabilities = new double[capacity];
            labels = new double[capacity];
        }

        static Samples of(double[] probabilities, double[] labels) {
            if (probabilities.length != labels.length) {
                throw new IllegalArgumentException(
                        "One label per probability is needed, got "
                                + labels.length
                                + " for "
                                + probabilities.length);
            }
            Samples samples = new Samples(labels.length);
            for (int i = 0; i < labels.length; i++) {
                if (Double.isFinite(probabilities[i]) && Double.isFinite(labels[i])) {
                    samples.probabilities[samples.count] = clip(probabilities[i]);
                    samples.labels[samples.count++] = clip(labels[i]);
                }
            }
            return samples;
        }

        int count() {
            return count;
        }

        double probability(int sample) {
            return probabilities[sample];
        }

        double label(int sample) {
            return labels[sample];
        }

        int[] byProbability() {
            int[] order = IndexSort.identity(count);
            IndexSort.sort(
                    order,
                    (left, right) -> Double.compare(probabilities[left], probabilities[right]));
            return order;
        }

        OptionalDouble mean(double sum) {
            return count == 0 ? OptionalDouble.empty() : OptionalDouble.of(sum / count);
        }

        private static double clip(double value) {
            return Math.max(0, Math.min(1, value));
        }
    }
}
