package dev.lychee.rerank.operators.postprocess;

import java.util.Arrays;
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
 * <tr><td>{@code knee}</td><td>the middle of the step where the falling curve of the scores flattens most ({@link
 *     Kneedle}); the steep part is kept</td></tr>
 * <tr><td>{@code recall}</td><td>the shortest list that is expected to hold the given share of the set's relevant
 *     candidates, by {@code calibrated}</td></tr>
 * <tr><td>{@code precision}</td><td>the longest list of which the given share is expected to be relevant, by {@code
 *     calibrated}; none where even the first does not reach it</td></tr>
 * <tr><td>{@code guarantee}</td><td>a cut that was fitted on judged requests ({@link LossControl})</td></tr>
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
 * <p><b>When a knee does not count.</b> The curve of a single class bulges too. For n uniform
 * scores the bulge is the one-sided Kolmogorov-Smirnov statistic of the n - 2 between the highest
 * and the lowest, which exceeds {@code sqrt(ln(100) / (2 * (n - 2)))} in fewer than one set of 100
 * (Massart, "The Tight Constant in the Dvoretzky-Kiefer-Wolfowitz Inequality", Annals of
 * Probability 18, 1990). A knee must. That leaves small sets uncut (0.54 is needed at n = 10, 0.22
 * at n = 50): {@code otsu} and {@code gap} see more in them.
 *
 * <p><b>What is expected.</b> {@code recall} and {@code precision} add up probabilities, so they
 * mean what they say only where {@code calibrated} is calibrated. Candidates of equal score stay
 * together.
 *
 * <p>{@code fixed}, {@code gap} and {@code guarantee} read scores in absolute units. {@code
 * percentile}, {@code otsu} and {@code knee} choose the same candidates whatever the scale and
 * shift of the scores; {@code recall} and {@code precision} whatever rising function they went
 * through.
 */
public final class Thresholders {

    /** Names that {@link #of} knows. */
    public static final List<String> STRATEGIES =
            List.of(
                    "none",
                    "fixed",
                    "percentile",
                    "gap",
                    "otsu",
                    "knee",
                    "recall",
                    "precision",
                    "guarantee");

    /** A spread below this share of the largest magnitude is rounding noise, not spread. */
    private static final double NOISE = 1e-12;

    private static final int FEWEST_FOR_OTSU = 4;

    /** How fast the demand on small sets falls to that on large ones. */
    private static final double SMALL_SAMPLE = 20;

    private static final int FEWEST_FOR_KNEE = 4;

    /** One over the share of uniform sets that have a knee by chance. */
    private static final double CHANCE = 100;

    /** Sums of probabilities that differ by less are equal but for rounding. */
    private static final double ROUNDING = 1e-9;

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
                    case "knee" -> Thresholders::knee;
                    case "recall" -> Thresholders::recall;
                    case "precision" -> Thresholders::precision;
                    case "guarantee" -> Thresholders::guarantee;
                    default ->
                            throw new IllegalArgumentException(
                                    "Unknown threshold strategy '"
                                            + strategy
                                            + "', known are "
                                            + STRATEGIES);
                };
        // Only the targets read probabilities, and sorting those along costs more.
        boolean alone = !strategy.equals("recall") && !strategy.equals("precision");
        return (scores, calibrated, usable) -> {
            SortedSet set =
                    alone
                            ? new SortedSet(ScoredPairs.sortedAscending(scores, usable), null)
                            : SortedSet.of(scores, calibrated, usable);
            if (set.size() == 0) {
                return new ThresholdOutcome(strategy, false, 0, 0, null, "no scored candidates");
            }
            return bounded(strategy, unbounded.cut(set, options), set.ascending(), options);
        };
    }

    /** Finds a cut in a set of at least one candidate. */
    private interface Strategy {
        Cut cut(SortedSet set, ThresholdOptions options);
    }

    /** Scores in ascending order, and the probabilities that belong to them. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record SortedSet(double[] ascending, double @Nullable [] calibrated) {

        static SortedSet of(double[] scores, double[] calibrated, boolean[] usable) {
            ScoredPairs.requireSameLength(scores.length, calibrated.length);
            ScoredPairs.requireSameLength(scores.length, usable.length);
            double[] probabilities = new double[scores.length];
            int[] places = new int[scores.length];
            int count = 0;
            for (int i = 0; i < scores.length; i++) {
                if (ScoredPairs.takesPart(scores, usable, i)) {
                    places[count++] = i;
                    probabilities[i] =
                            Double.isFinite(calibrated[i])
                                    ? Math.max(0, Math.min(1, calibrated[i]))
                                    : 0;
                }
            }
            int[] order = Arrays.copyOf(places, count);
            // By probability too, so that sums over equal scores do not depend on the input's
            // order.
            IndexSort.sort(
                    order,
                    (left, right) -> {
                        int byScore = Double.compare(scores[left] + 0.0, scores[right] + 0.0);
                        return byScore != 0
                                ? byScore
                                : Double.compare(probabilities[left], probabilities[right]);
                    });
            double[] ascending = new double[count];
            double[] along = new double[count];
            for (int i = 0; i < count; i++) {
                ascending[i] = scores[order[i]] + 0.0;
                along[i] = probabilities[order[i]];
            }
            return new SortedSet(ascending, along);
        }

        int size() {
            return ascending.length;
        }

        /** Expected number of relevant candidates among the best {@code rank}, for each rank. */
        double[] expectedRelevant() {
            double[] probabilities = calibrated == null ? ascending : calibrated;
            double[] sums = new double[size() + 1];
            for (int rank = 1; rank <= size(); rank++) {
                sums[rank] = sums[rank - 1] + probabilities[size() - rank];
            }
            return sums;
        }

        /** Whether the list may end after {@code rank}: the next score is lower. */
        boolean mayEndAfter(int rank) {
            return rank == size() || ascending[size() - rank] > ascending[size() - rank - 1];
        }

        /** The cut that keeps the best {@code rank}, at least one. */
        double valueAt(int rank) {
            return ascending[size() - rank];
        }
    }

    private record Cut(boolean applied, double value, @Nullable Double separation, String reason) {

        static Cut keepAll(double[] ascending, @Nullable Double separation, String reason) {
            return new Cut(false, ascending[0], separation, reason);
        }
    }

    private static Cut none(SortedSet set, ThresholdOptions options) {
        double[] ascending = set.ascending();
        return Cut.keepAll(ascending, null, "no threshold");
    }

    private static Cut fixed(SortedSet set, ThresholdOptions options) {
        double value = options.fixedValue();
        return new Cut(true, value, null, "fixed threshold " + number(value));
    }

    private static Cut percentile(SortedSet set, ThresholdOptions options) {
        double[] ascending = set.ascending();
        double value = Quantiles.linear(ascending, 1 - options.keepShare());
        return new Cut(
                true,
                value,
                null,
                String.format(Locale.ROOT, "top %.0f %% of the scores", options.keepShare() * 100));
    }

    private static Cut gap(SortedSet set, ThresholdOptions options) {
        double[] ascending = set.ascending();
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

    private static Cut otsu(SortedSet set, ThresholdOptions options) {
        double[] ascending = set.ascending();
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

    private static Cut knee(SortedSet set, ThresholdOptions options) {
        double[] ascending = set.ascending();
        int count = ascending.length;
        if (isConstant(ascending)) {
            return Cut.keepAll(ascending, null, "all scores equal, kept all");
        }
        if (count < FEWEST_FOR_KNEE) {
            return Cut.keepAll(ascending, null, "too few scores for a knee, kept all");
        }
        Kneedle.Knee knee = Kneedle.find(ascending, options.sensitivity());
        if (knee == null) {
            return Cut.keepAll(ascending, null, "no knee in the curve, kept all");
        }
        double needed = Math.sqrt(Math.log(CHANCE) / (2 * (count - 2)));
        if (knee.bulge() < needed) {
            return Cut.keepAll(
                    ascending,
                    null,
                    String.format(
                            Locale.ROOT,
                            "no clear knee (bulge %.2f of %.2f needed), kept all",
                            knee.bulge(),
                            needed));
        }
        return new Cut(
                true,
                middle(ascending[count - knee.rank() - 1], ascending[count - knee.rank()]),
                null,
                String.format(
                        Locale.ROOT, "knee after rank %d, bulge %.2f", knee.rank(), knee.bulge()));
    }

    private static Cut recall(SortedSet set, ThresholdOptions options) {
        double[] relevant = set.expectedRelevant();
        double all = relevant[set.size()];
        double needed = options.recallTarget() * all;
        int rank = 1;
        while (rank < set.size()
                && !(relevant[rank] >= needed - ROUNDING * all && set.mayEndAfter(rank))) {
            rank++;
        }
        return new Cut(
                true,
                set.valueAt(rank),
                null,
                all == 0
                        ? "no relevant candidate is expected"
                        : String.format(
                                Locale.ROOT,
                                "expected to hold %.1f of %.1f relevant, recall %.2f",
                                relevant[rank],
                                all,
                                relevant[rank] / all));
    }

    private static Cut precision(SortedSet set, ThresholdOptions options) {
        double[] relevant = set.expectedRelevant();
        double target = options.precisionTarget();
        int rank = set.size();
        while (rank > 0
                && !(relevant[rank] >= (target - ROUNDING) * rank && set.mayEndAfter(rank))) {
            rank--;
        }
        if (rank == 0) {
            return new Cut(
                    true,
                    justAbove(set.valueAt(1)),
                    null,
                    String.format(
                            Locale.ROOT, "no list with an expected precision of %.2f", target));
        }
        return new Cut(
                true,
                set.valueAt(rank),
                null,
                String.format(
                        Locale.ROOT,
                        "expected precision %.2f of the %.2f wanted",
                        relevant[rank] / rank,
                        target));
    }

    private static Cut guarantee(SortedSet set, ThresholdOptions options) {
        GuaranteedCut cut = options.fittedCut();
        if (cut == null) {
            return Cut.keepAll(
                    set.ascending(),
                    null,
                    "no fitted cut for this guarantee (lychee calibrate makes one), kept all");
        }
        return new Cut(true, cut.value(), null, cut.promise());
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
