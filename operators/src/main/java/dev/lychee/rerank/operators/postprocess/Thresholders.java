package dev.lychee.rerank.operators.postprocess;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The threshold strategies by name.
 *
 * <table>
 * <caption>Strategies</caption>
 * <tr><td>{@code none}</td><td>keeps all</td></tr>
 * <tr><td>{@code fixed}</td><td>a given score</td></tr>
 * <tr><td>{@code percentile}</td><td>the quantile above which the given share of the set lies</td></tr>
 * <tr><td>{@code gap}</td><td>the middle of the largest gap between neighbours in the ranking, looked for where the cut
 *     keeps between {@code min_keep} and {@code max_keep}; of equal gaps the lowest, so that more is kept</td></tr>
 * <tr><td>{@code otsu}</td><td>the middle of the cut that leaves the least variance inside the two classes (Otsu, "A
 *     Threshold Selection Method from Gray-Level Histograms", IEEE SMC 9, 1979), exact over all cuts of the sorted
 *     scores, no histogram; only if the classes are clearly apart</td></tr>
 * </table>
 *
 * <p><b>When Otsu does not cut.</b> The best cut of a single class explains a good part of its
 * variance too: 2/π = 0.64 of a Gaussian, 0.65 of an exponential, 0.75 of a uniform distribution,
 * and more in small samples by chance (ten uniform scores reach 0.97 once in a thousand times). A
 * cut therefore needs a separation of at least {@code 1 - (1 - minSeparation) * exp(-20 / n)} for n
 * scores. With the default of 0.8 that follows the 99.9 % quantile of simulated uniform samples: of
 * such sets one in 1,000 is cut from n = 8 up, three at n = 5, seven at n = 4; of Gaussian ones one
 * in 10,000 from n = 8 up. Fewer than four scores are never cut. The price: two equally large
 * Gaussian classes are told apart when their means are about 13 standard deviations apart at n =
 * 10, 8 at n = 20, 5 at n = 100.
 *
 * <p>{@code fixed} and {@code gap} read scores in absolute units. {@code percentile} and {@code
 * otsu} choose the same candidates whatever the scale and shift of the scores.
 */
public final class Thresholders {

    /** Names that {@link #of} knows. */
    public static final List<String> STRATEGIES =
            List.of("none", "fixed", "percentile", "gap", "otsu");

    /** A spread below this share of the largest magnitude is rounding noise, not spread. */
    private static final double NOISE = 1e-12;

    private static final int FEWEST_FOR_OTSU = 4;

    /** How fast the demand on small sets falls to that on large ones. */
    private static final double SMALL_SAMPLE = 20;

    private Thresholders() {}

    /** {@link #of(String, ThresholdOptions)} with the defaults. */
    public static Thresholder of(String strategy) {
        return of(strategy, ThresholdOptions.DEFAULTS);
    }

    /**
     * The strategy of a name.
     *
     * @param strategy one of {@link #STRATEGIES}
     * @param options the numbers; {@code minKeep} and {@code maxKeep} bound the result of every
     *     strategy
     * @throws IllegalArgumentException if there is no such strategy
     */
    public static Thresholder of(String strategy, ThresholdOptions options) {
        Strategy unbounded =
                switch (strategy) {
                    case "none" -> Thresholders::none;
                    case "fixed" -> Thresholders::fixed;
                    case "percentile" -> Thresholders::percentile;
                    case "gap" -> Thresholders::gap;
                    case "otsu" -> Thresholders::otsu;
                    default ->
                            throw new IllegalArgumentException(
                                    "Unknown threshold strategy '"
                                            + strategy
                                            + "', known are "
                                            + STRATEGIES);
                };
        return (scores, usable) -> {
            double[] ascending = ScoredPairs.sortedAscending(scores, usable);
            if (ascending.length == 0) {
                return new ThresholdOutcome(strategy, false, 0, 0, null, "no scored candidates");
            }
            return bounded(strategy, unbounded.cut(ascending, options), ascending, options);
        };
    }

    /** Finds a cut in scores sorted ascending, at least one. */
    private interface Strategy {
        Cut cut(double[] ascending, ThresholdOptions options);
    }

    private record Cut(boolean applied, double value, @Nullable Double separation, String reason) {

        static Cut keepAll(double[] ascending, @Nullable Double separation, String reason) {
            return new Cut(false, ascending[0], separation, reason);
        }
    }

    private static Cut none(double[] ascending, ThresholdOptions options) {
        return Cut.keepAll(ascending, null, "no threshold");
    }

    private static Cut fixed(double[] ascending, ThresholdOptions options) {
        double value = options.fixedValue();
        return new Cut(true, value, null, "fixed threshold " + number(value));
    }

    private static Cut percentile(double[] ascending, ThresholdOptions options) {
        double value = Quantiles.linear(ascending, 1 - options.keepShare());
        return new Cut(
                true,
                value,
                null,
                String.format(Locale.ROOT, "top %.0f %% of the scores", options.keepShare() * 100));
    }

    private static Cut gap(double[] ascending, ThresholdOptions options) {
        int count = ascending.length;
        int fewest = Math.max(1, options.minKeep());
        int most = Math.min(count - 1, options.maxKeep());
        double largest = 0;
        int keep = 0;
        for (int candidate = fewest; candidate <= most; candidate++) {
            double gap = ascending[count - candidate] - ascending[count - candidate - 1];
            if (gap > 0 && gap >= largest) {
                largest = gap;
                keep = candidate;
            }
        }
        if (keep == 0) {
            return Cut.keepAll(ascending, null, "no gap to cut at, kept all");
        }
        if (largest < options.minGap()) {
            return Cut.keepAll(
                    ascending,
                    null,
                    "largest gap "
                            + number(largest)
                            + " is below "
                            + number(options.minGap())
                            + ", kept all");
        }
        double value = middle(ascending[count - keep - 1], ascending[count - keep]);
        return new Cut(true, value, null, "largest gap " + number(largest) + " after rank " + keep);
    }

    private static Cut otsu(double[] ascending, ThresholdOptions options) {
        int count = ascending.length;
        if (isConstant(ascending)) {
            return Cut.keepAll(ascending, null, "all scores equal, kept all");
        }
        if (count < FEWEST_FOR_OTSU) {
            return Cut.keepAll(ascending, null, "too few scores to tell two classes, kept all");
        }
        double[] centred = centred(ascending);
        double total = 0;
        for (double value : centred) {
            total += value * value;
        }
        double best = 0;
        int below = 0;
        double sum = 0;
        for (int low = 1; low < count; low++) {
            sum += centred[low - 1];
            if (ascending[low] > ascending[low - 1]) {
                // With the mean at 0 the classes' sums are sum and -sum, so that the variance
                // between them is
                // sum^2 / low + sum^2 / high.
                double between = sum * sum / low + sum * sum / (count - low);
                if (between > best) {
                    best = between;
                    below = low;
                }
            }
        }
        double separation = Math.min(1, best / total);
        double needed = 1 - (1 - options.minSeparation()) * Math.exp(-SMALL_SAMPLE / count);
        if (below == 0 || separation < needed) {
            return Cut.keepAll(
                    ascending,
                    separation,
                    String.format(
                            Locale.ROOT,
                            "no clean separation (%.2f of %.2f needed), kept all",
                            separation,
                            needed));
        }
        return new Cut(
                true,
                middle(ascending[below - 1], ascending[below]),
                separation,
                String.format(Locale.ROOT, "two classes, separation %.2f", separation));
    }

    private static ThresholdOutcome bounded(
            String strategy, Cut cut, double[] ascending, ThresholdOptions options) {
        int count = ascending.length;
        double value = cut.value();
        String reason = cut.reason();
        int kept = countAtLeast(ascending, value);
        if (kept < Math.min(options.minKeep(), count)) {
            value = ascending[count - Math.min(options.minKeep(), count)];
            reason += ", lowered to keep at least " + options.minKeep();
            kept = Math.min(countAtLeast(ascending, value), options.maxKeep());
        } else if (kept > options.maxKeep()) {
            kept = options.maxKeep();
            value = kept == 0 ? justAbove(ascending[count - 1]) : ascending[count - kept];
            reason += ", raised to keep at most " + options.maxKeep();
        }
        return new ThresholdOutcome(strategy, cut.applied(), value, kept, cut.separation(), reason);
    }

    /** Where keeping none has no score to stand at. */
    private static double justAbove(double best) {
        return Math.min(Math.nextUp(best), Double.MAX_VALUE);
    }

    private static int countAtLeast(double[] ascending, double value) {
        int below = 0;
        while (below < ascending.length && ascending[below] < value) {
            below++;
        }
        return ascending.length - below;
    }

    private static boolean isConstant(double[] ascending) {
        double min = ascending[0];
        double max = ascending[ascending.length - 1];
        return max * 0.5 - min * 0.5 <= NOISE * 0.5 * Math.max(Math.abs(min), Math.abs(max));
    }

    /**
     * The scores minus their mean, scaled by a power of two so that no square overflows or
     * vanishes.
     */
    private static double[] centred(double[] ascending) {
        double min = ascending[0];
        double max = ascending[ascending.length - 1];
        int exponent = Math.getExponent(Math.max(Math.abs(min), Math.abs(max)));
        double[] centred = new double[ascending.length];
        double sum = 0;
        for (int i = 0; i < ascending.length; i++) {
            centred[i] = Math.scalb(ascending[i], -exponent);
            sum += centred[i];
        }
        double mean = sum / ascending.length;
        for (int i = 0; i < centred.length; i++) {
            centred[i] -= mean;
        }
        return centred;
    }

    /** Between two different scores, above the lower one even where no number lies between them. */
    private static double middle(double low, double high) {
        double middle = low * 0.5 + high * 0.5;
        return middle > low && middle <= high ? middle : high;
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }
}
