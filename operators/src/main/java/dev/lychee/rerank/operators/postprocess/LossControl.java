package dev.lychee.rerank.operators.postprocess;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Fits the highest cut that loses at most a given share of the relevant candidates, from judged
 * requests that are exchangeable with those to come (same traffic, same model).
 *
 * <p>The loss of a request is the share of its relevant candidates below the cut; it never falls as
 * the cut rises. Requests without a relevant candidate say nothing about loss and are left out: the
 * promise is about requests that have one. A relevant candidate without a score is lost at every
 * cut.
 */
public final class LossControl {

    private LossControl() {}

    /**
     * The highest cut whose expected loss is at most {@code maxLoss}, the expectation being over
     * the judged requests and the next one: {@code (n * mean loss + 1) / (n + 1) <= maxLoss}
     * (Angelopoulos, Bates, Fisch, Lei and Schuster, "Conformal Risk Control", ICLR 2024, theorem
     * 1).
     *
     * @param relevantByRequest logits of the relevant candidates of each judged request; one that
     *     is not finite was not scored
     * @param maxLoss 0..1
     * @return empty if no cut holds the promise: too few requests, or too many unscored candidates
     */
    public static OptionalDouble onAverage(List<double[]> relevantByRequest, double maxLoss) {
        return highestCut(
                relevantByRequest,
                (requests, meanLoss) -> (requests * meanLoss + 1) / (requests + 1) <= maxLoss);
    }

    /**
     * The highest cut of which the judged requests show, with the given confidence, that its mean
     * loss is at most {@code maxLoss}.
     *
     * <p>Cuts are tested from the lowest up until one fails (Bates, Angelopoulos, Lei, Malik and
     * Jordan, "Distribution-Free, Risk-Controlling Prediction Sets", Journal of the ACM 68, 2021),
     * each with the Hoeffding-Bentkus p-value.
     *
     * @param relevantByRequest as for {@link #onAverage}
     * @param maxLoss 0..1
     * @param confidence above 0, below 1
     * @return empty if no cut holds the promise
     */
    public static OptionalDouble withConfidence(
            List<double[]> relevantByRequest, double maxLoss, double confidence) {
        if (!(confidence > 0 && confidence < 1)) {
            throw new IllegalArgumentException(
                    "A confidence is above 0 and below 1, got " + confidence);
        }
        return highestCut(
                relevantByRequest,
                (requests, meanLoss) -> pValue(requests, meanLoss, maxLoss) <= 1 - confidence);
    }

    /**
     * Hoeffding-Bentkus p-value of the hypothesis that the mean of a loss in 0..1 is above {@code
     * maxLoss}.
     *
     * @param requests number of observed losses, at least 1
     * @param meanLoss their mean, 0..1
     * @param maxLoss 0..1
     */
    static double pValue(int requests, double meanLoss, double maxLoss) {
        if (meanLoss >= maxLoss) {
            return 1;
        }
        double hoeffding = Math.exp(-requests * relativeEntropy(meanLoss, maxLoss));
        // A sum of losses that is whole but for rounding must not count as the next number.
        int successes = (int) Math.ceil(requests * meanLoss - 1e-9);
        double bentkus = Math.E * binomialAtMost(successes, requests, maxLoss);
        return Math.min(1, Math.min(hoeffding, bentkus));
    }

    private static double relativeEntropy(double a, double b) {
        if (b >= 1) {
            return a >= 1 ? 0 : Double.POSITIVE_INFINITY;
        }
        double first = a == 0 ? 0 : a * Math.log(a / b);
        return first + (1 - a) * (Math.log1p(-a) - Math.log1p(-b));
    }

    /** P(X <= successes) of the binomial distribution, summed in logarithms. */
    private static double binomialAtMost(int successes, int trials, double probability) {
        if (probability >= 1) {
            return successes >= trials ? 1 : 0;
        }
        double odds = Math.log(probability) - Math.log1p(-probability);
        double term = trials * Math.log1p(-probability);
        double sum = Math.exp(term);
        for (int k = 1; k <= Math.min(successes, trials); k++) {
            term += Math.log((double) (trials - k + 1) / k) + odds;
            sum += Math.exp(term);
        }
        return Math.min(1, sum);
    }

    @FunctionalInterface
    private interface Promise {
        boolean holds(int requests, double meanLoss);
    }

    private static OptionalDouble highestCut(List<double[]> relevantByRequest, Promise promise) {
        List<double[]> judged = relevantByRequest.stream().filter(each -> each.length > 0).toList();
        int pairs = judged.stream().mapToInt(each -> each.length).sum();
        double[] logits = new double[pairs];
        double[] shares = new double[pairs];
        int scored = 0;
        double lost = 0;
        for (double[] relevant : judged) {
            for (double logit : relevant) {
                if (Double.isFinite(logit)) {
                    logits[scored] = logit + 0.0;
                    shares[scored++] = 1.0 / relevant.length;
                } else {
                    lost += 1.0 / relevant.length;
                }
            }
        }
        int[] order = IndexSort.identity(scored);
        IndexSort.sort(order, (left, right) -> Double.compare(logits[left], logits[right]));
        // Between two relevant logits the loss stays the same, so cuts at them are all there are.
        OptionalDouble highest = OptionalDouble.empty();
        for (int next = 0; next < scored; ) {
            double cut = logits[order[next]];
            if (!promise.holds(judged.size(), Math.min(1, lost / judged.size()))) {
                break;
            }
            highest = OptionalDouble.of(cut);
            while (next < scored && logits[order[next]] == cut) {
                lost += shares[order[next++]];
            }
        }
        return highest;
    }

    /**
     * Mean loss of a cut.
     *
     * @param relevantByRequest as for {@link #onAverage}
     * @param cut candidates with at least this logit are kept
     * @return empty without a request that has a relevant candidate
     */
    public static OptionalDouble meanLoss(List<double[]> relevantByRequest, double cut) {
        return relevantByRequest.stream()
                .filter(each -> each.length > 0)
                .mapToDouble(
                        each ->
                                Arrays.stream(each)
                                                .filter(
                                                        logit ->
                                                                !(Double.isFinite(logit)
                                                                        && logit >= cut))
                                                .count()
                                        / (double) each.length)
                .average();
    }
}
