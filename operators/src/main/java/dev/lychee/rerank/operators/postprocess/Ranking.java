package dev.lychee.rerank.operators.postprocess;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The final order of one candidate set, and which neighbours in it are ties.
 *
 * <p>By score, then by logit (calibration and capped rules leave plateaus; the logit is the most
 * precise value there is), then by input order. Pairs without a score come after all scored ones,
 * in retrieval order.
 */
public final class Ranking {

    /** Scores this close (0.05 of 10) to the first of their group are ties. */
    public static final double TIE_TOLERANCE = 0.005;

    /**
     * Differences of decimal numbers are off by a few units in the last place: 0.92 - 0.915 is
     * above 0.005.
     */
    static final double ROUNDING = 1e-9;

    private Ranking() {}

    /**
     * An order with its tie groups.
     *
     * @param order indexes of the candidates, best first
     * @param tieGroup per candidate in input order, the number of its group from 0 for the best; a
     *     candidate without ties is a group of one, and so is each unscored one
     * @param tied per candidate in input order, whether its group has other members
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
    public record Ranked(int[] order, int[] tieGroup, boolean[] tied) {

        /** Per candidate in input order, its rank from 1. */
        public int[] ranks() {
            int[] ranks = new int[order.length];
            for (int position = 0; position < order.length; position++) {
                ranks[order[position]] = position + 1;
            }
            return ranks;
        }
    }

    /**
     * Orders a set.
     *
     * @param scores what to order by, higher is better
     * @param logits what breaks equal scores; one that is not finite loses
     * @param scored which pairs were scored; a score that is not finite counts as none
     * @param retrievalRanks each candidate's rank in the retriever's order, lower is better; orders
     *     those without a score. Null for input order
     * @return indexes of the candidates, best first
     */
    public static int[] byScore(
            double[] scores, double[] logits, boolean[] scored, int @Nullable [] retrievalRanks) {
        return byTierAndScore(null, scores, null, logits, scored, retrievalRanks);
    }

    /**
     * Orders a set in which some candidates come before others whatever their score, and in which
     * scores may have been capped.
     *
     * @param tiers parts of the order, lower first, of scored pairs; null for one
     * @param scores what to order by inside a tier, higher is better
     * @param uncapped what breaks equal scores, before the logit does; null for none
     * @param logits what breaks equal scores; one that is not finite loses
     * @param scored which pairs were scored; a score that is not finite counts as none
     * @param retrievalRanks each candidate's rank in the retriever's order, lower is better; orders
     *     those without a score. Null for input order
     * @return indexes of the candidates, best first
     */
    public static int[] byTierAndScore(
            int @Nullable [] tiers,
            double[] scores,
            double @Nullable [] uncapped,
            double[] logits,
            boolean[] scored,
            int @Nullable [] retrievalRanks) {
        if (tiers != null) {
            ScoredPairs.requireSameLength(scores.length, tiers.length);
        }
        if (uncapped != null) {
            ScoredPairs.requireSameLength(scores.length, uncapped.length);
        }
        ScoredPairs.requireSameLength(scores.length, logits.length);
        ScoredPairs.requireSameLength(scores.length, scored.length);
        if (retrievalRanks != null) {
            ScoredPairs.requireSameLength(scores.length, retrievalRanks.length);
        }
        int[] order =
                tiers == null ? nearlyByScore(scores, scored) : IndexSort.identity(scores.length);
        IndexSort.sort(
                order,
                (left, right) -> {
                    boolean leftScored = ScoredPairs.takesPart(scores, scored, left);
                    boolean rightScored = ScoredPairs.takesPart(scores, scored, right);
                    if (leftScored != rightScored) {
                        return leftScored ? -1 : 1;
                    }
                    if (!leftScored) {
                        return retrievalRanks == null
                                ? 0
                                : Integer.compare(retrievalRanks[left], retrievalRanks[right]);
                    }
                    if (tiers != null && tiers[left] != tiers[right]) {
                        return Integer.compare(tiers[left], tiers[right]);
                    }
                    int byScore = descending(scores[left], scores[right]);
                    if (byScore == 0 && uncapped != null) {
                        byScore = descending(uncapped[left], uncapped[right]);
                    }
                    return byScore != 0
                            ? byScore
                            : descending(
                                    finiteOrLowest(logits[left]), finiteOrLowest(logits[right]));
                });
        return order;
    }

    /**
     * Sorts by as much of the scores as fits into a number beside the index, which is fast and
     * leaves little to the comparisons that decide. What looks alike stays in input order.
     */
    private static int[] nearlyByScore(double[] scores, boolean[] scored) {
        int indexBits = Integer.SIZE - Integer.numberOfLeadingZeros(scores.length);
        long[] keys = new long[scores.length];
        for (int i = 0; i < keys.length; i++) {
            if (ScoredPairs.takesPart(scores, scored, i)) {
                // The bits of a double, turned so that numbers sort as they do, largest first; 0.0
                // and -0.0 are alike.
                long bits = Double.doubleToLongBits(scores[i] + 0.0);
                long descending = ~(bits ^ ((bits >> 63) & Long.MAX_VALUE));
                keys[i] = (descending >> indexBits << indexBits) | i;
            } else {
                keys[i] = (Long.MAX_VALUE >> indexBits << indexBits) | i;
            }
        }
        Arrays.sort(keys);
        int[] order = new int[keys.length];
        for (int rank = 0; rank < order.length; rank++) {
            order[rank] = (int) (keys[rank] & ((1L << indexBits) - 1));
        }
        return order;
    }

    /**
     * Finds ties along an order: a candidate ties with the first of the group above it if their
     * values differ by at most the tolerance. Groups are anchored at their first, so that a chain
     * of small steps is not one group: 9.28, 9.24, 9.20 on the scale of 10 are a pair and a single.
     *
     * @param order as {@link #byScore} gives it
     * @param values what to compare, 0..1
     * @param scored which pairs were scored; the others tie with nobody
     * @param tolerance largest difference within a group, {@link #TIE_TOLERANCE} by default
     * @param keepInputOrder whether candidates of a group are put back into input order
     */
    public static Ranked withTies(
            int[] order,
            double[] values,
            boolean[] scored,
            double tolerance,
            boolean keepInputOrder) {
        return withTies(order, values, null, null, scored, tolerance, keepInputOrder);
    }

    /**
     * Finds ties where something else than the values shaped the order too: candidates of a group
     * are in one tier, and were moved by the same amount within the tolerance.
     *
     * @param tiers parts of the order; null for one
     * @param moved what was added to each candidate's score; null for nothing
     */
    public static Ranked withTies(
            int[] order,
            double[] values,
            int @Nullable [] tiers,
            double @Nullable [] moved,
            boolean[] scored,
            double tolerance,
            boolean keepInputOrder) {
        ScoredPairs.requireSameLength(order.length, values.length);
        ScoredPairs.requireSameLength(order.length, scored.length);
        int[] ranked = order.clone();
        int[] tieGroup = new int[order.length];
        boolean[] tied = new boolean[order.length];
        int group = 0;
        int start = 0;
        while (start < order.length) {
            int end = endOfGroup(order, start, values, tiers, moved, scored, tolerance);
            for (int position = start; position < end; position++) {
                tieGroup[order[position]] = group;
                tied[order[position]] = end - start > 1;
            }
            if (keepInputOrder) {
                Arrays.sort(ranked, start, end);
            }
            group++;
            start = end;
        }
        return new Ranked(ranked, tieGroup, tied);
    }

    /**
     * How many results to return.
     *
     * @param requested 0 or more
     * @param available number of candidates
     * @throws IllegalArgumentException if {@code requested} is negative
     */
    public static int topN(int requested, int available) {
        if (requested < 0) {
            throw new IllegalArgumentException("top_n must be 0 or more, got " + requested);
        }
        return Math.min(requested, available);
    }

    private static int endOfGroup(
            int[] order,
            int start,
            double[] values,
            int @Nullable [] tiers,
            double @Nullable [] moved,
            boolean[] scored,
            double tolerance) {
        int end = start + 1;
        int first = order[start];
        if (!ScoredPairs.takesPart(values, scored, first)) {
            return end;
        }
        while (end < order.length
                && ScoredPairs.takesPart(values, scored, order[end])
                && (tiers == null || tiers[first] == tiers[order[end]])
                && (moved == null || near(moved[first], moved[order[end]], tolerance))
                && near(values[first], values[order[end]], tolerance)) {
            end++;
        }
        return end;
    }

    private static boolean near(double anchor, double value, double tolerance) {
        return Math.abs(anchor - value) <= tolerance + ROUNDING;
    }

    private static double finiteOrLowest(double logit) {
        return Double.isFinite(logit) ? logit : Double.NEGATIVE_INFINITY;
    }

    /** Unlike {@link Double#compare}, takes 0.0 and -0.0 as equal. */
    private static int descending(double left, double right) {
        return left > right ? -1 : left < right ? 1 : 0;
    }
}
