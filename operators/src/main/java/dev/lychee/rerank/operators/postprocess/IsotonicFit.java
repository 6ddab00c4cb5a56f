package dev.lychee.rerank.operators.postprocess;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Weighted isotonic regression of relevance on logit, by pooling adjacent violators.
 *
 * <p>Robertson, Wright and Dykstra, "Order Restricted Statistical Inference", 1988; the pooled
 * solution equals scikit-learn's {@code IsotonicRegression(y_min=0, y_max=1)}. Cost: a sort, then
 * one pass.
 */
public final class IsotonicFit {

    /** Beyond this, sums and differences could overflow. */
    private static final double LARGEST = 1e100;

    /** Means that differ by less are equal but for rounding, and their blocks one. */
    private static final double ROUNDING = 1e-12;

    private final List<Block> blocks;

    private IsotonicFit(List<Block> blocks) {
        this.blocks = Collections.unmodifiableList(blocks);
    }

    /**
     * A stretch of logits with one fitted probability.
     *
     * @param firstLogit smallest logit of the block
     * @param lastLogit largest logit of the block
     * @param centreLogit weighted mean logit of the block
     * @param probability fitted, 0..1
     * @param weight sum of the weights in the block
     * @param low lower end of the 95 % Wilson interval, taking the weight as the number of
     *     observations
     * @param high upper end of it
     */
    public record Block(
            double firstLogit,
            double lastLogit,
            double centreLogit,
            double probability,
            double weight,
            double low,
            double high) {}

    /**
     * Fits samples or, the same thing, histogram bins given as their centre, mean label and count.
     *
     * @param logits any order, ties allowed: they are pooled first
     * @param labels relevance; 0 and 1, or any finite number where clicks were corrected for
     *     position. Fitted values are clipped to 0..1
     * @param weights number of observations each sample stands for, fractions allowed. Samples with
     *     a weight that is not positive, or any number beyond 1e100 or not finite, are left out
     * @return without blocks if no sample is left
     */
    public static IsotonicFit fit(double[] logits, double[] labels, double[] weights) {
        ScoredPairs.requireSameLength(logits.length, labels.length);
        ScoredPairs.requireSameLength(logits.length, weights.length);
        int[] order = usableInAscendingOrder(logits, labels, weights);

        // Parallel stacks of blocks; the top one absorbs each new logit that does not exceed it.
        double[] first = new double[order.length];
        double[] last = new double[order.length];
        double[] weight = new double[order.length];
        double[] centre = new double[order.length];
        double[] mean = new double[order.length];
        int top = -1;
        int next = 0;
        while (next < order.length) {
            top++;
            first[top] = logits[order[next]] + 0.0;
            last[top] = first[top];
            centre[top] = first[top];
            weight[top] = 0;
            mean[top] = 0;
            while (next < order.length && logits[order[next]] == first[top]) {
                int sample = order[next++];
                weight[top] += weights[sample];
                mean[top] += (labels[sample] - mean[top]) * (weights[sample] / weight[top]);
            }
            while (top > 0 && mean[top - 1] >= mean[top] - ROUNDING) {
                double joint = weight[top - 1] + weight[top];
                double share = weight[top] / joint;
                mean[top - 1] += (mean[top] - mean[top - 1]) * share;
                centre[top - 1] += (centre[top] - centre[top - 1]) * share;
                last[top - 1] = last[top];
                weight[top - 1] = joint;
                top--;
            }
        }

        List<Block> blocks = new ArrayList<>(top + 1);
        int start = 0;
        for (int i = 0; i <= top; i++) {
            mean[i] = clip(mean[i], 0, 1);
            if (i > 0 && mean[i] == mean[i - 1]) {
                // Clipping made two blocks one.
                double joint = weight[i - 1] + weight[i];
                centre[i] = centre[i - 1] + (centre[i] - centre[i - 1]) * (weight[i] / joint);
                weight[i] = joint;
            } else {
                start = i;
            }
            if (i == top || clip(mean[i + 1], 0, 1) > mean[i]) {
                blocks.add(block(first[start], last[i], centre[i], mean[i], weight[i]));
            }
        }
        return new IsotonicFit(blocks);
    }

    /** Ascending in logit, probability too; empty if there was nothing to fit. */
    public List<Block> blocks() {
        return blocks;
    }

    /**
     * One knot at each block's centre, linear between them: centred isotonic regression (Oron and
     * Flournoy, "Centered Isotonic Regression", Statistics in Biopharmaceutical Research 9, 2017).
     * It has no plateaus between the outermost centres, so it is the better map to serve.
     *
     * @return an {@link IsotonicCalibrator}, or {@code whenUnfitted} if there are no blocks
     */
    public Calibrator centred(IdentityCalibrator whenUnfitted) {
        int count = blocks.size();
        double[] logits = new double[count];
        for (int i = 0; i < count; i++) {
            logits[i] = blocks.get(i).centreLogit();
        }
        return calibrator(logits, blocks, whenUnfitted);
    }

    /**
     * A plateau over each block, linear between the last logit of one and the first of the next:
     * what scikit-learn's {@code IsotonicRegression(y_min=0, y_max=1, out_of_bounds="clip")}
     * predicts.
     *
     * @return an {@link IsotonicCalibrator}, or {@code whenUnfitted} if there are no blocks
     */
    public Calibrator stepped(IdentityCalibrator whenUnfitted) {
        List<Block> ends = new ArrayList<>(2 * blocks.size());
        double[] logits = new double[2 * blocks.size()];
        for (Block block : blocks) {
            logits[ends.size()] = block.firstLogit();
            ends.add(block);
            if (block.lastLogit() > block.firstLogit()) {
                logits[ends.size()] = block.lastLogit();
                ends.add(block);
            }
        }
        return calibrator(Arrays.copyOf(logits, ends.size()), ends, whenUnfitted);
    }

    private static Calibrator calibrator(
            double[] logits, List<Block> atKnot, IdentityCalibrator whenUnfitted) {
        if (logits.length == 0) {
            return whenUnfitted;
        }
        double[] probabilities = new double[logits.length];
        double[] low = new double[logits.length];
        double[] high = new double[logits.length];
        for (int i = 0; i < logits.length; i++) {
            Block block = atKnot.get(i);
            probabilities[i] = block.probability();
            low[i] = block.low();
            high[i] = block.high();
        }
        return new IsotonicCalibrator(logits, probabilities, low, high);
    }

    private static int[] usableInAscendingOrder(
            double[] logits, double[] labels, double[] weights) {
        int[] order = new int[logits.length];
        int count = 0;
        for (int i = 0; i < logits.length; i++) {
            if (isUsable(logits[i])
                    && isUsable(labels[i])
                    && isUsable(weights[i])
                    && weights[i] > 0) {
                order[count++] = i;
            }
        }
        int[] usable = Arrays.copyOf(order, count);
        IndexSort.sort(
                usable, (left, right) -> Double.compare(logits[left] + 0.0, logits[right] + 0.0));
        return usable;
    }

    private static boolean isUsable(double value) {
        return Math.abs(value) <= LARGEST;
    }

    private static Block block(
            double first, double last, double centre, double probability, double weight) {
        WilsonInterval band = WilsonInterval.of(probability, weight);
        return new Block(
                first,
                last,
                clip(centre, first, last),
                probability,
                weight,
                band.low(),
                band.high());
    }

    private static double clip(double value, double low, double high) {
        return Math.max(low, Math.min(high, value));
    }
}
