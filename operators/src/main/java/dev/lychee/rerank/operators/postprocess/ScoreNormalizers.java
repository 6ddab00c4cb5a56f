package dev.lychee.rerank.operators.postprocess;

import dev.lychee.rerank.operators.postprocess.ScoreNormalizer.Normalized;
import java.util.List;

/**
 * The normalization strategies by name.
 *
 * <table>
 * <caption>Strategies</caption>
 * <tr><td>{@code none}</td><td>the value itself, clipped to 0..1: for probabilities, or for logits with
 *     {@code sigmoid}</td></tr>
 * <tr><td>{@code min-max}</td><td>{@code (v - min) / (max - min)}</td></tr>
 * <tr><td>{@code z-score}</td><td>sigmoid of {@code (v - mean) / standard deviation} (of the population)</td></tr>
 * <tr><td>{@code robust}</td><td>sigmoid of {@code (v - median) / interquartile range}; where more than half of the
 *     values are equal and the range is zero, the standard deviation takes its place</td></tr>
 * <tr><td>{@code rank}</td><td>share of the other candidates that are worse, ties counting half: worst 0, best 1</td></tr>
 * </table>
 *
 * <p>Every strategy but {@code none} gives 0.5 to each pair of a set without spread, and says so.
 */
public final class ScoreNormalizers {

    /** Names that {@link #of} knows. */
    public static final List<String> STRATEGIES =
            List.of("none", "min-max", "z-score", "robust", "rank");

    /** A spread below this share of the largest magnitude is rounding noise, not spread. */
    private static final double NOISE = 1e-12;

    private static final double NEUTRAL = 0.5;

    private ScoreNormalizers() {}

    /** {@link #of(String, boolean)} without the sigmoid. */
    public static ScoreNormalizer of(String strategy) {
        return of(strategy, false);
    }

    /**
     * The strategy of a name.
     *
     * @param strategy one of {@link #STRATEGIES}
     * @param sigmoid map values with the sigmoid first, for {@code none} and {@code min-max}; use
     *     it only on logits: a second sigmoid flattens probabilities towards 0.5. The other
     *     strategies are not changed by it: z-score and robust end in a sigmoid of their own, and
     *     ranks stay the same
     * @throws IllegalArgumentException if there is no such strategy
     */
    public static ScoreNormalizer of(String strategy, boolean sigmoid) {
        return switch (strategy) {
            case "none" -> sigmoid ? ScoreNormalizers::sigmoid : ScoreNormalizers::clip;
            case "min-max" ->
                    sigmoid ? ScoreNormalizers::minMaxOfSigmoid : ScoreNormalizers::minMax;
            case "z-score" -> ScoreNormalizers::zScore;
            case "robust" -> ScoreNormalizers::robust;
            case "rank" -> ScoreNormalizers::rank;
            default ->
                    throw new IllegalArgumentException(
                            "Unknown normalization '" + strategy + "', known are " + STRATEGIES);
        };
    }

    private static Normalized clip(double[] values, boolean[] usable) {
        ScoredPairs.requireSameLength(values.length, usable.length);
        double[] clipped = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            if (ScoredPairs.takesPart(values, usable, i)) {
                clipped[i] = clip(values[i]);
            }
        }
        return new Normalized(clipped, false);
    }

    private static Normalized sigmoid(double[] values, boolean[] usable) {
        return new Normalized(Probability.ofLogits(values, usable, 1), false);
    }

    private static Normalized minMaxOfSigmoid(double[] values, boolean[] usable) {
        boolean[] finite = new boolean[values.length];
        ScoredPairs.requireSameLength(values.length, usable.length);
        for (int i = 0; i < values.length; i++) {
            finite[i] = ScoredPairs.takesPart(values, usable, i);
        }
        return minMax(Probability.ofLogits(values, usable, 1), finite);
    }

    private static Normalized minMax(double[] values, boolean[] usable) {
        double[] ascending = ScoredPairs.sortedAscending(values, usable);
        if (isConstant(ascending)) {
            return degenerate(values, usable);
        }
        int exponent = exponent(ascending);
        double min = Math.scalb(ascending[0], -exponent);
        double range = Math.scalb(ascending[ascending.length - 1], -exponent) - min;
        double[] normalized = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            if (ScoredPairs.takesPart(values, usable, i)) {
                normalized[i] = clip((Math.scalb(values[i], -exponent) - min) / range);
            }
        }
        return new Normalized(normalized, false);
    }

    private static Normalized zScore(double[] values, boolean[] usable) {
        double[] ascending = ScoredPairs.sortedAscending(values, usable);
        if (isConstant(ascending)) {
            return degenerate(values, usable);
        }
        int exponent = scale(ascending);
        double mean = mean(ascending);
        return standardize(values, usable, exponent, mean, standardDeviation(ascending, mean));
    }

    private static Normalized robust(double[] values, boolean[] usable) {
        double[] ascending = ScoredPairs.sortedAscending(values, usable);
        if (isConstant(ascending)) {
            return degenerate(values, usable);
        }
        int exponent = scale(ascending);
        double median = Quantiles.linear(ascending, 0.5);
        double range = Quantiles.linear(ascending, 0.75) - Quantiles.linear(ascending, 0.25);
        // Below the noise level quartiles are equal but for rounding.
        double spread = range > NOISE ? range : standardDeviation(ascending, mean(ascending));
        return standardize(values, usable, exponent, median, spread);
    }

    private static Normalized rank(double[] values, boolean[] usable) {
        double[] ascending = ScoredPairs.sortedAscending(values, usable);
        if (isConstant(ascending)) {
            return degenerate(values, usable);
        }
        double others = ascending.length - 1;
        double[] normalized = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            if (ScoredPairs.takesPart(values, usable, i)) {
                int first = lowerBound(ascending, values[i]);
                int last = upperBound(ascending, values[i]) - 1;
                normalized[i] = (first + last) / (2 * others);
            }
        }
        return new Normalized(normalized, false);
    }

    private static Normalized degenerate(double[] values, boolean[] usable) {
        double[] neutral = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            if (ScoredPairs.takesPart(values, usable, i)) {
                neutral[i] = NEUTRAL;
            }
        }
        return new Normalized(neutral, true);
    }

    private static Normalized standardize(
            double[] values, boolean[] usable, int exponent, double centre, double spread) {
        double[] normalized = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            if (ScoredPairs.takesPart(values, usable, i)) {
                normalized[i] =
                        Probability.sigmoid((Math.scalb(values[i], -exponent) - centre) / spread);
            }
        }
        return new Normalized(normalized, false);
    }

    private static boolean isConstant(double[] ascending) {
        return ascending.length < 2
                || ascending[ascending.length - 1] * 0.5 - ascending[0] * 0.5
                        <= NOISE * 0.5 * largestMagnitude(ascending);
    }

    /**
     * Brings the largest magnitude into [1, 2), exactly, so that no square overflows; returns the
     * power of two.
     */
    private static int scale(double[] ascending) {
        int exponent = exponent(ascending);
        for (int i = 0; i < ascending.length; i++) {
            ascending[i] = Math.scalb(ascending[i], -exponent);
        }
        return exponent;
    }

    private static int exponent(double[] ascending) {
        return Math.getExponent(largestMagnitude(ascending));
    }

    private static double largestMagnitude(double[] ascending) {
        return Math.max(Math.abs(ascending[0]), Math.abs(ascending[ascending.length - 1]));
    }

    private static double mean(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum / values.length;
    }

    private static double standardDeviation(double[] values, double mean) {
        double squares = 0;
        for (double value : values) {
            squares += (value - mean) * (value - mean);
        }
        return Math.sqrt(squares / values.length);
    }

    private static int lowerBound(double[] ascending, double value) {
        int low = 0;
        int high = ascending.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (ascending[middle] < value) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static int upperBound(double[] ascending, double value) {
        int low = 0;
        int high = ascending.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (ascending[middle] <= value) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static double clip(double value) {
        return Math.max(0, Math.min(1, value));
    }
}
